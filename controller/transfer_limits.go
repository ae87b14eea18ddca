package controller

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// The limits of transfers to numbers, by their key in linekeeper.yaml: whoever finds
// a way to be put through to expensive numbers gets no further than these.
const (
	limitInFlight  = "in_flight"  // at once
	limitHour      = "hour"       // begun in an hour, of all callers together
	limitCallerDay = "caller_day" // begun in 24 hours, of callers from one number
)

// Limits of TransferOptions that are 0.
const (
	defaultInFlight  = 10
	defaultHour      = 100
	defaultCallerDay = 5
)

// limits are those of transfers, none of them 0.
func (o TransferOptions) limits() map[string]int {
	return map[string]int{
		limitInFlight: cmp.Or(o.InFlight, defaultInFlight), limitHour: cmp.Or(o.Hour, defaultHour),
		limitCallerDay: cmp.Or(o.CallerDay, defaultCallerDay),
	}
}

// memoryOfTransfers is as long as the longest limit looks back.
const memoryOfTransfers = 24 * time.Hour

// tolls counts the transfers to numbers. Its methods may be called by any goroutine.
type tolls struct {
	limits map[string]int

	mu    sync.Mutex
	begun []toll                            // of the last day, the oldest first
	open  map[telephony.ChannelID]time.Time // legs that may be on the switch, since when
}

// toll is one transfer that was begun.
type toll struct {
	at   time.Time
	from string // the caller's number; "" when it is withheld
}

func newTolls(o TransferOptions) *tolls {
	return &tolls{limits: o.limits(), open: map[telephony.ChannelID]time.Time{}}
}

// begin counts a transfer before the switch hears of it, and says which limit forbids
// it; "" for none. What is forbidden is not counted. Withheld numbers are nobody's:
// for them there are the limits of all.
func (t *tolls) begin(leg telephony.ChannelID, from string, now time.Time) (limit string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	hour, mine := 0, 0
	kept := t.begun[:0]
	for _, b := range t.begun {
		age := now.Sub(b.at)
		if age >= memoryOfTransfers {
			continue
		}
		kept = append(kept, b)
		if age < time.Hour {
			hour++
		}
		if from != "" && b.from == from {
			mine++
		}
	}
	t.begun = kept
	switch {
	case len(t.open) >= t.limits[limitInFlight]:
		return limitInFlight
	case hour >= t.limits[limitHour]:
		return limitHour
	case mine >= t.limits[limitCallerDay]:
		return limitCallerDay
	}
	t.begun = append(t.begun, toll{now, from})
	t.open[leg] = now
	return ""
}

// over is told when a leg is gone, or was never made.
func (t *tolls) over(leg telephony.ChannelID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, leg)
}

// compare forgets legs that the switch does not have.
func (t *tolls) compare(now onSwitchNow) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for leg, since := range t.open {
		if !now.alive(string(leg)) && time.Since(since) >= settle {
			delete(t.open, leg)
		}
	}
}

// tollsPage is how many entries of the journal are read at once.
const tollsPage = 1000

// restore counts what the journal has of the last day, so that a restart forgets
// nothing. The calls are those that have not ended.
func (t *tolls) restore(ctx context.Context, s store.Store, calls []store.Call, now time.Time) error {
	last := map[string]int{} // by call: its transfer to a number under way, as a place in begun plus one
	var begun []toll
	var void []int
	f := store.EventFilter{Types: []string{"transfer.dialling", "transfer.over"}, Since: now.Add(-memoryOfTransfers), Limit: tollsPage}
	for {
		events, err := s.Events(ctx, f)
		if err != nil {
			return fmt.Errorf("controller: count the transfers of the last day: %w", err)
		}
		for _, ev := range events {
			f.AfterSeq = ev.Seq
			at := last[ev.Call]
			delete(last, ev.Call)
			switch {
			case ev.Type == "transfer.over":
				// One that a rule forbade came before the switch heard of it.
				if why, _ := ev.Data["why"].(string); why != "" && why != "switch" && at > 0 {
					void = append(void, at-1)
				}
			case ev.Data["to"] == "number":
				from, err := callerOf(ctx, s, ev.Call)
				if err != nil {
					return fmt.Errorf("controller: count the transfers of the last day: %w", err)
				}
				begun = append(begun, toll{ev.At, from})
				last[ev.Call] = len(begun)
			}
		}
		if len(events) < tollsPage {
			break
		}
	}
	for _, i := range void {
		begun[i].at = time.Time{} // the next look drops it
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun = begun
	for _, rec := range calls {
		if rec.Dialled != "" && last[rec.ID] > 0 {
			t.open[telephony.ChannelID(rec.Dialled)] = rec.DialledAt
		}
	}
	return nil
}

// callerOf is the number of a call, "" for one that is not kept any more.
func callerOf(ctx context.Context, s store.Store, id string) (string, error) {
	rec, err := s.Call(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return rec.State.ANI, err
}

// overLimit notes in the journal which limit forbids a transfer, and what to do if it is
// wanted; it says the limit, "" for none.
func (k *call) overLimit(leg telephony.ChannelID) string {
	limit := k.c.tolls.begin(leg, k.rec.State.ANI, time.Now())
	if limit != "" {
		k.c.store(store.Batch{Events: []store.Event{k.event("transfer.refused", map[string]any{
			"node": k.rec.State.Node, "rule": limit, "limit": k.c.tolls.limits[limit],
			"remedy": "if such calls are wanted, raise transfers." + limit + " in linekeeper.yaml",
		})}})
	}
	return limit
}
