// Package store says how linekeeper keeps its records and its journal.
//
// Records are the present: calls, places, promises; they are saved whenever
// they change and loaded at start. The journal is the past: events appended
// once and never changed. One Commit makes records and events durable
// together, so what the journal says and what the records say never differ.
// Drivers live in sub-packages; storetest is the suite that each passes.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
)

// ErrNotFound says that there is no record with this id.
var ErrNotFound = errors.New("not found")

// Store keeps records and journal. It is safe for concurrent use.
type Store interface {
	// Commit writes everything in the batch, or nothing. When it returns nil the
	// batch survives a crash of the machine. Concurrent commits may share one
	// write to disk; their journal order is the order in which they return.
	Commit(ctx context.Context, b Batch) error

	// Load reads what is still open: calls that have not ended, places that have
	// not been left, promises to which something may still happen, and
	// agents.
	Load(ctx context.Context) (Open, error)

	// Call finds one call, ended or not; ErrNotFound if there is none.
	Call(ctx context.Context, id string) (Call, error)
	// Calls lists calls, the newest first.
	Calls(ctx context.Context, f CallFilter) ([]Call, error)
	// Callback finds one promise; ErrNotFound if there is none.
	Callback(ctx context.Context, id string) (callback.Callback, error)
	// Callbacks lists promises, the newest first.
	Callbacks(ctx context.Context, f CallbackFilter) ([]callback.Callback, error)
	// Events lists journal events in order of Seq, oldest first.
	Events(ctx context.Context, f EventFilter) ([]Event, error)

	// Close ends the store after the commits under way. Close twice is not an error.
	Close() error
}

// Batch is one atomic change.
type Batch struct {
	Calls     []Call
	Places    []queues.Place
	Callbacks []callback.Callback
	Agents    []queues.Duty // of linekeeper's own distribution
	Events    []Event       // Seq is given by the store
}

// Open is what Load finds.
type Open struct {
	Calls     []Call
	Places    []queues.Place
	Callbacks []callback.Callback
	Agents    []queues.Duty // all that were ever saved, by id
}

// CallFilter chooses calls; zero fields choose all.
type CallFilter struct {
	Live    bool      // only calls that have not ended
	Hotline string    //
	Number  string    // E.164
	Result  string    //
	Since   time.Time // started at or after
	Limit   int       // at most so many; 0 means 100
}

// CallbackFilter chooses promises; zero fields choose all.
type CallbackFilter struct {
	Open   bool // only those to which something may still happen
	State  callback.State
	Queue  string
	Number string
	Limit  int // at most so many; 0 means 100
}

// EventFilter chooses journal events; zero fields choose all.
type EventFilter struct {
	AfterSeq int64     // only events with a greater Seq
	Call     string    //
	Callback string    //
	Place    string    //
	Queue    string    //
	Type     string    // exact, or a prefix that ends with "."
	Since    time.Time // at or after
	Newest   int       // only what is among the newest so many of the whole journal; 0 means all
	Limit    int       // at most so many; 0 means 1000
}
