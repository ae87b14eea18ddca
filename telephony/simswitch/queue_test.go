package simswitch_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func TestQueueServesInOrder(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Queue("support", simswitch.QueueOptions{})
		w.place("a", "support", nil)
		w.place("b", "support", nil)
		w.place("vip", "support", map[string]string{"QUEUE_PRIO": "5"})
		w.place("back", "support", map[string]string{"LINEKEEPER_POSITION": "2"})
		anna := w.Agent("PJSIP/101", "Anna").AnswerAfter(3 * time.Second).TalkFor(time.Minute)
		anna.Login("support", 0)
		w.pass(3 * time.Second)
		same(t, "shown to the agent", anna.Calls()[0].Shown.Number, "+79160000001")
		w.pass(time.Hour)
		same(t, "queue events", w.saidOfQueues(0), []string{
			"queue reset", "caller joined a 1", "caller joined b 2", "caller joined vip 1", "caller joined back 2",
			"agent ringing vip Anna", "caller left vip 1", "agent connected vip Anna", "agent completed vip Anna agent",
			"agent ringing back Anna", "caller left back 1", "agent connected back Anna", "agent completed back Anna agent",
			"agent ringing a Anna", "caller left a 1", "agent connected a Anna", "agent completed a Anna agent",
			"agent ringing b Anna", "caller left b 1", "agent connected b Anna", "agent completed b Anna agent",
		})
		same(t, "events of the vip's placeholder", w.said(5)[:3], []string{
			"changed vip 2", "arrived vip place p-vip", "ended vip normal clearing",
		})
	})
}

func TestQueueAgentTalksToCaller(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		q := w.Queue("support", simswitch.QueueOptions{})
		anna := w.Agent("PJSIP/101", "Anna").Login("support", 0)
		caller := w.Call("+79160000001", "700")
		w.must(w.Answer(w.Context(), caller.ID()))
		w.place("a", "support", nil)
		same(t, "waiting", q.Waiting(), []telephony.ChannelID{"a"})
		go func() {
			err := w.Phone("a").WaitAnswered(w.Context())
			if err = errors.Join(err, w.Bridge(w.Context(), "m", caller.ID(), "a")); err != nil {
				t.Error(err)
			}
		}()
		w.must(w.StartMusic(w.Context(), caller.ID(), ""))
		w.must(caller.WaitMusic(w.Context()))
		w.must(caller.WaitBridged(w.Context()))
		same(t, "bridges so far", caller.Bridges(), []telephony.BridgeID{"m"})
		anna.Press("9")
		if said := w.said(0); said[len(said)-1] != "digit a 9" {
			t.Errorf("after the agent pressed 9 the switch said %q", said[len(said)-1])
		}
		if len(q.Waiting()) > 0 {
			t.Error("who talks to an agent still waits")
		}
		if !caller.Hears(anna.Phone()) || !anna.Phone().Hears(caller) {
			t.Error("agent and caller do not hear each other")
		}
		w.must(w.Hangup(w.Context(), "a", telephony.CauseNormal))
		if anna.Phone() != nil {
			t.Error("the agent still talks after the placeholder's end")
		}
		same(t, "queue events", w.saidOfQueues(1), []string{
			"caller joined a 1", "agent ringing a Anna", "caller left a 1", "agent connected a Anna",
			"agent completed a Anna caller",
		})
	})
}

func TestQueueMissesAndAbandons(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Queue("support", simswitch.QueueOptions{RingTime: 10 * time.Second, Retry: 20 * time.Second})
		w.Agent("PJSIP/101", "Anna").Miss(1).Login("support", 0)
		w.Agent("PJSIP/102", "Boris").AnswerAfter(-1).Login("support", 1)
		w.place("a", "support", nil)
		w.pass(10 * time.Second)
		if id, ok := w.Agent("PJSIP/102", "").Ringing(); !ok || id != "a" {
			t.Errorf("the second agent rings for %q, %v; want a", id, ok)
		}
		w.pass(5 * time.Second)
		w.must(w.Hangup(w.Context(), "a", telephony.CauseNormal))
		w.place("b", "support", nil)
		w.pass(time.Second)
		w.Agent("PJSIP/102", "").Answer()
		w.Agent("PJSIP/102", "").Hangup()
		same(t, "queue events", w.saidOfQueues(1), []string{
			"caller joined a 1", "agent ringing a Anna", "agent no answer a Anna", "agent ringing a Boris",
			"caller left a 1 abandoned", "caller joined b 1", "agent ringing b Boris",
			"caller left b 1", "agent connected b Boris", "agent completed b Boris agent",
		})
	})
}

func TestQueueRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options simswitch.QueueOptions
		agent   func(*simswitch.Agent)
		want    string
	}{
		"no agents":    {simswitch.QueueOptions{JoinOnlyStaffed: true}, func(*simswitch.Agent) {}, "JOINEMPTY"},
		"all paused":   {simswitch.QueueOptions{JoinOnlyStaffed: true}, func(a *simswitch.Agent) { a.Login("q", 0).Pause("lunch") }, "JOINEMPTY"},
		"all away":     {simswitch.QueueOptions{JoinOnlyStaffed: true}, func(a *simswitch.Agent) { a.Login("q", 0).Away(true) }, "JOINEMPTY"},
		"timeout":      {simswitch.QueueOptions{Timeout: 40 * time.Second}, func(a *simswitch.Agent) { a.Miss(-1).Login("q", 0) }, "TIMEOUT"},
		"full":         {simswitch.QueueOptions{MaxLen: 1}, func(a *simswitch.Agent) { blocker(a) }, "FULL"},
		"no one stays": {simswitch.QueueOptions{LeaveWhenEmpty: true}, leaves, "LEAVEEMPTY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.Queue("q", tt.options)
				tt.agent(w.Agent("PJSIP/101", "Anna"))
				if name == "full" {
					w.place("first", "q", nil)
				}
				w.place("x", "q", map[string]string{"LINEKEEPER_PLACE": "77"})
				w.pass(time.Minute)
				said := w.said(1)
				same(t, "the last events", said[len(said)-2:], []string{
					"user LinekeeperQueue x;2 77 " + tt.want, "ended x normal clearing",
				})
			})
		})
	}
	inWorld(t, func(w *world) {
		w.place("x", "nosuch", nil)
		same(t, "events", w.said(1), []string{
			"changed x 1", "user LinekeeperQueue x;2 p-x UNKNOWN", "ended x normal clearing",
		})
	})
}

// blocker never answers, so that a caller stays in line.
func blocker(a *simswitch.Agent) { a.AnswerAfter(-1).Login("q", 0) }

// leaves logs the agent out while the phone rings.
func leaves(a *simswitch.Agent) {
	a.AnswerAfter(-1).Login("q", 0)
	time.AfterFunc(5*time.Second, func() { a.Logout("q") })
}

func TestQueueFeedAfterGap(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Queue("support", simswitch.QueueOptions{WrapUp: time.Minute})
		anna := w.Agent("PJSIP/101", "Anna").TalkFor(10 * time.Second)
		anna.Login("support", 2).Login("sales", 0)
		w.place("a", "support", nil)
		w.pass(time.Minute)
		w.place("b", "support", map[string]string{"QUEUE_PRIO": "3"})
		joined := time.Now()
		w.Disconnect()
		w.pass(time.Second)
		anna.Pause("lunch")
		w.Reconnect()
		w.pass(0)
		w.mu.Lock()
		defer w.mu.Unlock()
		got := w.queue[len(w.queue)-1]
		want := telephony.QueueEvent{
			Kind: telephony.QueueReset, At: got.At,
			Members: []telephony.QueueMember{
				{Queue: "sales", Interface: "PJSIP/101", Name: "Anna", Status: telephony.MemberIdle, Paused: true, PausedReason: "lunch"},
				{
					Queue: "support", Interface: "PJSIP/101", Name: "Anna", Status: telephony.MemberIdle, Paused: true,
					PausedReason: "lunch", Penalty: 2, LastCall: anna.Calls()[0].Ended, CallsTaken: 1,
					WrapUp: time.Minute, WrapUpUntil: anna.Calls()[0].Ended.Add(time.Minute),
				},
			},
			Phones:  []telephony.PhoneStatus{{Phone: "PJSIP/101", Status: telephony.MemberIdle}},
			Waiting: []telephony.QueueCaller{{Queue: "support", Channel: "b", Position: 1, Priority: 3, Since: joined}},
		}
		same(t, "state after the gap", got, want)
	})
}

func TestQueueAnswerInGapFreesTheAgent(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		anna := w.Agent("PJSIP/101", "Anna").Login("support", 0)
		w.place("a", "support", nil)
		w.Disconnect()
		w.pass(2 * time.Second)
		calls := anna.Calls()
		if len(calls) != 1 || calls[0].Answered.IsZero() || calls[0].Ended.IsZero() {
			t.Errorf("the agent's calls are %s, want one that was answered and ended", fmt.Sprint(calls))
		}
	})
}
