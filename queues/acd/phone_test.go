package acd

import (
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func TestPhoneThatWasBusyIsRungWhenItIsFree(t *testing.T) {
	t.Parallel()
	const phone = "PJSIP/101"
	for name, c := range map[string]struct {
		states []queues.PhoneState // what the phone does after it refused
		after  string              // who is rung then
	}{
		"a call that it was in ends":      {[]queues.PhoneState{queues.PhoneInUse, queues.PhoneIdle}, "anna"},
		"it goes on as before":            {nil, ""},
		"it only stopped ringing for us":  {[]queues.PhoneState{queues.PhoneRinging, queues.PhoneIdle}, ""},
		"the call that it was in goes on": {[]queues.PhoneState{queues.PhoneInUse}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, Rules{Queues: []Queue{{Name: "sales"}}, Agents: []Agent{{ID: "anna", Phone: phone}}})
			d.do(queues.PhoneSeen{Phone: phone, State: queues.PhoneIdle})
			d.logIn("anna")
			d.call("p1", "sales")
			d.do(queues.Gone{PlaceID: "p1", Channel: d.saved["p1"].Channel, Status: queues.OfferBusy})
			for _, state := range c.states {
				d.do(queues.PhoneSeen{Phone: phone, State: state})
			}
			if got := d.ringing("p1"); got != c.after {
				t.Errorf("%q rings, want %q", got, c.after)
			}
			d.do(queues.PhoneSeen{Phone: phone, State: queues.PhoneIdle})
			d.pass(firstRetry + time.Second)
			if got := d.ringing("p1"); got != "anna" {
				t.Errorf("after a while %q rings, want anna", got)
			}
		})
	}
}

func TestHelpDoesNotEndBecauseItHelps(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{
		Queues: []Queue{{Name: "sales", Borrow: &Borrow{From: []string{"tech"}, Above: time.Minute, Below: 20 * time.Second}}, {Name: "tech"}},
		Agents: []Agent{{ID: "anna", Phone: "PJSIP/101", Queues: []string{"sales"}}, {ID: "boris", Phone: "PJSIP/102", Queues: []string{"tech"}}},
	})
	estimate := func(seconds int) queues.Estimate {
		return queues.Estimate{Known: true, Mean: time.Duration(seconds) * time.Second}
	}
	notes := func() (on []any) {
		for _, cmd := range d.cmds {
			if n, ok := cmd.(queues.Note); ok && n.Type == "queue.borrowing" {
				on = append(on, n.Data["on"])
			}
		}
		return on
	}
	long, short := estimate(70), estimate(10)
	for i, step := range []struct {
		ev   queues.Estimated
		want []any
	}{
		{queues.Estimated{Joining: long}, []any{true}},
		{queues.Estimated{Joining: short, Alone: &long}, nil},
		{queues.Estimated{Joining: short, Alone: &queues.Estimate{}}, nil}, // nobody else is on duty
		{queues.Estimated{Joining: short, Alone: &short}, []any{false}},
		{queues.Estimated{Joining: short}, nil},
	} {
		step.ev.Queue = "sales"
		d.do(step.ev)
		if got := notes(); !slices.Equal(got, step.want) {
			t.Errorf("step %d: the journal says %v, want %v", i, got, step.want)
		}
	}
}
