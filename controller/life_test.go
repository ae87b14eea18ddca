package controller_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestNothingIsLostInARandomDay lets callers, agents, crashes and broken links
// happen at random and then asks what must hold whatever happened: every call
// and place has an end, every promise is kept or closed with a reason, nobody
// was dialled more often than promised, and the switch is left empty.
func TestNothingIsLostInARandomDay(t *testing.T) {
	for seed := range days() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inBubble(t, func(r *rig) {
				d := &day{rig: r, rnd: rand.New(rand.NewPCG(uint64(seed), 1))}
				d.live(60)
				d.evening()
				d.verify()
			})
		})
	}
}

// days is how many random days are lived.
func days() int {
	if n, err := strconv.Atoi(os.Getenv("LINEKEEPER_DAYS")); err == nil {
		return n // more of them, when looking for trouble
	}
	return 3
}

// day is one random day of a hotline.
type day struct {
	*rig
	rnd    *rand.Rand
	own    bool // the hotline without a menu, with linekeeper's own distribution
	agents []*simswitch.Agent
	made   int
}

func (d *day) live(steps int) {
	for i := range 2 {
		a := d.sim.Agent(fmt.Sprintf("PJSIP/10%d", i+1), fmt.Sprintf("Agent %d", i+1))
		a.AnswerAfter(2 * time.Second).TalkFor(time.Duration(10+20*i) * time.Second)
		d.agents = append(d.agents, a.Login("support", 0))
	}
	for range steps {
		switch n := d.rnd.IntN(100); {
		case n < 45:
			d.newCaller()
		case n < 55:
			d.restart(time.Duration(d.rnd.IntN(8000)) * time.Millisecond)
		case n < 63:
			d.sim.Disconnect()
			time.Sleep(time.Duration(d.rnd.IntN(8000)) * time.Millisecond)
			d.sim.Reconnect()
		case n < 75:
			a := d.agents[d.rnd.IntN(2)]
			if d.rnd.IntN(2) == 0 {
				a.Pause("break")
			} else {
				a.Unpause()
			}
		case n < 80:
			d.agents[d.rnd.IntN(2)].Hangup()
		}
		time.Sleep(time.Duration(d.rnd.IntN(15000)) * time.Millisecond)
	}
}

// newCaller wants an agent; some give up, some ask to be called back.
func (d *day) newCaller() {
	d.made++
	number := fmt.Sprintf("+7916%07d", d.made)
	patience := time.Duration(20+d.rnd.IntN(200)) * time.Second
	wantsCallback, confirms := d.rnd.IntN(3) == 0, d.rnd.IntN(4) > 0
	d.sim.Endpoint("PJSIP/"+number+"@trunk", func(o *simswitch.Outgoing) {
		o.RingAfter(time.Second)
		o.Answer(4 * time.Second)
		o.OnAnswer(func(p *simswitch.Phone) {
			if confirms {
				d.keepPressing(p)
			}
		})
	})
	dialled, pressed := "600", 0
	if d.own {
		dialled, pressed = "700", 1
	}
	p := d.sim.Call(number, dialled)
	end := time.Now().Add(patience)
	d.person(p, func() bool {
		switch {
		case time.Now().After(end) && len(p.Bridged()) == 0:
			p.Hangup()
			return true
		case pressed == 0 && heard(p, "Balance one"):
			pressed++
			p.Press("2")
		case pressed == 1 && wantsCallback && heard(p, "call you back when your turn comes"):
			pressed++
			p.Press("1")
		case pressed == 2 && heard(p, "We will call you back at"):
			pressed++
			p.Press("1")
		}
		return false
	})
}

// evening lets everything come to its end.
func (d *day) evening() {
	for _, a := range d.agents {
		a.Unpause()
	}
	defer func() {
		if d.t.Failed() {
			d.tell()
		}
	}()
	d.until("all calls and promises end", func() bool {
		if d.own {
			d.allServe() // somebody may have missed a call and be paused for it
		}
		open, err := d.store.Load(d.ctx())
		d.must(err)
		return len(open.Calls)+len(open.Places)+len(open.Callbacks) == 0
	})
}

func (d *day) verify() {
	t, ctx := d.t, d.ctx()
	snap, err := d.sim.Snapshot(ctx)
	d.must(err)
	if len(snap.Channels)+len(snap.Bridges) > 0 {
		t.Errorf("left on the switch: %+v", snap)
	}
	cbs, err := d.store.Callbacks(ctx, store.CallbackFilter{Limit: 1000})
	d.must(err)
	for _, cb := range cbs {
		dialled := len(d.sim.Dialled("PJSIP/" + cb.Number + "@trunk"))
		if dialled > len(cb.Attempts) || len(cb.Attempts) > 2 {
			t.Errorf("promise %s: dialled %d times in %d attempts", cb.ID, dialled, len(cb.Attempts))
		}
		if cb.State == callback.Uncertain || cb.State != callback.Done && cb.EndReason == "" {
			t.Errorf("promise %s is %s without a reason: %+v", cb.ID, cb.State, cb)
		}
	}
	events, err := d.store.Events(ctx, store.EventFilter{Limit: 100000})
	d.must(err)
	balance := map[string]int{} // beginnings less ends; a promise may take its place again
	for _, ev := range events {
		switch ev.Type {
		case "place.taken":
			balance[ev.Place]++
		case "place.left":
			balance[ev.Place]--
		case "call.started":
			balance[ev.Call]++
		case "call.ended":
			balance[ev.Call]--
		}
	}
	for _, id := range slices.Sorted(maps.Keys(balance)) {
		if balance[id] != 0 {
			t.Errorf("the journal has %d more beginnings than ends of %s", balance[id], id)
		}
	}
	t.Logf("%d callers, %d promises, %d events", d.made, len(cbs), len(events))
}

// tell shows the story of everything that never ended.
func (d *day) tell() {
	open, err := d.store.Load(d.ctx())
	d.must(err)
	show := func(what string, rec any, f store.EventFilter) {
		d.t.Logf("%s %+v", what, rec)
		events, err := d.store.Events(d.ctx(), f)
		d.must(err)
		for _, ev := range events {
			d.t.Logf("  %s %s call=%s place=%s cb=%s %v", ev.At.Format("15:04:05.000"), ev.Type, ev.Call, ev.Place, ev.Callback, ev.Data)
		}
	}
	for _, c := range open.Calls {
		show("call", c, store.EventFilter{Call: c.ID})
	}
	for _, p := range open.Places {
		show("place", p, store.EventFilter{Place: p.ID})
	}
	for _, cb := range open.Callbacks {
		show("promise", cb, store.EventFilter{Callback: cb.ID})
	}
}
