package callback

import (
	"strings"
	"testing"
	"time"
)

func TestAPauseIsToldOnceAndLifted(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}}
	paused := p
	paused.Facts.Paused = Pause{Queue: "support", On: true, Since: t0.Add(-4 * time.Minute), By: "anna", Why: "no agents"}
	cb := fixture(Waiting, 0)
	cb.Placed = true

	// Whoever stands in line leaves it, and it is said why.
	cb, cmds, err := Step(cb, Tick{}, paused, t0)
	if err != nil {
		t.Fatal(err)
	}
	if deedNames(cmds) != "[RestPlace Wake]" || cb.DelayedBy != RulePaused || !cb.NotBefore.Equal(t0.Add(4*time.Minute)) {
		t.Fatalf("paused: %s, %+v", deedNames(cmds), cb)
	}
	if told := mustJSON(t, cmds); !strings.Contains(told, "callbacks of queue support are paused by anna: no agents") ||
		!strings.Contains(told, "linekeeper callback resume support") {
		t.Errorf("it is told as %s", told)
	}
	// Looked at again, it is not told again, and nobody is dialled.
	for i := range 3 {
		at := cb.NotBefore
		if cb, cmds, err = Step(cb, Tick{}, paused, at); err != nil {
			t.Fatal(err)
		}
		if deedNames(cmds) != "[RestPlace Wake]" || strings.Contains(mustJSON(t, cmds), NoteDelayed) {
			t.Errorf("look %d: %s", i+1, mustJSON(t, cmds))
		}
		if next := cb.NotBefore.Sub(at); next < leastPause || next > mostPause {
			t.Errorf("looks again after %s", next)
		}
	}
	for _, ev := range []Event{Due{}, AgentTook{}} {
		if got, cmds, err := Step(cb, ev, paused, cb.NotBefore); err != nil || got.State != Waiting || strings.Contains(deedNames(cmds), "Dial ") {
			t.Errorf("%s while paused: %s in %s, %v", EventName(ev), deedNames(cmds), got.State, err)
		}
	}
	// The place is taken again as soon as somebody looks after the resumption.
	got, cmds, err := Step(cb, Tick{}, p, cb.NotBefore.Add(-time.Second))
	if err != nil || deedNames(cmds) != "[TakePlace Wake]" && deedNames(cmds) != "[TakePlace]" || !got.NotBefore.IsZero() {
		t.Errorf("resumed: %s, %+v, %v", deedNames(cmds), got, err)
	}
	if !got.PlaceAt.Equal(fixture(Waiting, 0).PlaceAt) {
		t.Error("the place counts from another time")
	}
}

func TestAskedWhilePaused(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Facts: Facts{Paused: Pause{Queue: "q", On: true, Since: t0.Add(-time.Hour)}}}
	req := Request{ID: "k1", Number: "+79161234567", Queue: "q", PlaceID: "p1"}
	cb, refusal := Ask(req, p, nil, t0)
	if refusal != nil || cb.DelayedBy != RulePaused || !cb.Placed || !cb.NotBefore.Equal(t0.Add(mostPause)) {
		t.Errorf("asked for now: %+v, %+v", cb, refusal)
	}
	// A pause of today says nothing about tomorrow. When it is still there then, the
	// promise takes its place and rests.
	req.Window.From = t0.Add(day)
	cb, refusal = Ask(req, p, nil, t0)
	if refusal != nil || cb.DelayedBy != "" || !cb.Dormant() || !cb.NotBefore.Equal(t0.Add(day)) {
		t.Fatalf("asked for tomorrow: %+v, %+v", cb, refusal)
	}
	cb, cmds, err := Step(cb, Tick{}, p, t0.Add(day))
	if err != nil || deedNames(cmds) != "[TakePlace RestPlace Wake]" || cb.Dormant() || cb.DelayedBy != RulePaused {
		t.Errorf("still paused tomorrow: %s, %+v, %v", deedNames(cmds), cb, err)
	}
}
