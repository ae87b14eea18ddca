package docs_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// TestDiagramOfPhases goes every way through some hotlines. Each change of phase that
// is seen must be an arrow of the diagram, or one into the choice "node" and one out
// of it; and each arrow must be seen so.
func TestDiagramOfPhases(t *testing.T) {
	t.Parallel()
	drawn := arrows(t, section(t, "docs/architecture.md", "### A call in its hotline"))
	seen := map[string]bool{}
	phases := map[string]bool{}
	for _, change := range walk(t) {
		from, to, _ := strings.Cut(change, " --> ")
		phases[from], phases[to] = true, true
		into, out := from+" --> node", "node --> "+to
		switch {
		case drawn[change] != nil:
			seen[change] = true
		case drawn[into] != nil && drawn[out] != nil:
			seen[into], seen[out] = true, true
		default:
			t.Errorf("the diagram lacks %s", change)
		}
	}
	for arrow := range drawn {
		if !seen[arrow] {
			t.Errorf("no call ever went %s", arrow)
		}
	}
	for name, phase := range source(t, "dialplan").constants() {
		if strings.HasPrefix(name, "Phase") && !phases[phase] {
			t.Errorf("no call ever was in phase %q", phase)
		}
	}
}

// gate asks in the ways that the hotlines of the demo and the examples do not.
const gate = `
hotline: gate
numbers: ["600"]
language: en
start: who
nodes:
  who: {identify: [ani, {code: {digits: 2}}, {ask: pet, digits: 2, text: "Which?"}, operator], account_digits: 2, known: told, unknown: bye}
  told: {require: answer, account_digits: 2, say: "It is done.", next: bye}
  bye: {hangup: true}
`

// form asks for an entry, after a while.
const form = `
hotline: form
numbers: ["600"]
language: en
vars: {order: text}
start: begin
nodes:
  begin: {wait: 2s, next: ask}
  ask: {collect: "Which?", into: order, digits: 2-3, readback: digits, confirm: true, next: bye}
  bye: {hangup: true}
`

// mostStates is enough states for every way; a walk that needs more has no end.
const mostStates = 400_000

// walk goes every way from the beginning of a call, and gives the changes of phase on
// them. Hanging up and starting anew are left out, but for the hang-up that has a
// phase of its own.
func walk(t *testing.T) []string {
	t.Helper()
	var docs []*dialplan.Document
	for _, file := range []string{"demo/hotlines/support.yaml", "examples/hotlines/callbacks.yaml", "examples/hotlines/outside.yaml"} {
		docs = append(docs, parsed(t, file, read(t, file)))
	}
	docs = append(docs, parsed(t, "gate.yaml", gate), parsed(t, "form.yaml", form))
	changes := map[string]bool{}
	for _, doc := range docs {
		at := visit{state: dialplan.NewState(doc, "+79161234501"), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
		withheld, callback := at, at
		withheld.state = dialplan.NewState(doc, "")
		callback.state = dialplan.NewCallbackState(doc, dialplan.Callee{Queue: "support", Number: "+79161234501"})
		ways := &explorer{doc: doc, seen: map[string]bool{}, changes: changes}
		ways.take(at, dialplan.Started{})
		ways.take(withheld, dialplan.Started{})
		ways.take(callback, dialplan.StartedCallback{})
		for len(ways.ahead) > 0 {
			at := ways.ahead[0]
			ways.ahead = ways.ahead[1:]
			for _, ev := range happenings(at.state) {
				ways.take(at, ev)
			}
			if len(ways.seen) > mostStates {
				t.Fatalf("the ways through %s have no end", doc.Hotline)
			}
		}
		t.Logf("%s: %d states", doc.Hotline, len(ways.seen))
	}
	return slices.Sorted(maps.Keys(changes))
}

func parsed(t *testing.T, name, text string) *dialplan.Document {
	t.Helper()
	doc, err := dialplan.Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// visit is a state at its time.
type visit struct {
	state dialplan.State
	now   time.Time
}

// explorer goes on from each state once.
type explorer struct {
	doc     *dialplan.Document
	ahead   []visit
	seen    map[string]bool
	changes map[string]bool
}

// take does one event, soon after the one before and after a while.
func (x *explorer) take(at visit, ev dialplan.Event) {
	for _, later := range []time.Duration{2 * time.Second, 31 * time.Second} {
		now := at.now.Add(later)
		next, _ := dialplan.Step(x.doc, at.state, ev, now)
		for range 8 { // an entry, whole
			if _, key := ev.(dialplan.Digit); !key || !enters(next.Phase) || next.Phase != at.state.Phase || next.Saying != 0 {
				break
			}
			next, _ = dialplan.Step(x.doc, next, ev, now)
		}
		if late, fired := ev.(dialplan.TimerFired); fired && awaits(next.Phase) && next.Phase == at.state.Phase && next.Timing != late.Seq {
			next, _ = dialplan.Step(x.doc, next, dialplan.TimerFired{Seq: next.Timing}, now) // the first one begins the music
		}
		_, gone := ev.(dialplan.HungUp)
		if next.Phase != at.state.Phase && (!gone || next.Phase == dialplan.PhaseGone) {
			x.changes[name(at.state.Phase)+" --> "+name(next.Phase)] = true
		}
		if kind := likeness(next, now); !x.seen[kind] {
			x.seen[kind] = true
			x.ahead = append(x.ahead, visit{next, now})
		}
	}
}

// likeness is the same for states from which the same ways lead on.
func likeness(s dialplan.State, now time.Time) string {
	waited := 0
	if !s.HereSince.IsZero() && now.Sub(s.HereSince) > 30*time.Second {
		waited = 1
	}
	return fmt.Sprint(s.Phase, s.Node, s.Then, s.Aside, s.Tries, s.Way, s.Asking, len(s.Digits), s.Account != "", s.Number != "",
		s.ANI, s.Caller.Account, s.Caller.Assurance, s.Saying != 0, s.Timing != 0, waited, s.Outbound,
		s.Held, s.Asked, s.Lost != "", s.Served, s.Consent, s.ConsentSought, s.Weighed,
		s.Offered != nil, s.Slot.From.IsZero(), s.Take != 0, s.Taking, s.TakeEnding, s.Kept, s.Standing)
}

func name(p dialplan.Phase) string {
	if p == dialplan.PhaseNew {
		return "new"
	}
	return string(p)
}

// awaits says whether a phase waits for an answer from elsewhere.
func awaits(p dialplan.Phase) bool {
	switch p {
	case dialplan.PhaseLookingUp, dialplan.PhaseRecalling, dialplan.PhaseChecking, dialplan.PhasePromising, dialplan.PhaseAsking:
		return true
	}
	return false
}

// happenings is what may happen to a call in this state.
func happenings(s dialplan.State) []dialplan.Event {
	ana := callers.Caller{Number: "+79161234501", Account: "1001", Name: "Anna"}
	events := []dialplan.Event{dialplan.HungUp{}, dialplan.Spoken{Seq: s.Saying}, dialplan.TimerFired{Seq: s.Timing}}
	if s.Held || s.Phase == dialplan.PhaseGreeting {
		events = append(events, dialplan.PlaceServed{Agent: "Olga"}, dialplan.PlaceOver{Reason: queues.LeftFull}, dialplan.PlaceOver{Reason: queues.LeftNoAgents})
	}
	soon := dialplan.Slot{From: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)}
	switch s.Phase {
	case dialplan.PhaseLookingUp:
		events = append(events, dialplan.LookedUp{}, dialplan.LookedUp{Found: true, Caller: ana}, dialplan.LookedUp{Several: []callers.Caller{ana, {Account: "11"}}})
	case dialplan.PhaseRecalling:
		events = append(events, dialplan.Recalled{})
	case dialplan.PhaseChecking:
		events = append(events, dialplan.Checked{}, dialplan.Checked{OK: true, Caller: ana})
	case dialplan.PhaseWaiting:
		wait := 20 * time.Minute
		events = append(events, dialplan.PlaceUpdate{Ahead: 3, Estimate: queues.Estimate{Known: true, Mean: wait, Low: wait, High: wait}})
	case dialplan.PhaseAsking:
		events = append(events, dialplan.Enquired{Slots: []dialplan.Slot{soon}}, dialplan.Enquired{}, dialplan.Enquired{Existing: "b0"}, dialplan.Enquired{Refused: "prefix"})
	case dialplan.PhaseRecording:
		events = append(events, dialplan.Recorded{Take: s.Take}, dialplan.Recorded{Take: s.Take, Silent: true})
	case dialplan.PhaseFetching:
		events = append(events, dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchFound}, dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchNotFound})
	case dialplan.PhaseDialling:
		events = append(events, dialplan.DialAnswered{Seq: s.Dialling}, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferBusy})
	case dialplan.PhasePutThrough:
		events = append(events, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferOver})
	case dialplan.PhaseLent:
		events = append(events, dialplan.Returned{}, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferFailed})
	case dialplan.PhasePromising, dialplan.PhaseGone:
		events = append(events, dialplan.Promised{ID: "b1"}, dialplan.Promised{ID: "b0", Existing: true},
			dialplan.PromiseRefused{Rule: "prefix"}, dialplan.PromiseRefused{Rule: dialplan.RuleSlotFull})
	case dialplan.PhaseConnected:
		events = append(events, dialplan.AgentLeft{}, dialplan.AgentLost{}, dialplan.Escalated{Queue: "second", By: "Olga"})
	}
	for _, key := range keys(s) {
		events = append(events, dialplan.Digit{Key: key})
	}
	return events
}

// enters says whether the keys of a phase are an entry.
func enters(p dialplan.Phase) bool {
	switch p {
	case dialplan.PhaseAccount, dialplan.PhaseWhich, dialplan.PhasePIN, dialplan.PhaseCode, dialplan.PhaseAnswer, dialplan.PhaseCollecting:
		return true
	}
	return false
}

// keys are those that are worth pressing.
func keys(s dialplan.State) string {
	if enters(s.Phase) {
		return "1#*"
	}
	switch s.Phase {
	case dialplan.PhaseLookingUp, dialplan.PhaseRecalling, dialplan.PhaseChecking, dialplan.PhasePausing:
		return "" // kept for the next question, which takes several steps at once
	case dialplan.PhaseSpeaking:
		return "#" // others count for the next question, too
	case dialplan.PhaseNumber:
		const number = "89161234501#"
		return number[len(s.Digits):min(len(s.Digits)+1, len(number))] + "#*"
	}
	return "123459*#"
}
