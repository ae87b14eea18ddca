package dialplan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

// gate is a hotline with every step of identification.
const gate = `
hotline: gate
numbers: ["600"]
language: en
start: who
nodes:
  who:   {identify: [ani, {code: {digits: 8}}, {ask: birth_date}, pin, operator], known: menu, unknown: help}
  menu:  {menu: "Menu.", keys: {1: order, 2: money, 3: strict}, otherwise: bye}
  order: {require: answer, say: "Your order is under way.", next: menu}
  money: {require: pin, refused: help, say: "You have {{caller.balance | money}}.", next: menu}
  strict: {identify: [ani, {ask: pet, digits: 2-5, text: "The pet's digits?"}, {operator: "Ask for the passport."}], require: answer, known: menu, unknown: help}
  help:  {queue: support, full: bye}
  bye:   {hangup: true}
`

func TestStepsOfIdentification(t *testing.T) {
	t.Parallel()
	doc := parse(t, gate)
	for _, tc := range []struct{ name, ani, script string }{
		{"a code alone", ani, `
			start
			does Private true
			does LookUp +79161234501
			stranger
			notes identify map[assurance:none method:ani ok:false]
			hear Enter your code
			phase code
			press 12345678
			does Check code   ***
			press #
			pin ok
			notes identify map[assurance:answer method:code ok:true]
			hear Menu.
			does Private false
			press 1
			hear Your order is under way.`},
		{"a wrong code, then an answer to a question", ani, `
			start
			stranger
			press 12345678
			pin wrong
			hear What you entered does not match our records. | Enter your code
			press 12#
			hear What you entered does not match our records. | Enter your code
			press 87654321
			pin wrong
			hear What you entered does not match our records. | Enter your account number
			press 1001#
			hear Enter your date of birth
			press 31022000
			hear That is not a date. | Enter your date of birth
			press 01022099
			hear That is not a date. | Enter your date of birth
			press 01*02031984
			does Check ask 1001 birth_date ***
			pin ok
			notes identify map[assurance:answer method:ask ok:true question:birth_date]
			hear Menu.`},
		{"three dates that are none lead to the next step", "", `
			start
			notes identify map[assurance:none method:ani ok:false]
			press #
			press 1001#99999999
			press 88888888
			not Check ask
			press 77777777
			hear That is not a date. | Enter your account number
			press 1001#
			hear Enter your PIN`},
		{"who has nothing is asked by an operator, who sees so", "", `
			start
			press #
			hear Enter your account number
			press ##
			notes identify map[assurance:none method:operator ok:false]
			does TakePlace support
			node help`},
		{"known by number is not enough for an answer: asked for that alone", ani, `
			start
			found Anna
			hear Menu.
			press 1
			hear Введите код
			press #
			hear Введите дату рождения
			press 02031984
			pin wrong
			hear Введённые данные не подходят. | Введите дату рождения
			press *
			hear Введите номер лицевого счёта
			press 1002#02031984
			does Check ask 1002 birth_date ***
			pin ok
			hear Your order`},
		{"an answer is not enough for a PIN", "", `
			start
			press 12345678
			pin ok
			press 2
			hear Введите пин-код
			press 1234
			pin ok
			hear You have one hundred`},
		{"a step that gives too little is passed over by whom we know", ani, `
			start
			found Anna
			press 3
			hear The pet's digits?
			press 12#
			does Check ask 1001 pet ***
			pin wrong
			press 13#
			pin wrong
			press 14#
			pin wrong
			notes identify map[assurance:ani method:operator ok:false]
			hear en: What you entered does not match our records. | The pet's digits?
			hear en: What you entered does not match our records. | The pet's digits?
			hear ru: Введённые данные не подходят.
			listen
			node help`},
		{"several with one number: nobody is named", ani, `
			start
			several
			hear Several customers call from this number. Enter the last four digits
			phase which
			press 1003#
			hear does not match our records. | Several customers
			press 002#
			hear does not match
			press 1002#
			notes identify map[assurance:ani method:ani ok:true]
			does Recall 441002
			phase recalling
			recalled
			hear Menu.`},
		{"a short account is entered whole, and keys ahead count", ani, `
			start
			press 7#
			several
			recalled
			hear Menu.`},
		{"what is remembered of one of several does not come in time, or after a restart", ani, `
			start
			several
			press 1002#
			resume
			does Recall 441002
			wait 10s
			hear Menu.`},
		{"none of them", ani, `
			start
			several
			press #
			notes identify map[assurance:none method:ani ok:false]
			hear Enter your code`},
		{"silence and a restart among several", ani, `
			start
			several
			wait 8s
			hear You did not press anything. | Several
			press 10
			resume
			does Private true
			does LookUp
			several
			press 1001
			wait 5s
			recalled
			hear Menu.
			resume
			hear Menu.
			does Private false`},
		{"a locked one hears what everybody hears; the journal knows", "", `
			start
			press ##
			press #
			node help`},
		{"locked", "", `
			start
			press #
			press 1001#02031984
			pin locked
			notes identify map[assurance:none locked:true method:ask ok:false question:birth_date]
			hear What you entered does not match our records. | Enter your account`},
		{"the directory is out of reach", "", `
			start
			press #
			press 1001#02031984
			pin unknown
			hear something is wrong on our side
			not Enter`},
		{"a restart while a code is entered", "", `
			start
			press 1234
			resume
			hear Enter your code
			press 12345678
			does Check code
			resume
			hear Enter your code`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

// TestAgentSeesWhatToAsk: the question of the operator's step comes with the call
// until the caller is known after all.
func TestAgentSeesWhatToAsk(t *testing.T) {
	t.Parallel()
	doc := parse(t, gate)
	call := newTalk(t, doc, dialplan.NewState(doc, ""))
	call.run("start\npress ###")
	if got := call.state.Question; got != "Ask who is calling." || call.state.Phase != dialplan.PhaseWaiting {
		t.Errorf("in phase %q the agent reads %q", call.state.Phase, got)
	}
	call = newTalk(t, doc, dialplan.NewState(doc, ani))
	call.run("start\nfound Anna\npress 3\npress 11#\npin wrong\npress 11#\npin wrong\npress 11#\npin wrong\nlisten")
	if got := call.state.Question; got != "Ask for the passport." || call.state.Phase != dialplan.PhaseWaiting {
		t.Errorf("in phase %q the agent reads %q", call.state.Phase, got)
	}
	call = newTalk(t, doc, dialplan.NewState(doc, ani))
	call.run("start\nfound Anna\npress 3\npress 11#\npin ok")
	if call.state.Question != "" || call.state.Caller.Assurance != callers.AssuranceAnswer {
		t.Errorf("a caller who answered has assurance %v and question %q", call.state.Caller.Assurance, call.state.Question)
	}
}

func TestFaultsOfIdentification(t *testing.T) {
	t.Parallel()
	const head = "hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: a\nnodes:\n  b: {hangup: true}\n"
	for _, tc := range []struct{ steps, rest, want string }{
		{"code", "", `d.yaml:7:17: a code needs its number of digits (write {code: {digits: 8}})`},
		{"ask", "", `d.yaml:7:17: there is no question to ask (write {ask: birth_date})`},
		{"[{code: {gives: ani}}]", "", "d.yaml:7:19: a code needs its number of digits (write {code: {digits: 8}})\n" +
			`d.yaml:7:33: unknown assurance "ani" (one of answer, pin)`},
		{"[{code: {digits: 8}, digits: 4}]", "", `d.yaml:7:38: "digits" does not belong here`},
		{"[{ask: pet}]", "", "d.yaml:7:19: question \"pet\" needs a \"text\"\n" +
			`d.yaml:7:19: the answer needs its number of digits ("digits: 4", or "format: date")`},
		{"[{ask: birth_date, digits: 6}]", "", `d.yaml:7:44: a date has 8 digits: day, month and year`},
		{"[{ask: a, code: {digits: 8}}]", "",
			`d.yaml:7:18: a step of identify is one method (like ani, pin, {code: {digits: 8}}, {ask: birth_date} or operator)`},
		{"[operator, pin]", "", `d.yaml:7:28: "operator" is the last step: nothing can come after it`},
		{"[pin, ani, pin]", "", `d.yaml:7:28: method "pin" is here twice`},
		{"[ani, {code: {digits: 8}}]", ", require: pin",
			`d.yaml:7:54: none of the steps of this identify makes as sure as "pin"`},
		{"[[ani]]", "", `d.yaml:7:18: a step of identify must be a mapping, not a list`},
	} {
		_, err := dialplan.Parse("d.yaml", []byte(head+"  a: {identify: "+tc.steps+tc.rest+", next: b}\n"))
		if err == nil {
			t.Errorf("%s%s: no fault was found", tc.steps, tc.rest)
			continue
		}
		if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
			t.Errorf("%s%s (-want +got):\n%s", tc.steps, tc.rest, diff)
		}
	}
	doc := parse(t, head+"  a: {identify: [{code: {digits: 4-6, gives: pin}}], next: b}\n")
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0].Error(), "a code of 4 digits can be guessed") {
		t.Errorf("warnings: %v", doc.Warnings)
	}
}

// TestNumberAloneOpensNothing: no document can let in who is known by number only.
func TestNumberAloneOpensNothing(t *testing.T) {
	t.Parallel()
	doc := parse(t, gate)
	for _, node := range []string{"order", "money"} {
		for _, step := range doc.Nodes[node].Steps {
			if step.Gives < doc.Nodes[node].Require || step.Method == dialplan.ByANI {
				t.Errorf("node %q asks by %+v", node, step)
			}
		}
	}
	s := dialplan.NewState(doc, ani)
	for _, ev := range []dialplan.Event{
		dialplan.Started{},
		dialplan.LookedUp{Found: true, Caller: callers.Caller{Account: "1", Assurance: callers.AssurancePIN}}, // as a wild directory may say
		dialplan.Digit{Key: '1'},
	} {
		s, _ = dialplan.Step(doc, s, ev, monday)
	}
	if s.Phase != dialplan.PhaseCode || s.Caller.Assurance != callers.AssuranceANI {
		t.Errorf("phase %q with assurance %v", s.Phase, s.Caller.Assurance)
	}
}
