package replay

import (
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// phones is how people answer: agents theirs, and customers who are called back.
type phones struct {
	answers                     simulate.Empirical // of agents, seconds
	rang, decided               simulate.Empirical // of customers, seconds
	dialled, pickedUp, accepted int
	policy                      callback.Policy
}

// add learns from the entries of promises.
func (p *phones) add(e journal.Entry) {
	number := func(key string) (float64, bool) { return e.Number(key) }
	seconds := func(key string, into *time.Duration) {
		if s, ok := number(key); ok && s >= 1 {
			*into = time.Duration(s * float64(time.Second))
		}
	}
	switch e.Type {
	case callback.NoteDialling:
		p.dialled++
		if of, ok := number("of"); ok {
			p.policy.MaxAttempts = int(of)
		}
		seconds("ring_timeout_s", &p.policy.RingTimeout)
	case callback.NoteRetry:
		seconds("retry_after_s", &p.policy.RetryAfter)
	case callback.NoteAnswered:
		p.pickedUp++
		if s, ok := number("rang_s"); ok {
			p.rang = append(p.rang, s)
		}
	case callback.NoteConfirmed:
		p.accepted++
		if s, ok := number("after_s"); ok {
			p.decided = append(p.decided, s)
		}
	}
}

// offer is what was learned of customers who are called back. Where none was, the
// calls are taken to be answered.
func (p *phones) offer() *simulate.Offer {
	o := &simulate.Offer{Answer: 1, Confirm: 1, Rings: simulate.Exponential(8), Decides: simulate.Fixed(6), Policy: p.policy}
	o.Policy.Prefixes = []string{"+7"}
	if p.dialled > 0 {
		o.Answer = min(1, float64(p.pickedUp)/float64(p.dialled))
	}
	if p.pickedUp > 0 {
		o.Confirm = min(1, float64(p.accepted)/float64(p.pickedUp))
	}
	if len(p.rang) > 0 {
		o.Rings = p.rang
	}
	if len(p.decided) > 0 {
		o.Decides = p.decided
	}
	return o
}
