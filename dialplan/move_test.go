package dialplan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// lines has queues that lead to one another.
const lines = `
hotline: lines
numbers: ["600"]
language: en
callback: {prefixes: ["+7"]}
start: who
nodes:
  who:    {identify: ani, next: first}
  first:  {queue: first, skills: {"{{ caller.language }}": 2, billing: 1}, priority: 3, announce: {every: 60s},
           offer_callback: {after: 20s, key: 5}, full: sorry, no_agents: ask, timeout: second, unavailable: third}
  sorry:  {say: "The first line is full.", next: second}
  second: {queue: second, keep_place: true, skills: {en: 3, "{{caller.language}}": 1}, timeout: third, no_agents: second_too}
  second_too: {goto: third}
  ask:    {menu: "Nobody is there.", keys: {1: second}}
  third:  {queue: third, keep_place: true, announce: {every: 0s}}
`

func TestMoving(t *testing.T) {
	t.Parallel()
	const inLine = "start\nstranger\nplace 1 3-5\nhear number two\nlisten\n"
	doc := parse(t, lines)
	for _, tc := range []struct{ name, script string }{
		{"an overflow: the wait is told anew when it is due, and may be longer", inLine + `
			moved spare
			not say
			place 4 20-30
			not say
			wait 56s
			hear we can call you back
			wait 4s
			hear You are number five in line. | The wait is twenty to thirty minutes.
			served Olga
			does Connect`},
		{"an overflow before anything was told", `
			start
			stranger
			moved spare
			place 4
			wait 1s
			hear You are number five in line.`},
		{"an overflow while the number is confirmed: the promise is for the new queue", inLine + `
			wait 20s
			press 5
			hear call you back at
			moved spare
			not say
			press 1
			does Promise spare +79161234501 true`},
		{"escalation", inLine + `
			wait 20s
			hear call you back
			served Olga
			does Connect
			wait 3m
			escalated level2 Olga
			notes call.escalated map[by:Olga to:level2]
			does Part
			hear Please stay on the line.
			not TakePlace
			phase waiting
			place 3 10-20
			not say
			listen
			hear You are number four in line. | The wait is ten to twenty minutes.
			listen
			does Music true
			wait 13s
			not say
			wait 1s
			hear we can call you back
			listen
			served Vera
			does Connect
			agent leaves
			hear The operator has ended the call.
			listen
			result agent`},
		{"an order moves a call that talks: as an escalation by nobody", inLine + `
			served Olga
			does Connect
			moved level2
			notes call.escalated map[to:level2]
			does Part
			hear Please stay`},
		{"escalation, and the caller hangs up in the line", inLine + "served Olga\nescalated level2 Olga\nhang up\ndoes LeavePlace\nresult agent"},
		{"escalation, and that queue cannot", inLine + "served Olga\nescalated level2 Olga\nover no_agents\nhear Nobody is there."},
		{"escalation, and the second agent is gone before a word", inLine + `
			served Olga
			escalated level2 Olga
			does Part
			served Vera
			agent is gone
			does TakePlace level2 3 true [{billing 1} {en 2}]`},
		{"escalation, and a callback instead: but they did talk", inLine + `
			served Olga
			escalated level2 Olga
			wait 20s
			press 5
			press 1
			does Promise level2 +79161234501 true
			promised p1
			hang up
			result agent`},
		{"escalated while waiting: only the queue changes", inLine + "escalated level2 Olga\nnot Part\nnot say\nphase waiting"},
		{"not in a line at all", "start\nmoved level2\nescalated level2 Olga\nnot Part\nphase looking_up"},
		{"a restart in the line after an escalation", inLine + "served Olga\nescalated level2 Olga\nplace 2\nresume\nhear still in line. | You are number three"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, ani)).run(tc.script)
		})
	}
}

func TestMovingAPromise(t *testing.T) {
	t.Parallel()
	doc := parse(t, lines)
	callee := dialplan.Callee{Promise: "p1", Queue: "first", Number: ani}
	for _, script := range []string{
		"call back\nserved Olga\nescalated level2 Olga\npress 1\ndoes ConfirmPromise\nhear Connecting you\nnot Connect\nphase waiting\nserved Vera\ndoes Connect",
		"call back\npress 1\nhear Connecting you\nserved Olga\ndoes Connect\nescalated level2 Olga\ndoes Part\nnot TakePlace\nserved Vera\ndoes Connect\nagent leaves\nlisten\nresult agent",
	} {
		newTalk(t, doc, dialplan.NewCallbackState(doc, callee)).run(script)
	}
}

func TestKeepingAPlace(t *testing.T) {
	t.Parallel()
	doc := parse(t, lines)
	for _, tc := range []struct{ name, script string }{
		{"from a queue that is full, past a text", "over full\nhear is full\nlisten\ndoes TakePlace second 0 true"},
		{"after a wait", "wait 10m\nover timeout\ndoes TakePlace second 0 true\nover timeout\ndoes TakePlace third 0 true"},
		{"through goto", "over timeout\nover no_agents\ndoes TakePlace third 0 true"},
		{"not when the switch broke", "over unavailable\ndoes TakePlace third 0 false"},
		{"not past a menu", "over no_agents\nhear Nobody is there.\npress 1\ndoes TakePlace second 0 false"},
		{"after an agent it is over", "does TakePlace\nserved Olga\nover served\nnot TakePlace\nhear The operator has ended"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, ani)).run("start\nstranger\n" + tc.script)
		})
	}
}

func TestKeptTimeAndNewAnnouncements(t *testing.T) {
	t.Parallel()
	doc := parse(t, lines)
	call := newTalk(t, doc, dialplan.NewState(doc, ani))
	call.run("start\nstranger\nwait 10m")
	call.run("over timeout")
	if s := call.state; !s.WaitSince.Equal(monday) || !s.HereSince.Equal(monday.Add(10*time.Minute)) {
		t.Errorf("has its place since %v, waits here since %v", s.WaitSince, s.HereSince)
	}
	call.run("served Olga\nescalated level2 Olga")
	if s := call.state; !s.WaitSince.Equal(monday) {
		t.Errorf("after an escalation it has its place since %v", s.WaitSince)
	}
}

func TestSkillsOfAPlace(t *testing.T) {
	t.Parallel()
	doc := parse(t, lines)
	for _, tc := range []struct{ who, over, want string }{
		{"stranger", "", "TakePlace first 3 false [{billing 1} {en 2}]"},
		{"found Anna", "", "TakePlace first 3 false [{billing 1} {ru 2}]"},
		{"stranger", "over timeout\n", "TakePlace second 0 true [{en 3}]"},
		{"found Anna", "over timeout\n", "TakePlace second 0 true [{en 3} {ru 1}]"},
		{"stranger", "over unavailable\n", "TakePlace third 0 false []"},
	} {
		newTalk(t, doc, dialplan.NewState(doc, ani)).run("start\n" + tc.who + "\n" + tc.over + "does " + tc.want)
	}
	want := []queues.Skill{{Name: "billing", Level: 1}, {Name: dialplan.SkillLanguage, Level: 2}}
	if diff := cmp.Diff(want, doc.Nodes["first"].Skills); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
