package api

import (
	"context"
	"net/http"
	"net/url"
)

// EntryFilter chooses callers of linekeeper's own table; zero fields choose all.
type EntryFilter struct {
	Search string // in account, number or name
	After  string // account of the last one of the page before
	Limit  int    // at most so many; 0 means 100
}

// Entries lists callers of linekeeper's own table, by account.
func (c *Client) Entries(ctx context.Context, f EntryFilter) ([]Entry, error) {
	return get[[]Entry](ctx, c, "/v1/callers", values{"search": f.Search, "after": f.After, "limit": count(f.Limit)})
}

// KnownCaller tells what linekeeper keeps of a person, by account or number (E.164).
func (c *Client) KnownCaller(ctx context.Context, who string) (KnownCaller, error) {
	return get[KnownCaller](ctx, c, "/v1/callers/"+url.PathEscape(who), nil)
}

// ImportEntries writes rows into linekeeper's own table, and gives the result of each,
// in their order. A few hundred rows at a time are answered soon enough.
func (c *Client) ImportEntries(ctx context.Context, run string, rows []EntryRow) ([]EntryResult, error) {
	return send[[]EntryResult](ctx, c, http.MethodPost, "/v1/callers/import", ImportEntries{Run: run, Rows: rows})
}

// PruneEntries removes what was not written by an import, and says how many.
func (c *Client) PruneEntries(ctx context.Context, run string) (int, error) {
	done, err := send[Pruned](ctx, c, http.MethodPost, "/v1/callers/prune", PruneEntries{Run: run})
	return done.Removed, err
}

// SetPIN gives an account a new PIN: this one, or with random one of so many digits
// that is made up and given back.
func (c *Client) SetPIN(ctx context.Context, account, pin string, random int) (PINSet, error) {
	return send[PINSet](ctx, c, http.MethodPost, "/v1/callers/"+url.PathEscape(account)+"/pin", SetPIN{PIN: pin, Random: random})
}

// ForgetCaller takes a person out of everything that linekeeper keeps.
func (c *Client) ForgetCaller(ctx context.Context, who ForgetCaller) (Forgotten, error) {
	return send[Forgotten](ctx, c, http.MethodPost, "/v1/callers/forget", who)
}
