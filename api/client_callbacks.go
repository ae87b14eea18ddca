package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// CallbackFilter chooses callbacks; zero fields choose all.
type CallbackFilter struct {
	Open      bool      // only those to which something may still happen
	States    []string  // in any of these, of CallbackStates
	Queue     string    //
	Number    string    // of the customer, E.164
	Account   string    //
	Campaign  string    //
	Reason    string    // one of CallbackReasons
	DueBefore time.Time // open, and may be called before this time
	Since     time.Time // asked for at or after
	Until     time.Time // asked for before
	After     string    // id of the last one of the page before; "" for the first page
	Limit     int       // at most so many, 10000 at most; 0 means 100
}

// Callbacks lists callbacks, the newest first: one page of them.
func (c *Client) Callbacks(ctx context.Context, f CallbackFilter) ([]Callback, error) {
	page, _, err := c.CallbackPage(ctx, f)
	return page, err
}

// CallbackPage is Callbacks with the id by which to ask for the next page; next is
// "" when there is none.
func (c *Client) CallbackPage(ctx context.Context, f CallbackFilter) (page []Callback, next string, err error) {
	resp, err := c.do(ctx, http.MethodGet, "/v1/callbacks", values{
		"open": flag(f.Open), "state": strings.Join(f.States, ","), "queue": f.Queue, "number": f.Number, "account": f.Account,
		"campaign": f.Campaign, "reason": f.Reason, "due_before": stamp(f.DueBefore), "since": stamp(f.Since), "until": stamp(f.Until),
		"after": f.After, "limit": count(f.Limit),
	}, nil)
	if err == nil {
		next = resp.Header.Get(nextHeader)
	}
	page, err = decode[[]Callback](resp, err)
	return page, next, err
}

// Callback finds a callback.
func (c *Client) Callback(ctx context.Context, id string) (Callback, error) {
	return get[Callback](ctx, c, "/v1/callbacks/"+url.PathEscape(id), nil)
}

// Why tells the story of a callback.
func (c *Client) Why(ctx context.Context, id string) (Story, error) {
	return get[Story](ctx, c, "/v1/callbacks/"+url.PathEscape(id)+"/why", nil)
}

// AddCallback makes a promise, or finds the one that was made with the same key.
func (c *Client) AddCallback(ctx context.Context, n AddCallback) (Asked, error) {
	return send[Asked](ctx, c, http.MethodPost, "/v1/callbacks", n)
}

// CancelCallback ends a promise; one that is closed already is not an error.
func (c *Client) CancelCallback(ctx context.Context, id, why string) (Cancelled, error) {
	return send[Cancelled](ctx, c, http.MethodPost, "/v1/callbacks/"+url.PathEscape(id)+"/cancel", CancelCallback{Why: why})
}

// PostponeCallback puts a promise off until a time.
func (c *Client) PostponeCallback(ctx context.Context, id string, p PostponeCallback) (Postponed, error) {
	return send[Postponed](ctx, c, http.MethodPost, "/v1/callbacks/"+url.PathEscape(id)+"/postpone", p)
}

// RetryCallback ends the wait of a promise for its next attempt or its window; the
// rules still apply.
func (c *Client) RetryCallback(ctx context.Context, id string) (Callback, error) {
	return send[Callback](ctx, c, http.MethodPost, "/v1/callbacks/"+url.PathEscape(id)+"/retry", struct{}{})
}

// ResolveCallback says what became of an uncertain attempt: as is one of Resolutions.
func (c *Client) ResolveCallback(ctx context.Context, id, as string) (Callback, error) {
	return send[Callback](ctx, c, http.MethodPost, "/v1/callbacks/"+url.PathEscape(id)+"/resolve", ResolveCallback{As: as})
}

// Pauses lists the queues for which nobody is called back by order.
func (c *Client) Pauses(ctx context.Context) ([]Pause, error) {
	return get[[]Pause](ctx, c, "/v1/pauses", nil)
}

// PauseCallbacks orders that nobody is called back for a queue.
func (c *Client) PauseCallbacks(ctx context.Context, queue, why string) (PauseOrdered, error) {
	return send[PauseOrdered](ctx, c, http.MethodPost, "/v1/queues/"+url.PathEscape(queue)+"/callbacks/pause", PauseCallbacks{Why: why})
}

// ResumeCallbacks lifts such an order.
func (c *Client) ResumeCallbacks(ctx context.Context, queue, why string) (PauseOrdered, error) {
	return send[PauseOrdered](ctx, c, http.MethodPost, "/v1/queues/"+url.PathEscape(queue)+"/callbacks/resume", PauseCallbacks{Why: why})
}
