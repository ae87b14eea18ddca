package controller

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/store"
)

// debts are what lines and calls could not store and did all the same: a caller is
// served although a disk is full. From the first commit that fails everything of
// theirs is added here in its order, and nothing of anybody is stored before it: so
// the journal has its order, and no promise is on disk that rests on something which is
// not. It is tried again every second, and before every commit of a promise.
type debts struct {
	write  func(store.Batch) error // one commit
	met    *Metrics
	log    *zap.Logger
	most   int           // bytes that are owed at most
	paying chan struct{} // has the token of who stores what is owed
	kick   chan struct{} // something is owed now

	mu       sync.Mutex // guards what follows
	owed     owed
	underWay owed // being stored now
	dropped  int  // since it was last told
	failedAt time.Time
	failure  error // of the last try
}

// mostOwed bounds the memory for what is owed, in bytes of JSON: about ten thousand
// calls. What comes then is dropped, but for a newer record of what is owed already.
const mostOwed = 64 << 20

// payAgain is how long a failure answers for other tries, so that many who ask
// while a disk is full do not write everything that is owed over and over.
const payAgain = 100 * time.Millisecond

func newDebts(write func(store.Batch) error, met *Metrics, log *zap.Logger) *debts {
	d := &debts{write: write, met: met, log: log, most: mostOwed, paying: make(chan struct{}, 1), kick: make(chan struct{}, 1)}
	for _, kind := range []string{"record", "entry"} { // they are there from the start
		met.owed.WithLabelValues(kind).Set(0)
		met.dropped.WithLabelValues(kind).Add(0)
	}
	return d
}

// store stores what lines and calls did, or owes it. It waits for the disk only
// while nothing is owed. It is false when another daemon has the say.
func (d *debts) store(b store.Batch) bool {
	if d.add(b, false) {
		return true
	}
	err := d.write(b)
	if err != nil {
		d.owe(b, err)
	}
	return !errors.Is(err, store.ErrFenced)
}

// owe keeps a batch that could not be stored. Who is fenced out owes nothing: the
// other daemon has the say.
func (d *debts) owe(b store.Batch, err error) {
	if !errors.Is(err, store.ErrFenced) {
		d.add(b, true)
	}
}

// commit stores a batch after everything that is owed, or says why it cannot.
func (d *debts) commit(b store.Batch) error {
	if err := d.pay(payAgain); err != nil {
		return err
	}
	return d.write(b)
}

// add owes a batch, when something is owed already or anyway; it says whether it did.
func (d *debts) add(b store.Batch, anyway bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := d.owed.empty() && d.underWay.empty()
	if first && !anyway {
		return false
	}
	records, entries := d.owed.add(b, d.most-d.underWay.bytes)
	if records+entries > 0 && d.dropped == 0 {
		d.log.Error("records or journal entries are dropped: too much waits to be stored, or they cannot be written at all",
			zap.Int("records", records), zap.Int("entries", entries), zap.Int("bytes waiting", d.owed.bytes+d.underWay.bytes))
	}
	d.dropped += records + entries
	d.met.dropped.WithLabelValues("record").Add(float64(records))
	d.met.dropped.WithLabelValues("entry").Add(float64(entries))
	if first && !d.owed.empty() {
		d.log.Error("callers are served although nothing can be stored; records and journal wait in memory")
		select {
		case d.kick <- struct{}{}:
		default:
		}
	}
	d.show()
	return true
}

// pay stores what is owed, if anything is. A failure within the time given as stale
// is told again without a new try.
func (d *debts) pay(stale time.Duration) error {
	d.paying <- struct{}{}
	defer func() { <-d.paying }()
	for {
		if b, err := d.take(stale); b == nil {
			return err
		} else if err := d.write(*b); err != nil {
			d.giveBack(err)
			return err
		}
		d.paid()
	}
}

// take puts under way what is owed; nil if there is nothing, or if it need not be tried.
func (d *debts) take(stale time.Duration) (*store.Batch, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.owed.empty():
		return nil, nil
	case d.failure != nil && time.Since(d.failedAt) < stale:
		return nil, d.failure
	}
	d.underWay, d.owed = d.owed, owed{}
	b := d.underWay.batch()
	return &b, nil
}

// giveBack owes again what could not be stored, before what came meanwhile.
func (d *debts) giveBack(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.underWay.join(d.owed)
	d.owed, d.underWay = d.underWay, owed{}
	d.failure, d.failedAt = err, time.Now()
	d.show()
}

func (d *debts) paid() {
	d.mu.Lock()
	defer d.mu.Unlock()
	records, entries := d.underWay.count()
	d.log.Info("what waited in memory is stored", zap.Int("records", records), zap.Int("entries", entries), zap.Int("dropped", d.dropped))
	d.underWay, d.failure, d.dropped = owed{}, nil, 0
	d.show()
}

// show tells the metrics; the caller holds the lock.
func (d *debts) show() {
	records, entries := d.owed.count()
	r, e := d.underWay.count()
	d.met.owed.WithLabelValues("record").Set(float64(records + r))
	d.met.owed.WithLabelValues("entry").Set(float64(entries + e))
}

// any says whether something is owed.
func (d *debts) any() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.owed.empty() || !d.underWay.empty()
}

// run tries again every second while something is owed, until ctx ends.
func (d *debts) run(ctx context.Context) {
	for {
		select {
		case <-d.kick:
		case <-ctx.Done():
			return
		}
		for d.any() {
			select {
			case <-time.After(storeRetry):
				_ = d.pay(0) // said in the log, and tried again
			case <-ctx.Done():
				return
			}
		}
	}
}
