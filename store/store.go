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
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

// ErrNotFound says that there is no record with this id.
var ErrNotFound = errors.New("not found")

// ErrFenced says that another daemon opened the same data later: this one has no
// say any more.
var ErrFenced = errors.New("another linekeeper took over this database")

// Store keeps records and journal. It is safe for concurrent use.
type Store interface {
	// Commit writes everything in the batch, or nothing. When it returns nil the
	// batch survives a crash of the machine. Concurrent commits may share one
	// write to disk; their journal order is the order in which they return.
	Commit(ctx context.Context, b Batch) error

	// Load reads what is still open: calls that have not ended, places that have
	// not been left, promises to which something may still happen but for dormant
	// ones, agents, pauses, and documents.
	Load(ctx context.Context) (Open, error)

	// Epoch is the number of this run: greater than that of every store that
	// opened the same data before. A store of an older epoch can commit no more and
	// gets ErrFenced, so that a daemon which lost its place dials nobody.
	Epoch() int64

	// Call finds one call, ended or not; ErrNotFound if there is none.
	Call(ctx context.Context, id string) (Call, error)
	// Calls lists calls, the newest first.
	Calls(ctx context.Context, f CallFilter) ([]Call, error)
	// Callback finds one promise; ErrNotFound if there is none.
	Callback(ctx context.Context, id string) (callback.Callback, error)
	// Callbacks lists promises, the newest first.
	Callbacks(ctx context.Context, f CallbackFilter) ([]callback.Callback, error)
	// Dormant lists dormant promises of a queue in the order in which they wake.
	Dormant(ctx context.Context, f DormantFilter) ([]callback.Callback, error)
	// OpenTo lists the open promises, dormant or not, to a number or an account,
	// either of them "" when not known; the oldest first.
	OpenTo(ctx context.Context, number, account string) ([]callback.Callback, error)
	// CallbackByKey finds the promise that was asked for with a key; ErrNotFound if
	// there is none.
	CallbackByKey(ctx context.Context, key string) (callback.Callback, error)
	// CallbackWindows counts the open promises of a queue whose window begins at or
	// after from and before another time, by that beginning, the soonest first.
	CallbackWindows(ctx context.Context, queue string, from, before time.Time) ([]WindowCount, error)
	// CallbackCounts counts promises by queue and state.
	CallbackCounts(ctx context.Context) ([]CallbackCount, error)
	// Cursor gives how far a reader of the journal has come: the Seq that was last
	// committed for it, 0 for a new one.
	Cursor(ctx context.Context, reader string) (int64, error)
	// Events lists journal events in order of Seq, oldest first.
	Events(ctx context.Context, f EventFilter) ([]Event, error)

	// UnusedDocuments lists the versions, beside those given, that nothing goes by:
	// no call that has not ended, and no open promise to whose hotline they are the
	// latest.
	UnusedDocuments(ctx context.Context, beside []string) ([]string, error)

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
	Pauses    []callback.Pause
	Cursors   []Cursor
	Locks     []callers.Lock // one without failures is deleted
	Closings  []Closing
	Documents []Document
	Forget    []string // versions of documents to be deleted
}

// Cursor says up to which Seq a reader has read the journal.
type Cursor struct {
	Reader string
	Seq    int64
}

// WindowCount is how many promises have a window that begins at a time.
type WindowCount struct {
	From time.Time
	N    int
}

// CallbackCount is how many promises of a queue are in a state.
type CallbackCount struct {
	Queue string
	State callback.State
	N     int
}

// Open is what Load finds.
type Open struct {
	Calls     []Call
	Places    []queues.Place
	Callbacks []callback.Callback
	Agents    []queues.Duty    // all that were ever saved, by id
	Pauses    []callback.Pause // that are on, by queue
	Locks     []callers.Lock   // by kind and key
	Closings  []Closing        // that stand, by hotline
	Documents []Document       // all that are kept, by hotline, the latest first
}

// Person is who calls or is called: by account, by number, or by both. With both,
// whatever came from the number belongs to the person too, unless it was somebody
// with another account. The zero Person is anybody.
type Person struct {
	Number  string // E.164
	Account string
}

// CallFilter chooses calls; zero fields choose all.
type CallFilter struct {
	Live    bool      // only calls that have not ended
	Hotline string    //
	Number  string    // E.164
	Of      Person    // by this person
	Result  string    //
	Since   time.Time // started at or after
	Limit   int       // at most so many; 0 means 100
}

// CallbackFilter chooses promises; zero fields choose all.
type CallbackFilter struct {
	Open                    bool             // only those to which something may still happen
	States                  []callback.State // in any of these
	Queue                   string
	Number                  string
	Account                 string
	Of                      Person // to this person
	Campaign                string
	Reason                  callback.Reason
	DueBefore               time.Time // open, and not to rest until this time or later
	AskedSince, AskedBefore time.Time // asked for at or after, and before
	After                   string    // id of the last one of the page before; "" for the first page
	Limit                   int       // at most so many; 0 means 100
}

// DormantFilter chooses dormant promises.
type DormantFilter struct {
	Queue  string    // of this queue, and no other
	After  Sleeper   // that wake later than this one; the zero value for the first page
	Before time.Time // that are to wake before this time
	Limit  int       // at most so many; 0 means 1000
}

// Sleeper names a dormant promise in the order in which they wake.
type Sleeper struct {
	At time.Time // with the precision of the store: SleeperOf cuts it
	ID string
}

// SleeperOf names a dormant promise.
func SleeperOf(cb callback.Callback) Sleeper {
	return Sleeper{At: cb.NotBefore.Truncate(time.Millisecond), ID: cb.ID}
}

// After says whether a promise wakes later than another; of two at the same
// time, the one with the smaller id is the first.
func (s Sleeper) After(o Sleeper) bool {
	if c := s.At.Compare(o.At); c != 0 {
		return c > 0
	}
	return s.ID > o.ID
}

// EventFilter chooses journal events; zero fields choose all.
type EventFilter struct {
	AfterSeq int64     // only events with a greater Seq
	Call     string    //
	Callback string    //
	Place    string    //
	Queue    string    //
	Type     string    // exact, or a prefix that ends with "."
	Types    []string  // any of these, written likewise
	Since    time.Time // at or after
	Newest   int       // only what is among the newest so many of the whole journal; 0 means all
	Limit    int       // at most so many; 0 means 1000
}
