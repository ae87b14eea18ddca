package queues

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWhoTookACallerIsNotFree tells what the switch does in the orders in which it
// tells it: the placeholder's answer first, or the agent's call.
func TestWhoTookACallerIsNotFree(t *testing.T) {
	t.Parallel()
	const anna, boris = "PJSIP/101", "PJSIP/102"
	answered := func(b *bench, id string) { b.do(Answered{PlaceID: id, Channel: b.place(id).Channel}) }
	on := func(b *bench, id, agent string) { b.do(AgentOn{Channel: b.place(id).Channel, Agent: agent}) }
	seen := func(b *bench, id string, s AgentState) { b.do(AgentSeen{Agent{ID: id, State: s}}) }
	rung := func(b *bench, id, agent string) {
		b.do(AgentRung{Channel: b.place(id).Channel, Agent: agent})
		seen(b, agent, AgentRinging)
	}
	for name, tc := range map[string]struct {
		agents []AgentState
		story  func(b *bench)
		want   int
	}{
		"nothing is told of the agent": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) { answered(b, "a") }, 1},
		"the one who is rung took it": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			rung(b, "a", anna)
			answered(b, "a")
		}, 1},
		"nor is whoever took one of two": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			rung(b, "a", anna)
			answered(b, "a")
			rung(b, "b", boris)
		}, 1},
		"both are taken": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			answered(b, "b")
		}, 0},
		"the agent is shown in the call": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			seen(b, anna, AgentTalking)
		}, 1},
		"the agent is named and shown in the call": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			on(b, "a", anna)
			seen(b, anna, AgentTalking)
		}, 1},
		"the agent's call is told first": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			seen(b, anna, AgentTalking)
			on(b, "a", anna)
			answered(b, "a")
		}, 1},
		"the agent is free again, the place in other hands": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			on(b, "a", anna)
			seen(b, anna, AgentTalking)
			seen(b, anna, AgentIdle)
		}, 2},
		"who talks for long is somebody else": {[]AgentState{AgentTalking, AgentIdle}, func(b *bench) {
			b.now = b.now.Add(time.Minute)
			answered(b, "a")
		}, 0},
		"who is paused just now is not who took it": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			seen(b, anna, AgentPaused)
		}, 0},
		"one who talks explains one place": {[]AgentState{AgentIdle, AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			answered(b, "b")
			seen(b, anna, AgentTalking)
		}, 1},
		"and not the one of another": {[]AgentState{AgentIdle, AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			answered(b, "b")
			on(b, "a", anna)
			seen(b, anna, AgentTalking)
		}, 1},
		"the end of the last call is told late": {[]AgentState{AgentTalking, AgentTalking}, func(b *bench) {
			b.now = b.now.Add(time.Minute)
			answered(b, "a")
			seen(b, anna, AgentIdle)
		}, 0},
		"the conversation is over": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			b.do(Gone{PlaceID: "a", Channel: b.place("a").Channel})
		}, 2},
		"all is shown anew": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			b.now = b.now.Add(time.Minute)
			b.agents(AgentIdle, AgentIdle)
		}, 2},
		"all was shown before": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			b.now = b.now.Add(time.Second)
			b.agents(AgentIdle, AgentIdle)
		}, 1},
		"the agent serves the line no more": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			answered(b, "a")
			on(b, "a", anna)
			b.do(AgentGone{ID: anna})
		}, 1},
		"a caller by another way": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			b.do(AgentOn{Channel: "SIP/1", Agent: anna})
		}, 1},
		"who took a caller by another way did not take this one": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			b.do(AgentOn{Channel: "SIP/1", Agent: anna})
			seen(b, anna, AgentTalking)
			answered(b, "a")
		}, 0},
		"a phone that the switch never shows in a call": {[]AgentState{AgentIdle, AgentIdle}, func(b *bench) {
			b.do(AgentOn{Channel: "SIP/1", Agent: anna})
			b.now = b.now.Add(time.Minute)
		}, 2},
		"a place of the last run": {[]AgentState{AgentTalking}, func(b *bench) {
			p := Place{ID: "r", CallID: "r", State: PlaceServed, Channel: ChannelID("r", 1), Entry: 1, ServedAt: start}
			b.do(Restore{Place: p, Alive: true, Served: true})
			b.agents(AgentTalking, AgentIdle)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.agents(tc.agents...)
			b.wait("a")
			b.wait("b")
			tc.story(b)
			if got := b.line.free(b.now); got != tc.want {
				t.Errorf("%d are free, want %d", got, tc.want)
			}
		})
	}
}

// TestNobodyIsCalledForAnAgentWhoJustTookACaller is what was heard: the promise
// behind was called when the agent had begun to talk, and the customer waited.
func TestNobodyIsCalledForAnAgentWhoJustTookACaller(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentIdle)
	b.wait("a")
	b.wait("p")
	b.do(Convert{PlaceID: "p", CallbackID: "cb"})
	a := b.place("a").Channel
	b.do(AgentRung{Channel: a, Agent: "PJSIP/101"})
	b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentRinging}})
	for _, ev := range []Event{
		Answered{PlaceID: "a", Channel: a}, Parted{Channel: a}, Tick{}, AgentOn{Channel: a, Agent: "PJSIP/101"}, Tick{},
		AgentSeen{Agent{ID: "PJSIP/101", State: AgentTalking}},
	} {
		if cmds := b.do(ev); slices.ContainsFunc(cmds, func(c Command) bool { _, due := c.(Due); return due }) {
			t.Fatalf("%#v has the customer called", ev)
		}
	}
	b.do(Gone{PlaceID: "a", Channel: a})
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentIdle}}), "agent.state", "due p")
}

// desk is a line with agents who are truly free or not, and a switch that tells of
// them later than of placeholders, in order.
type desk struct {
	line    *Line
	now     time.Time
	free    map[string]bool
	serves  map[string]string // agent by place
	late    []Event
	talking map[string]string // place by agent
}

// do has the line dial nobody for whom there is no agent.
func (d *desk) do(t *rapid.T, ev Event) {
	free := 0
	for _, f := range d.free {
		if f {
			free++
		}
	}
	if e, ok := ev.(Estimated); ok {
		free += int(math.Round(e.Freeing))
	}
	for _, cmd := range d.line.Apply(ev, d.now) {
		switch cmd := cmd.(type) {
		case Insert:
			d.late = append(d.late, Joined{Channel: cmd.Channel, At: d.now})
		case Due:
			if p, _ := d.line.Place(cmd.Place.ID); p.State == PlaceServed {
				continue
			}
			if cmd.Free > free {
				t.Fatalf("%T has %s called, with %d agents free or soon: there are %d", ev, cmd.Place.ID, cmd.Free, free)
			}
		}
	}
}

// TestNeverMoreAreCalledThanAgentsAreFree: however much later the switch tells of
// agents than of placeholders, an agent who took a caller is never free.
func TestNeverMoreAreCalledThanAgentsAreFree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{line: New("support", Settings{}), now: start, free: map[string]bool{}, serves: map[string]string{}, talking: map[string]string{}}
		agents := []string{"anna", "boris", "clara"}[:rapid.IntRange(1, 3).Draw(t, "agents")]
		m := Mirror{}
		for _, a := range agents {
			d.free[a] = true
			m.Agents = append(m.Agents, Agent{ID: a, State: AgentIdle})
		}
		d.do(t, m)
		n := 0
		pick := func(ok func(Place) bool) (Place, bool) {
			for _, p := range d.line.Places() {
				if ok(p) {
					return p, true
				}
			}
			return Place{}, false
		}
		t.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) {},
			"call": func(t *rapid.T) {
				n++
				d.do(t, Take{Place: Place{ID: fmt.Sprint("c", n), CallID: "call"}})
			},
			"promise": func(t *rapid.T) {
				n++
				d.do(t, Take{Place: Place{ID: fmt.Sprint("p", n), CallbackID: "cb"}, Hold: true})
			},
			"enter": func(t *rapid.T) {
				if p, ok := pick(func(p Place) bool { return p.State == PlaceResting && p.CallbackID != "" }); ok {
					d.do(t, Enter{PlaceID: p.ID, Alone: true})
				}
			},
			"take": func(t *rapid.T) {
				a := rapid.SampledFrom(agents).Draw(t, "agent")
				p, ok := pick(func(p Place) bool { return p.State.inserted() })
				if !ok || !d.free[a] {
					t.Skip("nobody to take, or to be taken")
				}
				d.free[a], d.serves[p.ID], d.talking[a] = false, a, p.ID
				told := []Event{
					AgentRung{Channel: p.Channel, Agent: a}, AgentSeen{Agent{ID: a, State: AgentRinging}},
					Parted{Channel: p.Channel}, AgentOn{Channel: p.Channel, Agent: a}, AgentSeen{Agent{ID: a, State: AgentTalking}},
				}
				if rapid.Bool().Draw(t, "state before name") {
					told[3], told[4] = told[4], told[3]
				}
				d.late = append(d.late, told...)
				d.do(t, Answered{PlaceID: p.ID, Channel: p.Channel})
			},
			"hang up": func(t *rapid.T) {
				a := rapid.SampledFrom(agents).Draw(t, "agent")
				p, ok := d.line.Place(d.talking[a])
				if !ok {
					t.Skip("does not talk")
				}
				d.now = d.now.Add(2 * tellPatience) // a conversation takes longer than word of it
				delete(d.talking, a)
				d.free[a] = true
				d.late = append(d.late, AgentSeen{Agent{ID: a, State: AgentIdle}})
				d.do(t, Gone{PlaceID: p.ID, Channel: p.Channel})
			},
			"word comes": func(t *rapid.T) {
				for range min(rapid.IntRange(1, 6).Draw(t, "words"), len(d.late)) {
					ev := d.late[0]
					d.late = d.late[1:]
					d.do(t, ev)
				}
			},
			"estimates": func(t *rapid.T) {
				ev := Estimated{Queue: "support", Places: map[string]Estimate{}, Freeing: float64(rapid.IntRange(0, 2).Draw(t, "freeing"))}
				for _, p := range d.line.Places() {
					ev.Places[p.ID] = Estimate{Known: true, Mean: time.Second}
				}
				d.do(t, ev)
			},
			"time": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 1000).Draw(t, "ms")) * time.Millisecond)
				d.do(t, Tick{})
			},
		})
	})
}
