package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/table"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// Book is what the API needs of linekeeper's own table of callers; its methods are
// those of table.Table and keep their contracts.
type Book interface {
	Entry(ctx context.Context, account string) (store.Entry, error)
	EntriesWith(ctx context.Context, number string) ([]store.Entry, error)
	Entries(ctx context.Context, f store.EntryFilter) ([]store.Entry, error)
	Import(ctx context.Context, run string, rows []table.Row) ([]table.Result, error)
	Prune(ctx context.Context, run string) (int, error)
	SetPIN(ctx context.Context, account, pin string) error
}

// WithBook has the server show and change linekeeper's own table of callers. It is
// called before Handler.
func (s *Server) WithBook(b Book) *Server {
	s.book = b
	return s
}

// Entry is a caller in linekeeper's own table. Of PIN, code and answers it says only
// that they are there.
type Entry struct {
	Account   string            `json:"account"`
	Number    string            `json:"number"` // E.164, "" for none
	Name      string            `json:"name"`
	Language  string            `json:"language"`
	TimeZone  string            `json:"time_zone"`
	Balance   string            `json:"balance"` // such as "1523.50 RUB", "" for none
	VIP       bool              `json:"vip"`
	Fields    map[string]string `json:"fields"`
	HasPIN    bool              `json:"has_pin"`
	HasCode   bool              `json:"has_code"`
	Answers   []string          `json:"answers"`    // names of the questions, in order
	ChangedAt *time.Time        `json:"changed_at"` // null for a person who is not in the table
}

// ImportEntries is the body of POST /v1/callers/import.
type ImportEntries struct {
	Run  string     `json:"run"` // a name for the whole import, the same in each of its requests
	Rows []EntryRow `json:"rows"`
}

// EntryRow is a row of a list, with its values by column.
type EntryRow struct {
	Line   int               `json:"line"`
	Values map[string]string `json:"values"`
}

// EntryResult is what became of a row.
type EntryResult struct {
	Line    int    `json:"line"`
	Account string `json:"account"`           // "" when it cannot be read
	Status  string `json:"status"`            // added, changed, same, refused
	Column  string `json:"column,omitempty"`  // with refused
	Message string `json:"message,omitempty"` // with refused
}

// PruneEntries is the body of POST /v1/callers/prune.
type PruneEntries struct {
	Run string `json:"run"`
}

// Pruned is its answer.
type Pruned struct {
	Removed int `json:"removed"`
}

// SetPIN is the body of POST /v1/callers/ACCOUNT/pin: a PIN, or how many digits one
// that is made up has.
type SetPIN struct {
	PIN    string `json:"pin,omitempty"`
	Random int    `json:"random,omitempty"`
}

// PINSet is its answer. PIN is "" unless it was made up.
type PINSet struct {
	Account string `json:"account"`
	PIN     string `json:"pin"`
}

func showEntry(e store.Entry) Entry {
	out := Entry{
		Account: e.Record.Account, Number: e.Record.Number, Name: e.Record.Name, Language: e.Record.Language, TimeZone: e.Record.TimeZone,
		VIP: e.Record.VIP, Fields: e.Record.Fields, HasPIN: e.Record.PINHash != "", HasCode: e.HasCode,
		Answers: append([]string{}, slices.Sorted(maps.Keys(e.Record.Answers))...), ChangedAt: when(e.ChangedAt),
	}
	if out.Fields == nil {
		out.Fields = map[string]string{}
	}
	if e.Record.Balance != nil {
		out.Balance = e.Record.Balance.String()
	}
	return out
}

// withBook refuses what needs the table where the daemon does not use it.
func (s *Server) withBook(f func(*http.Request) (any, error)) http.HandlerFunc {
	return answer(func(r *http.Request) (any, error) {
		if s.book == nil {
			return nil, &controller.DeniedError{Message: "linekeeper's own table is none of its directories: add {name: own, kind: table} to callers.directories in linekeeper.yaml"}
		}
		return f(r)
	})
}

func (s *Server) entries(r *http.Request) (any, error) {
	q := &query{r: r}
	f := store.EntryFilter{Search: q.text("search"), After: q.text("after"), Limit: q.number("limit")}
	if q.err != nil {
		return nil, q.err
	}
	found, err := s.book.Entries(r.Context(), f)
	return show(found, showEntry), err
}

func (s *Server) importEntries(r *http.Request) (any, error) {
	var body ImportEntries
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if body.Run == "" {
		return nil, badRequest{errors.New("the import has no name: send run")}
	}
	results, err := s.book.Import(r.Context(), body.Run, show(body.Rows, func(row EntryRow) table.Row { return table.Row(row) }))
	return show(results, func(res table.Result) EntryResult {
		out := EntryResult{Line: res.Line, Account: res.Account, Status: string(res.Status), Column: res.Column}
		if res.Err != nil {
			out.Message = res.Err.Error()
		}
		return out
	}), err
}

func (s *Server) pruneEntries(r *http.Request) (any, error) {
	var body PruneEntries
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if body.Run == "" {
		return nil, badRequest{errors.New("say which import stays: send run")}
	}
	n, err := s.book.Prune(r.Context(), body.Run)
	return Pruned{Removed: n}, err
}

func (s *Server) setPIN(r *http.Request) (any, error) {
	var body SetPIN
	if err := read(r, &body); err != nil {
		return nil, errors.New("the body cannot be read") // it may hold a PIN
	}
	account := r.PathValue("account")
	if err := callers.CheckAccount(account); err != nil {
		return nil, badRequest{fmt.Errorf("account %w", err)}
	}
	set, pin := PINSet{Account: account}, body.PIN
	if body.Random != 0 {
		var err error
		if pin, err = table.RandomPIN(body.Random); err != nil {
			return nil, badRequest{err}
		}
		set.PIN = pin
	}
	err := s.book.SetPIN(r.Context(), account, pin)
	if errors.Is(err, table.ErrPIN) {
		err = badRequest{err}
	}
	return set, err
}
