package acd

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/verify"
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

	kept map[*agent]bool // who were kept free for a customer before the event

	verifier *verify.Verifier
	seq      int64
}

type onSwitch struct {
	channel, agent, place string
	up                    bool
}

func newWorld(rules Rules) *world {
	return &world{
		rules: rules, g: New(rules), now: start, legs: map[string]*onSwitch{}, places: map[string]queues.Place{},
		duties: map[string]queues.Duty{}, alive: map[string]bool{}, taken: map[string]time.Time{},
		phones: map[string]queues.PhoneState{}, kept: map[*agent]bool{}, made: map[string]bool{}, verifier: verify.New(verify.Options{}),
	}
}

// do sends an event, carries out the commands and looks whether all is well.
func (w *world) do(t *rapid.T, ev queues.Event) {
	w.before = map[string]queues.Duty{}
	for _, a := range w.g.agents {
		w.before[a.rule.ID] = a.duty
		w.kept[a] = a.keeps != nil
	}
	if take, ok := ev.(queues.Take); ok && !w.alive[take.Place.ID] {
		w.alive[take.Place.ID] = true
	}
	over := map[string]bool{}
	var rung []queues.Ring
	var due []queues.Due
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
		case queues.Note:
			w.journal(t, cmd)
		case queues.Due:
			if cmd.Place.CallbackID == "" || cmd.Place.CallID != "" {
				t.Fatalf("%s is due although somebody is on the line: %+v", cmd.Place.ID, cmd.Place)
			}
			due = append(due, cmd)
		}
	}
	w.check(t)
	for _, r := range rung {
		w.checkChoice(t, r)
	}
	w.checkKeeping(t)
	for _, d := range due {
		w.checkDial(t, d, ev)
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
		case queues.Note:
			w.journal(t, cmd)
		}
	}
}

// journal gives an entry to the verifier, in the form that a store keeps.
func (w *world) journal(t *rapid.T, n queues.Note) {
	w.seq++
	e := journal.Entry{Seq: w.seq, At: n.At, Type: n.Type, Place: n.PlaceID}
	again(t, n.Data, &e.Data)
	for key, field := range map[string]*string{"call": &e.Call, "callback": &e.Callback, "queue": &e.Queue, "agent": &e.Agent} {
		*field, _ = e.Data[key].(string)
	}
	if err := w.verifier.Add(e); err != nil {
		t.Fatal(err)
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
func again[S, T any](t *rapid.T, saved S, into *T) {
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
