package controller_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/sources"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// limited runs a test with limits of transfers; the office answers after a second.
func limited(t *testing.T, limits controller.TransferOptions, test func(r *rig)) {
	inBubbleWith(t, func(o *controller.Options) {
		limits.Prefixes = []string{"+7"}
		o.Lookups = map[string]sources.Source{"orders": crm{}}
		o.Transfers = limits
	}, []string{"testdata/outside.yaml"}, func(r *rig) {
		r.sim.Endpoint(theOffice, simswitch.Answer(time.Second))
		test(r)
	})
}

// wantsTheOffice calls and asks to be put through; put says whether that was done.
func (r *rig) wantsTheOffice(from string) (p *simswitch.Phone, put bool) {
	r.t.Helper()
	p = r.sim.Call(from, "700")
	r.hears(p, "Main menu.")
	p.Press("3")
	r.until("they talk, or it is refused", func() bool { return len(p.Bridged()) > 0 || heard(p, "That cannot be.") })
	return p, len(p.Bridged()) > 0
}

// attempts is wantsTheOffice of somebody who hangs up soon, and waits until all is over.
func (r *rig) attempts(from string) bool {
	r.t.Helper()
	p, put := r.wantsTheOffice(from)
	time.Sleep(10 * time.Second)
	p.Hangup()
	r.until("the legs are gone", func() bool {
		snap, err := r.sim.Snapshot(context.Background())
		return err == nil && len(snap.Channels) == 0
	})
	return put
}

// refusals are the rules that the journal names, in order.
func (r *rig) refusals() (rules []string) {
	r.t.Helper()
	for _, data := range r.noted("transfer.refused") {
		rules = append(rules, fmt.Sprint(data["rule"], " ", data["limit"]))
	}
	return rules
}

func TestTransfersOfOneCallerADay(t *testing.T) {
	limited(t, controller.TransferOptions{CallerDay: 2}, func(r *rig) {
		var got []bool
		for _, from := range []string{ivan, ivan, ivan, "+79160000007", "", "", ""} {
			got = append(got, r.attempts(from))
		}
		r.restart(time.Hour)
		got = append(got, r.attempts(ivan), r.attempts("+79160000007"), r.attempts("+79160000007"))
		time.Sleep(23 * time.Hour)
		r.restart(time.Second)
		got = append(got, r.attempts(ivan))
		want := []bool{true, true, false, true, true, true, true, false, true, false, true}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("put through (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"caller_day 2", "caller_day 2", "caller_day 2"}, r.refusals()); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		refused := r.noted("transfer.refused")[0]
		if refused["remedy"] != "if such calls are wanted, raise transfers.caller_day in linekeeper.yaml" || refused["node"] != "number" {
			t.Errorf("the journal says %v", refused)
		}
		for _, over := range r.noted("transfer.over") {
			if over["result"] == "failed" && over["why"] != "caller_day" {
				t.Errorf("the journal says %v", over)
			}
		}
	})
}

func TestTransfersInAnHour(t *testing.T) {
	limited(t, controller.TransferOptions{Hour: 3}, func(r *rig) {
		var got []bool
		for i := range 4 {
			got = append(got, r.attempts(fmt.Sprintf("+7916000001%d", i)))
		}
		r.restart(time.Minute)
		got = append(got, r.attempts(""))
		time.Sleep(time.Hour)
		got = append(got, r.attempts(""))
		if diff := cmp.Diff([]bool{true, true, true, false, false, true}, got); diff != "" {
			t.Errorf("put through (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"hour 3", "hour 3"}, r.refusals()); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
	})
}

func TestTransfersAtOnce(t *testing.T) {
	limited(t, controller.TransferOptions{InFlight: 2}, func(r *rig) {
		first, one := r.wantsTheOffice(ivan)
		second, two := r.wantsTheOffice("+79160000002")
		_, three := r.wantsTheOffice("+79160000003")
		r.restart(5 * time.Second)
		_, four := r.wantsTheOffice("+79160000004") // the first two talk all the same
		if !one || !two || three || four {
			t.Errorf("put through: %v %v %v %v", one, two, three, four)
		}
		first.Hangup()
		r.sim.Dialled(theOffice)[1].Hangup()
		r.hears(second, "How was it?")
		_, five := r.wantsTheOffice("+79160000005")
		_, six := r.wantsTheOffice("+79160000006")
		_, seven := r.wantsTheOffice("+79160000007")
		if !five || !six || seven {
			t.Errorf("put through after two had ended: %v %v %v", five, six, seven)
		}
		if diff := cmp.Diff([]string{"in_flight 2", "in_flight 2", "in_flight 2"}, r.refusals()); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
	})
}

// TestTransfersThatFailAreNotInFlight holds that legs which came to nothing do not fill
// the limit for ever, also when the switch never answered the request for them.
func TestTransfersThatFailAreNotInFlight(t *testing.T) {
	for name, fault := range map[string]simswitch.Fault{
		"refused":   {Err: &telephony.Error{Kind: telephony.KindPermanent, Err: errors.New("nothing came")}},
		"no answer": {Err: &telephony.Error{Kind: telephony.KindRetryable, Err: errors.New("nothing came"), Unanswered: true}},
	} {
		t.Run(name, func(t *testing.T) {
			limited(t, controller.TransferOptions{InFlight: 1}, func(r *rig) {
				fault.Op, fault.Times = simswitch.OpOriginate, 1
				r.sim.Inject(fault)
				if r.attempts(ivan) {
					t.Error("the switch did not ring, and they talk")
				}
				time.Sleep(time.Minute)
				if !r.attempts(ivan) {
					t.Error("what came to nothing counts as in flight")
				}
			})
		})
	}
}
