package controller_test

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestTheClockOfTheCustomer: the request's zone goes before the record's, and that
// before the number's. A bubble begins at midnight of UTC, 3:00 in Moscow.
func TestTheClockOfTheCustomer(t *testing.T) {
	inBubbleWith(t, byRules(byDay), nil, func(r *rig) {
		r.dir["1002"] = callers.Record{Account: "1002", Number: "+79160000005", TimeZone: "Asia/Vladivostok"}
		for _, tc := range []struct {
			number, account, zone string
			opens                 time.Duration // from now on, 0: at once
		}{
			{"+79160000002", "", "", 6 * time.Hour},
			{"+79160000003", "1002", "", 0}, // 10:00 in Vladivostok
			{"+79160000004", "1002", "Asia/Omsk", 3 * time.Hour},
			{"+79160000005", "", "", 0}, // found by the number
		} {
			asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: tc.number, Account: tc.account, Zone: tc.zone})
			if tc.account == "1002" && tc.zone != "" { // the same account has a promise
				if err == nil || !strings.Contains(err.Error(), "account 1002 has been promised a call") {
					t.Fatalf("asked again: %+v, %v", asked, err)
				}
				r.dir["1003"] = callers.Record{Account: "1003", TimeZone: "Asia/Vladivostok"}
				asked, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: tc.number, Account: "1003", Zone: tc.zone})
			}
			r.must(err)
			want := time.Time{}
			if tc.opens > 0 {
				want = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(tc.opens)
			}
			if !asked.Callback.NotBefore.Equal(want) {
				t.Errorf("%+v: not before %s, want %s", tc, asked.Callback.NotBefore, want)
			}
		}
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000006", Zone: "Siberia"})
		if err == nil || !strings.Contains(err.Error(), `there is no time zone "Siberia"; write its IANA name, such as Europe/Berlin`) {
			t.Errorf("an unknown zone: %v", err)
		}
	})
}

// TestTheClockOfACaller: who calls from Vladivostok is called back by its clock.
func TestTheClockOfACaller(t *testing.T) {
	inBubbleWith(t, byRules(func(p *callback.Policy) {
		byDay(p)
		for day := range p.Hours.Week {
			p.Hours.Week[day] = []dialplan.Span{{From: 2 * 60, To: 4 * 60}} // open now in Moscow
		}
	}), nil, func(r *rig) {
		r.dir["1002"] = callers.Record{Account: "1002", Number: "+79160000002", TimeZone: "Asia/Vladivostok"}
		_, w := inLine(r)
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.hears(w[1], "We will call you tomorrow after two a.m., when your turn comes.")
		cb := r.promise()
		if opens := time.Date(2000, 1, 1, 16, 0, 0, 0, time.UTC); cb.Zone != "Asia/Vladivostok" || !cb.NotBefore.Equal(opens) {
			t.Errorf("promised as %+v", cb)
		}
	})
}

// TestTheCapOfACampaignOutlivesARestart: dials of a campaign and of a cost group are
// counted over all queues, and from the journal after a restart.
func TestTheCapOfACampaignOutlivesARestart(t *testing.T) {
	for rule, change := range map[callback.Rule]func(*callback.Policy){
		callback.RuleCampaignDay: func(p *callback.Policy) { p.Campaigns = map[string]callback.Campaign{"spring": {Day: 2}} },
		callback.RuleCostDay: func(p *callback.Policy) {
			p.CostGroups = []callback.CostGroup{{Name: "mobile", Prefixes: []string{"+79"}, Types: []callback.NumberType{callback.TypeMobile}, Day: 2}}
		},
	} {
		t.Run(string(rule), func(t *testing.T) {
			inBubbleWith(t, byRules(func(p *callback.Policy) {
				change(p)
				p.Campaign, p.MaxAttempts = "spring", 3
			}), nil, func(r *rig) {
				const trunk = "PJSIP/+79160000002@trunk"
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
				r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) { o.Refuse(time.Second, telephony.CauseBusy) })
				r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
				asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				if asked.Callback.Campaign != "spring" {
					t.Errorf("the campaign is %q, and not that of the hotline", asked.Callback.Campaign)
				}
				r.until("it is delayed", func() bool { return r.promise().DelayedBy == rule })
				first := r.promise().Attempts[0].At
				r.restart(time.Minute)
				asked, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000003", Campaign: "spring"})
				r.must(err)
				if cb := asked.Callback; cb.DelayedBy != rule || !cb.NotBefore.Equal(first.Add(24*time.Hour)) || len(r.sim.Dialled(trunk)) != 2 {
					t.Errorf("%s: another one is %+v, after %d dials", rule, cb, len(r.sim.Dialled(trunk)))
				}
			})
		})
	}
}
