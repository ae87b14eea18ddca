package controller_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// diskFull lets nothing be stored until it is healed.
func diskFull(store.Batch) error { return errFull }

// gauge sums a metric over its labels.
func (r *rig) gauge(name string) (sum float64) {
	r.t.Helper()
	families, err := r.ctl.Metrics().Registry.Gather()
	r.must(err)
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
		return sum
	}
	r.t.Fatalf("there is no metric %s", name)
	return 0
}

// TestNothingIsMissingAfterTheDiskWasFull serves callers for a minute in which nothing
// can be stored, and promises are asked for.
func TestNothingIsMissingAfterTheDiskWasFull(t *testing.T) {
	for _, engine := range []struct {
		name, hotline string
		menu          bool
		staff         func(r *rig, n int) *simswitch.Agent
	}{
		{"asterisk", "600", true, func(r *rig, n int) *simswitch.Agent {
			return r.sim.Agent(fmt.Sprintf("PJSIP/10%d", n), fmt.Sprintf("Agent %d", n)).Login("support", 0)
		}},
		{"linekeeper", "700", false, func(r *rig, n int) *simswitch.Agent {
			defer r.order(staff[n-1], controller.AgentLogin, "")
			return r.phone(fmt.Sprintf("20%d", n))
		}},
	} {
		t.Run(engine.name, func(t *testing.T) {
			f := &faultyStore{}
			inBubbleWith(t, func(o *controller.Options) {
				f.Store, o.Store, o.Own = o.Store, f, desk()
			}, []string{"testdata/own/desk.yaml"}, func(r *rig) {
				for n := range 2 {
					engine.staff(r, n+1).AnswerAfter(time.Second).TalkFor(8 * time.Second)
				}
				time.Sleep(time.Second)
				f.goWrong(diskFull)
				full := time.Now()
				callers := map[string]*simswitch.Phone{}
				for i := range 6 {
					number := fmt.Sprintf("+7916000000%d", i)
					p := r.sim.Call(number, engine.hotline)
					if engine.menu {
						r.hears(p, "Balance one")
						p.Press("2")
					}
					callers[number] = p
					_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: fmt.Sprintf("+7926000000%d", i), Hotline: "support"})
					if err == nil || !strings.Contains(err.Error(), errFull.Error()) {
						t.Errorf("a promise while the disk is full: %v", err)
					}
				}
				for number, p := range callers {
					r.hears(p, "Thank you.")
					r.until("the call from "+number+" is over", func() bool { over, _ := p.Ended(); return over })
				}
				time.Sleep(time.Until(full.Add(time.Minute)))
				if n := r.gauge("linekeeper_store_owed"); n < 6*5 {
					t.Errorf("%.0f records and entries wait to be stored", n)
				}
				if evs := r.events("call.started"); len(evs) > 0 {
					t.Errorf("stored on a full disk: %+v", evs)
				}
				f.heal()
				time.Sleep(2 * time.Second)
				if n := r.gauge("linekeeper_store_owed") + r.gauge("linekeeper_store_dropped_total"); n != 0 {
					t.Errorf("%.0f wait to be stored, or were dropped", n)
				}
				for number := range callers {
					r.wholeStory(number)
				}
				cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{})
				if err != nil || len(cbs) > 0 {
					t.Errorf("promises that were refused: %+v, %v", cbs, err)
				}
				_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79260000000", Hotline: "support"})
				r.must(err)
			})
		})
	}
}

// wholeStory looks for everything that happened to a caller who was served.
func (r *rig) wholeStory(number string) {
	r.t.Helper()
	c := r.result(number, dialplan.ResultAgent)
	if c.Agent == "" || c.TalkedS < 8 {
		r.t.Errorf("the call from %s: %+v", number, c)
	}
	evs, err := r.store.Events(r.ctx(), store.EventFilter{Call: c.ID})
	r.must(err)
	var types []string
	for _, ev := range evs {
		if !slices.Contains([]string{"place.entered", "place.offered", "place.offer_failed", "place.announced"}, ev.Type) {
			types = append(types, ev.Type)
		}
	}
	want := []string{"call.started", "place.taken", "place.served", "call.connected", "place.left", "call.ended"}
	for _, typ := range want {
		if n := len(slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t != typ })); n != 1 {
			r.t.Errorf("the journal of the call from %s has %d times %s: %v", number, n, typ, types)
		}
	}
}

func TestWhoCannotBePromisedACallKeepsThePlace(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		anna, w := inLine(r)
		r.hears(w[0], "call you back when your turn comes")
		before := r.line().Places
		f.goWrong(diskFull)
		w[0].Press("1")
		r.hears(w[0], "We will call you back at")
		w[0].Press("1")
		r.hears(w[0], "something is wrong on our side")
		if after := r.line().Places; len(after) != len(before) || after[0].ID != before[0].ID || after[0].CallbackID != "" {
			t.Errorf("the line was %+v and is %+v", before, after)
		}
		anna.Hangup()
		r.until("who could not be promised a call is served first", func() bool { return len(w[0].Bridged()) > 0 })
		if len(w[1].Bridged())+len(w[2].Bridged()) > 0 {
			t.Error("somebody else is served, too")
		}
		f.heal()
		for i, p := range w {
			r.until("the next is served", func() bool { return len(p.Bridged()) > 0 })
			anna.Hangup()
			r.result(fmt.Sprintf("+7916000000%d", i+1), dialplan.ResultAgent)
		}
	})
}

func TestWhatIsOwedIsStoredAtTheEnd(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		f.goWrong(diskFull)
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		p.Hangup()
		r.until("the daemon knows that the caller is gone", func() bool { return len(r.call("+79160000001").ID) == 0 && r.gauge("linekeeper_calls_live") == 0 })
		f.heal()
		r.restart(time.Second)
		r.result("+79160000001", dialplan.ResultIVR)
		// When that cannot be, whoever ended the daemon learns of it.
		f.goWrong(diskFull)
		p = r.sim.Call("+79160000002", "600")
		r.hears(p, "Balance one")
		p.Hangup()
		r.until("that caller is gone, too", func() bool { return r.gauge("linekeeper_calls_live") == 0 })
		r.stop()
		if err := <-r.done; err == nil || !strings.Contains(err.Error(), "not stored") {
			t.Errorf("Run ended with %v", err)
		}
		r.stop = nil
		r.must(r.store.Close())
	})
}
