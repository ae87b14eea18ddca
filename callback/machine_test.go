package callback

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

var t0 = time.Date(2025, 3, 3, 17, 0, 0, 0, time.UTC)

func testPolicy() Policy { return Policy{Prefixes: []string{"+7"}} }

// fixture is a promise in a state as the machine itself leaves it at t0, with
// n attempts made.
func fixture(state State, n int) Callback {
	cb := Callback{
		ID: "k1", Number: "+79161234567", Queue: "support", PlaceID: "p1", Reason: "in_line", CallID: "c1",
		AskedAt: t0.Add(-time.Hour), PlaceAt: t0.Add(-time.Hour), State: state, Since: t0,
		Placed: true,
	}
	if state == Shown {
		cb.AgentSince, cb.Mode = t0, AgentPreview
	}
	for i := range n {
		at := t0.Add(time.Duration(i-n+1) * 10 * time.Minute)
		cb.Attempts = append(cb.Attempts, Attempt{
			N: i + 1, Channel: ChannelID("k1", i+1), At: at, EndedAt: at, Outcome: OutcomeBusy,
		})
	}
	if n == 0 {
		return cb
	}
	last := &cb.Attempts[n-1]
	switch state {
	case Dialling, Ringing, Answered, Confirmed:
		last.Outcome, last.EndedAt = OutcomePending, time.Time{}
	case Connected:
		last.Outcome, last.EndedAt, cb.ConnectedAt = OutcomeConnected, time.Time{}, t0
	case Uncertain:
		last.Outcome = OutcomeUnconfirmed
	}
	return cb
}

func withAgent(cb Callback) Callback { cb.AgentSince = t0; return cb }

func withNotBefore(cb Callback, at time.Time) Callback { cb.NotBefore = at; return cb }

func inMode(cb Callback, mode Mode) Callback { cb.Mode = mode; return cb }

// sleeping is a promise that waits for its window, without a place.
func sleeping(cb Callback) Callback {
	cb.Placed, cb.NotBefore = false, t0.Add(time.Minute)
	cb.Window, cb.PlaceAt = Window{From: cb.NotBefore}, cb.NotBefore
	return cb
}

// unverified is a promise whose owner has yet to say yes.
func unverified(cb Callback, way VerifyWay) Callback {
	cb.Verify, cb.Placed = way, false
	for i := range cb.Attempts {
		cb.Attempts[i].Verify = true
	}
	if cb.State == Waiting {
		cb.NotBefore = t0
	}
	return cb
}

func likeMachine(cb Callback) Callback {
	cb.Attempts[len(cb.Attempts)-1].Machine = t0
	return cb
}

func withLost(cb Callback, n int) Callback {
	cb.Attempts[len(cb.Attempts)-1].Lost = n
	return cb
}

func withRejected(cb Callback, n int) Callback { cb.Rejected = n; return cb }

func sentOn(cb Callback) Callback { cb.SentOn = true; return cb }

func lastUncertain(cb Callback) Callback {
	cb.Attempts[len(cb.Attempts)-1].Outcome = OutcomeUnconfirmed
	return cb
}

// everyEvent is each event in each variety that the machine tells apart.
func everyEvent() []Event {
	evs := []Event{
		Due{}, DialRefused{Err: "no"}, DialRefused{Retryable: true, Err: "no"}, DialExists{}, PhoneRings{}, PickedUp{},
		Accepted{}, Declined{}, NoKey{}, Ended{Cause: telephony.CauseBusy}, Ended{Cause: telephony.CauseUnallocated},
		AgentTook{}, AgentLost{}, ConversationStarted{Agent: "Anna"}, ConversationOver{},
		PlaceOver{Reason: "no_agents"}, PlaceOver{Reason: "served"}, Moved{Queue: "second"}, Moved{Queue: "second", SentOn: true}, Cancel{By: ByOperator}, Tick{},
		Resolve{Outcome: OutcomeConnected}, Resolve{Outcome: OutcomeCancelled}, Resolve{Outcome: OutcomeNoAnswer},
		Machine{}, MessageLeft{}, Verified{By: "code"}, Hasten{By: ByOperator},
		Postpone{Until: t0.Add(48 * time.Hour), By: ByOperator}, Postpone{Until: t0.Add(48 * time.Hour), Anew: true}, Postpone{},
		Previewed{Answer: PreviewAccept}, Previewed{Answer: PreviewPostpone}, Previewed{Answer: PreviewReject}, Previewed{},
		Resolve{Outcome: OutcomeVerified}, Resolve{Outcome: OutcomePending}, Recovered{}, Recovered{AgentThere: true},
		Recovered{MayTalk: true},
	}
	for _, state := range []telephony.ChannelState{telephony.StateDown, telephony.StateRinging, telephony.StateUp} {
		evs = append(evs, Recovered{ChannelAlive: true, Channel: state},
			Recovered{ChannelAlive: true, Channel: state, AgentThere: true})
	}
	return evs
}

func everyFixture() []Callback {
	all := []Callback{
		fixture(Waiting, 0), sleeping(fixture(Waiting, 0)),
		unverified(fixture(Waiting, 0), VerifyByCode), unverified(fixture(Waiting, 0), VerifyByCall),
	}
	for n := 1; n <= 2; n++ {
		for _, s := range []State{Waiting, Shown, Dialling, Ringing, Answered, Confirmed, Connected, Uncertain, Done, GivenUp, Cancelled} {
			cb := fixture(s, n)
			all = append(all, cb)
			switch s {
			case Waiting:
				all = append(all, withNotBefore(cb, t0.Add(time.Minute)), lastUncertain(fixture(s, n)), inMode(cb, AgentFirst),
					inMode(cb, AgentPreview), sleeping(cb), unverified(fixture(s, n), VerifyByCall))
			case Shown:
				all = append(all, fixture(s, 0), lastUncertain(fixture(s, n)), withRejected(cb, 2))
			case Answered:
				all = append(all, withAgent(cb), likeMachine(fixture(s, n)), unverified(fixture(s, n), VerifyByCall))
			case Confirmed:
				all = append(all, withAgent(cb), withLost(withAgent(fixture(s, n)), 2))
			case Dialling, Ringing, Uncertain:
				all = append(all, withAgent(cb), unverified(fixture(s, n), VerifyByCall))
			case Connected:
				all = append(all, sentOn(fixture(s, n)))
			}
		}
	}
	return all
}

// TestTransitionsAreTheMachine runs every event in every state and compares the
// arrows seen with the table, in both directions.
func TestTransitionsAreTheMachine(t *testing.T) {
	t.Parallel()
	type arrow struct {
		from  State
		event string
		to    State
	}
	seen := map[arrow]bool{}
	hold := testPolicy()
	hold.Uncertain = HoldForOperator
	ask, expire, message := testPolicy(), testPolicy(), testPolicy()
	ask.Uncertain, expire.Expire, message.Machine = AskSwitch, 90*time.Minute, MachineMessage
	for _, p := range []Policy{testPolicy(), hold, ask, expire, message, {}, {Uncertain: AskSwitch}} {
		for _, cb := range everyFixture() {
			for _, ev := range everyEvent() {
				for _, after := range []time.Duration{0, 31 * time.Second, time.Hour} {
					got, cmds, err := Step(cb, ev, p, t0.Add(after))
					if err != nil {
						if !errors.Is(err, ErrTransition) {
							t.Fatalf("%T in %s: error %v is no ErrTransition", ev, cb.State, err)
						}
						if diff := gocmp.Diff(cb, got); diff != "" || cmds != nil {
							t.Fatalf("%T in %s was refused, but: commands %v, promise:\n%s", ev, cb.State, cmds, diff)
						}
						continue
					}
					seen[arrow{cb.State, EventName(ev), got.State}] = true
				}
			}
		}
	}
	listed := map[arrow]bool{}
	for _, tr := range Transitions() {
		a := arrow{tr.From, tr.Event, tr.To}
		if listed[a] {
			t.Errorf("listed twice: %v", a)
		}
		listed[a] = true
	}
	sorted := func(m map[arrow]bool) []string {
		var out []string
		for a := range m {
			out = append(out, fmt.Sprintf("%s --%s--> %s", a.from, a.event, a.to))
		}
		slices.SortFunc(out, cmp.Compare[string])
		return out
	}
	if diff := gocmp.Diff(sorted(listed), sorted(seen)); diff != "" {
		t.Errorf("table (-) and machine (+) differ:\n%s", diff)
	}
}

// deeds are the commands without the journal.
func deeds(cmds []Command) []Command {
	return slices.DeleteFunc(slices.Clone(cmds), func(c Command) bool { _, note := c.(Note); return note })
}

// stepCase is one event given to one promise.
type stepCase struct {
	name    string
	cb      Callback
	ev      Event
	policy  *Policy
	after   time.Duration
	state   State
	outcome Outcome // of the last attempt
	deeds   []Command
	then    func(Callback) string // what is wrong with the promise beside, "" for nothing
}

func runSteps(t *testing.T, cases []stepCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := testPolicy()
			if tc.policy != nil {
				p = *tc.policy
			}
			was := mustJSON(t, tc.cb)
			got, cmds, err := Step(tc.cb, tc.ev, p, t0.Add(tc.after))
			if err != nil {
				t.Fatal(err)
			}
			if now := mustJSON(t, tc.cb); now != was {
				t.Errorf("Step modified its argument:\n%s\n%s", was, now)
			}
			last, _ := got.Last()
			if got.State != tc.state || last.Outcome != tc.outcome {
				t.Errorf("got %s with outcome %q, want %s with %q", got.State, last.Outcome, tc.state, tc.outcome)
			}
			if diff := gocmp.Diff(tc.deeds, deeds(cmds)); diff != "" && len(tc.deeds)+len(deeds(cmds)) > 0 {
				t.Errorf("commands, want (-) and got (+):\n%s", diff)
			}
			if got.Open() != got.EndedAt.IsZero() && tc.cb.Open() {
				t.Errorf("open %v, but ended at %v", got.Open(), got.EndedAt)
			}
			if tc.then != nil {
				if wrong := tc.then(got); wrong != "" {
					t.Error(wrong)
				}
			}
		})
	}
}

func TestStep(t *testing.T) {
	t.Parallel()
	const ch1, ch2 = "lk-cb-k1-1", "lk-cb-k1-2"
	retryAt := t0.Add(5 * time.Minute)
	hold := testPolicy()
	hold.Uncertain = HoldForOperator
	ask, askOnce := testPolicy(), testPolicy()
	ask.Uncertain, askOnce.Uncertain, askOnce.MaxAttempts = AskSwitch, AskSwitch, 1
	up := Recovered{ChannelAlive: true, Channel: telephony.StateUp}
	runSteps(t, []stepCase{
		{name: "due dials", cb: fixture(Waiting, 0), ev: Due{}, state: Dialling, outcome: OutcomePending, deeds: []Command{
			Dial{1, ch1, "+79161234567", 30 * time.Second}, Wake{t0.Add(35 * time.Second)}}},
		{name: "due too early rests", cb: withNotBefore(fixture(Waiting, 1), retryAt), ev: Due{}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{RestPlace{}}},
		{name: "due after the attempts are used up", cb: fixture(Waiting, 2), ev: Due{}, state: GivenUp, outcome: OutcomeBusy,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "due with the prefix gone", cb: fixture(Waiting, 0), ev: Due{}, policy: &Policy{}, state: Cancelled,
			deeds: []Command{LeavePlace{"by_choice", "p1"}}},
		{name: "agent before the customer", cb: fixture(Waiting, 0), ev: AgentTook{}, state: Dialling, outcome: OutcomePending,
			deeds: []Command{TellAgent{}, Dial{1, ch1, "+79161234567", 30 * time.Second}, Wake{t0.Add(30 * time.Second)}}},
		{name: "agent too early", cb: withNotBefore(fixture(Waiting, 1), retryAt), ev: AgentTook{}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{ReleaseAgent{}, RestPlace{}}},
		{name: "time for the next attempt", cb: withNotBefore(fixture(Waiting, 1), retryAt), ev: Tick{}, after: 5 * time.Minute, state: Waiting,
			outcome: OutcomeBusy, deeds: []Command{TakePlace{}}},
		{name: "tick too early", cb: withNotBefore(fixture(Waiting, 1), retryAt), ev: Tick{}, state: Waiting,
			outcome: OutcomeBusy, deeds: []Command{Wake{retryAt}}},
		{name: "queue closed meanwhile", cb: fixture(Waiting, 0), ev: PlaceOver{"no_agents"}, state: Waiting, deeds: []Command{Wake{retryAt}}},
		{name: "late ring of an attempt given up on", cb: fixture(Waiting, 1), ev: PickedUp{Channel: ch1}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{HangUpCustomer{ch1, OutcomeBusy}}},
		{name: "late answer of an uncertain attempt", cb: lastUncertain(fixture(Waiting, 1)), ev: PickedUp{Channel: ch1}, state: Answered,
			outcome: OutcomePending, deeds: []Command{Greet{Channel: ch1}, Wake{t0.Add(time.Minute)}}},
		{name: "stray leg of an earlier attempt", cb: fixture(Dialling, 2), ev: PickedUp{Channel: ch1}, state: Dialling, outcome: OutcomePending,
			deeds: []Command{HangUpCustomer{ch1, OutcomeCancelled}}},
		{name: "exists already", cb: fixture(Dialling, 1), ev: DialExists{}, state: Dialling, outcome: OutcomePending},
		{name: "refused for now", cb: fixture(Dialling, 1), ev: DialRefused{Retryable: true}, state: Waiting, outcome: OutcomeFailed,
			deeds: []Command{HangUpCustomer{ch1, OutcomeFailed}, RestPlace{}, Wake{retryAt}}},
		{name: "refused for good", cb: fixture(Dialling, 1), ev: DialRefused{}, state: GivenUp, outcome: OutcomeFailed,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "busy with an agent waiting", cb: withAgent(fixture(Dialling, 1)), ev: Ended{Cause: 17}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{t0.Add(150 * time.Second)}}},
		{name: "no such number is not tried again", cb: fixture(Dialling, 1), ev: Ended{Cause: 1}, state: GivenUp, outcome: OutcomeInvalid,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "no answer at the last attempt", cb: fixture(Ringing, 2), ev: Ended{Cause: 19}, state: GivenUp, outcome: OutcomeNoAnswer,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "the switch forgot to end it", cb: fixture(Ringing, 1), ev: Tick{}, after: 35 * time.Second, state: Waiting, outcome: OutcomeNoAnswer,
			deeds: []Command{HangUpCustomer{ch1, OutcomeNoAnswer}, RestPlace{}, Wake{retryAt.Add(35 * time.Second)}}},
		{name: "agent waits too long", cb: withAgent(fixture(Ringing, 1)), ev: Tick{}, after: 30 * time.Second, state: Ringing, outcome: OutcomePending,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{t0.Add(35 * time.Second)}}},
		{name: "picked up", cb: fixture(Ringing, 1), ev: PickedUp{}, state: Answered, outcome: OutcomePending,
			deeds: []Command{Greet{Channel: ch1}, Wake{t0.Add(time.Minute)}}},
		{name: "pressed 1 with nobody there", cb: fixture(Answered, 1), ev: Accepted{}, state: Confirmed, outcome: OutcomePending,
			deeds: []Command{TakePlace{}, EnterPlace{}}},
		{name: "pressed 1 with an agent there", cb: withAgent(fixture(Answered, 1)), ev: Accepted{}, after: 5 * time.Second, state: Confirmed,
			outcome: OutcomePending, deeds: []Command{ConnectAgent{}, Wake{t0.Add(35 * time.Second)}}},
		{name: "pressed 9", cb: withAgent(fixture(Answered, 1)), ev: Declined{}, state: Cancelled, outcome: OutcomeDeclined,
			deeds: []Command{HangUpCustomer{ch1, OutcomeDeclined}, ReleaseAgent{}, LeavePlace{"by_choice", "p1"}}},
		{name: "no key in time", cb: fixture(Answered, 1), ev: NoKey{}, after: 25 * time.Second, state: Waiting, outcome: OutcomeNoKey,
			deeds: []Command{HangUpCustomer{ch1, OutcomeNoKey}, RestPlace{}, Wake{retryAt.Add(25 * time.Second)}}},
		{name: "the question never ends", cb: fixture(Answered, 1), ev: Tick{}, after: time.Minute, state: Waiting, outcome: OutcomeNoKey,
			deeds: []Command{HangUpCustomer{ch1, OutcomeNoKey}, RestPlace{}, Wake{retryAt.Add(time.Minute)}}},
		{name: "the question is being asked", cb: fixture(Answered, 1), ev: Tick{}, after: 25 * time.Second, state: Answered, outcome: OutcomePending,
			deeds: []Command{Wake{t0.Add(time.Minute)}}},
		{name: "hung up on the question", cb: fixture(Answered, 1), ev: Ended{Cause: 16}, state: Waiting, outcome: OutcomeDeclined,
			deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "agent comes", cb: fixture(Confirmed, 1), ev: AgentTook{}, state: Confirmed, outcome: OutcomePending,
			deeds: []Command{ConnectAgent{}, Wake{t0.Add(30 * time.Second)}}},
		{name: "agent goes", cb: withAgent(fixture(Confirmed, 1)), ev: AgentLost{}, state: Confirmed, outcome: OutcomePending,
			deeds: []Command{RestPlace{}, TakePlace{}, EnterPlace{}}},
		{name: "echo of the lost agent's place", cb: withAgent(fixture(Confirmed, 1)), ev: PlaceOver{"served"}, state: Confirmed, outcome: OutcomePending,
			deeds: []Command{RestPlace{}, TakePlace{}, EnterPlace{}}},
		{name: "queue ends under the customer", cb: fixture(Confirmed, 1), ev: PlaceOver{"no_agents"}, state: Waiting, outcome: OutcomeNoAgent,
			deeds: []Command{HangUpCustomer{ch1, OutcomeNoAgent}, RestPlace{}, Wake{retryAt}}},
		{name: "hung up while waiting", cb: fixture(Confirmed, 1), ev: Ended{Cause: 16}, state: Waiting, outcome: OutcomeAbandoned,
			deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "connected", cb: withAgent(fixture(Confirmed, 1)), ev: ConversationStarted{"Anna"}, state: Connected, outcome: OutcomeConnected},
		{name: "customer ends the talk", cb: fixture(Connected, 1), ev: Ended{Cause: 16}, state: Done, outcome: OutcomeConnected,
			deeds: []Command{LeavePlace{"served", "p1"}}},
		{name: "agent ends the talk", cb: fixture(Connected, 1), ev: ConversationOver{}, state: Done, outcome: OutcomeConnected,
			deeds: []Command{HangUpCustomer{ch1, OutcomeConnected}, LeavePlace{"served", "p1"}}},
		{name: "the next agent, after being sent on", cb: sentOn(fixture(Connected, 1)), ev: AgentTook{}, after: time.Minute, state: Connected,
			outcome: OutcomeConnected, deeds: []Command{ConnectAgent{}}},
		{name: "crash while waiting for the next agent", cb: sentOn(fixture(Connected, 1)), ev: Recovered{ChannelAlive: true, Channel: telephony.StateUp, AgentThere: false}, state: Connected,
			outcome: OutcomeConnected},
		{name: "cancelled while ringing", cb: withAgent(fixture(Ringing, 2)), ev: Cancel{By: ByService}, state: Cancelled, outcome: OutcomeCancelled,
			deeds: []Command{HangUpCustomer{ch2, OutcomeCancelled}, ReleaseAgent{}, LeavePlace{"by_choice", "p1"}}},
		{name: "crash while dialling counts", cb: fixture(Dialling, 1), ev: Recovered{}, state: Waiting, outcome: OutcomeUnconfirmed,
			deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "crash while dialling is held", cb: fixture(Dialling, 1), ev: Recovered{}, policy: &hold, state: Uncertain, outcome: OutcomeUnconfirmed,
			deeds: []Command{RestPlace{}}},
		{name: "crash while dialling is asked about", cb: withAgent(fixture(Dialling, 1)), ev: Recovered{}, policy: &ask, state: Uncertain,
			outcome: OutcomeUnconfirmed, deeds: []Command{ReleaseAgent{}, RestPlace{}, LookAgain{}, Wake{t0.Add(35 * time.Second)}}},
		{name: "the switch shows nothing yet", cb: fixture(Uncertain, 1), ev: Recovered{}, policy: &ask, after: 34 * time.Second, state: Uncertain,
			outcome: OutcomeUnconfirmed, deeds: []Command{RestPlace{}, Wake{t0.Add(35 * time.Second)}}},
		{name: "the switch is asked for its last word", cb: fixture(Uncertain, 1), ev: Tick{}, policy: &ask, after: 35 * time.Second, state: Uncertain,
			outcome: OutcomeUnconfirmed, deeds: []Command{LookAgain{}, Wake{t0.Add(50 * time.Second)}}},
		{name: "the switch shows nothing to the end", cb: fixture(Uncertain, 1), ev: Recovered{}, policy: &ask, after: 45 * time.Second, state: Waiting,
			outcome: OutcomeUnconfirmed, deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "nothing to the end of the last attempt", cb: fixture(Uncertain, 1), ev: Recovered{}, policy: &askOnce, after: 45 * time.Second,
			state: GivenUp, outcome: OutcomeUnconfirmed, deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "the switch was away for longer than the pause", cb: fixture(Uncertain, 1), ev: Recovered{}, policy: &ask, after: time.Hour, state: Waiting,
			outcome: OutcomeUnconfirmed, deeds: []Command{RestPlace{}, TakePlace{}}},
		{name: "the switch shows it after all", cb: fixture(Uncertain, 1), ev: up, policy: &ask, after: time.Hour, state: Answered,
			outcome: OutcomePending, deeds: []Command{Greet{Channel: ch1}, Wake{t0.Add(time.Hour + time.Minute)}}},
		{name: "gone before any agent was asked for", cb: fixture(Confirmed, 1), ev: Recovered{MayTalk: true}, state: Waiting, outcome: OutcomeAbandoned,
			deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "gone before the two were connected", cb: withAgent(fixture(Confirmed, 1)), ev: Recovered{}, policy: &hold, state: Waiting,
			outcome: OutcomeAbandoned, deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{retryAt}}},
		{name: "gone while being connected counts", cb: withAgent(fixture(Confirmed, 1)), ev: Recovered{MayTalk: true}, state: Waiting,
			outcome: OutcomeUnconfirmed, deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{retryAt}}},
		{name: "gone while being connected is held", cb: withAgent(fixture(Confirmed, 1)), ev: Recovered{MayTalk: true, AgentThere: true}, policy: &hold,
			state: Uncertain, outcome: OutcomeUnconfirmed, deeds: []Command{ReleaseAgent{}, RestPlace{}}},
		{name: "gone while being connected: the switch has no more to say", cb: withAgent(fixture(Confirmed, 1)), ev: Recovered{MayTalk: true}, policy: &ask,
			state: Waiting, outcome: OutcomeUnconfirmed, deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{retryAt}}},
		{name: "crash while dialling, answered by now", cb: fixture(Dialling, 1), ev: up, state: Answered, outcome: OutcomePending,
			deeds: []Command{Greet{Channel: ch1}, Wake{t0.Add(time.Minute)}}},
		{name: "crash while asking", cb: fixture(Answered, 1), ev: up, after: time.Minute, state: Answered, outcome: OutcomePending,
			deeds: []Command{Greet{Channel: ch1}, Wake{t0.Add(2 * time.Minute)}}},
		{name: "crash while waiting for an agent", cb: withAgent(fixture(Confirmed, 1)), ev: up, state: Confirmed, outcome: OutcomePending,
			deeds: []Command{TakePlace{}, EnterPlace{}}},
		{name: "crash before connecting", cb: withAgent(fixture(Confirmed, 1)), ev: Recovered{ChannelAlive: true, Channel: telephony.StateUp, AgentThere: true}, state: Confirmed,
			outcome: OutcomePending, deeds: []Command{ConnectAgent{}, Wake{t0.Add(30 * time.Second)}}},
		{name: "crash after an attempt was ended", cb: withNotBefore(fixture(Waiting, 1), retryAt), ev: up, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{HangUpCustomer{ch1, OutcomeBusy}, RestPlace{}, Wake{retryAt}}},
		{name: "crash before the place was taken", cb: fixture(Waiting, 0), ev: Recovered{}, state: Waiting, deeds: []Command{TakePlace{}}},
		{name: "crash after cancelling", cb: fixture(Cancelled, 1), ev: up, state: Cancelled, outcome: OutcomeBusy,
			deeds: []Command{HangUpCustomer{ch1, OutcomeBusy}, LeavePlace{"by_choice", "p1"}}},
		{name: "resolved soon", cb: fixture(Uncertain, 1), ev: Resolve{OutcomeNoAnswer, "boss"}, after: time.Minute, state: Waiting,
			outcome: OutcomeNoAnswer, deeds: []Command{RestPlace{}, Wake{retryAt}}},
		{name: "resolved late", cb: fixture(Uncertain, 1), ev: Resolve{OutcomeNoAnswer, "boss"}, after: time.Hour, state: Waiting,
			outcome: OutcomeNoAnswer, deeds: []Command{RestPlace{}, TakePlace{}}},
	})
}

func TestStepRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		cb   Callback
		ev   Event
		want string
	}{
		{fixture(Waiting, 0), Accepted{}, "callback k1 is waiting: Accepted: the event makes no sense in this state (no attempt is under way)"},
		{fixture(Dialling, 1), Due{}, "callback k1 is dialling: Due: the event makes no sense in this state (the customer is still being called)"},
		{fixture(Dialling, 2), Ended{Channel: "lk-cb-k1-1"}, "callback k1 is dialling: Ended: the event makes no sense in this state (channel lk-cb-k1-1 is of an earlier attempt)"},
		{fixture(Dialling, 1), PickedUp{Channel: "lk-cb-k2-1"}, "callback k1 is dialling: PickedUp: the event makes no sense in this state (channel lk-cb-k2-1 is not of this promise)"},
		{fixture(Waiting, 1), PlaceOver{"parked"}, "callback k1 is waiting: PlaceOver: the event makes no sense in this state (it left that place itself)"},
		{fixture(Waiting, 0), Hasten{}, "callback k1 is waiting: Hasten: the event makes no sense in this state (nothing holds it back, it waits for its place to come up)"},
		{fixture(Waiting, 0), Verified{}, "callback k1 is waiting: Verified: the event makes no sense in this state (no such word is wanted)"},
		{unverified(fixture(Waiting, 0), VerifyByCode), Hasten{}, "callback k1 is waiting: Hasten: the event makes no sense in this state (it waits for its code, not for a time)"},
		{fixture(Waiting, 0), Postpone{Until: t0}, "callback k1 is waiting: Postpone: the event makes no sense in this state (it can only be put off to a time to come)"},
		{fixture(Shown, 0), Previewed{Answer: "hm"}, `callback k1 is shown: Previewed: the event makes no sense in this state (there is no answer "hm")`},
		{fixture(Answered, 1), MessageLeft{}, "callback k1 is answered: MessageLeft: the event makes no sense in this state (nobody took it for a machine)"},
		{fixture(Confirmed, 1), PlaceOver{"served"}, "callback k1 is confirmed: PlaceOver: the event makes no sense in this state (no agent is on the place)"},
		{fixture(Connected, 1), Cancel{By: ByOperator}, "callback k1 is connected: Cancel: the event makes no sense in this state (the conversation goes on)"},
		{fixture(Uncertain, 1), Resolve{Outcome: "hm"}, `callback k1 is uncertain: Resolve: the event makes no sense in this state ("hm" does not resolve it)`},
		{fixture(Done, 1), Cancel{By: ByOperator}, "callback k1 is done: Cancel: the event makes no sense in this state (it is over)"},
		{Callback{ID: "k1", State: "odd"}, Tick{}, `callback k1 is odd: Tick: the event makes no sense in this state (there is no state "odd")`},
	} {
		_, _, err := Step(tc.cb, tc.ev, testPolicy(), t0)
		if err == nil || err.Error() != tc.want {
			t.Errorf("got  %v\nwant %s", err, tc.want)
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		state  State
		want   Outcome
		causes []telephony.Cause
	}{
		{Dialling, OutcomeBusy, []telephony.Cause{17}},
		{Dialling, OutcomeNoAnswer, []telephony.Cause{16, 18, 19, 20, 31}},
		{Dialling, OutcomeRejected, []telephony.Cause{21}},
		{Dialling, OutcomeInvalid, []telephony.Cause{1, 22, 28}},
		{Dialling, OutcomeCongestion, []telephony.Cause{2, 3, 27, 34, 38, 41, 42, 44, 47}},
		{Dialling, OutcomeFailed, []telephony.Cause{0, 26, 50, 58, 127}},
		{Ringing, OutcomeNoAnswer, []telephony.Cause{0, 16, 19}},
		{Answered, OutcomeDeclined, []telephony.Cause{16, 31}},
		{Answered, OutcomeNoKey, []telephony.Cause{0}},
		{Answered, OutcomeFailed, []telephony.Cause{38}},
		{Confirmed, OutcomeAbandoned, []telephony.Cause{0, 16, 38}},
		{Connected, OutcomeConnected, []telephony.Cause{0, 16, 38}},
	} {
		for _, cause := range tc.causes {
			if got := OutcomeOf(cause, tc.state); got != tc.want {
				t.Errorf("cause %d in %s: got %s, want %s", cause, tc.state, got, tc.want)
			}
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
