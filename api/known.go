package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// KnownCaller is what linekeeper keeps of a person: the record in its own table, or
// only account or number where there is none, and what is remembered of calls.
type KnownCaller struct {
	Entry
	InTable  bool       `json:"in_table"`
	Accounts []string   `json:"accounts"` // in the table with the number that was asked for, when several share it
	History  History    `json:"history"`
	Calls    []Call     `json:"calls"`    // the newest first, at most 10
	Promises []Callback `json:"promises"` // likewise
}

// known answers GET /v1/callers/WHO, an account or a number.
func (s *Server) known(r *http.Request) (any, error) {
	who := r.PathValue("who")
	find := s.ofAccount
	if strings.HasPrefix(who, "+") {
		find = s.ofNumber
	}
	out, person, err := find(r.Context(), who)
	if err != nil {
		return nil, err
	}
	past, err := s.daemon.Past(r.Context(), person)
	if err != nil {
		return nil, err
	}
	if !out.InTable && len(out.Accounts)+len(past.Calls)+len(past.Promises) == 0 {
		return nil, fmt.Errorf("caller %s: %w", who, store.ErrNotFound)
	}
	out.History, out.Calls, out.Promises = showHistory(past.History), show(past.Calls, showCall), show(past.Promises, showCallback)
	return out, nil
}

func (s *Server) ofAccount(ctx context.Context, account string) (KnownCaller, store.Person, error) {
	out, person := knownFrom(store.Entry{Record: callers.Record{Account: account}}), store.Person{Account: account}
	if err := callers.CheckAccount(account); err != nil {
		return out, person, badRequest{fmt.Errorf("account %w; a number begins with +", err)}
	}
	if s.book == nil {
		return out, person, nil
	}
	e, err := s.book.Entry(ctx, account)
	if errors.Is(err, store.ErrNotFound) {
		return out, person, nil
	}
	out, person.Number = knownFrom(e), e.Record.Number
	out.InTable = true
	return out, person, err
}

// ofNumber finds a person by number. When several share it, what is remembered is of
// all who called from it.
func (s *Server) ofNumber(ctx context.Context, number string) (KnownCaller, store.Person, error) {
	out, person := knownFrom(store.Entry{Record: callers.Record{Number: number}}), store.Person{Number: number}
	if !callback.ValidNumber(number) {
		return out, person, badRequest{fmt.Errorf("%q is not an international number like +79161234567", number)}
	}
	if s.book == nil {
		return out, person, nil
	}
	entries, err := s.book.EntriesWith(ctx, number)
	if len(entries) == 1 {
		out, person.Account = knownFrom(entries[0]), entries[0].Record.Account
		out.InTable = true
		return out, person, err
	}
	for _, e := range entries {
		out.Accounts = append(out.Accounts, e.Record.Account)
	}
	return out, person, err
}

func knownFrom(e store.Entry) KnownCaller {
	return KnownCaller{Entry: showEntry(e), Accounts: []string{}}
}
