package callback

import (
	"slices"
	"time"
)

// Ledger remembers who was dialled when, for the caps. Its zero value is empty.
// It is not safe for concurrent use.
type Ledger struct {
	numbers map[string][]time.Time
	queues  map[string][]time.Time
	swept   time.Time
}

// Dialled remembers a dial and forgets those that no cap counts any more.
func (l *Ledger) Dialled(number, queue string, at time.Time) {
	if l.numbers == nil {
		l.numbers, l.queues = map[string][]time.Time{}, map[string][]time.Time{}
	}
	l.numbers[number] = kept(append(l.numbers[number], at), at)
	l.queues[queue] = kept(append(l.queues[queue], at), at)
	if at.Sub(l.swept) < time.Hour {
		return
	}
	l.swept = at
	for number, dials := range l.numbers {
		if len(kept(dials, at)) == 0 {
			delete(l.numbers, number)
		}
	}
}

// kept are the dials that matter, the oldest first. A clock that was put back
// must not bring them out of order.
func kept(dials []time.Time, now time.Time) []time.Time {
	if n := len(dials); n > 1 && dials[n-1].Before(dials[n-2]) {
		slices.SortFunc(dials, time.Time.Compare)
	}
	old := max(0, len(dials)-mostOfCap)
	for old < len(dials) && !now.Before(dials[old].Add(day)) {
		old++
	}
	return dials[old:]
}

// ToNumber gives the dials of a number, the oldest first. The slice is good
// until the next Dialled.
func (l *Ledger) ToNumber(number string) []time.Time { return l.numbers[number] }

// OfQueue gives the dials for a queue, likewise.
func (l *Ledger) OfQueue(queue string) []time.Time { return l.queues[queue] }
