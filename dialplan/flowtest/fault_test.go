package flowtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
)

const small = `hotline: small
numbers: ["600"]
language: en
callback: {prefixes: ["+7"]}
hours: {daily: "09:00-18:00", timezone: Europe/Moscow, closed: closed}
start: menu
nodes:
  menu: {menu: "For help press one. To end press two.", keys: {1: help, 2: bye}, otherwise: bye}
  help: {queue: support, offer_callback: {after: 20s}, full: bye, no_agents: back, after: thanks}
  back: {callback: {queue: support, message: true}, next: bye}
  thanks: {say: "Thank you.", next: bye}
  bye: {say: "Goodbye.", hangup: true}
  closed: {say: "We are closed.", hangup: true}
`

// run plays one conversation with the small hotline.
func run(t *testing.T, steps string) flowtest.Result {
	t.Helper()
	doc, err := dialplan.Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	src := "given: {caller: \"+79160000001\"}\nconversations:\n  - name: c\n" + steps
	f, err := flowtest.Read("t.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return f.Run(doc, flowtest.NewCoverage(doc), "")[0]
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]string{
		"closed":             "    given: {time: \"2026-11-23 18:00\"}\n    steps: [hears: We are closed, expect: {result: no_agents, notes: hours.closed}]",
		"a minute before":    "    given: {time: \"2026-11-23 17:59\"}\n    steps: [hears: For help]",
		"silence to the end": "    steps: [silence, silence, hears: You did not press anything, silence, hears: Goodbye, expect: {over: true}]",
		"in line":            "    steps: [press: 1, place: 2 3m-7m 4, hears: number three in line, agent_answers: Olga, expect: {phase: connected, agent: Olga}, agent_hangs_up, hears: [Thank you, Goodbye], expect: {result: agent}]",
		"an agent is lost":   "    steps: [press: 1, agent_answers: Olga, agent_gone, expect: {phase: waiting}, agent_answers: Anna, passed_on: second, expect: {queue: second}]",
		"moved, then ended":  "    steps: [press: 1, moved: second, expect: {queue: second}, queue_ends: full, hears: Goodbye, expect: {result: no_agents}]",
		"an offer":           "    steps: [press: 1, wait: 30s, hears: call you back, press: 1, hears: We will call you back at plus seven, press: 1, hears: Goodbye, expect: {result: callback}]",
		"a message":          "    given: {queues: {support: no_agents}}\n    steps: [press: 1, press: 1, hears: After the tone, speaks: 12s, hears: the message, press: 1, hears: Goodbye, expect: {result: callback, notes: callback.message_left}]",
		"says nothing":       "    given: {queues: {support: no_agents}}\n    steps: [press: 1, press: 1, says_nothing, hears: After the tone, expect: {phase: recording}]",
		"refused":            "    given: {queues: {support: no_agents}, callbacks: {refused: prefix}}\n    steps: [press: 1, press: 1, hears: we cannot call this number, hears: Goodbye, expect: {node: bye, result: no_agents}]",
		"a restart":          "    steps: [press: 1, place: 0, restart, hears: next in line, hang_up, expect: {result: abandoned}]",
		"called back":        "    given: {callback: {reason: caller}}\n    steps: [hears: press one, press: 1, agent_answers: Olga, expect: {phase: connected}]",
		"a machine":          "    given: {callback: {queue: support}}\n    steps: [machine: answers, machine: is silent, expect: {result: callback}]",
	} {
		if r := run(t, steps); !r.OK() {
			t.Errorf("%s:\n%v\nheard: %+v", name, r.Faults, r.Heard)
		}
	}
}

func TestFaultsSayWhatWasInstead(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]string{
		"    steps: [hears: For hepl]":                                 `t.yaml:4:13: c: the caller does not hear "For hepl"; what was heard: "For help press one. To end press two." (node "menu", phase "menu")`,
		"    steps: [hears: For help, hears: For help]":                `t.yaml:4:30: c: the caller does not hear "For help"; what was heard: "press one. To end press two." (node "menu", phase "menu")`,
		"    steps: [hears: press two., hears: For help]":              `t.yaml:4:32: c: the caller does not hear "For help"; nothing more was said; these words came before, at 0s (node "menu", phase "menu")`,
		"    steps: [not_hears: For help]":                             `t.yaml:4:13: c: the caller hears "For help": "For help press one. To end press two."`,
		"    steps: [pres: 1]":                                         `t.yaml:4:13: c: there is no step "pres" (did you mean "press"?)`,
		"    steps: [press: x]":                                        `t.yaml:4:13: c: "x" is no key of a phone`,
		"    steps: [press]":                                           `t.yaml:4:13: c: "press" needs KEYS`,
		"    steps: [agent_answers: Olga]":                             `t.yaml:4:13: c: the call holds no place in a queue (phase "menu" at node "menu")`,
		"    steps: [agent_gone]":                                      `t.yaml:4:13: c: no agent is there (phase "menu" at node "menu")`,
		"    steps: [speaks: 5s]":                                      `t.yaml:4:13: c: no message is being recorded (phase "menu" at node "menu")`,
		"    steps: [hang_up, press: 1]":                               `t.yaml:4:22: c: the call is over (result "ivr")`,
		"    steps: [expect: {nod: menu}]":                             `t.yaml:4:22: c: nothing is called "nod" (did you mean "node"?)`,
		"    steps: [expect: {result: agent}]":                         `t.yaml:4:30: c: result is "", not "agent": the call goes on at node "menu", phase "menu"`,
		"    steps: [expect: {notes: menu.choice}]":                    `t.yaml:4:29: c: the journal has no such entry; since the last one: node.entered map[node:menu]`,
		"    steps: [expect: {vars: {order: 7}}]":                      `t.yaml:4:29: c: the variable "order" is not set`,
		"    steps: [place: x]":                                        `t.yaml:4:13: c: "x" is no place: write it like 2, "2 3m-7m" or "2 3m-7m 4"`,
		"    steps: [wait: 5]":                                         `t.yaml:4:13: c: "5" is no duration: write it like 30s or 5m`,
		"    given: {time: noon}\n    steps: [hang_up]":                `t.yaml:4:19: c: "noon" is no time: write it like "2026-11-23 12:00"`,
		"    given: {queues: {suport: full}}\n    steps: [hang_up]":    `t.yaml:4:22: c: unknown key "suport" (did you mean "support"?)`,
		"    given: {queues: {support: never}}\n    steps: [hang_up]":  `t.yaml:4:31: c: "never" is no end of a wait: one of full, no_agents, timeout, unavailable`,
		"    given: {directory: [{name: Anna}]}\n    steps: [hang_up]": `t.yaml:4:25: c: a record needs an account`,
		"    given: {caller: nobody}\n    steps: [hang_up]":            `t.yaml:4:21: c: "nobody" is no phone number: write it like +79161234567, or "withheld"`,
		"    given: {callback: {queue: sales}}\n    steps: [hang_up]":  `t.yaml:4:31: c: the hotline has no queue "sales" (one of support)`,
		"    steps: [silence: now]":                                    `t.yaml:4:13: c: "silence" stands alone, without "now"`,
		"    steps: [queue_ends: maybe]":                               `t.yaml:4:13: c: "maybe" is no end of a wait: one of full, no_agents, timeout, unavailable`,
		"    steps: [{press: 1, wait: 5s}]":                            `t.yaml:4:13: c: a step is one word, or one word with its value: "press: 1"`,
	} {
		r := run(t, steps)
		if len(r.Faults) != 1 || r.Faults[0].Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", strings.TrimSpace(steps), r.Faults, want)
		}
	}
}

func TestReadRefusesWhatIsNoScript(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                              "t.yaml:1:1: the file is empty",
		"a: [":                          "t.yaml:1:1: line 1: did not find expected node content",
		"hotlin: x":                     `t.yaml:1:1: unknown key "hotlin" (did you mean "hotline"?)`,
		"hotline: x":                    `t.yaml:1:1: there are no "conversations"`,
		"conversations: x":              `t.yaml:1:16: "conversations" must be a list`,
		"conversations: [{steps: [a]}]": "t.yaml:1:17: a conversation needs a name",
		"conversations: [{name: a}]":    `t.yaml:1:24: conversation "a" has no steps`,
		"conversations:\n- {name: a, steps: [silence]}\n- {name: a, steps: [silence]}": `t.yaml:3:10: conversation "a" is here twice: the first is on line 2`,
	} {
		if _, err := flowtest.Read("t.yaml", []byte(src)); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", src, err, want)
		}
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	f, err := flowtest.Read("t.yaml", []byte("conversations:\n- {name: a, steps: [press: 2, hears: Goodbye]}\n- {name: b, steps: [press: 1, queue_ends: no_agents]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	cover := flowtest.NewCoverage(doc)
	f.Run(doc, cover, "a")
	if got := flowtest.Share(cover.Nodes()); got != 33 { // menu and bye of six
		t.Errorf("nodes: %d%%", got)
	}
	f.Run(doc, cover, "b")
	want := []flowtest.Count{
		{Node: "thanks"}, {Node: "closed"},
		{Node: "menu", Labels: "otherwise", To: "bye"}, {Node: "help", Labels: "full", To: "bye"}, {Node: "help", Labels: "after", To: "thanks"},
		{Node: "back", Labels: "next", To: "bye"}, {Node: "thanks", Labels: "next", To: "bye"},
	}
	if diff := cmp.Diff(want, cover.Missed()); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
}

// Every action of the dialplan must be known here, or conversations would pass
// that wait for its answer for ever.
func TestEveryActionIsKnown(t *testing.T) {
	t.Parallel()
	kinds, handled := map[string]bool{}, map[string]bool{}
	each := func(dir string, f func(ast.Node)) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool { f(n); return true })
		}
	}
	each("..", func(n ast.Node) {
		if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "dialplanAction" {
			if id, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				kinds[id.Name] = true
			}
		}
	})
	each(".", func(n ast.Node) {
		if c, ok := n.(*ast.CaseClause); ok {
			for _, e := range c.List {
				if s, ok := e.(*ast.SelectorExpr); ok {
					handled[s.Sel.Name] = true
				}
			}
		}
	})
	if len(kinds) < 20 {
		t.Fatalf("only %d actions were found", len(kinds))
	}
	for kind := range kinds {
		if !handled[kind] {
			t.Errorf("a Player does not know dialplan.%s: see carryOut", kind)
		}
	}
}
