package dialplan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

func replace(s, old, with string) string { return strings.ReplaceAll(s, old, with) }

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	for _, tc := range []struct{ name, ani, script string }{
		{"position and wait on joining, then at intervals", ani, `
			start
			press 2
			does TakePlace support 0
			does Music true
			not say
			place 2 3-7
			does Music false
			hear You are number three in line. | 
			notes wait.quoted map[ahead:2 high:7 kind:range low:3]
			place 2 5-12
			place 1 3-7
			not say
			listen
			does Music true
			wait 20s
			hear we can call you back
			wait 40s
			hear You are number two in line.
			notes wait.quoted map[ahead:1 high:7 kind:range low:3]`},
		{"a quote does not rise while nothing got worse", ani, `
			start
			press 2
			place 1 3-7
			notes high:7 kind:range low:3
			place 1 10-25
			wait 70s
			notes high:7 kind:range low:3`},
		{"what was not said does not hold the next quote down", ani, `
			start
			press 2
			place 1 3-9
			notes high:9 kind:range low:3
			place 1 1-2
			place 1 2-8
			wait 70s
			notes high:8 kind:range low:2`},
		{"it may rise when an agent was lost", ani, `
			start
			press 2
			place 1 3-7 by 3
			notes high:7 kind:range low:3
			place 1 6-12 by 2
			wait 70s
			notes high:15 kind:range low:6`},
		{"it may rise when somebody came in before", ani, `
			start
			press 2
			place 1 3-7
			notes high:7 kind:range low:3
			place 2 10-25
			wait 70s
			notes high:25 kind:range low:10`},
		{"nothing is said of a wait that is not known", ani, `
			start
			press 2
			place 4
			not number five
			wait 1s
			hear en: You are number five in line.
			not minute`},
		{"without any news the caller hears that the line is alive", ani, `
			start
			press 2
			wait 61s
			hear You are still in line.`},
		{"an agent who is gone before a word costs no place", ani, `
			start
			press 2
			does TakePlace support 0 false
			served Olga
			does Connect
			agent is gone
			does TakePlace support 0 true
			does Music
			served Olga
			does Connect
			agent leaves
			node survey`},
		{"agents who cannot be connected are not rung for ever", ani, `
			start
			press 2
			served Olga
			agent is gone
			served Olga
			agent is gone
			does TakePlace support 0 true
			does TakePlace support 0 true
			served Olga
			agent is gone
			hear The queue is down.
			not TakePlace`},
		{"next in line", ani, `
			start
			press 2
			place 0 1-2
			hear You are next in line.`},
		{"an agent comes while the position is told", ani, `
			start
			press 2
			place 1
			wait 1s
			hear number two
			served Olga
			does StopSpeech
			does Connect
			phase connected
			served Vera
			not Connect
			agent leaves
			hear How was it?
			listen
			hear The end.
			listen
			does Hangup
			result agent`},
		{"music ends before the agent comes", ani, `
			start
			press 2
			does Music true
			served Olga
			does Music false
			does Connect
			hang up
			does LeavePlace
			result agent`},
		{"hanging up in line gives the place up", ani, `
			start
			press 2
			place 1
			hang up
			does LeavePlace
			result abandoned`},
		{"full", ani, "start\npress 2\nover full\nhear It is full.\nnot LeavePlace\nlisten\nlisten\nresult no_agents"},
		{"no agents", ani, "start\npress 2\nover no_agents\nhear Nobody works.\nhang up\nresult no_agents"},
		{"timeout", ani, "start\npress 2\nplace 1\nover timeout\nhear That was long."},
		{"unavailable", ani, "start\npress 2\nover unavailable\nhear The queue is down.\nhang up\nresult failed"},
		{"other keys only end the words", ani, `
			start
			press 2
			place 1
			press 7
			does StopSpeech
			does Music true
			press 5
			phase waiting`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

func TestQueueWithoutBranches(t *testing.T) {
	t.Parallel()
	doc := parse(t, `
hotline: bare
numbers: ["600"]
language: en
start: q
nodes: {q: {queue: support, priority: 1, priority_vip: 5, announce: {every: 0s, position: false}}}
`)
	for reason, words := range map[string]string{
		"full":        "the line is full",
		"no_agents":   "no operator on duty",
		"timeout":     "nobody could answer",
		"unavailable": "something is wrong",
	} {
		newTalk(t, doc, dialplan.NewState(doc, ani)).run(
			"start\ndoes TakePlace support 1\nover " + reason + "\nhear " + words + "\nlisten\ndoes Hangup")
	}
	vip := dialplan.NewState(doc, ani)
	vip.Caller = callers.Caller{Account: "1", VIP: true}
	newTalk(t, doc, vip).run(`
		start
		does TakePlace support 5
		place 3
		wait 1h
		not say
		place 3 2-4
		served
		agent leaves
		hear The operator has ended the call. | Goodbye!
		listen
		result agent`)
}

func TestCallingBack(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	callee := dialplan.Callee{
		Promise: "p1", Queue: "support", Number: ani, Caller: callers.Caller{Name: "Anna", Account: "1"},
	}
	for _, tc := range []struct{ name, script string }{
		{"presses one, waits, talks", `
			call back
			hear Hello, Anna! This is the small line. You asked us to call you back. | To speak
			press 1
			does StopSpeech
			does ConfirmPromise
			hear Connecting you
			not TakePlace
			listen
			does Music true
			place 0
			not say
			wait 60s
			hear You are next in line.
			not call you back
			served Olga
			does Connect
			agent leaves
			hear How was it?
			hang up
			result agent`},
		{"the agent is there already", "call back\nserved Olga\nnot Connect\npress 1\ndoes ConfirmPromise\ndoes Connect\nphase connected"},
		{"presses nine", "call back\npress 9\ndoes DeclinePromise\nhear Goodbye\nlisten\ndoes Hangup\nresult ivr"},
		{"nobody presses", `
			call back
			hear Hello
			wait 8s
			hear Hello
			wait 8s
			does NoKeyPromise
			hear Goodbye
			wait 3s
			does Hangup
			result callback`},
		{"another key", "call back\npress 5\nhear There is no such choice. | To speak\npress *\nhear Hello\nphase greeting"},
		{"a machine", "call back\nmachine silent\nmachine answered\nmachine silent\nhear You asked us to call you back, and\nlisten\ndoes MessageLeft\ndoes Hangup\nresult callback"},
		{"a machine that talks and talks", "call back\nmachine answered\nwait 41s\nhear You asked us to call you back, and\nphase greeting"},
		{"no machine after all", "call back\nmachine answered\nmachine silent\npress 1\ndoes ConfirmPromise\nmachine silent\nphase waiting"},
		{"hangs up on the question", "call back\nhang up\nnot LeavePlace\nresult abandoned"},
		{"hangs up while waiting", "call back\npress 1\nhang up\ndoes LeavePlace\nresult abandoned"},
		{"the queue ends", "call back\npress 1\nover no_agents\nhear There is no operator on duty right now. | Goodbye!\nlisten\nresult no_agents"},
		{"the offer's key does nothing", "call back\npress 1\nlisten\nwait 30s\npress 5\nphase waiting"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewCallbackState(doc, callee)).run(tc.script)
		})
	}
	owner := callee
	owner.Verify = true
	for name, script := range map[string]string{
		"the owner wants it": "call back\nhear Somebody asked us to call this number. | If it was you\npress 1\ndoes ConfirmPromise\nhear Thank you. We will call you\nlisten\ndoes Hangup\nresult callback",
		"the owner does not": "call back\npress 5\nhear There is no such choice. | If it was you\npress 9\ndoes DeclinePromise\nhear Goodbye\nlisten\ndoes Hangup\nresult ivr",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewCallbackState(doc, owner)).run(script)
		})
	}
}

func TestResuming(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	for _, tc := range []struct{ name, script string }{
		{"before anything", "resume\ndoes Answer\nhear Main menu."},
		{"in a text", "start\npress 11\nhear Good.\nresume\nhear Good."},
		{"in a menu", "start\nhear Main menu.\nlisten\nresume\nhear Main menu.\npress 9\nhear Bye"},
		{"in an account", "start\npress 5\npress 10\nresume\nhear Enter your account\npress 1001#\nhear PIN"},
		{"in a PIN: from the account on", "start\npress 5\npress 1001#12\nresume\nhear Enter your account\nphase account"},
		{"while the PIN is checked", "start\npress 5\npress 1001#1234\nresume\nhear Enter your account\npin ok\nphase account"},
		{"in line", `
			start
			press 2
			place 2 3-7
			listen
			resume
			hear You are still in line. | You are number three in line. |
			not TakePlace
			listen
			does Music true
			served
			does Connect`},
		{"while the number is confirmed", "start\npress 2\nwait 20s\npress 5\nhear call you back at\nresume\nhear call you back at\npress 1\ndoes Promise support +79161234501 true"},
		{"while a number is entered", "start\npress 4\npress 8916\nresume\nhear Enter your phone\npress 89161234502#1\ndoes Promise support +79161234502"},
		{"while the promise is stored", "start\npress 31\ndoes Promise\nresume\ndoes Promise\nexists p1\nhear already promised"},
		{"in a talk", "start\npress 2\nserved Olga\ndoes Connect\nresume\nnot say\nphase connected\nagent leaves\nhear How was it?"},
		{"in the last words", "start\npress 9\nhear Bye then.\nresume\nhear Goodbye!\nlisten\ndoes Hangup"},
		{"after a failed PIN", "start\npress 5\nwait 24s\nphase speaking\nresume\nnot secret\nhear Wrong keys."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			call := newTalk(t, doc, dialplan.NewState(doc, ani))
			call.run(tc.script)
		})
	}
	t.Run("the document has lost the node", func(t *testing.T) {
		t.Parallel()
		s := dialplan.NewState(doc, ani)
		s.Phase, s.Node = dialplan.PhaseMenu, "gone"
		newTalk(t, doc, s).run("resume\nhear something is wrong on our side. | Goodbye!\nlisten\ndoes Hangup\nresult failed")
	})
	t.Run("asked to press one", func(t *testing.T) {
		t.Parallel()
		s := dialplan.NewCallbackState(doc, dialplan.Callee{Promise: "p1", Queue: "none", Number: ani})
		newTalk(t, doc, s).run("resume\nhear Hello! This is\nresume\nhear Hello!\npress 1\ndoes ConfirmPromise\nlisten\nphase waiting\nserved\nagent leaves\nhear Goodbye")
	})
}
