package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/forecast"
)

// office is linekeeper's own distribution of two queues, whose journal the
// estimators follow.
type office struct {
	t     *testing.T
	group *acd.Group
	lives map[string]*forecast.Live
	now   time.Time
	rung  map[string]queues.Ring // by channel
	talks map[string]queues.Serve
	seen  int // places that waited when it was checked
}

func newOffice(t *testing.T) *office {
	skill := func(name string) []queues.Skill { return []queues.Skill{{Name: name, Level: 5}} }
	o := &office{
		t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), rung: map[string]queues.Ring{}, talks: map[string]queues.Serve{},
		lives: map[string]*forecast.Live{"support": forecast.NewLive("support", 1), "sales": forecast.NewLive("sales", 1)},
		group: acd.New(acd.Rules{
			Queues: []acd.Queue{
				{Name: "support", WrapUp: 10 * time.Second, RONAPause: time.Minute, Tiers: []acd.Tier{{Skills: skill("support")}, {After: time.Minute, Skills: skill("all")}}},
				{Name: "sales", WrapUp: 5 * time.Second, Tiers: []acd.Tier{{Skills: skill("sales")}}},
			},
			Agents: []acd.Agent{
				{ID: "anna", Name: "Anna K.", Phone: "PJSIP/1", Skills: skill("support")},
				{ID: "boris", Name: "Boris L.", Phone: "PJSIP/2", Skills: append(skill("support"), skill("sales")...)},
				{ID: "clara", Name: "Clara M.", Phone: "PJSIP/3", Skills: append(skill("sales"), skill("all")...)},
			},
		}),
	}
	for _, id := range []string{"anna", "boris", "clara"} {
		o.do(queues.LogIn{Agent: id})
	}
	return o
}

func (o *office) do(ev queues.Event) {
	for _, cmd := range o.group.Apply(ev, o.now) {
		switch cmd := cmd.(type) {
		case queues.Ring:
			o.rung[cmd.Channel] = cmd
		case queues.Withdraw:
			delete(o.rung, cmd.Channel)
			delete(o.talks, cmd.Channel)
		case queues.Serve:
			o.talks[cmd.Channel] = cmd
		case queues.Note:
			text := func(key string) string { s, _ := cmd.Data[key].(string); return s }
			for _, l := range o.lives {
				l.Observe(journal.Entry{At: cmd.At, Type: cmd.Type, Place: cmd.PlaceID, Agent: text("agent"), Queue: text("queue"), Data: cmd.Data})
			}
		}
	}
}

// check holds the estimators to the group's own view: the same places wait, and
// each has an estimate while somebody on duty may serve it.
func (o *office) check() {
	for name, l := range o.lives {
		v := o.group.View(name, o.now)
		var waiting, estimated []string
		for _, p := range v.Places {
			if p.State != queues.PlaceServed {
				waiting = append(waiting, p.ID)
			}
		}
		_, places := l.Estimates(o.now)
		for id, e := range places {
			estimated = append(estimated, id)
			if !e.Known {
				o.t.Fatalf("%s: nothing is known of %s, agents %+v", name, id, v.Agents)
			}
		}
		o.seen += len(waiting)
		slices.Sort(waiting)
		slices.Sort(estimated)
		if diff := cmp.Diff(waiting, estimated); diff != "" {
			o.t.Fatalf("%s: who waits (-group +estimator):\n%s", name, diff)
		}
	}
}

func TestLiveFollowsOurOwnDistribution(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rng := rand.New(rand.NewPCG(1, 2))
	some := func(channels []string) string {
		slices.Sort(channels)
		return channels[rng.IntN(len(channels))]
	}
	for n := range 3000 {
		o.now = o.now.Add(time.Duration(rng.IntN(9000)) * time.Millisecond)
		o.do(queues.Tick{})
		var rung, talks []string
		for c := range o.rung {
			rung = append(rung, c)
		}
		for c := range o.talks {
			talks = append(talks, c)
		}
		switch at := rng.IntN(100); {
		case at < 32:
			queue := []string{"support", "sales"}[rng.IntN(2)]
			o.do(queues.Take{Place: queues.Place{ID: fmt.Sprint("p", n), CallID: fmt.Sprint("c", n), Queue: queue, Priority: rng.IntN(2)}})
		case at < 72 && len(rung) > 0:
			c := some(rung)
			r := o.rung[c]
			delete(o.rung, c)
			if rng.IntN(10) == 0 {
				o.do(queues.Gone{PlaceID: r.Place.ID, Channel: c, Status: queues.OfferNoAnswer})
			} else {
				o.do(queues.Answered{PlaceID: r.Place.ID, Channel: c})
			}
		case at < 85 && len(talks) > 0:
			c := some(talks)
			place := o.talks[c].Place
			delete(o.talks, c)
			if rng.IntN(8) == 0 {
				o.do(queues.Move{PlaceID: place.ID, Queue: map[string]string{"support": "sales", "sales": "support"}[place.Queue], Keep: true, Why: "escalated"})
			} else {
				o.do(queues.Gone{PlaceID: place.ID, Channel: c})
			}
		case at < 90:
			if places := o.group.Places(); len(places) > 0 {
				if p := places[rng.IntN(len(places))]; p.State != queues.PlaceServed {
					o.do(queues.Leave{PlaceID: p.ID, Reason: queues.LeftAbandoned})
				}
			}
		case at < 95:
			for _, id := range []string{"anna", "boris", "clara"} {
				o.do(queues.Unpause{Agent: id})
			}
		}
		if n%20 == 0 {
			for _, id := range []string{"anna", "boris", "clara"} {
				o.do(queues.Unpause{Agent: id})
			}
			o.check()
		}
	}
	if o.seen < 150 {
		t.Errorf("only %d places waited", o.seen)
	}
	for _, id := range []string{"anna", "boris", "clara"} {
		o.do(queues.Unpause{Agent: id})
	}
	for _, l := range o.lives {
		if joining, _ := l.Estimates(o.now); !joining.Known || strings.HasPrefix(joining.Mean.String(), "-") {
			t.Errorf("who joins now: %+v", joining)
		}
	}
}
