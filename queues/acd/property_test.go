package acd

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
)

var skillNames = []string{"en", "ru", "vip"}

// anyRules makes rules that Check has nothing against but for skills that nobody
// has and queues without agents.
func anyRules(t *rapid.T) Rules {
	seconds := func(label string, from, to int) time.Duration {
		return time.Duration(rapid.IntRange(from, to).Draw(t, label)) * time.Second
	}
	some := func(label string, most int) []queues.Skill {
		var skills []queues.Skill
		for _, name := range skillNames {
			if rapid.IntRange(0, 9).Draw(t, label) < most {
				skills = append(skills, queues.Skill{Name: name, Level: rapid.IntRange(1, 3).Draw(t, "level")})
			}
		}
		return skills
	}
	yes := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	var r Rules
	names := []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "queues")]
	for i, name := range names {
		q := Queue{
			Name: name, Strategy: rapid.SampledFrom(strategies).Draw(t, "strategy"),
			RingTimeout: seconds("ring", 5, 20), RONAPause: seconds("rona", 0, 30), WrapUp: seconds("wrap up", 0, 10),
			WrapUpByAgent: yes("by agent"), JoinEmpty: !yes("turned away"), LeaveEmpty: yes("leave empty"),
		}
		if yes("tiers") {
			for n := range rapid.IntRange(2, 3).Draw(t, "tiers") {
				tier := Tier{After: time.Duration(n*10) * time.Second}
				if n < 2 {
					tier.Skills = []queues.Skill{{Name: skillNames[n], Level: 2}}
				}
				q.Tiers = append(q.Tiers, tier)
			}
		}
		if yes("at once") {
			q.AtOnce = rapid.IntRange(1, 3).Draw(t, "at once")
		}
		if yes("length") {
			q.MaxLength = rapid.IntRange(1, 4).Draw(t, "length")
		}
		if yes("wait") {
			q.MaxWait = seconds("wait", 10, 60)
		}
		for _, to := range names[i+1:] {
			if yes("overflow") {
				q.Overflow = append(q.Overflow, Overflow{
					To: to, After: seconds("after", 0, 40), Length: rapid.IntRange(0, 3).Draw(t, "length"),
					EWT: seconds("ewt", 0, 60), NoAgents: yes("no agents") || true, Anew: yes("anew"),
				})
			}
		}
		if len(names) > 1 && yes("borrow") {
			from := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
			q.Borrow = &Borrow{From: from, Skills: some("lent", 1), Above: 30 * time.Second, Keep: rapid.IntRange(0, 2).Draw(t, "keep")}
		}
		r.Queues = append(r.Queues, q)
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "agents") {
		a := Agent{ID: fmt.Sprintf("agent%d", i), Name: fmt.Sprintf("Agent %d", i), Phone: fmt.Sprintf("PJSIP/%d", i), Skills: some("skill", 6)}
		if yes("only") {
			a.Queues = []string{rapid.SampledFrom(names).Draw(t, "queue")}
		}
		r.Agents = append(r.Agents, a)
	}
	r.Reasons = map[string]time.Duration{"lunch": 30 * time.Second}
	return r
}

// step lets something happen.
func (w *world) step(t *rapid.T) {
	agent := func() string { return rapid.SampledFrom(w.rules.Agents).Draw(t, "agent").ID }
	queue := func() string { return rapid.SampledFrom(w.rules.Queues).Draw(t, "queue").Name }
	place := func() string {
		ids := slices.Sorted(maps.Keys(w.alive))
		if len(ids) == 0 {
			return "none"
		}
		return rapid.SampledFrom(ids).Draw(t, "place")
	}
	leg := func(up bool) *onSwitch {
		var all []*onSwitch
		for _, channel := range slices.Sorted(maps.Keys(w.legs)) {
			if w.legs[channel].up == up {
				all = append(all, w.legs[channel])
			}
		}
		if len(all) == 0 {
			return nil
		}
		return rapid.SampledFrom(all).Draw(t, "leg")
	}
	seconds := func(label string) time.Duration {
		return time.Duration(rapid.IntRange(0, 60).Draw(t, label)) * time.Second
	}
	switch rapid.SampledFrom(steps).Draw(t, "step") {
	case "log in":
		w.do(t, queues.LogIn{Agent: agent()})
	case "log out":
		w.do(t, queues.LogOut{Agent: agent()})
	case "pause":
		w.do(t, queues.Pause{Agent: agent(), Reason: rapid.SampledFrom([]string{"", "lunch"}).Draw(t, "reason")})
	case "unpause":
		w.do(t, queues.Unpause{Agent: agent()})
	case "ready":
		w.do(t, queues.Ready{Agent: agent()})
	case "phone":
		a := rapid.SampledFrom(w.rules.Agents).Draw(t, "agent")
		state := rapid.SampledFrom([]queues.PhoneState{
			queues.PhoneIdle, queues.PhoneIdle, queues.PhoneUnknown, queues.PhoneInUse, queues.PhoneRinging, queues.PhoneOffline,
		}).Draw(t, "phone")
		w.phones[a.Phone] = state
		w.do(t, queues.PhoneSeen{Phone: a.Phone, State: state})
	case "call":
		id := w.newID()
		p := queues.Place{ID: id, Queue: queue(), CallID: "call-" + id, Priority: rapid.IntRange(0, 1).Draw(t, "priority")}
		if rapid.IntRange(0, 2).Draw(t, "needs") == 0 {
			p.Skills = []queues.Skill{{Name: rapid.SampledFrom(skillNames).Draw(t, "skill"), Level: rapid.IntRange(1, 2).Draw(t, "level")}}
		}
		w.do(t, queues.Take{Place: p})
	case "promise":
		id := w.newID()
		w.do(t, queues.Take{Place: queues.Place{ID: id, Queue: queue(), CallbackID: "b-" + id}, Hold: true})
	case "convert":
		if p := w.places[place()]; p.CallbackID == "" && p.ID != "" {
			w.do(t, queues.Convert{PlaceID: p.ID, CallbackID: "b-" + p.ID})
		}
	case "confirm":
		if p := w.places[place()]; p.CallbackID != "" && p.State == queues.PlaceResting {
			events := []queues.Event{queues.Enter{PlaceID: p.ID}, queues.Attach{PlaceID: p.ID, CallID: "back-" + p.ID}}
			if rapid.Bool().Draw(t, "attach first") {
				slices.Reverse(events)
			}
			w.do(t, events[0])
			w.do(t, events[1])
		}
	case "rest":
		if p := w.places[place()]; p.CallbackID != "" {
			w.do(t, queues.Rest{PlaceID: p.ID})
		}
	case "hold again":
		if p := w.places[place()]; p.CallbackID != "" {
			w.do(t, queues.Take{Place: queues.Place{ID: p.ID, Queue: p.Queue, CallbackID: p.CallbackID}, Hold: true})
		}
	case "leave":
		w.do(t, queues.Leave{PlaceID: place(), Reason: queues.LeftAbandoned})
	case "move":
		to := queue()
		if rapid.IntRange(0, 5).Draw(t, "away") == 0 {
			to = "elsewhere"
		}
		w.do(t, queues.Move{PlaceID: place(), Queue: to, Keep: rapid.Bool().Draw(t, "keep"), Why: "order"})
	case "answer":
		if l := leg(false); l != nil {
			l.up = true
			w.do(t, queues.Answered{PlaceID: l.place, Channel: l.channel})
		}
	case "miss":
		if l := leg(false); l != nil {
			status := rapid.SampledFrom([]string{
				queues.OfferNoAnswer, queues.OfferBusy, queues.OfferRejected, queues.OfferUnreachable, queues.OfferFailed, "",
			}).Draw(t, "status")
			delete(w.legs, l.channel)
			w.do(t, queues.Gone{PlaceID: l.place, Channel: l.channel, Status: status})
		}
	case "refuse":
		if l := leg(false); l != nil {
			delete(w.legs, l.channel)
			w.do(t, queues.Refused{PlaceID: l.place, Channel: l.channel, Retryable: true, Err: "no"})
		}
	case "hang up":
		if l := leg(true); l != nil {
			delete(w.legs, l.channel)
			w.do(t, queues.Gone{PlaceID: l.place, Channel: l.channel})
		}
	case "estimate":
		ev := queues.Estimated{Queue: queue(), Places: map[string]queues.Estimate{}}
		mean := time.Duration(rapid.IntRange(0, 90).Draw(t, "mean")) * time.Second
		ev.Joining = queues.Estimate{Known: true, Mean: mean, Low: mean / 2, High: 2 * mean}
		for id := range w.alive {
			ev.Places[id] = ev.Joining
		}
		ev.Lead, ev.Freeing = seconds("lead"), rapid.Float64Range(0, 4).Draw(t, "freeing")
		w.do(t, ev)
	case "time":
		w.now = w.now.Add(time.Duration(rapid.IntRange(1, 15).Draw(t, "seconds")) * time.Second)
		w.do(t, queues.Tick{})
	case "wake":
		if w.wakeAt.After(w.now) {
			w.now = w.wakeAt
			w.do(t, queues.Tick{})
		}
	case "restart":
		w.restart(t)
	}
	w.now = w.now.Add(10 * time.Millisecond)
}

// steps are what may happen; what happens often stands there often.
var steps = []string{
	"log in", "log in", "log in", "log out", "pause", "unpause", "unpause", "ready", "phone", "phone",
	"call", "call", "call", "call", "call", "promise", "convert", "confirm", "confirm", "rest", "hold again",
	"leave", "move", "answer", "answer", "answer", "miss", "refuse", "hang up", "hang up", "hang up",
	"estimate", "time", "time", "wake", "restart",
}

func TestHistories(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(anyRules(t))
		for _, a := range w.rules.Agents[:rapid.IntRange(0, len(w.rules.Agents)).Draw(t, "at work")] {
			w.do(t, queues.LogIn{Agent: a.ID})
		}
		for range rapid.IntRange(10, 150).Draw(t, "length") {
			w.step(t)
		}
		w.finish(t)
		if err := w.verifier.Done().Err(); err != nil {
			t.Fatalf("what the journal proves: %v", err)
		}
	})
}

// finish lets all agents work until nobody waits who could be served: nobody
// starves.
func (w *world) finish(t *rapid.T) {
	for _, a := range w.rules.Agents {
		w.phones[a.Phone] = queues.PhoneIdle
		w.do(t, queues.PhoneSeen{Phone: a.Phone, State: queues.PhoneIdle})
		w.do(t, queues.LogIn{Agent: a.ID})
		w.do(t, queues.Unpause{Agent: a.ID})
	}
	for range 500 {
		if len(w.legs) == 0 && w.nobodyWaits() {
			break
		}
		for _, channel := range slices.Sorted(maps.Keys(w.legs)) {
			l := w.legs[channel]
			switch {
			case l == nil:
			case l.up:
				delete(w.legs, channel)
				w.do(t, queues.Gone{PlaceID: l.place, Channel: channel})
			default:
				l.up = true
				w.do(t, queues.Answered{PlaceID: l.place, Channel: channel})
			}
		}
		for _, id := range slices.Sorted(maps.Keys(w.alive)) {
			if s := w.g.spots[id]; s.kept != nil && s.CallID == "" { // the customer says yes
				w.do(t, queues.Attach{PlaceID: id, CallID: "back-" + id})
				w.do(t, queues.Enter{PlaceID: id})
			}
		}
		for _, a := range w.rules.Agents {
			w.do(t, queues.Ready{Agent: a.ID})
		}
		w.now = w.now.Add(2 * time.Second)
		w.do(t, queues.Tick{})
	}
	for id := range w.alive {
		s := w.g.spots[id]
		if s.State == queues.PlaceResting && !s.counts() {
			continue
		}
		for _, a := range w.g.agents {
			if w.ownTier(a, s) {
				t.Fatalf("%s is never served: %+v", id, s.Place)
			}
		}
	}
}

func (w *world) nobodyWaits() bool {
	for _, s := range w.g.spots {
		if s.State != queues.PlaceResting || s.counts() && slices.ContainsFunc(w.g.agents, func(a *agent) bool { return w.ownTier(a, s) }) {
			return false
		}
	}
	return true
}
