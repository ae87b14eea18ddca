package queues

import (
	"fmt"
	"testing"
	"time"
)

func TestMoveHandsThePlaceOver(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{true, false} {
		b := newBench(t)
		b.agents(AgentTalking)
		b.wait("a")
		taken := b.now
		cmds := b.after(time.Minute, Move{PlaceID: "a", Queue: "sales", Keep: keep, Why: "order", By: "olga"})
		b.want(cmds, "place.moved a", "save a resting", "withdraw lk-place-a-1", "hand over a to sales")
		p := cmds[3].(Handover).Place
		if p.TakenAt.Equal(taken) != keep || !p.QueuedAt.Equal(b.now) || p.Moves != 1 || p.EnterAfter.IsZero() {
			t.Errorf("keep %v: handed over %+v", keep, p)
		}
		if got := fmt.Sprint(cmds[0].(Note).Data); got != fmt.Sprintf("map[by:olga call:call-a from:support kept:%v priority:0 queue:sales taken_at:%s to:sales why:order]", keep, p.TakenAt.Format(time.RFC3339Nano)) {
			t.Errorf("noted %s", got)
		}
		b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1"}))
		b.want(b.do(Move{PlaceID: "a", Queue: "sales"}))
	}
}

func TestEscalationLetsTheAgentGo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.wait("a")
	b.do(Answered{PlaceID: "a", Channel: "lk-place-a-1"})
	b.do(AgentOn{Channel: "lk-place-a-1", Agent: "PJSIP/101"})
	cmds := b.after(time.Minute, Move{PlaceID: "a", Queue: "support", Keep: true, Why: "escalated", By: "PJSIP/101"})
	b.want(cmds, "place.moved a", "save a resting", "withdraw lk-place-a-1", "hand over a to support")
	// back into the same queue, where it is first and gets a channel of its own
	b.wait("b")
	p := cmds[3].(Handover).Place
	b.want(b.do(Take{Place: p}), "save a entering", "insert lk-place-a-2@1", "update a 0", "update b 1")
}

func TestOffers(t *testing.T) {
	t.Parallel()
	why := func(cmds []Command) (out []string) {
		for _, cmd := range cmds {
			if n, ok := cmd.(Note); ok && n.Type == "offer.ended" {
				out = append(out, fmt.Sprintf("%s %s %s", n.PlaceID, n.Data["agent"], n.Data["why"]))
			}
		}
		return out
	}
	expect := func(got []string, want string) {
		t.Helper()
		if fmt.Sprint(got) != want {
			t.Errorf("offers ended %v, want %s", got, want)
		}
	}
	b := newBench(t)
	b.agents(AgentIdle, AgentIdle, AgentIdle)
	b.wait("a")
	ring := func(agent string) []Command { return b.do(AgentRung{Channel: "lk-place-a-1", Agent: agent}) }
	b.want(ring("PJSIP/101"), "offer.made a")
	b.want(ring("PJSIP/101"))
	expect(why(b.do(AgentMissed{Channel: "lk-place-a-1", Agent: "PJSIP/101"})), "[a PJSIP/101 no_answer]")
	b.want(b.do(AgentMissed{Channel: "lk-place-a-1", Agent: "PJSIP/101"}))
	ring("PJSIP/102")
	ring("PJSIP/103")
	expect(why(b.do(Answered{PlaceID: "a", Channel: "lk-place-a-1"})), "[]") // by whom is told next
	expect(why(b.do(AgentOn{Channel: "lk-place-a-1", Agent: "PJSIP/103"})), "[a PJSIP/103 answered a PJSIP/102 cancelled]")

	b.wait("b")
	b.do(AgentRung{Channel: "lk-place-b-1", Agent: "PJSIP/102"})
	expect(why(b.do(Leave{PlaceID: "b", Reason: LeftAbandoned})), "[b PJSIP/102 cancelled]")

	b.do(Joined{Channel: "SIP/x", At: b.now})
	b.do(AgentRung{Channel: "SIP/x", Agent: "PJSIP/102"})
	expect(why(b.do(Mirror{})), "[ PJSIP/102 cancelled]")
}

func TestCallersByAnotherWayAreNoted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.want(b.do(Joined{Channel: "SIP/x", At: b.now, Priority: 2}), "foreign.joined")
	b.want(b.do(Joined{Channel: "SIP/x", At: b.now, Priority: 2}))
	b.want(b.do(Joined{Channel: "SIP/y", At: b.now}), "foreign.joined")
	b.want(b.do(Parted{Channel: "SIP/x"}), "foreign.left")
	b.want(b.do(Parted{Channel: "SIP/x"}))
	agents := []Agent{{ID: "PJSIP/101", State: AgentTalking}}
	b.want(b.do(Mirror{Agents: agents, Waiting: []Joined{{Channel: "SIP/z", At: b.now}}}), "foreign.left", "foreign.joined")
}

func TestFirstOfTwoWhoJoinHasAnEstimateAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.do(Estimated{Queue: "support", Joining: estimateOf(0)})
	b.want(b.do(Take{Place: Place{ID: "a", CallID: "c1"}}),
		"save a entering", "insert lk-place-a-1@0", "place.taken a", "place.estimated a", "update a 0")
	// it was true for one
	b.want(b.after(time.Second, Take{Place: Place{ID: "b", CallID: "c2"}}),
		"save b entering", "insert lk-place-b-1@0", "place.taken b", "update b 1")
	b.want(b.estimate(), "place.estimated b", "update b 1")
	b.want(b.estimate())
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentPaused}}), "agent.state", "update a 0", "update b 1")
	for _, p := range b.line.View("support", b.now).Places {
		if p.Estimate.Known || p.Quote.Kind != QuoteNothing {
			t.Errorf("nobody serves, yet %s is told %+v", p.ID, p.Quote)
		}
	}
	b.want(b.do(Estimated{Queue: "other", Joining: estimateOf(9)}))
}
