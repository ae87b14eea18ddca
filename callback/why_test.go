package callback

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// moment is an event some seconds after the one before.
type moment struct {
	pass int
	ev   Event
}

// TestWhy runs promises through the machine, sends the journal through JSON as
// a store would, and compares the story.
func TestWhy(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*3600)
	evening := time.Date(2025, 3, 3, 20, 15, 3, 0, moscow)
	hold := testPolicy()
	hold.Uncertain = HoldForOperator
	ask := testPolicy()
	ask.Uncertain = AskSwitch
	for _, tc := range []struct {
		name    string
		policy  Policy
		moments []moment
		forget  bool    // the journal is gone
		ask     Request // beside what all have
	}{
		{name: "kept", moments: []moment{
			{129, Due{Basis: Basis{Wait: 12 * time.Second, Known: true, Lead: 17 * time.Second, InFlight: 1, Free: 2}}}, {3, PhoneRings{}}, {5, PickedUp{}}, {4, Accepted{}}, {2, AgentTook{}}, {1, ConversationStarted{Agent: "Anna"}},
			{95, ConversationOver{}},
		}},
		{name: "retried", moments: []moment{
			{129, Due{Ahead: 1}}, {10, AgentTook{}}, {12, Ended{Cause: 17}}, {150, Tick{}}, {2, AgentTook{}}, {1, PickedUp{}},
			{3, AgentLost{}}, {2, Accepted{}}, {60, AgentTook{}}, {0, ConversationStarted{}}, {1, ConversationStarted{Agent: "Boris"}},
			{3700, Ended{Cause: 16}},
		}},
		{name: "given_up", moments: []moment{
			{129, Due{}}, {35, Tick{}}, {300, Tick{}}, {14400, Due{}}, {5, PickedUp{}}, {15, NoKey{}},
		}},
		{name: "uncertain_counts", moments: []moment{{129, Due{}}, {9, Recovered{}}, {300, Tick{}}, {0, Due{}}, {4, PhoneRings{}}}},
		{name: "uncertain_held", policy: hold, moments: []moment{
			{129, Due{}}, {9, Recovered{}}, {600, Resolve{Outcome: OutcomeConnected, By: "the supervisor"}},
		}},
		{name: "uncertain_asked", policy: ask, moments: []moment{{129, Due{}}, {9, Recovered{}}, {10, Recovered{}}, {25, Tick{}}, {10, Recovered{}}}},
		{name: "uncertain_being_asked", policy: ask, moments: []moment{{129, Due{}}, {9, Recovered{}}}},
		{name: "uncertain_talk", moments: []moment{
			{129, Due{}}, {5, PickedUp{}}, {3, Accepted{}}, {4, AgentTook{}}, {20, Recovered{MayTalk: true}},
		}},
		{name: "recovered", moments: []moment{
			{129, Due{}}, {20, Recovered{ChannelAlive: true, Channel: 2}}, {5, Accepted{}}, {20, PlaceOver{Reason: "no_agents"}},
		}},
		{name: "declined", moments: []moment{{129, Due{}}, {5, PickedUp{}}, {3, Declined{}}}},
		{name: "served_otherwise", moments: []moment{{60, PlaceOver{Reason: "full"}}, {60, Cancel{By: ByService, Why: "call c9"}}}},
		{name: "agent_in_vain", moments: []moment{{129, AgentTook{}}, {30, Tick{}}, {1, Cancel{By: ByOperator}}}},
		{name: "prefix_gone", policy: Policy{Prefixes: []string{"+1"}}, moments: []moment{{129, Due{}}}},
		{name: "from_the_record", forget: true, moments: []moment{
			{129, Due{}}, {20, Ended{Cause: 17}}, {300, Due{}}, {5, PickedUp{}}, {5, Accepted{}}, {6, ConversationStarted{Agent: "Anna"}},
			{30, Ended{Cause: 16}},
		}},
		{name: "from_the_record_cancelled", forget: true, moments: []moment{{9, Cancel{By: ByOperator, Why: "asked twice"}}}},
		{name: "just_asked"},
		{name: "after_hours", policy: Policy{Hours: daily(9, 20)}, moments: []moment{
			{129, Due{}}, {45767, Tick{}}, {300, Due{}}, {20, Ended{Cause: 17}}, {39600, Tick{}}, {5, AgentTook{}},
		}},
		{name: "slept", ask: Request{Window: Window{From: evening.Add(23 * time.Hour), Until: evening.Add(25 * time.Hour)}}, moments: []moment{
			{82800 - 3, Tick{}}, {5, Due{}}, {30, Ended{Cause: 21}},
		}},
		{name: "sleeps", ask: Request{Reason: ReasonWeb, Window: Window{From: evening.Add(23 * time.Hour), Until: evening.Add(25 * time.Hour)}}},
		{name: "wants_a_code", ask: Request{Reason: ReasonWeb, Verify: VerifyByCode}},
		{name: "confirmed_by_code", ask: Request{Reason: ReasonWeb, Verify: VerifyByCode}, moments: []moment{{40, Verified{By: "code"}}, {60, Due{}}}},
		{name: "confirmed_by_call", ask: Request{Reason: ReasonWeb, Verify: VerifyByCall}, moments: []moment{
			{1, Tick{}}, {9, PickedUp{}}, {6, Accepted{}}, {60, Due{}}, {10, PickedUp{}}, {5, Declined{}},
		}},
		{name: "not_confirmed", ask: Request{Reason: ReasonImport, Verify: VerifyByCall}, moments: []moment{
			{1, Tick{}}, {9, PickedUp{}}, {40, NoKey{}}, {300, Tick{}}, {30, Ended{Cause: 19}},
		}},
		{name: "machine", policy: Policy{Machine: MachineMessage}, moments: []moment{
			{129, Due{}}, {5, PickedUp{}}, {1, AgentTook{}}, {3, Machine{}}, {20, MessageLeft{}},
		}},
		{name: "taken_for_a_machine", moments: []moment{{129, Due{}}, {5, PickedUp{}}, {3, Machine{}}, {4, Accepted{}}, {1, AgentTook{}}, {0, AgentLost{}}}},
		{name: "previewed", policy: Policy{Mode: AgentPreview}, moments: []moment{
			{129, Due{}}, {30, AgentTook{}}, {4, Previewed{Answer: PreviewReject, Agent: "Boris"}}, {20, AgentTook{}}, {30, Tick{}},
			{5, AgentTook{}}, {2, Previewed{Answer: PreviewPostpone, Agent: "Clara"}}, {300, Tick{}}, {5, Due{}}, {5, AgentTook{}},
			{5, Previewed{Answer: PreviewAccept, Agent: "Anna"}},
		}},
		{name: "put_off", moments: []moment{
			{129, Postpone{Until: evening.Add(72 * time.Hour), By: ByCustomer, Why: "is on a train"}}, {60, Hasten{By: "lena"}},
			{60, Postpone{Until: evening.Add(48 * time.Hour), Anew: true, By: ByOperator}},
		}},
		{name: "expired", policy: Policy{Expire: time.Hour, Retries: map[Outcome]Retry{OutcomeBusy: {After: 20 * time.Minute, Anew: true}}}, moments: []moment{
			{129, Due{}}, {5, Ended{Cause: 17}}, {3600, Tick{}},
		}},
		{name: "in_flight", policy: Policy{Caps: Caps{InFlight: 2}, Facts: Facts{InFlight: 2}}, moments: []moment{
			{129, Due{}}, {15, Tick{}}, {15, Tick{}},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now, req := evening, tc.ask
			req.ID, req.Number, req.Queue, req.PlaceID = "k1", "+79161234567", "support", "p1"
			if req.Reason == "" {
				req.CallID, req.PlaceAt, req.Position = "c1", now.Add(-23*time.Second), 2
			}
			asking := testPolicy()
			asking.Hours = tc.policy.Hours
			cb, refusal := Ask(req, asking, nil, now)
			if refusal != nil {
				t.Fatal(refusal.Message)
			}
			p := tc.policy
			if p.Prefixes == nil {
				p.Prefixes = testPolicy().Prefixes
			}
			notes := []Note{AskedNote(cb, req)}
			if note, ok := DelayedNote(cb, asking); ok {
				notes = append(notes, note)
			}
			for _, m := range tc.moments {
				now = now.Add(time.Duration(m.pass) * time.Second)
				var cmds []Command
				var err error
				if cb, cmds, err = Step(cb, m.ev, p, now); err != nil {
					t.Fatal(err)
				}
				for _, cmd := range cmds {
					if note, ok := cmd.(Note); ok {
						notes = append(notes, note)
					}
				}
			}
			var events []WhyEvent
			for _, note := range notes {
				ev := WhyEvent{At: note.At, Type: note.Type}
				if err := json.Unmarshal([]byte(mustJSON(t, note.Data)), &ev.Data); err != nil {
					t.Fatal(err)
				}
				events = append(events, ev, WhyEvent{At: note.At, Type: "call.other"})
			}
			if tc.forget {
				events = nil
			}
			golden(t, filepath.Join("testdata", "why", tc.name+".txt"), strings.Join(Why(cb, events), "\n")+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s, want (-) and got (+):\n%s", file, diff)
	}
}

func TestRefusedNoteTellsTheRule(t *testing.T) {
	t.Parallel()
	req := Request{ID: "k2", Number: "+10000000000", Queue: "support", PlaceID: "p2", CallID: "c2"}
	_, refusal := Ask(req, testPolicy(), nil, t0)
	if refusal == nil {
		t.Fatal("granted")
	}
	note := RefusedNote(req, *refusal, t0)
	want := Note{Type: "callback.refused", CallbackID: "k2", At: t0, Data: map[string]any{
		"number": "+10000000000", "queue": "support", "rule": "prefix", "call_id": "c2",
		"message": "+10000000000 begins with none of the prefixes that may be called (+7)",
		"remedy":  "add a prefix of this number to the prefixes of the callback policy", "inputs": "prefixes: +7",
	}}
	if diff := cmp.Diff(want, note); diff != "" {
		t.Error(diff)
	}
}

func TestWording(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th"} {
		if got := ordinal(n); got != want {
			t.Errorf("ordinal(%d) = %q, want %q", n, got, want)
		}
	}
	for secs, want := range map[int]string{0: "0 s", 59: "59 s", 300: "5 min", 3661: "1 h 1 min 1 s"} {
		if got := span(secs); got != want {
			t.Errorf("span(%d) = %q, want %q", secs, got, want)
		}
	}
}
