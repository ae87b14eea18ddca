package docs_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// TestDiagramOfPhases walks calls through two hotlines at random. Each
// change of phase that is seen must be an arrow of the diagram, or one into the
// choice "node" and one out of it; and each arrow must be seen so.
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

// walk gives the changes of phase that many calls went through. Hanging up and
// starting anew are left out, but for the hang-up that has a phase of its own.
func walk(t *testing.T) []string {
	t.Helper()
	var docs []*dialplan.Document
	for _, file := range []string{"demo/hotlines/support.yaml", "examples/hotlines/callbacks.yaml", "examples/hotlines/outside.yaml"} {
		doc, err := dialplan.Parse(file, []byte(read(t, file)))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	gate, err := dialplan.Parse("gate.yaml", []byte(gate))
	if err != nil {
		t.Fatal(err)
	}
	form, err := dialplan.Parse("form.yaml", []byte(form))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var changes []string
	for n := range 45_000 {
		doc := docs[n/4%2]
		switch {
		case n%17 == 0:
			doc = gate
		case n >= 44_000:
			doc = form
		case n >= 40_000: // few phases, and none that is rare
			doc = docs[2]
		}
		s, ev := dialplan.NewState(doc, "+79161234501"), dialplan.Event(dialplan.Started{})
		switch n % 4 {
		case 0:
			s = dialplan.NewState(doc, "") // the number is withheld
		case 1:
			s, ev = dialplan.NewCallbackState(doc, dialplan.Callee{Queue: "support", Number: "+79161234501"}), dialplan.StartedCallback{}
		}
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		for range 40 {
			next, _ := dialplan.Step(doc, s, ev, now)
			if late, fired := ev.(dialplan.TimerFired); fired && awaits(next.Phase) && next.Phase == s.Phase && next.Timing != late.Seq {
				next, _ = dialplan.Step(doc, next, dialplan.TimerFired{Seq: next.Timing}, now) // the first one begins the music
			}
			_, gone := ev.(dialplan.HungUp)
			if next.Phase != s.Phase && (!gone || next.Phase == dialplan.PhaseGone) {
				changes = append(changes, name(s.Phase)+" --> "+name(next.Phase))
			}
			s, now = next, now.Add(time.Duration(random.IntN(8))*time.Second)
			ev = happening(random, s)
		}
	}
	changes = append(changes, rare(docs[1])...)
	slices.Sort(changes)
	return slices.Compact(changes)
}

// rare is a way that chance hardly finds: from a long wait aside, back to the
// first menu, on to the choice of a time, and then an agent is there.
func rare(doc *dialplan.Document) (changes []string) {
	s := dialplan.NewState(doc, "+79161234501")
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	soon := dialplan.Slot{From: now.Add(24 * time.Hour), Until: now.Add(25 * time.Hour)}
	wait := queues.Estimate{Known: true, Mean: time.Hour, Low: time.Hour, High: time.Hour}
	for _, ev := range []dialplan.Event{
		dialplan.Started{}, dialplan.Digit{Key: '1'}, dialplan.PlaceUpdate{Ahead: 3, Estimate: wait}, dialplan.Digit{Key: '*'},
		dialplan.Digit{Key: '2'}, dialplan.Digit{Key: '1'}, dialplan.Enquired{Slots: []dialplan.Slot{soon}}, dialplan.PlaceServed{},
	} {
		next, _ := dialplan.Step(doc, s, ev, now)
		if next.Phase != s.Phase {
			changes = append(changes, name(s.Phase)+" --> "+name(next.Phase))
		}
		s = next
	}
	return changes
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
	case dialplan.PhaseLookingUp, dialplan.PhaseChecking, dialplan.PhasePromising, dialplan.PhaseAsking:
		return true
	}
	return false
}

// happening is something that may happen to a call in this state.
func happening(random *rand.Rand, s dialplan.State) dialplan.Event {
	ana := callers.Caller{Number: "+79161234501", Account: "1001", Name: "Anna"}
	over := []queues.LeaveReason{queues.LeftFull, queues.LeftNoAgents, queues.LeftTimeout, queues.LeftFailed}
	if random.IntN(100) == 0 {
		return dialplan.HungUp{}
	}
	choices := []dialplan.Event{
		dialplan.Spoken{Seq: s.Saying},
		dialplan.TimerFired{Seq: s.Timing},
		dialplan.LookedUp{Found: random.IntN(2) == 0, Caller: ana},
		dialplan.LookedUp{Several: []callers.Caller{ana, {Account: "1002"}}},
		dialplan.Checked{OK: random.IntN(2) == 0, Caller: ana},
	}
	if s.Held || s.Phase == dialplan.PhaseGreeting {
		choices = append(choices, dialplan.PlaceServed{Agent: "Olga"}, dialplan.Moved{Queue: "second"}, dialplan.PlaceOver{Reason: over[random.IntN(4)]})
	}
	soon := dialplan.Slot{From: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)}
	if s.Consent {
		choices = append(choices, dialplan.HungUp{}, dialplan.HungUp{}, dialplan.HungUp{})
	}
	switch s.Phase {
	case dialplan.PhaseStanding:
		choices = append(choices, slices.Repeat([]dialplan.Event{dialplan.Digit{Key: '9'}}, 4)...)
	case dialplan.PhaseWaiting:
		if s.ConsentSought {
			choices = append(choices, dialplan.Digit{Key: '5'})
		}
		wait := time.Duration(random.IntN(30)) * time.Minute
		choices = append(choices, dialplan.PlaceUpdate{Ahead: 3, Estimate: queues.Estimate{Known: true, Mean: wait, Low: wait, High: wait}})
	case dialplan.PhaseConfirming:
		choices = append(choices, slices.Repeat([]dialplan.Event{dialplan.Digit{Key: '1'}}, 8)...)
	case dialplan.PhaseAsking:
		choices = append(choices, dialplan.Enquired{Slots: []dialplan.Slot{soon}}, dialplan.Enquired{}, dialplan.Enquired{}, dialplan.Enquired{}, dialplan.Enquired{Existing: "b0"}, dialplan.Enquired{Refused: "prefix"})
	case dialplan.PhaseRecording:
		choices = append(choices, dialplan.Recorded{Take: s.Take}, dialplan.Recorded{Take: s.Take}, dialplan.Recorded{Take: s.Take, Silent: true})
	}
	switch s.Phase {
	case dialplan.PhaseLookingUp, dialplan.PhaseChecking, dialplan.PhasePausing:
		// Keys are kept for the next question, which takes several steps at once.
	case dialplan.PhaseSpeaking:
		choices = append(choices, dialplan.Digit{Key: '#'}) // others count for the next question, too
	case dialplan.PhaseNumber:
		const number = "89161234501#"
		if len(s.Digits) < len(number) {
			choices = append(choices, slices.Repeat([]dialplan.Event{dialplan.Digit{Key: rune(number[len(s.Digits)])}}, 20)...)
		}
	default:
		choices = append(choices,
			dialplan.Digit{Key: rune("0123456789*#"[random.IntN(12)])}, dialplan.Digit{Key: rune("12#"[random.IntN(3)])})
	}
	switch s.Phase {
	case dialplan.PhaseFetching:
		choices = append(choices, dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchFound}, dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchNotFound})
	case dialplan.PhaseDialling:
		choices = append(choices, dialplan.DialAnswered{Seq: s.Dialling}, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferBusy})
	case dialplan.PhasePutThrough:
		choices = append(choices, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferOver})
	case dialplan.PhaseLent:
		choices = append(choices, dialplan.Returned{}, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferFailed})
	case dialplan.PhasePromising, dialplan.PhaseGone:
		choices = append(choices, dialplan.Promised{ID: "b1"}, dialplan.Promised{ID: "b0", Existing: true},
			dialplan.PromiseRefused{Rule: "prefix"}, dialplan.PromiseRefused{Rule: dialplan.RuleSlotFull}, dialplan.HungUp{})
	case dialplan.PhaseConnected:
		choices = append(choices, dialplan.AgentLeft{}, dialplan.AgentLeft{}, dialplan.AgentLeft{}, dialplan.AgentLost{}, dialplan.Escalated{Queue: "second", By: "Olga"})
	}
	return choices[random.IntN(len(choices))]
}
