package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// ForgetCaller is the body of POST /v1/callers/forget: an account, a number, or both.
type ForgetCaller struct {
	Account string `json:"account,omitempty"`
	Number  string `json:"number,omitempty"` // E.164; default that of the account in linekeeper's own table
}

// Forgotten is its answer: how many records bear the alias now.
type Forgotten struct {
	Alias      string   `json:"alias"`
	Entry      bool     `json:"entry"` // the account was in linekeeper's own table
	Calls      int      `json:"calls"`
	Callbacks  int      `json:"callbacks"`
	Places     int      `json:"places"`
	Journal    int      `json:"journal"`
	Recordings []string `json:"recordings"` // on the switch, to be deleted there
	Deleted    []string `json:"deleted"`    // recordings that were deleted
	Left       int      `json:"left"`       // what a search still found, 0 when all is well
}

func (s *Server) forget(r *http.Request) (any, error) {
	var body ForgetCaller
	if err := read(r, &body); err != nil {
		return nil, err
	}
	p := store.Forgettable{Account: body.Account, Number: body.Number}
	switch {
	case p.Account == "" && p.Number == "":
		return nil, badRequest{errors.New("say whom: an account or a number")}
	case p.Number != "" && !callback.ValidNumber(p.Number):
		return nil, badRequest{fmt.Errorf("%q is not an international number like +79161234567", p.Number)}
	}
	if p.Account != "" {
		if err := callers.CheckAccount(p.Account); err != nil {
			return nil, badRequest{fmt.Errorf("account %w", err)}
		}
		if err := s.complete(r.Context(), &p); err != nil {
			return nil, err
		}
	}
	out, err := s.daemon.Forget(r.Context(), p, callback.ByOperator)
	return Forgotten{
		Alias: out.Alias, Entry: out.Entry, Calls: out.Calls, Callbacks: out.Callbacks, Places: out.Places, Journal: out.Events,
		Recordings: append([]string{}, out.Recordings...), Deleted: append([]string{}, out.Deleted...), Left: out.Left,
	}, err
}

// complete adds what linekeeper's own table knows of the account.
func (s *Server) complete(ctx context.Context, p *store.Forgettable) error {
	if s.book == nil {
		return nil
	}
	e, err := s.book.Entry(ctx, p.Account)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if p.Name = e.Record.Name; p.Number == "" {
		p.Number = e.Record.Number
	}
	return err
}
