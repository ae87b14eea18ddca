package acd

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/queues"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// desk drives a group in a test: it keeps the time and what came of each event.
type desk struct {
	t     *testing.T
	g     *Group
	now   time.Time
	cmds  []queues.Command // of the last event
	saved map[string]queues.Place
	duty  map[string]queues.Duty
	rings map[string][]queues.Ring // by place, since the beginning
}

func open(t *testing.T, rules Rules) *desk {
	t.Helper()
	for _, err := range rules.Check() {
		t.Fatalf("the rules of this test are wrong: %v", err)
	}
	return &desk{
		t: t, g: New(rules), now: start,
		saved: map[string]queues.Place{}, duty: map[string]queues.Duty{}, rings: map[string][]queues.Ring{},
	}
}

// do applies events one after another.
func (d *desk) do(events ...queues.Event) {
	d.t.Helper()
	for _, ev := range events {
		d.cmds = d.g.Apply(ev, d.now)
		for _, cmd := range d.cmds {
			switch cmd := cmd.(type) {
			case queues.Save:
				d.saved[cmd.Place.ID] = cmd.Place
			case queues.SaveAgent:
				d.duty[cmd.Duty.Agent] = cmd.Duty
			case queues.Ring:
				if _, entry, ok := queues.ParseChannelID(cmd.Channel); !ok || d.saved[cmd.Place.ID].Entry < entry {
					d.t.Fatalf("%s is rung for before that is saved", cmd.Channel)
				}
				d.rings[cmd.Place.ID] = append(d.rings[cmd.Place.ID], cmd)
			}
		}
	}
}

// pass lets time go by, with a Tick each second as the daemon sends it.
func (d *desk) pass(for_ time.Duration) {
	d.t.Helper()
	for end := d.now.Add(for_); d.now.Before(end); {
		d.now = d.now.Add(min(time.Second, end.Sub(d.now)))
		d.do(queues.Tick{})
	}
}

func (d *desk) logIn(agents ...string) {
	d.t.Helper()
	for _, a := range agents {
		d.do(queues.LogIn{Agent: a})
		d.now = d.now.Add(time.Millisecond) // so that the first is idle longest
	}
}

// call takes a place for a live caller.
func (d *desk) call(id, queue string, change ...func(*queues.Place)) {
	d.t.Helper()
	p := queues.Place{ID: id, Queue: queue, CallID: "call-" + id}
	for _, f := range change {
		f(&p)
	}
	d.do(queues.Take{Place: p})
	d.now = d.now.Add(time.Millisecond)
}

func needs(skills ...queues.Skill) func(*queues.Place) {
	return func(p *queues.Place) { p.Skills = skills }
}

func priority(n int) func(*queues.Place) { return func(p *queues.Place) { p.Priority = n } }

// ringing lists who rings for a place now, in the order of their ids.
func (d *desk) ringing(id string) string {
	d.t.Helper()
	var agents []string
	if s := d.g.spots[id]; s != nil {
		for _, l := range s.legs {
			if !l.up() {
				agents = append(agents, l.agent.rule.ID)
			}
		}
	}
	slices.Sort(agents)
	return strings.Join(agents, " ")
}

// answer lets an agent who rings take the call.
func (d *desk) answer(agent string) {
	d.t.Helper()
	l := d.leg(agent)
	d.do(queues.Answered{PlaceID: l.spot.ID, Channel: l.channel})
}

// gone ends the leg of an agent.
func (d *desk) gone(agent, status string) {
	d.t.Helper()
	l := d.leg(agent)
	d.do(queues.Gone{PlaceID: l.spot.ID, Channel: l.channel, Status: status})
}

func (d *desk) leg(agent string) *leg {
	d.t.Helper()
	a := d.g.ids[agent]
	if a == nil || a.leg == nil {
		d.t.Fatalf("%s is not being rung and does not talk", agent)
	}
	return a.leg
}

func (d *desk) state(agent string) queues.AgentState {
	d.t.Helper()
	a, ok := d.g.Agent(agent)
	if !ok {
		d.t.Fatalf("there is no agent %s", agent)
	}
	return a.State
}

// place describes a place in short: "waiting in support", "left: timeout".
func (d *desk) place(id string) string {
	p, ok := d.g.Place(id)
	if !ok {
		p = d.saved[id]
	}
	if p.State == queues.PlaceLeft {
		return fmt.Sprintf("left: %s", p.Reason)
	}
	return fmt.Sprintf("%s in %s", p.State, p.Queue)
}

// notes lists the types of the journal entries of the last event.
func (d *desk) notes() []string {
	var types []string
	for _, cmd := range d.cmds {
		if n, ok := cmd.(queues.Note); ok {
			types = append(types, n.Type)
		}
	}
	return types
}

// note gives the first journal entry of a type from the last event.
func (d *desk) note(kind string) queues.Note {
	d.t.Helper()
	for _, cmd := range d.cmds {
		if n, ok := cmd.(queues.Note); ok && n.Type == kind {
			return n
		}
	}
	d.t.Fatalf("there is no %s in the journal, only %v", kind, d.notes())
	return queues.Note{}
}

// of lists the commands of one type from the last event.
func of[C queues.Command](d *desk) []C {
	var found []C
	for _, cmd := range d.cmds {
		if c, ok := cmd.(C); ok {
			found = append(found, c)
		}
	}
	return found
}

func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// crew gives agents with the phones PJSIP/NAME and no skills.
func crew(ids ...string) []Agent {
	var agents []Agent
	for _, id := range ids {
		agents = append(agents, Agent{ID: id, Name: strings.ToUpper(id), Phone: "PJSIP/" + id})
	}
	return agents
}

func TestACallIsServed(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{Queues: []Queue{{Name: "support", WrapUp: 10 * time.Second}}, Agents: crew("ann", "bob")})
	d.logIn("ann", "bob")
	d.call("p1", "support")
	want(t, "who rings", d.ringing("p1"), "ann")
	want(t, "the place", d.place("p1"), "offered in support")
	ring := of[queues.Ring](d)[0]
	want(t, "the channel", ring.Channel, "lk-place-p1-1")
	want(t, "the phone", ring.Phone, "PJSIP/ann")

	d.now = d.now.Add(3 * time.Second)
	d.answer("ann")
	want(t, "the place", d.place("p1"), "served in support")
	serve := of[queues.Serve](d)
	if len(serve) != 1 || serve[0].Place.Agent != "ANN" || serve[0].Channel != "lk-place-p1-1" {
		t.Errorf("serve is %+v", serve)
	}
	want(t, "ann", d.state("ann"), queues.AgentTalking)

	d.now = d.now.Add(time.Minute)
	d.gone("ann", "")
	want(t, "the place", d.place("p1"), "left: served")
	want(t, "talked", d.note("place.left").Data["talked_s"], any(60.0))
	want(t, "ann", d.state("ann"), queues.AgentWrapUp)
	d.pass(10 * time.Second)
	want(t, "ann", d.state("ann"), queues.AgentIdle)
	a, _ := d.g.Agent("ann")
	want(t, "calls", a.Calls, 1)
	want(t, "talk", a.TalkS, 60.0)
	d.call("p2", "support")
	want(t, "who is free longest", d.ringing("p2"), "bob")
}

// Who logs out during the work after a call goes at once: nobody can end that work
// for it later.
func TestALogOutEndsTheWorkAfterACall(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{Queues: []Queue{{Name: "support", WrapUpByAgent: true}}, Agents: crew("ann")})
	d.logIn("ann")
	d.call("p1", "support")
	d.answer("ann")
	d.do(queues.Leave{PlaceID: "p1", Reason: queues.LeftServed})
	want(t, "ann", d.state("ann"), queues.AgentWrapUp)
	d.do(queues.LogOut{Agent: "ann"})
	want(t, "ann", d.state("ann"), queues.AgentOff)
	want(t, "what is kept", d.duty["ann"].WrapUp.IsZero() && d.duty["ann"].Place == "", true)
}
