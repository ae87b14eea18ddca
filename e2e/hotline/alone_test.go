package hotline_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

func TestFallbackWithoutTheDaemon(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna := r.operator("101", softphone.AutoAnswer(0))
	r.must(r.KillDaemon())

	c := r.calls(first, direct)
	atAnna := anna.ring()
	if got := atAnna.RemoteNumber(); got != first {
		t.Errorf("the operator's phone shows %q, want %q", got, first)
	}
	r.talk(c, atAnna)
	if heard := c.Heard(); len(heard) != 0 {
		t.Errorf("the caller heard %+v of a dead daemon", heard)
	}
	waiting := r.calls(second, direct)

	r.must(r.StartDaemon(r.soon()))
	r.until("the caller in the plain queue is seen", func() bool { return r.queue("support").Foreign == 1 })
	next := r.calls(third, direct)
	next.hears("You are number two in line.")
	r.talk(c, atAnna)
	atAnna.hangsUp()
	c.letGo()
	atAnna = anna.ring()
	if got := atAnna.RemoteNumber(); got != second {
		t.Errorf("the operator's phone shows %q, want %q, who came first", got, second)
	}
	r.talk(waiting, atAnna)
	atAnna.hangsUp()
	r.talk(next, anna.ring())
	next.hangsUp()
	r.result(third, "agent")
	if got := r.call(first).ID + r.call(second).ID; got != "" {
		t.Errorf("calls that the daemon never had are in its records: %s", got)
	}
}

func TestLostLink(t *testing.T) {
	t.Parallel()
	w := stage.NewWire()
	t.Cleanup(w.Close)
	r := setUp(t, func(o *stage.Options) { o.ARIVia = w.Listen })
	anna := r.operator("101", softphone.Ignore())
	a := r.calls(first, direct)
	a.hears("You are next in line.")
	b := r.calls(second, direct)
	b.hears("You are number two in line.")
	inMenu := r.calls(third, support)
	inMenu.hears("For your balance")
	before := standings(r.waiting(2))

	w.Cut()
	r.until("the daemon notices", func() bool {
		h, err := r.Client.Health(r.soon())
		r.must(err)
		return !h.Switch
	})
	a.hangsUp()
	r.must(w.Mend())
	r.until("the daemon is back", func() bool {
		h, err := r.Client.Health(r.soon())
		r.must(err)
		return h.Ready()
	})

	r.result(first, "abandoned")
	after := standings(r.waiting(1))
	if len(after) != 1 || after[0].ID != before[1].ID || !after[0].TakenAt.Equal(before[1].TakenAt) {
		t.Errorf("in line are %+v, want the second of %+v", after, before)
	}
	inMenu.stillThere()
	inMenu.hears("For your balance")
	b.stillThere()
	b.hears("You are next in line.")
	r.until("the phone rings for the second", func() bool {
		calls := anna.Calls()
		return len(calls) == 1 && calls[0].RemoteNumber() == second
	})
	r.logIs(map[string]int{"ENTERQUEUE": 2, "ABANDON": 1})
}

func TestTwentyAtOnce(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	const voice = 1000 // Hz, of every caller
	var script sync.WaitGroup
	for _, account := range []string{"101", "102", "103"} {
		o := r.operator(account, softphone.AutoAnswer(0))
		script.Go(func() {
			for c := range o.Incoming() {
				// A conversation: the operator hears the caller, and that was it.
				if c.WaitTone(t.Context(), voice) == nil {
					_ = c.Hangup(t.Context()) // the caller may have been quicker
				}
			}
		})
		t.Cleanup(func() {
			r.must(o.Close())
			script.Wait()
		})
	}
	const many = 20
	start := time.Now()
	calls := make([]*softphone.Call, many)
	for i := range calls {
		p, err := r.Phone(r.Context(), softphone.Options{User: fmt.Sprintf("+791611100%02d", i), Tone: voice})
		r.must(err)
		calls[i], err = p.Dial(direct, softphone.Caller{})
		r.must(err)
	}
	for _, c := range calls {
		r.must(c.WaitAnswered(r.soon()))
		c.Talk(true)
	}
	for i, c := range calls {
		if _, err := c.WaitHearText(r.soon(), "Thank you."); err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	t.Logf("all %d were served after %v", many, time.Since(start).Round(time.Millisecond))
	for i := range calls {
		r.result(fmt.Sprintf("+791611100%02d", i), "agent")
	}
	if q := r.queue("support"); len(q.Places) != 0 {
		t.Errorf("in line are %+v", q.Places)
	}
	r.logIs(map[string]int{"ENTERQUEUE": many, "CONNECT": many, "COMPLETEAGENT": many})
}
