package asterisk_test

import (
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
)

var update = flag.Bool("update", false, "write the AMI messages seen to testdata, for the parser's tests")

// Local channels stand in for phones: one that rings for ever, one that hangs
// up a moment after it answered, and one that calls.
const agents = `
[agents]
exten => mute,1,Ringing()
 same => n,Wait(60)
exten => short,1,Answer()
 same => n,Wait(1)
 same => n,Hangup()
exten => caller,1,Answer()
 same => n,Wait(60)
`

func startWithAgents(t *testing.T) (*asterisk.Asterisk, *ari, *ami) {
	t.Helper()
	a := start(t, asterisk.Options{
		Install: install(t), Verbose: true, Extra: map[string]string{"extensions.conf": agents},
		Queues: []asterisk.Queue{
			{Name: "support", Members: []string{"Local/short@agents/n,0,Olga"}},
			{Name: "mute", Timeout: 2, Members: []string{"Local/mute@agents/n,0,Ivan"}},
			{Name: "small", MaxLen: 1, Timeout: 2, Members: []string{"Local/mute@agents/n,0,Ivan"}},
			{Name: "gone", Members: []string{"PJSIP/101"}},
			{Name: "shift", Timeout: 2},
		},
	})
	return a, dialARI(t, a), dialAMI(t, a)
}

func TestStubSaysWhyTheQueueGaveUp(t *testing.T) {
	t.Parallel()
	_, c, m := startWithAgents(t)
	joined := func(id string) string {
		t.Helper()
		event, _ := m.wait(t, map[string]string{"Event": "QueueCallerJoin", "Uniqueid": id + "-far"})
		return event["Channel"]
	}
	ended := func(id, queue, status, cause string) {
		t.Helper()
		c.wait(t, map[string]string{
			"type": "ChannelUserevent", "eventname": "LinekeeperQueue", "channel.id": id + "-far",
			"userevent.Place": "place-" + id, "userevent.Queue": queue, "userevent.Status": status,
		})
		for _, leg := range []string{id, id + "-far"} {
			c.wait(t, map[string]string{"type": "ChannelDestroyed", "channel.id": leg, "cause": cause})
		}
		m.wait(t, map[string]string{"Event": "UserEvent", "Place": "place-" + id, "Status": status})
	}

	c.place(t, "nobody", "gone", nil)
	ended("nobody", "gone", "JOINEMPTY", "20")
	c.place(t, "unknown", "no-such", nil)
	ended("unknown", "no-such", "UNKNOWN", "3")
	c.place(t, "first", "small", nil)
	withdrawn := joined("first")
	c.place(t, "second", "small", nil)
	ended("second", "small", "FULL", "17")
	m.send(t, "Action: QueueWithdrawCaller", "Queue: small", "Caller: "+withdrawn, "ActionID: withdraw")
	m.wait(t, map[string]string{"ActionID": "withdraw", "Response": "Success"})
	ended("first", "small", "WITHDRAW", "31")
	c.place(t, "patient", "mute", map[string]string{"LINEKEEPER_TIMEOUT": "1"})
	ended("patient", "mute", "TIMEOUT", "19")

	m.send(t, "Action: QueueAdd", "Queue: shift", "Interface: Local/mute@agents/n", "ActionID: log in")
	m.wait(t, map[string]string{"ActionID": "log in", "Response": "Success"})
	c.place(t, "alone", "shift", nil)
	joined("alone")
	m.send(t, "Action: QueueRemove", "Queue: shift", "Interface: Local/mute@agents/n", "ActionID: log out")
	m.wait(t, map[string]string{"ActionID": "log out", "Response": "Success"})
	ended("alone", "shift", "LEAVEEMPTY", "18")
	if *update {
		m.save(t, "LinekeeperQueue", map[string]string{"Event": "UserEvent"})
	}
}

func TestPlaceholderIsServed(t *testing.T) {
	t.Parallel()
	_, c, m := startWithAgents(t)
	c.place(t, "served", "support", nil)
	c.wait(t, map[string]string{"type": "StasisStart", "channel.id": "served", "channel.state": "Up", "args": "[place served]"})
	far := "served-far"
	m.wait(t, map[string]string{"Event": "AgentCalled", "Uniqueid": far, "Interface": "Local/short@agents/n", "MemberName": "Olga"})
	m.wait(t, map[string]string{"Event": "AgentConnect", "Uniqueid": far, "Interface": "Local/short@agents/n", "MemberName": "Olga"})
	// Without the caller, if that is gone already.
	m.wait(t, map[string]string{"Event": "AgentComplete", "MemberName": "Olga"})
	// The cause is 16 or 0, as the agent's phone left it: it tells nothing.
	c.wait(t, map[string]string{"type": "ChannelDestroyed", "channel.id": "served"})
	if event, _, _ := c.find(map[string]string{"type": "ChannelUserevent"}); event != nil {
		t.Errorf("a served place sent %v", event)
	}

	c.place(t, "missed", "mute", nil)
	far = "missed-far"
	m.wait(t, map[string]string{"Event": "AgentRingNoAnswer", "Uniqueid": far, "MemberName": "Ivan"})
	if status, answer := c.do(t, http.MethodDelete, "/channels/missed", nil, ""); status != http.StatusNoContent {
		t.Fatalf("hang up: %d %s", status, answer)
	}
	m.wait(t, map[string]string{"Event": "QueueCallerAbandon", "Uniqueid": far})
	m.wait(t, map[string]string{"Event": "QueueCallerLeave", "Uniqueid": far})
	c.wait(t, map[string]string{"type": "ChannelDestroyed", "channel.id": "missed", "cause": "16"})
	if *update {
		for _, name := range []string{"AgentCalled", "AgentConnect", "AgentComplete", "AgentRingNoAnswer",
			"QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "QueueMemberStatus"} {
			m.save(t, name, map[string]string{"Event": name})
		}
	}
}

func TestPlaceholderTakesItsPosition(t *testing.T) {
	t.Parallel()
	_, c, m := startWithAgents(t)
	for _, place := range []struct {
		id, position string
		vars         map[string]string
	}{
		{"one", "1", nil},
		{"two", "2", nil},
		{"back", "1", map[string]string{"LINEKEEPER_POSITION": "1"}},
		{"vip", "1", map[string]string{"QUEUE_PRIO": "5"}},
		// A position cannot pass a higher priority.
		{"behind-vip", "2", map[string]string{"LINEKEEPER_POSITION": "1"}},
		{"third", "3", map[string]string{"LINEKEEPER_POSITION": "3"}},
	} {
		c.place(t, place.id, "mute", place.vars)
		m.wait(t, map[string]string{"Event": "QueueCallerJoin", "Uniqueid": place.id + "-far", "Position": place.position})
	}
	m.send(t, "Action: QueueStatus", "Queue: mute", "ActionID: status")
	m.wait(t, map[string]string{"Event": "QueueStatusComplete", "ActionID": "status", "ListItems": "8"})
	for id, position := range map[string]string{"vip": "1", "behind-vip": "2", "third": "3", "back": "4", "one": "5", "two": "6"} {
		m.wait(t, map[string]string{"Event": "QueueEntry", "Uniqueid": id + "-far", "Position": position})
	}
	if *update {
		m.save(t, "QueueStatus", map[string]string{"ActionID": "status"})
	}
}

func TestFallbackOnlyWithoutController(t *testing.T) {
	t.Parallel()
	_, c, m := startWithAgents(t)
	call := func(id string) {
		t.Helper()
		status, answer := c.do(t, http.MethodPost, "/channels", url.Values{
			"endpoint": {"Local/caller@agents/n"}, "extension": {"+78005550101"}, "context": {"phones"},
			"channelId": {id}, "otherChannelId": {id + "-far"},
		}, "")
		if status != http.StatusOK {
			t.Fatalf("call: %d %s", status, answer)
		}
	}
	call("handled")
	c.wait(t, map[string]string{"type": "StasisStart", "channel.id": "handled", "args": "[hotline +78005550101 allowed_not_screened]"})
	// Else the app would hear no more of a channel that left it.
	if status, answer := c.do(t, http.MethodPost, "/applications/linekeeper/subscription",
		url.Values{"eventSource": {"channel:handled"}}, ""); status != http.StatusOK {
		t.Fatalf("subscribe: %d %s", status, answer)
	}
	if status, answer := c.do(t, http.MethodPost, "/channels/handled/continue", nil, ""); status != http.StatusNoContent {
		t.Fatalf("give the call back: %d %s", status, answer)
	}
	c.wait(t, map[string]string{"type": "ChannelDestroyed", "channel.id": "handled"})
	if event, _, _ := m.find(map[string]string{"Event": "QueueCallerJoin"}); event != nil {
		t.Fatalf("a call that was handled fell back to the queue: %v", event)
	}

	if err := c.conn.CloseNow(); err != nil {
		t.Fatal(err)
	}
	<-c.closed
	// Asterisk notices the end of the connection in its own time.
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		status, _ := c.do(t, http.MethodGet, "/applications/linekeeper", nil, "")
		if status == http.StatusNotFound {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("Asterisk still has the application of a controller that is gone")
		}
	}
	call("alone")
	m.wait(t, map[string]string{"Event": "QueueCallerJoin", "Uniqueid": "alone", "Queue": "support", "Position": "1"})
	m.wait(t, map[string]string{"Event": "AgentConnect", "Uniqueid": "alone", "MemberName": "Olga"})
}

// save writes what has the wanted fields, as it came over the wire: all of an
// answer with an ActionID, the first of events.
func (c *ami) save(t *testing.T, name string, want map[string]string) {
	t.Helper()
	_, text := c.wait(t, want)
	if id := want["ActionID"]; id != "" {
		text = ""
		c.mu.Lock()
		for i, item := range c.items {
			if item["ActionID"] == id {
				text += c.raw[i]
			}
		}
		c.mu.Unlock()
	}
	if err := os.WriteFile(filepath.Join("testdata", "ami-"+name+".txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
