package verify

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// TestTheYesFreesAHeldPromise: the call that asked for the yes ended unknown, and the
// yes came another way.
func TestTheYesFreesAHeldPromise(t *testing.T) {
	t.Parallel()
	p := callback.Policy{Prefixes: []string{"+7"}, Uncertain: callback.HoldForOperator}.WithDefaults()
	req := callback.Request{ID: "b1", Number: "+79161234501", Queue: "support", Reason: callback.ReasonWeb, PlaceID: "p1", Verify: callback.VerifyByCall}
	cb, refusal := callback.Ask(req, p, nil, start)
	if refusal != nil {
		t.Fatal(refusal)
	}
	k := &keeper{now: start, p: p, all: []callback.Callback{cb}}
	k.write(cb, callback.AskedNote(cb, req))
	for _, ev := range []callback.Event{callback.Due{}, callback.Tick{}, callback.Recovered{}} {
		k.give(0, ev)
		k.now = k.now.Add(time.Second)
	}
	if k.all[0].State != callback.Uncertain {
		t.Fatalf("the promise is %+v", k.all[0])
	}
	k.give(0, callback.Verified{By: "code"})
	if now := k.all[0]; now.State != callback.Waiting || !now.NotBefore.After(k.now) {
		t.Errorf("after the yes it is %+v: it waits, until the call that nobody knows of must be over", now)
	}
	k.now = k.now.Add(time.Hour)
	k.p.Facts.Paused.On, k.p.Facts.Paused.Queue = true, "support"
	k.give(0, callback.Tick{})
	v := New(Options{})
	for _, e := range k.entries {
		if err := v.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Done().Err(); err != nil {
		t.Error(err)
	}
}
