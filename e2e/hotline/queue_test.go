package hotline_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

const (
	first  = "+79160000001"
	second = "+79160000002"
	third  = "+79160000003"
	fourth = "+79160000004"
	fifth  = "+79160000005"
)

func TestWaitAndTalk(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna := r.operator("101", softphone.Ignore())

	a := r.calls(first, direct)
	a.hears("You are next in line.")
	atAnna := anna.ring()
	if got := atAnna.RemoteNumber(); got != first {
		t.Errorf("the operator's phone shows %q, want %q", got, first)
	}
	r.must(atAnna.Answer(r.soon()))
	r.talk(a, atAnna)

	b := r.calls(second, direct)
	b.hears("You are next in line.")
	c := r.calls(third, direct)
	c.hears("You are number two in line.")
	c.hears("The wait is")

	// The operator hangs up: the caller goes on, and the next in line rings.
	atAnna.hangsUp()
	a.hears("Thank you.")
	a.letGo()
	if got := r.result(first, "agent"); got.Agent != "Anna" || got.TalkedS <= 0 || got.WaitedS <= 0 {
		t.Errorf("the first call is %+v", got)
	}
	if got := anna.ring().RemoteNumber(); got != second {
		t.Errorf("the operator's phone shows %q, want %q", got, second)
	}

	// The caller hangs up while it rings: it rings for the next.
	b.hangsUp()
	r.result(second, "abandoned")
	atAnna = anna.answer()
	if got := atAnna.RemoteNumber(); got != third {
		t.Errorf("the operator's phone shows %q, want %q", got, third)
	}
	r.talk(c, atAnna)

	// The caller hangs up: the operator is free.
	c.hangsUp()
	atAnna.letGo()
	r.result(third, "agent")
	r.until("the operator is free", func() bool { return r.agent("101").State == "idle" })
	if q := r.queue("support"); q.Waiting != 0 || len(q.Places) != 0 {
		t.Errorf("somebody is left in line: %+v", q)
	}
	r.logIs(map[string]int{"ENTERQUEUE": 3, "CONNECT": 2, "COMPLETEAGENT": 1, "COMPLETECALLER": 1, "ABANDON": 1})
}

// logIs checks how many entries of each event Asterisk's queue_log has in the end.
func (r *rig) logIs(want map[string]int) {
	r.Helper()
	for event, n := range want {
		r.until(event+" is in the queue_log as often as it should", func() bool { return len(r.queueLog(event)) == n })
	}
}

func TestOperatorDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna := r.operator("101", softphone.Ignore())
	a := r.calls(first, direct)
	missed := anna.ring()
	b := r.calls(second, direct)
	b.hears("You are number two in line.")
	before := r.waiting(2)

	missed.letGo()
	again := anna.ring()
	if got := again.RemoteNumber(); got != first {
		t.Errorf("after the missed call the phone shows %q, want %q again", got, first)
	}
	after := r.queue("support")
	for i, p := range before.Places {
		if got := after.Places[i]; got.ID != p.ID || !got.TakenAt.Equal(p.TakenAt) {
			t.Errorf("place %d was %+v and is %+v", i+1, p, got)
		}
	}

	// Another operator takes the one who was missed twice.
	again.letGo()
	boris := r.operator("102", softphone.AutoAnswer(0))
	atBoris, atAnna := boris.ring(), anna.ring()
	shown := []string{atBoris.RemoteNumber(), atAnna.RemoteNumber()}
	if shown[0] == shown[1] {
		t.Errorf("both phones show %q", shown)
	}
	taken, other := a, b
	if shown[0] == second {
		taken, other = b, a
	}
	r.talk(taken, atBoris)
	r.must(atAnna.Answer(r.soon()))
	r.talk(other, atAnna)
	if got := len(r.queueLog("RINGNOANSWER")); got < 2 {
		t.Errorf("the queue_log has %d missed calls, want 2 at least", got)
	}
}

func TestPriority(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna := r.operator("101", softphone.AutoAnswer(0))
	busy := r.calls(fourth, direct)
	r.talk(busy, anna.ring())
	r.calls(first, direct).hears("You are next in line.")
	vip := r.calls(olga, direct)
	vip.hears("You are next in line.")
	busy.hangsUp()
	atAnna := anna.ring()
	if atAnna.RemoteNumber() != olga || atAnna.RemoteName() != "Olga Kim" {
		t.Errorf("the phone shows %q (%s), want Olga Kim, who goes first", atAnna.RemoteNumber(), atAnna.RemoteName())
	}
	r.talk(vip, atAnna)
}

func TestQueueGivesUp(t *testing.T) {
	t.Parallel()
	r := setUp(t)

	c := r.calls(first, direct)
	c.hears("Nobody is here.")
	c.letGo()
	r.result(first, "no_agents")

	anna := r.operator("101", softphone.Ignore())
	inSmall := r.calls(first, small)
	inSmall.hears("You are next in line.")
	anna.ring()
	c = r.calls(second, small)
	c.hears("We are full.")
	c.letGo()
	r.result(second, "no_agents")
	inSmall.hangsUp()

	c = r.calls(third, brief)
	c.hears("It takes too long.")
	c.letGo()
	r.result(third, "no_agents")

	c = r.calls(fourth, direct)
	c.hears("You are next in line.")
	r.must(anna.Close())
	c.hears("Nobody is here.")
	c.letGo()
	r.result(fourth, "no_agents")

	r.logIs(map[string]int{"EXITWITHTIMEOUT": 1, "EXITEMPTY": 1, "ABANDON": 1, "CONNECT": 0})
	for _, name := range []string{"support", "small", "brief"} {
		r.until("nobody is left in "+name, func() bool { return len(r.queue(name).Places) == 0 })
	}
}
