package callback

import (
	"fmt"
	"testing"
	"time"
)

// TestStepOfTheWays is about windows, modes, machines, and the word of the owner.
func TestStepOfTheWays(t *testing.T) {
	t.Parallel()
	const ch1 = "lk-cb-k1-1"
	with := func(change func(*Policy)) *Policy {
		p := testPolicy()
		change(&p)
		return &p
	}
	shut := with(func(p *Policy) { p.Hours = daily(9, 12) }) // in Moscow, where it is 20:00 at t0
	opens := t0.Add(10 * time.Hour).Add(3 * time.Hour)
	first := with(func(p *Policy) { p.Mode = AgentFirst })
	message := with(func(p *Policy) { p.Machine = MachineMessage })
	expire := with(func(p *Policy) { p.Expire = 90 * time.Minute }) // asked for an hour before t0
	busy := func(r Retry) *Policy {
		return with(func(p *Policy) { p.Retries, p.MaxAttempts = map[Outcome]Retry{OutcomeBusy: r}, 5 })
	}
	dial := Dial{1, ch1, "+79161234567", 30 * time.Second}
	answered := Wake{t0.Add(time.Minute)}
	until := t0.Add(48 * time.Hour)
	place := func(id string, at time.Time, placed bool) func(Callback) string {
		return func(cb Callback) string {
			if cb.PlaceID == id && cb.PlaceAt.Equal(at) && cb.Placed == placed {
				return ""
			}
			return fmt.Sprintf("place %s from %s, held: %v", cb.PlaceID, cb.PlaceAt, cb.Placed)
		}
	}
	verify := func(way VerifyWay, notBefore time.Time) func(Callback) string {
		return func(cb Callback) string {
			if cb.Verify == way && cb.NotBefore.Equal(notBefore) {
				return ""
			}
			return fmt.Sprintf("to be verified by %q, not before %s", cb.Verify, cb.NotBefore)
		}
	}
	minute := t0.Add(time.Minute)
	runSteps(t, []stepCase{
		{name: "wakes at its window", cb: sleeping(fixture(Waiting, 0)), ev: Tick{}, after: time.Minute, state: Waiting, deeds: []Command{TakePlace{}},
			then: place("p1", minute, true)},
		{name: "too early to wake", cb: sleeping(fixture(Waiting, 0)), ev: Tick{}, state: Waiting, deeds: []Command{Wake{minute}}, then: place("p1", minute, false)},
		{name: "a rule lets it sleep on", cb: sleeping(fixture(Waiting, 0)), ev: Tick{}, after: time.Minute, policy: shut, state: Waiting,
			deeds: []Command{RestPlace{}, Wake{opens}}, then: place("p1", minute, false)},
		{name: "cancelled asleep", cb: sleeping(fixture(Waiting, 0)), ev: Cancel{By: ByCustomer}, state: Cancelled, deeds: []Command{LeavePlace{"by_choice", "p1"}}},
		{name: "expired waiting", cb: fixture(Waiting, 0), ev: Tick{}, after: time.Hour, policy: expire, state: GivenUp, deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "expires later", cb: fixture(Waiting, 0), ev: Tick{}, policy: expire, state: Waiting, deeds: []Command{Wake{t0.Add(30 * time.Minute)}}},
		{name: "expired as it comes up", cb: fixture(Waiting, 0), ev: Due{}, after: time.Hour, policy: expire, state: GivenUp,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "nobody decided in time", cb: fixture(Uncertain, 1), ev: Tick{}, after: time.Hour, policy: expire, state: GivenUp, outcome: OutcomeUnconfirmed,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "expired on the line", cb: fixture(Confirmed, 1), ev: Tick{}, after: time.Hour, policy: expire, state: Confirmed, outcome: OutcomePending},

		{name: "busy is tried sooner", cb: fixture(Dialling, 1), ev: Ended{Cause: 17}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{RestPlace{}, Wake{t0.Add(150 * time.Second)}}},
		{name: "rejected is tried later", cb: fixture(Dialling, 1), ev: Ended{Cause: 21}, state: Waiting, outcome: OutcomeRejected,
			deeds: []Command{RestPlace{}, Wake{t0.Add(15 * time.Minute)}}},
		{name: "busy once too often", cb: fixture(Dialling, 2), ev: Ended{Cause: 17}, policy: busy(Retry{Attempts: 2}), state: GivenUp, outcome: OutcomeBusy,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "busy, and a new place", cb: fixture(Dialling, 1), ev: Ended{Cause: 17}, policy: busy(Retry{After: time.Hour, Anew: true}), state: Waiting,
			outcome: OutcomeBusy, deeds: []Command{LeavePlace{"parked", "p1"}, Wake{t0.Add(time.Hour)}}, then: place("p1-2", t0.Add(time.Hour), false)},
		{name: "busy again, and the third place", cb: parked(fixture(Dialling, 2), 2), ev: Ended{Cause: 17}, policy: busy(Retry{Anew: true}), state: Waiting,
			outcome: OutcomeBusy, deeds: []Command{LeavePlace{"parked", "p1-2"}, Wake{t0.Add(150 * time.Second)}},
			then: place("p1-3", t0.Add(150*time.Second), false)},
		{name: "stopped before the place was parked", cb: sleeping(parked(fixture(Waiting, 1), 2)), ev: Recovered{}, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{LeavePlace{"parked", "p1"}, RestPlace{}, Wake{minute}}},

		{name: "agent first stands in the queue", cb: fixture(Waiting, 0), ev: Due{}, policy: first, state: Waiting, deeds: []Command{EnterPlace{}}},
		{name: "the agent came first", cb: fixture(Waiting, 0), ev: AgentTook{}, policy: first, state: Dialling, outcome: OutcomePending,
			deeds: []Command{TellAgent{}, dial, Wake{t0.Add(35 * time.Second)}}},
		{name: "the agent who came first stays", cb: withAgent(fixture(Ringing, 1)), ev: Tick{}, after: 31 * time.Second, policy: first, state: Ringing,
			outcome: OutcomePending, deeds: []Command{Wake{t0.Add(35 * time.Second)}}},
		{name: "shown", cb: inMode(fixture(Waiting, 0), AgentPreview), ev: AgentTook{}, state: Shown, deeds: []Command{Preview{}, Wake{t0.Add(30 * time.Second)}}},
		{name: "accepted", cb: fixture(Shown, 0), ev: Previewed{Answer: PreviewAccept}, state: Dialling, outcome: OutcomePending,
			deeds: []Command{TellAgent{}, dial, Wake{t0.Add(35 * time.Second)}}},
		{name: "accepted out of hours", cb: fixture(Shown, 0), ev: Previewed{Answer: PreviewAccept}, policy: shut, state: Waiting,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{opens}}},
		{name: "put off by the agent", cb: fixture(Shown, 0), ev: Previewed{Answer: PreviewPostpone}, state: Waiting,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{t0.Add(5 * time.Minute)}}},
		{name: "rejected", cb: fixture(Shown, 0), ev: Previewed{Answer: PreviewReject}, state: Waiting,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, TakePlace{}, EnterPlace{}}},
		{name: "rejected for the third time", cb: withRejected(fixture(Shown, 0), 2), ev: Previewed{Answer: PreviewReject}, state: Waiting,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{t0.Add(5 * time.Minute)}}},
		{name: "no key of the agent", cb: fixture(Shown, 0), ev: Tick{}, after: 30 * time.Second, state: Waiting,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, TakePlace{}, EnterPlace{}}},
		{name: "crash while shown", cb: fixture(Shown, 0), ev: Recovered{AgentThere: true}, state: Shown, deeds: []Command{Preview{}, Wake{t0.Add(30 * time.Second)}}},

		{name: "taken for a machine", cb: withAgent(fixture(Answered, 1)), ev: Machine{}, state: Answered, outcome: OutcomePending,
			deeds: []Command{ReleaseAgent{}, RestPlace{}, Wake{t0.Add(8 * time.Second)}}},
		{name: "a machine is hung up on", cb: likeMachine(fixture(Answered, 1)), ev: Tick{}, after: 8 * time.Second, state: Waiting, outcome: OutcomeMachine,
			deeds: []Command{HangUpCustomer{ch1, OutcomeMachine}, RestPlace{}, Wake{t0.Add(15*time.Minute + 8*time.Second)}}},
		{name: "a machine hangs up", cb: likeMachine(fixture(Answered, 1)), ev: Ended{Cause: 16}, state: Waiting, outcome: OutcomeMachine,
			deeds: []Command{RestPlace{}, Wake{t0.Add(15 * time.Minute)}}},
		{name: "a person who was taken for a machine", cb: likeMachine(fixture(Answered, 1)), ev: Accepted{}, after: 5 * time.Second, state: Confirmed,
			outcome: OutcomePending, deeds: []Command{TakePlace{}, EnterPlace{}}},
		{name: "no agent for a machine", cb: likeMachine(fixture(Answered, 1)), ev: AgentTook{}, state: Answered, outcome: OutcomePending,
			deeds: []Command{ReleaseAgent{}, RestPlace{}}},
		{name: "a machine is left a message", cb: fixture(Answered, 1), ev: Machine{}, policy: message, state: Answered, outcome: OutcomePending,
			deeds: []Command{LeaveMessage{ch1}}},
		{name: "the message is being left", cb: likeMachine(fixture(Answered, 1)), ev: NoKey{}, policy: message, state: Answered, outcome: OutcomePending},
		{name: "the message was left", cb: likeMachine(fixture(Answered, 1)), ev: MessageLeft{}, policy: message, state: Waiting, outcome: OutcomeMachine,
			deeds: []Command{HangUpCustomer{ch1, OutcomeMachine}, RestPlace{}, Wake{t0.Add(15 * time.Minute)}}},

		{name: "asks the owner", cb: unverified(fixture(Waiting, 0), VerifyByCall), ev: Tick{}, state: Dialling, outcome: OutcomePending,
			deeds: []Command{dial, Wake{t0.Add(35 * time.Second)}}},
		{name: "asks the owner what", cb: unverified(fixture(Ringing, 1), VerifyByCall), ev: PickedUp{}, state: Answered, outcome: OutcomePending,
			deeds: []Command{Greet{ch1, true}, answered}},
		{name: "the owner wants it", cb: unverified(fixture(Answered, 1), VerifyByCall), ev: Accepted{}, state: Waiting, outcome: OutcomeVerified,
			deeds: []Command{HangUpCustomer{ch1, OutcomeVerified}, Wake{t0.Add(goodbye)}}, then: verify("", t0.Add(goodbye))},
		{name: "the owner does not want it", cb: unverified(fixture(Answered, 1), VerifyByCall), ev: Declined{}, state: Cancelled, outcome: OutcomeDeclined,
			deeds: []Command{HangUpCustomer{ch1, OutcomeDeclined}, LeavePlace{"by_choice", "p1"}}},
		{name: "the owner is not there", cb: unverified(fixture(Ringing, 1), VerifyByCall), ev: Ended{Cause: 19}, state: Waiting, outcome: OutcomeNoAnswer,
			deeds: []Command{Wake{t0.Add(5 * time.Minute)}}, then: verify(VerifyByCall, t0.Add(5*time.Minute))},
		{name: "the owner is not there again", cb: unverified(fixture(Ringing, 2), VerifyByCall), ev: Ended{Cause: 19}, state: GivenUp, outcome: OutcomeNoAnswer,
			deeds: []Command{LeavePlace{"unavailable", "p1"}}},
		{name: "the code came", cb: unverified(fixture(Waiting, 0), VerifyByCode), ev: Verified{"code"}, state: Waiting, deeds: []Command{TakePlace{}},
			then: verify("", time.Time{})},
		{name: "the code came, and the window is later", cb: unverified(sleeping(fixture(Waiting, 0)), VerifyByCode), ev: Verified{"code"}, state: Waiting,
			deeds: []Command{Wake{minute}}, then: verify("", minute)},
		{name: "the code did not come", cb: unverified(fixture(Waiting, 0), VerifyByCode), ev: Tick{}, state: GivenUp, deeds: []Command{LeavePlace{"unavailable", "p1"}}},

		{name: "put off", cb: fixture(Waiting, 0), ev: Postpone{Until: until}, state: Waiting, deeds: []Command{RestPlace{}, Wake{until}},
			then: place("p1", t0.Add(-time.Hour), true)},
		{name: "put off, and a new place", cb: fixture(Waiting, 0), ev: Postpone{Until: until, Anew: true}, state: Waiting,
			deeds: []Command{LeavePlace{"parked", "p1"}, Wake{until}}, then: place("p1-2", until, false)},
		{name: "put off asleep", cb: sleeping(fixture(Waiting, 0)), ev: Postpone{Until: until}, state: Waiting, deeds: []Command{Wake{until}},
			then: place("p1", until, false)},
		{name: "wanted now", cb: sleeping(fixture(Waiting, 0)), ev: Hasten{}, state: Waiting, deeds: []Command{TakePlace{}}, then: place("p1", t0, true)},
		{name: "wanted now, but a rule", cb: withNotBefore(fixture(Waiting, 1), until), ev: Hasten{}, policy: shut, state: Waiting, outcome: OutcomeBusy,
			deeds: []Command{RestPlace{}, Wake{opens}}},

		{name: "the third agent is lost", cb: withLost(withAgent(fixture(Confirmed, 1)), 2), ev: AgentLost{}, state: Waiting, outcome: OutcomeAgentLost,
			deeds: []Command{HangUpCustomer{ch1, OutcomeAgentLost}, RestPlace{}, Wake{minute}}},
	})
}

// parked is a promise whose place is the nth.
func parked(cb Callback, n int) Callback {
	cb.PlaceID, cb.Places = fmt.Sprintf("p1-%d", n), n
	return cb
}

func TestRetriesOfAPolicy(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Retries: map[Outcome]Retry{
		OutcomeBusy: {After: 500 * time.Millisecond}, OutcomeConnected: {Attempts: 1}, OutcomeInvalid: {Attempts: 11},
	}, Expire: time.Second, Mode: "robot", Machine: "talk"}
	want := []string{
		"callback policy: Expire: 1s is outside of 1m0s to 720h0m0s",
		`callback policy: Mode: "robot" is neither "customer_first", "agent_first" nor "preview"`,
		`callback policy: Machine: "talk" is neither "hang_up" nor "message"`,
		"callback policy: Retries: busy: after: 500ms is outside of 1s to 168h0m0s",
		`callback policy: Retries: no attempt follows "connected"; write any of busy, no_answer, no_key, machine, declined, rejected, invalid, congestion, failed, abandoned, no_agent, agent_lost, uncertain`,
		"callback policy: Retries: invalid: attempts: 11 is outside of 0 (no limit of its own) to 10",
	}
	errs := p.Validate()
	for i, err := range errs {
		if i >= len(want) || err.Error() != want[i] {
			t.Errorf("unexpected: %v", err)
		}
	}
	if len(errs) != len(want) {
		t.Errorf("%d faults, want %d", len(errs), len(want))
	}
	for _, o := range RetryOutcomes() {
		if r := testPolicy().RetryOf(o); r.After < time.Minute || r.After > 15*time.Minute || (o == OutcomeInvalid) != (r.Attempts == 1) {
			t.Errorf("%s: %+v", o, r)
		}
	}
}
