package acd

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
)

// world is a group together with a switch that carries out what it asks for, and
// everything that must hold between the two.
type world struct {
	rules  Rules
	g      *Group
	now    time.Time
	legs   map[string]*onSwitch    // by channel: those that live
	places map[string]queues.Place // records, as saved
	duties map[string]queues.Duty  // likewise
	alive  map[string]bool         // places that were taken and are not over
	taken  map[string]time.Time    // when, by place; a move may change it
	phones map[string]queues.PhoneState
	made   map[string]bool // every channel that was ever asked for
	next   int
	wakeAt time.Time
	rings  int                    // how often somebody was rung
	served int                    // how often somebody answered
	before map[string]queues.Duty // as they were before the event
}

type onSwitch struct {
	channel, agent, place string
	up                    bool
}

func newWorld(rules Rules) *world {
	return &world{
		rules: rules, g: New(rules), now: start, legs: map[string]*onSwitch{}, places: map[string]queues.Place{},
		duties: map[string]queues.Duty{}, alive: map[string]bool{}, taken: map[string]time.Time{},
		phones: map[string]queues.PhoneState{}, made: map[string]bool{},
	}
}

// do sends an event, carries out the commands and looks whether all is well.
func (w *world) do(t *rapid.T, ev queues.Event) {
	w.before = map[string]queues.Duty{}
	for _, a := range w.g.agents {
		w.before[a.rule.ID] = a.duty
	}
	if take, ok := ev.(queues.Take); ok && !w.alive[take.Place.ID] {
		w.alive[take.Place.ID] = true
	}
	over := map[string]bool{}
	var rung []queues.Ring
	for _, cmd := range w.g.Apply(ev, w.now) {
		switch cmd := cmd.(type) {
		case queues.Save:
			w.places[cmd.Place.ID] = cmd.Place
		case queues.SaveAgent:
			w.duties[cmd.Duty.Agent] = cmd.Duty
		case queues.Ring:
			w.ring(t, cmd)
			rung = append(rung, cmd)
		case queues.Withdraw:
			delete(w.legs, cmd.Channel)
		case queues.Serve:
			w.served++
			if leg := w.legs[cmd.Channel]; leg == nil || !leg.up || leg.place != cmd.Place.ID {
				t.Fatalf("%s is served by %s, which is %+v", cmd.Place.ID, cmd.Channel, leg)
			}
		case queues.Over:
			if over[cmd.Place.ID] || !w.alive[cmd.Place.ID] {
				t.Fatalf("%s is over twice", cmd.Place.ID)
			}
			over[cmd.Place.ID] = true
			w.leaves(t, cmd.Place)
		case queues.Handover:
			delete(w.alive, cmd.Place.ID)
		case queues.Wake:
			w.wakeAt = cmd.At
		case queues.Due:
			if cmd.Place.CallbackID == "" || cmd.Place.CallID != "" {
				t.Fatalf("%s is due although somebody is on the line: %+v", cmd.Place.ID, cmd.Place)
			}
		}
	}
	w.check(t)
	for _, r := range rung {
		w.checkChoice(t, r)
	}
}

func (w *world) leaves(t *rapid.T, p queues.Place) {
	if p.State != queues.PlaceLeft || p.Reason == "" {
		t.Fatalf("%s is over without having left: %+v", p.ID, p)
	}
	if p.CallbackID != "" && (p.Reason == queues.LeftFull || p.Reason == queues.LeftNoAgents || p.Reason == queues.LeftTimeout) {
		t.Fatalf("the promise %s was thrown out: %s", p.ID, p.Reason)
	}
	delete(w.alive, p.ID)
}

func (w *world) ring(t *rapid.T, r queues.Ring) {
	if w.made[r.Channel] {
		t.Fatalf("channel %s is asked for twice", r.Channel)
	}
	if r.Place.CallbackID != "" && r.Place.CallID == "" {
		t.Fatalf("an agent is rung for %s with nobody on the line", r.Place.ID)
	}
	if s := w.phones[r.Phone]; s == queues.PhoneInUse || s == queues.PhoneOffline {
		t.Fatalf("%s is rung although the phone is %s", r.Phone, s)
	}
	for _, leg := range w.legs {
		if leg.agent == r.Agent {
			t.Fatalf("%s is rung for %s and has %+v", r.Agent, r.Place.ID, leg)
		}
		if leg.place == r.Place.ID && leg.up {
			t.Fatalf("%s is rung for %s, which %s serves", r.Agent, r.Place.ID, leg.agent)
		}
	}
	w.rings++
	w.made[r.Channel] = true
	w.legs[r.Channel] = &onSwitch{channel: r.Channel, agent: r.Agent, place: r.Place.ID}
}

// check holds the group against the records and the switch.
func (w *world) check(t *rapid.T) {
	known := map[string]bool{}
	for _, p := range w.g.Places() {
		if known[p.ID] || !w.alive[p.ID] {
			t.Fatalf("%s is there although it is over, or twice", p.ID)
		}
		known[p.ID] = true
		if diff := cmp.Diff(w.places[p.ID], p); diff != "" {
			t.Fatalf("%s is not as it was saved (-saved +place):\n%s", p.ID, diff)
		}
	}
	for id := range w.alive {
		if !known[id] {
			t.Fatalf("%s has vanished", id)
		}
	}
	for _, a := range w.g.agents {
		if saved, ok := w.duties[a.rule.ID]; ok {
			if diff := cmp.Diff(saved, a.kept()); diff != "" {
				t.Fatalf("%s is not as it was saved (-saved +agent):\n%s", a.rule.ID, diff)
			}
		}
	}
	if w.g.restored.IsZero() {
		legs := map[string]bool{}
		for _, l := range w.g.Legs() {
			legs[l.Channel] = true
			if w.legs[l.Channel] == nil {
				t.Fatalf("the group takes %s to be on the switch", l.Channel)
			}
		}
		for channel, leg := range w.legs {
			if !legs[channel] {
				t.Fatalf("nobody holds %+v", leg)
			}
		}
		w.checkIdle(t)
	}
	w.checkIndexes(t)
}

// checkIdle looks for a place that waits although an agent could be rung for it.
func (w *world) checkIdle(t *rapid.T) {
	for _, s := range w.g.spots {
		if s.State != queues.PlaceWaiting || s.queue.full() {
			continue
		}
		for _, a := range w.g.agents {
			if !w.canBeRung(a) {
				continue
			}
			if w.ownTier(a, s) {
				t.Fatalf("%s waits in %s although %s could be rung", s.ID, s.Queue, a.rule.ID)
			}
			if w.mayLend(a, s) {
				t.Fatalf("%s waits in %s although %s could be lent", s.ID, s.Queue, a.rule.ID)
			}
		}
	}
	for _, s := range w.g.spots {
		if s.State != queues.PlaceOffered || s.queue.rule.Strategy != RingAll {
			continue
		}
		for _, a := range w.g.agents {
			if w.canBeRung(a) && w.ownTier(a, s) && !w.late(a, s) {
				t.Fatalf("%s is free and not rung along with the others for %s", a.rule.ID, s.ID)
			}
		}
	}
}

// late says whether an agent was free all along, and a tier opened for it while
// others were being rung: it is rung with the next offer.
func (w *world) late(a *agent, s *spot) bool {
	return s.legs[0].asked.Sub(s.QueuedAt) < w.tierAfter(a, s)
}

func (w *world) tierAfter(a *agent, s *spot) time.Duration {
	for _, tier := range w.rule(s.Queue).Tiers {
		if hasAll(a.rule.Skills, tier.Skills) {
			return tier.After
		}
	}
	return 0
}

func (w *world) canBeRung(a *agent) bool {
	phone := w.phones[a.rule.Phone]
	return a.duty.On && !a.duty.Paused && a.duty.WrapUp.IsZero() && a.leg == nil && !w.now.Before(a.retryAt) &&
		phone != queues.PhoneInUse && phone != queues.PhoneOffline && phone != queues.PhoneRinging
}

// ownTier says by the rules alone whether an agent may serve a place as one of
// its queue.
func (w *world) ownTier(a *agent, s *spot) bool {
	q := w.rule(s.Queue)
	if len(a.rule.Queues) > 0 && !slices.Contains(a.rule.Queues, q.Name) || !hasAll(a.rule.Skills, s.Skills) {
		return false
	}
	if len(q.Tiers) == 0 {
		return true
	}
	for _, tier := range q.Tiers {
		if hasAll(a.rule.Skills, tier.Skills) {
			return w.now.Sub(s.QueuedAt) >= tier.After
		}
	}
	return false
}

func (w *world) mayLend(a *agent, s *spot) bool {
	q := w.rule(s.Queue)
	if q.Borrow == nil || !s.queue.borrows || !hasAll(a.rule.Skills, q.Borrow.Skills) || !hasAll(a.rule.Skills, s.Skills) {
		return false
	}
	if len(q.Tiers) > 0 && w.now.Sub(s.QueuedAt) < q.Tiers[len(q.Tiers)-1].After || w.serves(a, q.Name) {
		return false
	}
	lent := false
	for _, from := range q.Borrow.From {
		if !w.serves(a, from) {
			continue
		}
		lent = true
		free := 0
		for _, b := range w.g.agents {
			if w.canBeRung(b) && w.serves(b, from) {
				free++
			}
		}
		if free-1 < q.Borrow.Keep {
			return false
		}
	}
	return lent
}

func (w *world) serves(a *agent, queue string) bool {
	q := w.rule(queue)
	if len(a.rule.Queues) > 0 && !slices.Contains(a.rule.Queues, queue) {
		return false
	}
	return len(q.Tiers) == 0 || slices.ContainsFunc(q.Tiers, func(tier Tier) bool { return hasAll(a.rule.Skills, tier.Skills) })
}

func (w *world) rule(name string) Queue {
	return w.rules.Queues[slices.IndexFunc(w.rules.Queues, func(q Queue) bool { return q.Name == name })]
}

func hasAll(skills, needs []queues.Skill) bool {
	for _, n := range needs {
		if !slices.ContainsFunc(skills, func(s queues.Skill) bool { return s.Name == n.Name && s.Level >= n.Level }) {
			return false
		}
	}
	return true
}

// checkChoice looks whether a place or an agent was passed over by an offer of
// the last event. All offers are made at its end, so whoever still waits, or is
// still free, was there.
func (w *world) checkChoice(t *rapid.T, r queues.Ring) {
	s, a := w.g.spots[r.Place.ID], w.g.ids[r.Agent]
	if s == nil || a.leg == nil || a.leg.channel != r.Channel {
		return // withdrawn in the same turn
	}
	own := w.ownTier(a, s)
	for _, o := range w.g.spots {
		if o.State != queues.PlaceWaiting || o.queue.full() || !w.ownTier(a, o) {
			continue
		}
		if !own {
			t.Fatalf("%s is lent to %s while %s of its own queue %s waits", r.Agent, s.ID, o.ID, o.Queue)
		}
		if o.Before(s.Place) {
			t.Fatalf("%s is rung for %s, and %s is passed over", r.Agent, s.ID, o.ID)
		}
	}
	if !own {
		w.checkKept(t, a, s)
		return
	}
	for _, b := range w.g.agents {
		if w.canBeRung(b) && w.ownTier(b, s) {
			if s.queue.rule.Strategy == RingAll {
				t.Fatalf("%s is not rung for %s, of ring_all", b.rule.ID, s.ID)
			}
			if w.preferred(b, a, s) {
				t.Fatalf("%s is rung for %s by %s although %s comes first", a.rule.ID, s.ID, s.queue.rule.Strategy, b.rule.ID)
			}
		}
	}
}

// checkKept looks whether the queues that lend an agent keep enough free ones.
func (w *world) checkKept(t *rapid.T, a *agent, s *spot) {
	b := s.queue.rule.Borrow
	if b == nil || !s.queue.borrows {
		t.Fatalf("%s is rung for %s, whose queue it does not serve", a.rule.ID, s.ID)
	}
	for _, from := range b.From {
		if !w.serves(a, from) || w.rule(from).Strategy == RingAll { // its free agents may be rung after the loan
			continue
		}
		free := 0
		for _, o := range w.g.agents {
			if w.canBeRung(o) && w.serves(o, from) {
				free++
			}
		}
		if free < b.Keep {
			t.Fatalf("%s is lent to %s, and %s keeps %d free agents, not %d", a.rule.ID, s.Queue, from, free, b.Keep)
		}
	}
}

// preferred says whether b is to be rung before a.
func (w *world) preferred(b, a *agent, s *spot) bool {
	q := s.queue.rule
	tierOf := func(a *agent) int {
		return slices.IndexFunc(q.Tiers, func(t Tier) bool { return hasAll(a.rule.Skills, t.Skills) })
	}
	if x, y := tierOf(b), tierOf(a); x != y {
		return x < y
	}
	offered := func(a *agent) time.Time {
		if d, ok := w.before[a.rule.ID]; ok {
			return d.OfferedAt
		}
		return noTime
	}
	switch q.Strategy {
	case LongestIdle:
		return b.duty.FreeAt.Before(a.duty.FreeAt)
	case RoundRobin:
		return offered(b).Before(offered(a))
	case FewestCalls:
		return b.duty.Calls < a.duty.Calls
	case LeastTalk:
		return b.duty.TalkS < a.duty.TalkS
	case TopDown:
		return b.rank < a.rank
	case SkillBest:
		return scoreOf(b.rule, q, s.Skills) > scoreOf(a.rule, q, s.Skills)
	}
	return false
}

// checkIndexes counts anew what the group counts as it goes.
func (w *world) checkIndexes(t *rapid.T) {
	type counts struct{ order, live, busy, staff, free int }
	for _, q := range w.g.queues {
		var want counts
		for _, s := range w.g.spots {
			if s.queue != q {
				continue
			}
			if s.counts() {
				want.order++
			}
			if s.counts() && s.limited() {
				want.live++
			}
			if s.State == queues.PlaceOffered || s.State == queues.PlaceServed {
				want.busy++
			}
		}
		for _, a := range w.g.agents {
			if slices.Contains(a.queues, q) {
				if a.duty.On {
					want.staff++
				}
				if a.pooled {
					want.free++
				}
			}
		}
		got := counts{q.order.len(), q.live, q.busy, q.staff, q.free}
		if got != want {
			t.Fatalf("queue %s counts %+v, not %+v", q.rule.Name, got, want)
		}
		for _, c := range q.listed {
			shelved := c.offered.len() + c.held.len()
			for _, l := range c.lanes {
				shelved += l.waiting.len()
			}
			for _, s := range w.g.spots {
				if s.class == c && s.counts() {
					shelved--
				}
			}
			if shelved != 0 {
				t.Fatalf("the shelves of queue %s hold %d places too many", q.rule.Name, shelved)
			}
		}
	}
}

// order lists the places of each queue that wait, first to be served first.
func (w *world) order() map[string][]string {
	order := map[string][]string{}
	for _, q := range w.g.Queues() {
		var last *queues.Place
		for _, p := range w.g.View(q, w.now).Places {
			if p.State == queues.PlaceServed || p.State == queues.PlaceResting && p.EnterAfter.IsZero() {
				continue
			}
			if last != nil && !last.Before(p.Place) {
				order[q] = append(order[q], "WRONG")
			}
			order[q], last = append(order[q], p.ID), &p.Place
		}
	}
	return order
}

// restart begins anew from the records, as after a crash.
func (w *world) restart(t *rapid.T) {
	before := w.order()
	talking := w.talks()
	w.g = New(w.rules)
	for _, d := range w.duties {
		var kept queues.Duty
		again(t, d, &kept)
		w.do2(t, queues.RestoreAgent{Duty: kept})
	}
	for id := range w.alive {
		var p queues.Place
		again(t, w.places[id], &p)
		leg := w.legs[p.Channel]
		w.do2(t, queues.Restore{Place: p, Alive: leg != nil, Served: leg != nil && leg.up})
	}
	if diff := cmp.Diff(before, w.order()); diff != "" {
		t.Fatalf("the order is another one after the restart (-before +after):\n%s", diff)
	}
	for channel := range w.legs {
		if !slices.ContainsFunc(w.g.Legs(), func(l queues.Leg) bool { return l.Channel == channel }) {
			delete(w.legs, channel) // what nobody holds is hung up
		}
	}
	var seen queues.PhonesSeen
	for phone, state := range w.phones {
		seen.Phones = append(seen.Phones, queues.PhoneSeen{Phone: phone, State: state})
	}
	w.do(t, seen)
	for place, agent := range talking {
		if w.talks()[place] != agent {
			t.Fatalf("%s talked with %s before the restart and with %q after it", place, agent, w.talks()[place])
		}
	}
}

// do2 sends an event of a restart: the records are not complete yet.
func (w *world) do2(t *rapid.T, ev queues.Event) {
	for _, cmd := range w.g.Apply(ev, w.now) {
		switch cmd := cmd.(type) {
		case queues.Save:
			w.places[cmd.Place.ID] = cmd.Place
		case queues.SaveAgent:
			w.duties[cmd.Duty.Agent] = cmd.Duty
		case queues.Withdraw:
			delete(w.legs, cmd.Channel)
		case queues.Over:
			w.leaves(t, cmd.Place)
		case queues.Ring:
			t.Fatalf("%s is rung before all is restored", cmd.Agent)
		case queues.Wake:
			w.wakeAt = cmd.At
		}
	}
}

// talks lists who talks with whom.
func (w *world) talks() map[string]string {
	talks := map[string]string{}
	for _, leg := range w.legs {
		if leg.up {
			talks[leg.place] = leg.agent
		}
	}
	return talks
}

// again reads what was saved, as from a store.
func again[T any](t *rapid.T, saved T, into *T) {
	text, err := json.Marshal(saved)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) newID() string {
	w.next++
	return fmt.Sprintf("p%d", w.next)
}
