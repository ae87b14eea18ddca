package chain

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// Link is one directory of a chain.
type Link struct {
	Name      string // in failures, metrics and messages
	Directory callers.Directory
	Timeout   time.Duration // of one question; 1 s by default
	Cache     Cache
	Breaker   Breaker

	// StandsIn lets it answer for an account or a code while one before it is silent.
	StandsIn bool
	// NoAccounts and NoCodes say that it knows nobody that way, so that it is not
	// asked and its silence says nothing.
	NoAccounts, NoCodes bool
}

// may says whether the directory is asked; silent is whether one before it failed.
func (l *Link) may(by kind, silent bool) bool {
	switch by {
	case byAccount:
		return !l.NoAccounts && (!silent || l.StandsIn)
	case byCode:
		return !l.NoCodes && (!silent || l.StandsIn)
	default:
		return true
	}
}

const defaultTimeout = time.Second

// Result is how a question to a directory ended.
type Result string

// The results beside those of callers.Why.
const (
	Found    Result = "found"
	Stranger Result = "stranger"
)

// Outcome is what became of one question to one directory.
type Outcome struct {
	Directory string
	Result    Result // Found, Stranger, or a callers.Why
	Cached    bool
	Took      time.Duration
}

// kind is what a record is looked up by.
type kind int

const (
	byNumber kind = iota
	byAccount
	byCode
)

// question is what a directory is asked.
type question struct {
	by    kind
	value string
}

// flight is a question under way, which several calls may wait for.
type flight struct {
	done    chan struct{}
	records []callers.Record
	err     error // both may be read once done is closed
}

// link is a Link at work.
type link struct {
	Link
	ctx context.Context // of the chain
	wg  *sync.WaitGroup

	mu      sync.Mutex
	cache   *cache
	breaker breaker
	flights map[question]*flight
}

func newLink(ctx context.Context, wg *sync.WaitGroup, l Link) *link {
	if l.Timeout <= 0 {
		l.Timeout = defaultTimeout
	}
	return &link{
		Link: l, ctx: ctx, wg: wg, cache: newCache(l.Cache), flights: map[question]*flight{},
		breaker: breaker{rules: l.Breaker.withDefaults()},
	}
}

// ask waits for the answer for as long as ctx allows.
func (l *link) ask(ctx context.Context, q question) (records []callers.Record, cached bool, why callers.Why, err error) {
	if ctx.Err() != nil {
		return nil, false, callers.WhyBudget, nil
	}
	l.mu.Lock()
	if records, ok := l.cache.get(q, time.Now()); ok {
		l.mu.Unlock()
		return records, true, "", nil
	}
	f := l.flights[q]
	if f == nil {
		if !l.breaker.allows(time.Now()) {
			l.mu.Unlock()
			return nil, false, callers.WhyResting, nil
		}
		f = l.start(q)
	}
	l.mu.Unlock()
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, false, callers.WhyTimeout, nil
	}
	switch {
	case f.err == nil:
		return f.records, false, "", nil
	case f.err == errLate:
		return nil, false, callers.WhyTimeout, nil
	default:
		return nil, false, callers.WhyError, f.err
	}
}

// start asks in a goroutine of its own: a call that cannot wait leaves, and the
// answer still helps those who ask next. A directory that does not even give up
// in time is not waited for.
func (l *link) start(q question) *flight {
	f := &flight{done: make(chan struct{})}
	l.flights[q] = f
	ctx, cancel := context.WithTimeout(l.ctx, l.Timeout)
	stop := context.AfterFunc(ctx, func() { l.land(q, f, nil, errLate) })
	l.wg.Go(func() {
		defer cancel()
		records, err := l.question(ctx, q)
		if err != nil && (ctx.Err() != nil || isTimeout(err)) {
			err = errLate // whoever notices first
		}
		if stop() {
			l.land(q, f, records, err)
		}
	})
	return f
}

// isTimeout says whether a directory gave up by a time-out of its own, which may be
// as long as ours.
func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// land takes what became of a question.
func (l *link) land(q question, f *flight, records []callers.Record, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	delete(l.flights, q)
	f.records, f.err = records, hidden(err, q.value)
	if err != nil {
		l.breaker.failed(now)
	} else {
		l.breaker.succeeded()
		l.cache.put(q, records, now)
	}
	close(f.done)
}

func (l *link) question(ctx context.Context, q question) ([]callers.Record, error) {
	var rec callers.Record
	var found bool
	var err error
	switch q.by {
	case byNumber:
		records, err := l.Directory.ByNumber(ctx, q.value)
		out := make([]callers.Record, len(records))
		for i, r := range records {
			r.PINHash, r.Answers = "", nil
			out[i] = r
		}
		return out, err
	case byAccount:
		rec, found, err = l.Directory.ByAccount(ctx, q.value)
	default:
		rec, found, err = l.Directory.ByCode(ctx, q.value)
	}
	if err != nil || !found {
		return nil, err
	}
	return []callers.Record{rec}, nil
}

// rests says whether the directory is not asked at the moment.
func (l *link) rests() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.breaker.state != closed
}

func (l *link) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cache.clear()
}
