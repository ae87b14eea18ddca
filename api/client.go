package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/controller"
)

// answerTimeout is how long the daemon may take to begin its answer.
const answerTimeout = 15 * time.Second

// Client asks a daemon over its unix socket. Its methods are safe for
// concurrent use, block until the daemon has answered or ctx ends, and return
// *NotRunningError, *DeniedError, or the daemon's own *Error. Wherever an id is
// asked for, a unique ending of it with at least four characters will do.
type Client struct {
	socket string
	http   *http.Client
}

// NewClient prepares a client for the socket at this path. It does not connect.
// Close lets its idle connections go.
func NewClient(socket string) *Client { return newClient(socket, answerTimeout) }

// newClient waits so long for the beginning of an answer; 0: as long as ctx allows.
func newClient(socket string, answer time.Duration) *Client {
	return &Client{socket: socket, http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "unix", socket)
		},
		ResponseHeaderTimeout: answer,
	}}}
}

// Close ends the connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// CallFilter chooses calls; zero fields choose all.
type CallFilter struct {
	Live    bool      // only calls under way
	Hotline string    //
	Number  string    // of the caller, E.164
	Result  string    // one of CallResults
	Since   time.Time // started at or after
	Limit   int       // at most so many; 0 means 100
}

// JournalFilter chooses journal entries; zero fields choose all.
type JournalFilter struct {
	After    int64     // only entries with a greater seq
	Call     string    // id or ending
	Callback string    // id or ending
	Place    string    // whole id
	Queue    string    //
	Type     string    // exact, or a prefix that ends with "."
	Since    time.Time // at or after
	Limit    int       // at most so many; 0 means all
	Follow   bool      // go on with what happens until ctx ends
}

// Version asks for the daemon's version.
func (c *Client) Version(ctx context.Context) (string, error) {
	v, err := get[Version](ctx, c, "/v1/version", nil)
	return v.Version, err
}

// Calls lists calls, the newest first.
func (c *Client) Calls(ctx context.Context, f CallFilter) ([]Call, error) {
	return get[[]Call](ctx, c, "/v1/calls", values{
		"live": flag(f.Live), "hotline": f.Hotline, "number": f.Number, "result": f.Result, "since": stamp(f.Since), "limit": count(f.Limit),
	})
}

// Call finds a call.
func (c *Client) Call(ctx context.Context, id string) (Call, error) {
	return get[Call](ctx, c, "/v1/calls/"+url.PathEscape(id), nil)
}

// Queues shows all queues, by name.
func (c *Client) Queues(ctx context.Context) ([]Queue, error) {
	return get[[]Queue](ctx, c, "/v1/queues", nil)
}

// Queue shows one queue.
func (c *Client) Queue(ctx context.Context, name string) (Queue, error) {
	return get[Queue](ctx, c, "/v1/queues/"+url.PathEscape(name), nil)
}

// Agents lists agents by queue; queue "" means those of all, linekeeper's own
// agents once each.
func (c *Client) Agents(ctx context.Context, queue string) ([]Agent, error) {
	return get[[]Agent](ctx, c, "/v1/agents", values{"queue": queue})
}

// Agent finds an agent by id, name, phone, or the end of the id. A member of
// several of the switch's queues is one agent here.
func (c *Client) Agent(ctx context.Context, id string) (Agent, error) {
	return get[Agent](ctx, c, "/v1/agents/"+url.PathEscape(id), nil)
}

// OrderAgent has an agent do something; the reason counts for a pause only.
func (c *Client) OrderAgent(ctx context.Context, id string, do controller.AgentAction, reason string) (Ordered, error) {
	return send[Ordered](ctx, c, http.MethodPost, "/v1/agents/"+url.PathEscape(id)+"/"+string(do), OrderAgent{Reason: reason})
}

// Card tells what is known of a call and of who it is with.
func (c *Client) Card(ctx context.Context, call string) (Card, error) {
	return get[Card](ctx, c, "/v1/calls/"+url.PathEscape(call)+"/card", nil)
}

// Dispose keeps what a call was about; the last word counts.
func (c *Client) Dispose(ctx context.Context, call, code, note string) (Call, error) {
	return send[Call](ctx, c, http.MethodPost, "/v1/calls/"+url.PathEscape(call)+"/disposition", DisposeCall{Code: code, Note: note})
}

// Escalate takes a caller from the agent to another queue; queue "" means where
// the present queue escalates to.
func (c *Client) Escalate(ctx context.Context, call, queue string) (Call, error) {
	return send[Call](ctx, c, http.MethodPost, "/v1/calls/"+url.PathEscape(call)+"/escalate", EscalateCall{Queue: queue})
}

// MovePlace puts who waits into another queue: by the time of the place (keep),
// or behind all of its priority. The id of the call or callback that holds the
// place will do.
func (c *Client) MovePlace(ctx context.Context, place, queue string, keep bool) (Moved, error) {
	return send[Moved](ctx, c, http.MethodPost, "/v1/places/"+url.PathEscape(place)+"/move", MovePlace{Queue: queue, Keep: &keep})
}

// Journal gives entries, the oldest first, to each until it returns an error,
// which is returned. With Follow it ends only so, with ctx (then it returns
// ctx.Err()), or when the daemon stops (then it returns nil).
func (c *Client) Journal(ctx context.Context, f JournalFilter, each func(Event) error) error {
	resp, err := c.do(ctx, http.MethodGet, "/v1/journal", values{
		"after": strconv.FormatInt(f.After, 10), "call": f.Call, "callback": f.Callback, "place": f.Place, "queue": f.Queue,
		"type": f.Type, "since": stamp(f.Since), "limit": count(f.Limit), "follow": flag(f.Follow),
	}, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	dec := json.NewDecoder(resp.Body)
	for {
		var ev Event
		switch err := dec.Decode(&ev); {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF), f.Follow && errors.Is(err, io.ErrUnexpectedEOF):
			if said := resp.Trailer.Get(journalError); said != "" {
				return &Error{Code: CodeInternal, Message: said}
			}
			return nil
		case err != nil:
			return fmt.Errorf("read the journal: %w", err)
		}
		if err := each(ev); err != nil {
			return err
		}
	}
}
