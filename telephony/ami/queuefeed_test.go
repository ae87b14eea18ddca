package ami

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ami/amitest"
)

// sample reads what a real Asterisk 22 sent.
func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "queue", "ami-"+name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// startFeed runs a feed against a server and gives the next event of it.
func startFeed(t *testing.T, s *amitest.Server) func() telephony.QueueEvent {
	t.Helper()
	c, err := New(options(s))
	if err != nil {
		t.Fatal(err)
	}
	f := NewQueueFeed(c)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return func() telephony.QueueEvent {
		t.Helper()
		select {
		case ev, ok := <-f.QueueEvents():
			if !ok {
				t.Fatal("the feed ended")
			}
			return ev
		case <-time.After(20 * time.Second):
			t.Fatal("no event came")
		}
		return telephony.QueueEvent{}
	}
}

// statusAnswer is the recorded list without its ActionID, which the server adds.
func statusAnswer(t *testing.T) []string {
	var out []string
	for _, m := range strings.Split(strings.TrimSpace(sample(t, "QueueStatus")), "\r\n\r\n") {
		var lines []string
		for _, line := range strings.Split(m, "\r\n") {
			if !strings.HasPrefix(line, "ActionID:") {
				lines = append(lines, line)
			}
		}
		out = append(out, amitest.Message(lines...))
	}
	return out
}

func TestQueueFeedTellsWhatAsteriskTells(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("QueueStatus", func(amitest.Request) []string { return statusAnswer(t) })
	next := startFeed(t, s)

	reset := next()
	if reset.Kind != telephony.QueueReset || len(reset.Members) != 1 || len(reset.Waiting) != 6 {
		t.Fatalf("the first event is %+v", reset)
	}
	if m := reset.Members[0]; m.Interface != "Local/mute@agents/n" || m.Name != "Ivan" || m.Queue != "mute" || m.Status != telephony.MemberInUse {
		t.Errorf("member %+v", m)
	}
	if w := reset.Waiting[0]; w.Channel != "vip-far" || w.Position != 1 || w.Priority != 5 {
		t.Errorf("first in line %+v", w)
	}

	agent := telephony.QueueAgent{Interface: "Local/short@agents/n", Name: "Olga"}
	for _, tc := range []struct {
		sample string
		want   telephony.QueueEvent
	}{
		{"QueueCallerJoin", telephony.QueueEvent{Kind: telephony.CallerJoined, Queue: "support", Channel: "served-far", Position: 1}},
		{"AgentCalled", telephony.QueueEvent{Kind: telephony.AgentRinging, Queue: "support", Channel: "served-far", Agent: agent}},
		{"QueueCallerLeave", telephony.QueueEvent{Kind: telephony.CallerLeft, Queue: "support", Channel: "served-far", Position: 1}},
		{"AgentConnect", telephony.QueueEvent{Kind: telephony.AgentConnected, Queue: "support", Channel: "served-far", Agent: agent}},
		{"AgentComplete", telephony.QueueEvent{Kind: telephony.AgentCompleted, Queue: "support", Channel: "served-far", Agent: agent, Reason: "agent"}},
		{"AgentRingNoAnswer", telephony.QueueEvent{Kind: telephony.AgentNoAnswer, Queue: "mute", Channel: "missed-far", Agent: telephony.QueueAgent{Interface: "Local/mute@agents/n", Name: "Ivan"}}},
		{"QueueMemberStatus", telephony.QueueEvent{Kind: telephony.MemberChanged, Queue: "support", Agent: agent, Members: []telephony.QueueMember{{
			Queue: "support", Interface: "Local/short@agents/n", Name: "Olga", Status: telephony.MemberInUse,
		}}}},
	} {
		s.Send(t, sample(t, tc.sample))
		if diff := cmp.Diff(tc.want, next(), cmpopts.IgnoreFields(telephony.QueueEvent{}, "At")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.sample, diff)
		}
	}

	// What is not about a queue, and the misnamed abandon, tell nothing.
	s.Send(t, sample(t, "QueueCallerAbandon"), sample(t, "LinekeeperQueue"),
		strings.ReplaceAll(sample(t, "QueueCallerJoin"), "served-far", "lk-place-p1-2;2"))
	if ev := next(); ev.Channel != "lk-place-p1-2" {
		t.Errorf("a placeholder is known by its near leg, got %+v", ev)
	}
}

// deviceList answers DeviceStateList with pairs of device and state.
func deviceList(pairs ...string) func(amitest.Request) []string {
	return func(amitest.Request) []string {
		out := []string{amitest.Message("Response: Success", "EventList: start", "Message: Device State Changes will follow")}
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, amitest.Message("Event: DeviceStateChange", "Device: "+pairs[i], "State: "+pairs[i+1]))
		}
		return append(out, amitest.Message("Event: DeviceStateListComplete", "EventList: Complete"))
	}
}

// Asterisk leaves the caller out of AgentComplete when the caller is gone.
func TestQueueFeedKnowsWhomAnAgentTalkedTo(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("QueueStatus", func(amitest.Request) []string { return statusAnswer(t) })
	next := startFeed(t, s)
	next()
	bare := amitest.Message("Event: AgentComplete", "Queue: support", "Interface: Local/short@agents/n", "MemberName: Olga", "Reason: agent")
	s.Send(t, sample(t, "AgentConnect"), bare, bare)
	for i, want := range []telephony.ChannelID{"served-far", "served-far", ""} {
		if ev := next(); ev.Channel != want || ev.Agent.Name != "Olga" {
			t.Errorf("event %d is %+v, want channel %q", i, ev, want)
		}
	}
}

func TestQueueFeedTellsOfPhones(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("QueueStatus", func(amitest.Request) []string { return statusAnswer(t) })
	s.Handle("DeviceStateList", deviceList(
		"PJSIP/103", "UNAVAILABLE", "PJSIP/101", "NOT_INUSE", "Queue:support_avail", "INUSE", "SIP/trunk/7", "ONHOLD",
		"Stasis:x/y", "BUSY", "Recorder/ARI", "UNKNOWN", "Local/support@linekeeper-queue", "NOT_INUSE", "Local/7@agents", "INVALID",
	))
	next := startFeed(t, s)
	want := []telephony.PhoneStatus{
		{Phone: "Local/7@agents", Status: telephony.MemberUnavailable}, {Phone: "PJSIP/101", Status: telephony.MemberIdle},
		{Phone: "PJSIP/103", Status: telephony.MemberUnavailable}, {Phone: "SIP/trunk/7", Status: telephony.MemberInUse},
	}
	if diff := cmp.Diff(want, next().Phones); diff != "" {
		t.Errorf("phones (-want +got):\n%s", diff)
	}
	tell := func(device, state string) {
		s.Send(t, amitest.Message("Event: DeviceStateChange", "Privilege: call,all", "Device: "+device, "State: "+state))
	}
	for _, c := range []struct {
		state string
		want  telephony.MemberStatus
	}{
		{"RINGING", telephony.MemberRinging}, {"INUSE", telephony.MemberInUse}, {"NOT_INUSE", telephony.MemberIdle},
		{"RINGINUSE", telephony.MemberInUse}, {"INVALID", telephony.MemberUnavailable}, {"BUSY", telephony.MemberInUse},
		{"UNKNOWN", telephony.MemberUnknown}, {"ONHOLD", telephony.MemberInUse},
	} {
		tell("Queue:support_avail", "NOT_INUSE") // is no phone
		tell("PJSIP/101", c.state)
		tell("PJSIP/101", c.state) // is no news
		want := telephony.QueueEvent{
			Kind: telephony.PhoneChanged, Agent: telephony.QueueAgent{Interface: "PJSIP/101", Name: "PJSIP/101"},
			Phones: []telephony.PhoneStatus{{Phone: "PJSIP/101", Status: c.want}},
		}
		if diff := cmp.Diff(want, next(), cmpopts.IgnoreFields(telephony.QueueEvent{}, "At")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.state, diff)
		}
	}
	tell("PJSIP/101", "RINGINUSE") // means the same
	tell("PJSIP/104", "NOT_INUSE") // is a new phone
	if ev := next(); ev.Agent.Interface != "PJSIP/104" {
		t.Errorf("after states that mean the same comes %+v", ev)
	}

	s.Handle("DeviceStateList", deviceList())
	s.Break()
	if ev := next(); ev.Kind != telephony.QueueLost || ev.At.IsZero() {
		t.Errorf("with the gap comes %+v", ev)
	}
	if ev := next(); ev.Kind != telephony.QueueReset || ev.Phones == nil || len(ev.Phones) > 0 {
		t.Errorf("after a gap without phones comes %+v", ev)
	}
	tell("PJSIP/104", "NOT_INUSE") // what was known before the gap is forgotten
	if ev := next(); ev.Kind != telephony.PhoneChanged {
		t.Errorf("after the gap comes %+v", ev)
	}
}

func TestQueueFeedTellsOfWrapUp(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	member := func(event, queue, phone, wrapUp, lastCall string) string {
		return amitest.Message("Event: "+event, "Queue: "+queue, "Location: "+phone, "Interface: "+phone, "Wrapuptime: "+wrapUp, "LastCall: "+lastCall)
	}
	s.Handle("QueueStatus", func(amitest.Request) []string {
		return []string{
			amitest.Message("Response: Success", "EventList: start"),
			amitest.Message("Event: QueueParams", "Queue: support"),
			member("QueueMember", "support", "PJSIP/101", "0", "0"),
			member("QueueMember", "support", "PJSIP/102", "5", "1795305136"),
			amitest.Message("Event: QueueParams", "Queue: odd)name"),
			member("QueueMember", "odd)name", "PJSIP/101", "0", "1795305136"),
			amitest.Message("Event: QueueStatusComplete", "EventList: Complete"),
		}
	})
	s.Handle("Getvar", func(r amitest.Request) []string {
		if r.Get("Variable") != "AST_CONFIG(queues.conf,support,wrapuptime)" {
			return []string{amitest.Message("Response: Error", "Message: No such variable")}
		}
		return []string{amitest.Message("Response: Success", "Value: 10")}
	})
	next := startFeed(t, s)
	ended := time.Unix(1795305136, 0).UTC()
	want := []telephony.QueueMember{
		{Queue: "support", Interface: "PJSIP/101", WrapUp: 10 * time.Second},
		{Queue: "support", Interface: "PJSIP/102", WrapUp: 5 * time.Second, LastCall: ended, WrapUpUntil: ended.Add(5 * time.Second)},
		{Queue: "odd)name", Interface: "PJSIP/101", LastCall: ended},
	}
	if diff := cmp.Diff(want, next().Members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	s.Send(t, member("QueueMemberStatus", "support", "PJSIP/101", "0", "1795305136"))
	want = []telephony.QueueMember{{
		Queue: "support", Interface: "PJSIP/101", WrapUp: 10 * time.Second, LastCall: ended, WrapUpUntil: ended.Add(10 * time.Second),
	}}
	if diff := cmp.Diff(want, next().Members); diff != "" {
		t.Errorf("after a call (-want +got):\n%s", diff)
	}
}

func TestQueueFeedWithoutPhones(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("QueueStatus", func(amitest.Request) []string { return statusAnswer(t) })
	s.Handle("DeviceStateList", func(amitest.Request) []string {
		return []string{amitest.Message("Response: Error", "Message: Permission denied")}
	})
	next := startFeed(t, s)
	if ev := next(); ev.Kind != telephony.QueueReset || ev.Phones != nil || len(ev.Members) != 1 {
		t.Errorf("without the permission the feed begins with %+v", ev)
	}
}

func TestQueueFeedStartsAnewAfterAGap(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	refuse := true
	s.Handle("QueueStatus", func(amitest.Request) []string {
		if refuse { // the first list fails and is asked for again
			refuse = false
			return []string{amitest.Message("Response: Error", "Message: Permission denied")}
		}
		return statusAnswer(t)
	})
	next := startFeed(t, s)
	if ev := next(); ev.Kind != telephony.QueueReset {
		t.Fatalf("the first event is %+v", ev)
	}
	s.Break()
	for _, want := range []telephony.QueueEventKind{telephony.QueueLost, telephony.QueueReset} {
		if ev := next(); ev.Kind != want {
			t.Errorf("with the gap comes %+v, want %v", ev, want)
		}
	}
}
