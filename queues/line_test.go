package queues

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// bench is a line with a clock, for scenarios.
type bench struct {
	t    *testing.T
	line *Line
	now  time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, line: New("support", Settings{}), now: start}
}

func (b *bench) do(ev Event) []Command { return b.line.Apply(ev, b.now) }

func (b *bench) after(d time.Duration, ev Event) []Command {
	b.now = b.now.Add(d)
	return b.do(ev)
}

// agents makes the crew known: one agent for each state.
func (b *bench) agents(states ...AgentState) {
	m := Mirror{}
	for i, s := range states {
		m.Agents = append(m.Agents, Agent{ID: fmt.Sprintf("PJSIP/%d", 101+i), State: s, Since: b.now})
	}
	for _, s := range b.line.order {
		if s.State.inserted() {
			m.Waiting = append(m.Waiting, Joined{Channel: s.Channel, At: s.EnteredAt})
		}
	}
	m.Waiting = append(m.Waiting, b.line.foreign...)
	b.do(m)
}

// wait puts a live call into the line a second later, seen by the switch.
func (b *bench) wait(id string) {
	b.after(time.Second, Take{Place: Place{ID: id, CallID: "call-" + id}})
	b.do(Joined{Channel: b.place(id).Channel, At: b.now})
}

// estimate gives places new estimates, 20 s to 40 s for each of those ahead of
// them or for the first; what would be told to the next is not known.
func (b *bench) estimate() []Command {
	ev := Estimated{Queue: "support", Places: map[string]Estimate{}}
	for i, s := range b.line.order {
		ev.Places[s.ID] = estimateOf(i)
	}
	return b.do(ev)
}

func estimateOf(ahead int) Estimate {
	n := time.Duration(ahead + 1)
	return Estimate{Known: true, Mean: n * 30 * time.Second, Low: n * 20 * time.Second, High: n * 40 * time.Second}
}

func (b *bench) place(id string) Place {
	b.t.Helper()
	p, ok := b.line.Place(id)
	if !ok {
		b.t.Fatalf("place %s is gone", id)
	}
	return p
}

func (b *bench) state(id string, want PlaceState) {
	b.t.Helper()
	if got := b.place(id).State; got != want {
		b.t.Errorf("place %s is %s, want %s", id, got, want)
	}
}

// brief writes commands as short words: "save a waiting", "insert lk-place-a-1@0".
func brief(cmds []Command) []string {
	out := []string{}
	for _, cmd := range cmds {
		switch cmd := cmd.(type) {
		case Save:
			out = append(out, fmt.Sprintf("save %s %s", cmd.Place.ID, cmd.Place.State))
		case Insert:
			out = append(out, fmt.Sprintf("insert %s@%d", cmd.Channel, cmd.Position))
		case Withdraw:
			out = append(out, strings.TrimSpace(fmt.Sprintf("withdraw %s %s", cmd.Channel, cmd.Why)))
		case Update:
			out = append(out, fmt.Sprintf("update %s %d", cmd.Place.ID, cmd.Ahead))
		case Serve:
			out = append(out, "serve "+cmd.Place.ID)
		case Named:
			out = append(out, fmt.Sprintf("named %s %s", cmd.Place.ID, cmd.Place.Agent))
		case Over:
			out = append(out, fmt.Sprintf("over %s %s", cmd.Place.ID, cmd.Place.Reason))
		case Due:
			out = append(out, "due "+cmd.Place.ID)
		case Handover:
			out = append(out, fmt.Sprintf("hand over %s to %s", cmd.Place.ID, cmd.Place.Queue))
		case Note:
			out = append(out, strings.TrimSpace(cmd.Type+" "+cmd.PlaceID))
		}
	}
	return out
}

func (b *bench) want(cmds []Command, want ...string) {
	b.t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, brief(cmds)); diff != "" {
		b.t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestLiveCallFromTakeToEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking, AgentTalking)
	b.want(b.do(Take{Place: Place{ID: "a", CallID: "c1"}}),
		"save a entering", "insert lk-place-a-1@0", "place.taken a", "update a 0")
	b.want(b.after(time.Second, Take{Place: Place{ID: "b", CallID: "c2"}}),
		"save b entering", "insert lk-place-b-1@0", "place.taken b", "update b 1")
	b.want(b.do(Joined{Channel: "lk-place-a-1", At: b.now}), "save a waiting", "place.entered a")
	b.want(b.do(Joined{Channel: "lk-place-a-1", At: b.now}))
	b.want(b.after(40*time.Second, Answered{PlaceID: "a", Channel: "lk-place-a-1"}),
		"save a served", "serve a", "place.served a", "update b 0")
	b.want(b.do(AgentOn{Channel: "lk-place-a-1", Agent: "PJSIP/102"}), "save a served", "named a PJSIP/102")
	b.want(b.after(100*time.Second, Gone{PlaceID: "a", Channel: "lk-place-a-1"}),
		"save a left", "over a served", "place.left a")
	b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1"}))
	b.want(b.do(Leave{PlaceID: "b", Reason: LeftAbandoned}),
		"save b left", "withdraw lk-place-b-1 abandoned", "over b abandoned", "place.left b")
}

func TestNotesArePlainData(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	var notes []Note
	for _, cmds := range [][]Command{
		b.do(Take{Place: Place{ID: "a", CallID: "c1"}}),
		b.estimate(),
		b.do(AgentRung{Channel: "lk-place-a-1", Agent: "PJSIP/101"}),
		b.after(1500*time.Millisecond, Answered{PlaceID: "a", Channel: "lk-place-a-1"}),
		b.after(time.Minute, Leave{PlaceID: "a", Reason: LeftAbandoned}),
	} {
		for _, cmd := range cmds {
			if n, ok := cmd.(Note); ok {
				notes = append(notes, n)
			}
		}
	}
	estimate := map[string]any{"mean_s": 30.0, "low_s": 20.0, "high_s": 40.0}
	got := map[string]map[string]any{}
	for _, n := range notes {
		data, err := json.Marshal(n.Data)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		got[n.Type] = back
	}
	want := map[string]map[string]any{
		"place.taken":     {"queue": "support", "call": "c1", "priority": 0.0, "ahead": 0.0, "taken_at": "2026-03-02T09:00:00Z"},
		"place.estimated": {"queue": "support", "call": "c1", "ahead": 0.0, "mean_s": 30.0, "low_s": 20.0, "high_s": 40.0},
		"offer.made":      {"queue": "support", "agent": "PJSIP/101", "channel": "lk-place-a-1"},
		"offer.ended":     {"queue": "support", "agent": "PJSIP/101", "channel": "lk-place-a-1", "why": "answered"},
		"place.served":    {"queue": "support", "call": "c1", "waited_s": 1.5, "entry": 1.0, "ahead": 0.0, "estimate": estimate},
		"place.left":      {"queue": "support", "call": "c1", "reason": "served", "waited_s": 1.5, "talked_s": 60.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestEndsThatTheSwitchNames(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]LeaveReason{
		"FULL": LeftFull, "JOINEMPTY": LeftNoAgents, "LEAVEEMPTY": LeftNoAgents, "JOINUNAVAIL": LeftNoAgents,
		"LEAVEUNAVAIL": LeftNoAgents, "TIMEOUT": LeftTimeout, "WITHDRAW": LeftFailed,
	} {
		b := newBench(t)
		b.wait("a")
		b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1", Status: status}),
			"save a left", "over a "+string(want), "place.left a")
	}
}

func TestPromiseOutlivesARefusingQueue(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"FULL", "JOINEMPTY", "TIMEOUT"} {
		b := newBench(t)
		b.wait("a")
		b.do(Convert{PlaceID: "a", CallbackID: "cb"})
		b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1", Status: status}), "save a resting", "place.rest a")
		b.want(b.after(29*time.Second, Tick{}))
		b.want(b.after(time.Second, Tick{}), "save a entering", "insert lk-place-a-2@0")
		if got := b.place("a").TakenAt; !got.Equal(start.Add(time.Second)) {
			t.Errorf("%s: taken at %v", status, got)
		}
	}
}

func TestConvertedPlaceKeepsItsPlaceholder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.wait("a")
	b.wait("b")
	b.wait("c")
	b.want(b.do(Convert{PlaceID: "b", CallbackID: "cb"}), "save b waiting", "place.converted b")
	// a promise does not hang up, so c's wait may be longer now
	b.want(b.do(Answered{PlaceID: "a", Channel: "lk-place-a-1"}),
		"save a served", "serve a", "place.served a", "update b 0", "update c 1")
	b.want(b.after(time.Second, AgentSeen{Agent{ID: "PJSIP/101", State: AgentIdle}}), "agent.state") // it is told before a's end
	b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1"}), "save a left", "over a served", "place.left a", "due b")
	b.want(b.do(Answered{PlaceID: "b", Channel: "lk-place-b-1"}),
		"save b served", "serve b", "place.served b", "update c 0")
	b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentTalking}})
	b.want(b.do(Rest{PlaceID: "b"}), "save b resting", "withdraw lk-place-b-1", "place.rest b")
	if p := b.place("b"); p.Agent != "" || !p.ServedAt.IsZero() {
		t.Errorf("a resting place still has an agent: %+v", p)
	}
	b.want(b.do(Take{Place: Place{ID: "b", CallbackID: "cb"}, Hold: true}),
		"save b entering", "insert lk-place-b-2@1", "update b 0", "update c 1")
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentRinging}}), "agent.state", "due b")
}

func TestAgentFasterThanDue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking, AgentPaused)
	for _, id := range []string{"a", "b", "c"} {
		b.wait(id)
	}
	b.do(Convert{PlaceID: "c", CallbackID: "cb"})
	b.want(b.do(Answered{PlaceID: "c", Channel: "lk-place-c-1"}), "save c served", "serve c", "due c", "place.served c")
}

func TestHeldPromises(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentIdle, AgentIdle)
	take := func(id string) []Command {
		return b.after(time.Second, Take{Place: Place{ID: id, CallbackID: "cb-" + id}, Hold: true})
	}
	b.want(take("p"), "save p resting", "place.taken p", "update p 0", "due p")
	b.want(take("q"), "save q resting", "place.taken q", "update q 1", "due q")
	b.want(take("r"), "save r resting", "place.taken r", "update r 2")
	// two agents are spoken for: the third customer is not dialled yet
	soon, later := Estimate{Known: true, Mean: 5 * time.Second, High: 9 * time.Second}, estimateOf(5)
	b.want(b.do(Estimated{Queue: "support", Places: map[string]Estimate{"p": soon, "q": soon, "r": later}}),
		"place.estimated p", "place.estimated q", "place.estimated r", "update p 0", "update q 1", "update r 2")
	b.want(b.do(Take{Place: Place{ID: "p", CallbackID: "cb-p"}, Hold: true}))
	b.want(b.do(Attach{PlaceID: "p", CallID: "c9"}), "save p resting", "save p entering", "insert lk-place-p-1@0", "update p 0")
	b.want(b.do(Enter{PlaceID: "p"}))
	// q's customer did not answer: the second agent is for r now
	b.want(b.do(Rest{PlaceID: "q"}), "save q resting", "place.rest q", "update r 1", "due r")
}

func TestHeldPromiseEntersWhenAgentsAreBusy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentIdle)
	b.after(time.Second, Take{Place: Place{ID: "p", CallbackID: "cb"}, Hold: true})
	b.state("p", PlaceResting)
	cmds := b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentTalking}})
	b.want(cmds, "agent.state", "save p entering", "insert lk-place-p-1@0")
}

func TestNobodyIsDialledForAgentsWhoAreNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentPaused)
	b.wait("a")
	b.want(b.do(Convert{PlaceID: "a", CallbackID: "cb"}), "save a waiting", "place.converted a")
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentTalking}}), "agent.state")
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentIdle}}), "agent.state", "due a")
}

func TestViewOfAMixedLine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking, AgentPaused, AgentOffline)
	b.wait("a")
	b.do(Joined{Channel: "SIP/other", At: b.now.Add(time.Millisecond)})
	b.wait("b")
	b.do(Joined{Channel: "lk-place-old-3", At: b.now})
	b.wait("c")
	b.do(Convert{PlaceID: "b", CallbackID: "cb"})
	b.do(Answered{PlaceID: "a", Channel: "lk-place-a-1"})
	v := b.line.View("support", b.now)
	want := Counts{Waiting: 2, Served: 1, Promises: 1, Foreign: 1, Talking: 1, Paused: 1, Offline: 1}
	if diff := cmp.Diff(want, v.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	var order []string
	for _, p := range v.Places {
		order = append(order, fmt.Sprintf("%s %d", p.ID, p.Ahead))
	}
	if diff := cmp.Diff([]string{"b 1", "c 2", "a 0"}, order); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	b.do(Parted{Channel: "SIP/other"})
	if v := b.line.View("support", b.now); len(v.Foreign) != 0 || v.Places[0].Ahead != 0 {
		t.Errorf("the foreign caller is still there: %+v", v)
	}
}

func BenchmarkThousandPlaces(b *testing.B) {
	line := New("support", Settings{})
	now := start
	for i := range 20 {
		line.Apply(AgentSeen{Agent{ID: fmt.Sprint(i), State: AgentTalking, Since: now}}, now)
	}
	next := 0
	take := func() {
		now = now.Add(time.Second)
		line.Apply(Take{Place: Place{ID: fmt.Sprint(next), CallID: "c"}}, now)
		next++
	}
	for range 1000 {
		take()
	}
	b.ReportAllocs()
	for b.Loop() {
		// one in, one out at the head: every place behind is told
		take()
		line.Apply(Leave{PlaceID: fmt.Sprint(next - 1001), Reason: LeftAbandoned}, now)
	}
}

func TestWrapUpOfTheSwitchEndsByTheClock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.want(b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentWrapUp, Until: b.now.Add(10 * time.Second)}}), "agent.state")
	b.want(b.after(9*time.Second, Tick{}))
	b.want(b.after(time.Second, Tick{}), "agent.state")
	if v := b.line.View("support", b.now); v.Agents[0].State != AgentIdle || !v.Agents[0].Until.IsZero() {
		t.Errorf("the agent is %+v", v.Agents[0])
	}
}
