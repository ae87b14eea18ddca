package dialplan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
)

// outer has the nodes that ask other systems and other people.
const outer = `
hotline: outer
numbers: ["600"]
language: en
vars: {order: text, total: number, paid: yes_no, score: number}
start: main
nodes:
  main:
    menu: "Main menu."
    keys: {1: order, 2: leave, 3: branch_office, 4: agent, 5: sip, 6: old, 7: survey, 8: typed, 9: quick}
    otherwise: end
  order:
    lookup: orders
    with: {number: caller.number, sum: "1000000.0 * 2", today: now.date, vip: caller.vip}
    into: {total: sum, paid: done, order: id}
    timeout: 4s
    next: told
    not_found: none
    failed: broken
  quick: {lookup: orders, timeout: 1s, next: told}
  told: {say: "It costs {{vars.total | number}}.", next: main}
  none: {say: "There is no order.", next: main}
  broken: {say: "We cannot look.", next: main}
  leave: {message: "Say what you want.", longest: 30s, silence: 4s, hook: mail, next: end, otherwise: nothing}
  nothing: {say: "No message then.", next: end}
  branch_office: {transfer: {number: "+74951234567"}, timeout: 20s, busy: engaged, no_answer: away, failed: broken, next: survey}
  agent: {transfer: {agent: ivan}, next: end}
  sip: {transfer: {sip: "sip:help@pbx.example.com:5070"}, failed: broken}
  old: {transfer: {context: old-ivr, extension: "700", priority: 2}, busy: engaged, next: end}
  typed: {transfer: {number: vars.order}, failed: broken, next: end}
  engaged: {say: "They are engaged.", next: main}
  away: {say: "They are away.", next: end}
  survey:
    survey:
      - {name: score, ask: "How was it?", into: score}
      - {name: again, ask: "Would you come again?", keys: 0-9}
    thanks: "Thank you for {{vars.score | number}}."
    next: end
  end: {say: "The end.", hangup: true}
`

// outside is what another system, or another person, does.
func outside(verb, rest string, s dialplan.State) dialplan.Event {
	switch verb {
	case "answered":
		return dialplan.DialAnswered{Seq: s.Dialling}
	case "dialled":
		return dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferResult(rest)}
	case "returned":
		return dialplan.Returned{Result: rest}
	}
	result, fields, _ := strings.Cut(rest, " ")
	ev := dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchResult(result), Row: map[string]string{}}
	for field := range strings.FieldsSeq(fields) {
		name, value, _ := strings.Cut(field, "=")
		ev.Row[name] = value
	}
	return ev
}

func TestLookups(t *testing.T) {
	t.Parallel()
	const asked = "start\npress 1\ndoes Fetch\nphase fetching\n"
	play(t, outer, []script{
		{"found at once", ani, asked + `
			not say
			fetched found sum=250 done=yes
			hear It costs two hundred fifty.
			notes lookup.done map[ms:0 node:order result:found source:orders]
			listen
			node main`},
		{"the inputs are nowhere", ani, "start\npress 1\ndoes orders map[number:*** sum:*** today:*** vip:***] 4s"},
		{"not found", ani, asked + "fetched not_found\nhear There is no order.\nnotes result:not_found"},
		{"failed", ani, asked + "fetched failed\nhear We cannot look.\nnotes result:failed"},
		{"slow: a word, then music", ani, asked + `
			wait 900ms
			not say
			wait 200ms
			hear One moment, please.
			phase fetching
			fetched found sum=3
			phase speaking
			listen
			hear It costs three.`},
		{"too slow", ani, asked + `
			wait 1s
			hear One moment
			wait 2999ms
			phase fetching
			wait 1ms
			notes lookup.done map[ms:4000 node:order result:failed source:orders]
			hear We cannot look.
			fetched found sum=3
			node broken`},
		{"slow, and music before the answer", ani, strings.Replace(asked, "start\npress 1", "start\npress 9", 1) + `
			wait 1s
			hear something is wrong on our side`},
		{"a field that does not fit", ani, asked + `
			fetched found sum=abc done=maybe id=A7
			notes lookup.misfit map[field:sum node:order source:orders variable:total]
			notes lookup.misfit map[field:done
			notes node.entered map[node:told]
			node main`},
		{"keys meanwhile", ani, asked + `
			press 7
			phase fetching
			fetched not_found
			node survey`},
		{"hang up meanwhile", ani, asked + "hang up\nresult ivr"},
		{"resumed", ani, asked + "resume\ndoes Fetch\nphase fetching"},
	})
	doc := parse(t, outer)
	c := newTalk(t, doc, dialplan.NewState(doc, ani))
	c.run(asked + "fetched found sum=250 id=A7")
	if diff := cmp.Diff(map[string]any{"total": 250.0, "order": "A7"}, c.state.Vars); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	c.run("listen\npress 1\nfetched not_found")
	if len(c.state.Vars) != 0 {
		t.Errorf("of an earlier answer there is still %v", c.state.Vars)
	}
	_, actions := dialplan.Step(doc, func() dialplan.State {
		c := newTalk(t, doc, dialplan.NewState(doc, ani))
		c.run("start")
		return c.state
	}(), dialplan.Digit{Key: '1'}, monday)
	for _, a := range actions {
		if f, ok := a.(dialplan.Fetch); ok {
			want := map[string]dialplan.Secret{"number": ani, "sum": "2000000", "today": "2026-11-23", "vip": "false"}
			if diff := cmp.Diff(want, f.With); diff != "" {
				t.Errorf("inputs (-want +got):\n%s", diff)
			}
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	const taken = "start\npress 2\nhear Say what you want.\nlisten\ndoes Record 1 30s 4s\nwait 10s\n"
	play(t, outer, []script{
		{"kept", ani, taken + "press #\ndoes StopRecord 1\nrecorded 1\nhear [take 1] | To keep\npress 1\ndoes Keep 1 leave mail 10s\nhear Your message was stored.\nlisten\nnode end"},
		{"anew", ani, taken + "recorded 1\npress 2\ndoes Discard 1\nhear Say what you want.\nlisten\ndoes Record 2\nwait 5s\nrecorded 2\npress 1\ndoes Keep 2 leave mail 5s"},
		{"without", ani, taken + "recorded 1\npress 3\ndoes Discard 1\nnode nothing"},
		{"silence", ani, taken + "silent 1\ndoes Discard 1\nhear We did not hear anything. | Say what\nlisten\nsilent 2\nlisten\nsilent 3\nnode nothing"},
		{"kept by hanging up", ani, taken + "hang up\ndoes Keep 1 leave mail 10s\nresult ivr"},
		{"kept by hanging up while it is played", ani, taken + "recorded 1\nwait 2s\nhang up\ndoes Keep 1 leave mail 10s"},
		{"hung up at once", ani, "start\npress 2\nlisten\ndoes Record 1\nwait 1s\nhang up\ndoes Discard 1\nnot Keep"},
		{"hung up before the tone", ani, "start\npress 2\nhang up\nnot Keep"},
		{"never decides", ani, taken + "recorded 1\nwait 2m\ndoes Keep 1"},
		{"resumed", ani, taken + "resume\ndoes StopRecord 1\nrecorded 1\nhear [take 1]"},
		{"resumed before the tone", ani, "start\npress 2\nresume\nhear Say what you want."},
	})
}

func TestTransfers(t *testing.T) {
	t.Parallel()
	const rings = "start\npress 3\ndoes Music true\ndoes Dial\nphase dialling\n"
	const talk = rings + "wait 7s\nanswered\ndoes Music false\ndoes PutThrough\nnotes transfer.answered map[node:branch_office rang_s:7]\nphase put_through\n"
	play(t, outer, []script{
		{"they talk, and the caller goes on", ani, talk + "wait 1m\ndialled over\nnotes transfer.over map[node:branch_office result:over talked_s:60]\nnode survey\nhang up\nresult transferred"},
		{"the caller hangs up", ani, talk + "hang up\ndoes DropDial\nresult transferred"},
		{"busy", ani, rings + "dialled busy\nnotes transfer.over map[node:branch_office result:busy]\nhear They are engaged."},
		{"nobody answers", ani, rings + "dialled no_answer\nhear They are away."},
		{"it fails", ani, rings + "dialled failed\nhear We cannot look."},
		{"the end of the ringing is not told", ani, rings + "wait 30s\ndoes DropDial\nhear They are away."},
		{"hang up while it rings", ani, rings + "hang up\ndoes DropDial\nresult ivr"},
		{"restart while it rings", ani, rings + "resume\ndoes Music true\nphase dialling\nanswered\ndoes PutThrough"},
		{"restart while they talk", ani, talk + "resume\ndoes PutThrough\nphase put_through\ndialled over\nnode survey"},
		{"keys do nothing", ani, rings + "press 123#*\nphase dialling"},
		{"an agent", ani, "start\npress 4\ndoes Dial\nnotes agent:ivan\nanswered\ndialled over\nnode end"},
		{"without branches", ani, "start\npress 4\ndialled busy\nhear Unfortunately we cannot put you through. | Goodbye"},
		{"a SIP address", ani, "start\npress 5\ndoes sip:help@pbx.example.com:5070\ndialled busy\nnode broken"},
		{"another context and back", ani, "start\npress 6\nnotes transfer.lent map[context:old-ivr node:old]\ndoes Lend 2 old-ivr 700 2\nphase lent\nwait 5m\nreturned\nnode end\nhang up\nresult transferred"},
		{"back by a branch", ani, "start\npress 6\nreturned busy\nnode engaged"},
		{"the context is not there", ani, "start\npress 6\ndialled failed\nhear we cannot put you through"},
		{"no number to call", ani, "start\npress 8\nnotes transfer.over map[node:typed result:failed why:no_number]\nnode broken"},
		{"a number that was found", ani, "start\npress 1\nfetched found id=84951234567\nlisten\npress 8\ndoes Dial 8 number ***\nphase dialling"},
	})
}

func TestSurveys(t *testing.T) {
	t.Parallel()
	play(t, outer, []script{
		{"answered", ani, `
			start
			press 7
			hear How was it?
			phase survey
			press 4
			notes survey.answer map[hotline:outer key:4 node:survey question:score]
			hear Would you come again?
			listen
			press 0
			notes survey.answer map[hotline:outer key:0 node:survey question:again]
			hear Thank you for four.
			listen
			node end`},
		{"silence passes over", ani, "start\npress 7\nwait 8s\nhear You did not press anything. | How was it?\nwait 8s\nhear Would you come again?\nwait 20s\nnode end\nnot survey.answer"},
		{"wrong keys, again, and none", ani, "start\npress 7\npress 9\nhear There is no such choice. | How was it?\npress *\nhear How was it?\npress 8\nhear Would you\npress #\nnode end"},
		{"hang up", ani, "start\npress 75\nhang up\nresult ivr\nnotes survey.answer"},
		{"resumed at the second question", ani, "start\npress 7\npress 3\nresume\nhear Would you come again?"},
	})
}

func TestFaultsOfOutsideNodes(t *testing.T) {
	t.Parallel()
	const head = "hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: a\nvars: {text: text, n: number}\nnodes:\n"
	for _, tc := range []struct{ text, want string }{
		{"  a: {lookup: o}\n", `7:7: a lookup needs "next"`},
		{"  a: {lookup: o, with: {x: vars.none}, next: b}\n  b: {hangup: true}\n", `there is no vars.none`},
		{"  a: {lookup: o, into: {m: x}, next: b}\n  b: {hangup: true}\n", `there is no variable "m"`},
		{"  a: {lookup: \"o o\", next: b}\n  b: {hangup: true}\n", `"o o" is no name of a lookup`},
		{"  a: {lookup: o, next: a}\n", `goes round for ever without a word`},
		{"  a: {message: x, longest: 1h, next: b}\n  b: {hangup: true}\n", `"longest" must be at most 10m0s`},
		{"  a: {message: x, hook: \"a b\", next: b}\n  b: {hangup: true}\n", `"a b" is no name of a hook`},
		{"  a: {transfer: {}}\n", `7:7: the transfer does not say whereto (one of number, agent, sip, context)`},
		{"  a: {transfer: {agent: x, sip: y}}\n", `one of agent and sip, not to both`},
		{"  a: {transfer: {number: \"8 495 123-45-67\"}}\ncountry: RU\n", `(write "+74951234567")`},
		{"  a: {transfer: {number: vars.n}}\n", `gives a number, and a text is needed here`},
		{"  a: {transfer: {sip: \"sip:a@b;user=phone\"}}\n", `"sip:a@b;user=phone" is no SIP address`},
		{"  a: {transfer: {agent: x, extension: s}}\n", `"extension" belongs to a context`},
		{"  a: {transfer: {context: x, extension: \"a,b\"}}\n", `"a,b" is no extension`},
		{"  a: {transfer: {context: x}, timeout: 5s}\n", `a context decides by itself`},
		{"  a: {transfer: {context: x}, next: a}\n", `goes round for ever without a word`},
		{"  a: {survey: x}\n", `"survey" must be a list of questions`},
		{"  a: {survey: []}\n", `"survey" must be a list of questions`},
		{"  a: {survey: [{name: x}]}\n", `a question needs "ask"`},
		{"  a: {survey: [{name: x, ask: y, into: text}]}\n", `the answer is a number, and "text" is a text`},
		{"  a: {survey: [{name: x, ask: y, keys: 5-1}]}\n", `"5-1" is no span of keys`},
		{"  a: {survey: [{name: x, ask: y}, {name: x, ask: z}]}\n", `two questions are called "x"`},
		{"  a: {lookup: o, require: pin, into: {text: x}, next: b}\n  b: {say: \"{{vars.text}}\", hangup: true}\n", `needs "require: pin" on its node`},
	} {
		_, err := dialplan.Parse("d.yaml", []byte(head+tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s gives %v, want %q", tc.text, err, tc.want)
		}
	}
}

func TestWhatTheConfigurationMustHave(t *testing.T) {
	t.Parallel()
	docs := []*dialplan.Document{parse(t, outer)}
	known := dialplan.Known{
		Lookups: map[string]dialplan.Shape{"orders": {Inputs: []string{}, Fields: nil}},
		Hooks:   []string{"mail"}, Agents: []string{"ivan"}, Hosts: []string{"pbx.example.com"}, Numbers: []string{"+7495"},
	}
	known.Lookups["orders"] = dialplan.Shape{Inputs: []string{"number", "sum", "today", "vip"}, Fields: []string{"sum", "done", "id"}}
	err := dialplan.CheckKnown(docs, known)
	// The node "quick" asks without inputs.
	if err == nil || strings.Count(err.Error(), "\n") != 3 || !strings.Contains(err.Error(), `node "quick": lookup "orders" needs the input "number" (write it under "with")`) {
		t.Errorf("got %v", err)
	}
	err = dialplan.CheckKnown(docs, dialplan.Known{
		Lookups: map[string]dialplan.Shape{"order": {}}, Hooks: []string{"mial"}, Agents: []string{"ivam"}, Numbers: []string{"+7812"},
	})
	for _, want := range []string{
		`node "order": there is no lookup "orders" (did you mean "order"?)`, `node "leave": there is no hook "mail" (did you mean "mial"?)`,
		`node "agent": there is no agent "ivan" (did you mean "ivam"?)`, `node "sip": nobody may be put through to host "pbx.example.com"`,
		`node "branch_office": nobody may be put through to this number`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if strings.Contains(err.Error(), `node "typed"`) {
		t.Error("a number that is computed is refused before it is known")
	}
}
