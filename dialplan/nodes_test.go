package dialplan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

// talkative has every kind of node that asks, computes or calls a part of itself.
const talkative = `
hotline: talkative
numbers: ["600"]
language: en
timezone: UTC
callback: {prefixes: ["+7"]}
vars: {order: text, total: number, due: time, code: text, copy: text, ok: yes_no, note: text}
operator: {key: 0, node: desk}
language_by: {RU: ru, GB: en}
start: main
nodes:
  main:
    menu: {en: "Main menu.", ru: "Главное меню."}
    keys: {1: order, 2: pay, 3: born, 4: hush, 5: rest, 6: wished, 7: secret, 8: {language: en}, 9: {language: ru}, "#": {repeat: true}}
    otherwise: end
  order:  {collect: "Enter the order.", into: order, digits: 4-6, readback: digits, confirm: yes, tries: 2, next: told, otherwise: lost, no_input: mute}
  told:   {say: "Order {{vars.order | digits}}.", next: main}
  pay:    {collect: "Enter the sum.", into: total, digits: 1-5, end: "*", readback: money RUB, next: rich}
  rich:
    branch: [{if: vars.total > 1000 and now.hour < 18, then: much}, {if: vars.total > 100, then: some}]
    otherwise: main
  much:   {say: "Much.", next: main}
  some:   {say: "Some.", next: main}
  born:   {collect: "Enter the date.", into: due, digits: 8, readback: date, next: late}
  late:   {set: {ok: "vars.due < now.at", note: "vars.ok ? 'past' : 'to come'"}, next: dated}
  dated:  {say: "It is {{vars.note}}.", next: main}
  hush:   {collect: "Enter the code.", into: code, digits: 4, secret: yes, next: hushed}
  hushed: {set: {copy: "vars.code + '!'"}, next: match}
  match:  {branch: [{if: vars.copy == "4711!", then: right}], otherwise: lost}
  right:  {say: "Right.", next: main}
  rest:   {wait: 10s, next: main}
  wished: {call: agree, with: {what: "'tea'", times: "2"}, into: ok, next: agreed}
  agreed: {branch: [{if: vars.ok, then: yes}], otherwise: main}
  yes:    {say: "Yes.", next: again}
  again:  {call: agree, with: {what: vars.note, times: "1 + 1"}, next: main}
  secret: {call: keep, with: {code: vars.code}, into: note, next: main}
  mute:   {say: "You are silent.", next: main}
  lost:   {say: "That was wrong.", next: end}
  desk:   {queue: support, priority: "history.calls_today >= 2 ? 5 : vars.total", next: end}
  end:    {say: "The end.", hangup: true}
dialogues:
  agree:
    params: {what: text, times: number}
    start: ask
    nodes:
      ask:  {menu: "Do you want {{args.what}}, {{args.times}} times?", keys: {1: yes, 2: no, 3: deep, 4: desk}, otherwise: no}
      deep: {call: sure, into: ok, next: both}
      both: {branch: [{if: vars.ok and args.times == 2, then: yes}], otherwise: no}
      yes:  {return: "true"}
      no:   {return: "false"}
  sure:
    start: ask
    nodes:
      ask: {menu: "Are you sure?", keys: {1: yes}, otherwise: no}
      yes: {return: "true"}
      no:  {return: "false"}
  keep:
    params: {code: text}
    start: see
    nodes:
      see:  {branch: [{if: args.code == "4711", then: ok}], otherwise: none}
      ok:   {say: "The keeper knows it.", next: none}
      none: {return: "'kept'"}
`

const london = "+442079460003"

func TestCollecting(t *testing.T) {
	t.Parallel()
	play(t, talkative, []script{
		{"read back and confirmed", london, `
			start
			press 1
			hear en: Enter the order.
			listen
			press 1234
			wait 5s
			notes collect.entered map[digits:4 node:order taken:true]
			hear You entered one two, three four. | If this is right, press one.
			press 1
			hear Order one two, three four.
			node told`},
		{"ended by hash, by length, or by silence", london, `
			start
			press 11234#
			hear You entered
			press 2
			hear Enter the order.
			press 123456
			hear You entered one two, three four, five six.
			press #
			phase verifying
			press 21234
			wait 5s
			hear You entered one two, three four.`},
		{"heard again, corrected, unsure", london, `
			start
			press 11234#*
			hear You entered one two, three four.
			press 5
			hear There is no such choice. | If this is right
			wait 8s
			hear You are silent.`},
		{"too short, then nothing", london, `
			start
			press 112#
			notes collect.entered map[digits:2 node:order taken:false]
			hear Digits are missing. | Enter the order.
			wait 8s
			notes collect.no_input map[node:order]
			hear You are silent.`},
		{"star clears, and goes back when there is nothing", london, `
			start
			press 112*
			hear Enter the order.
			press 7
			press *
			hear Enter the order.
			press *
			hear Main menu.
			node main`},
		{"money by another end", london, `
			start
			press 2
			hear Enter the sum.
			press 1500#
			phase collecting
			press *
			hear You entered one thousand five hundred rubles.
			listen
			hear Much.
			notes branch.taken map[case:1 node:rich to:much]`},
		{"the next case", london, "start\npress 2200*\nlisten\nhear Some."},
		{"no case", london, "start\npress 25*\nlisten\nnotes branch.taken map[case:0 node:rich to:main]\nnode main"},
		{"a date, kept as a time", london, `
			start
			press 331022026
			hear That is not a date. | Enter the date.
			press 01022026
			hear You entered February first, twenty twenty-six.
			listen
			hear It is past.`},
		{"a date to come", london, "start\npress 301022027\nlisten\nhear It is to come."},
		{"a secret is compared and forgotten by a restart", london, `
			start
			press 4
			does Private true
			hear Enter the code.
			press 4711
			notes collect.entered map[digits:4 node:hush taken:true]
			hear Right.
			does Private false
			press #
			press 7
			hear The keeper knows it.
			press #
			restart
			press 7
			hear Main menu.`},
		{"a restart asks anew", london, "start\npress 112\nrestart\nresume\nhear Enter the order.\npress 1234#\nhear You entered one two, three four.\nrestart\nresume\nhear Enter the order."},
	})
}

func TestOperatorAnywhere(t *testing.T) {
	t.Parallel()
	play(t, talkative, []script{
		{"in a menu", london, "start\npress 0\nnotes operator.asked map[node:main]\ndoes TakePlace support 0"},
		{"while words are spoken", london, "start\npress 11234#1\nhear Order\npress 0\ndoes StopSpeech\ndoes TakePlace support"},
		{"alone at a question", london, "start\npress 10\nphase collecting\npress #\ndoes TakePlace support"},
		{"alone and silent", london, "start\npress 10\nwait 5s\ndoes TakePlace support"},
		{"the first digit of an entry", london, "start\npress 10123#\nhear You entered zero one, two three."},
		{"at the read-back", london, "start\npress 11234#0\ndoes TakePlace support"},
		{"a digit where one digit is an entry", london, "start\npress 20*\nhear You entered zero rubles."},
		{"in a dialogue, which ends", london, "start\npress 60\ndoes TakePlace support\nframes 0"},
		{"not in the line", london, "start\npress 0\nplace 3\nwait 2s\npress 0\nnot LeavePlace\nphase waiting"},
		{"by its number a priority", london, "start\npress 2700*\nlisten\nlisten\npress 0\ndoes TakePlace support 700"},
		{"who called twice goes before", london, "called 2\npress 0\ndoes TakePlace support 5"},
	})
	own := strings.Replace(talkative, `"#": {repeat: true}`, `0: order, "#": {repeat: true}`, 1)
	play(t, own, []script{
		{"unless the menu gives it a meaning", london, "start\npress 0\nhear Enter the order."},
		{"also while words before it are spoken", london, "start\npress 11234#1\nhear Order\npress 0\nhear Enter the order."},
	})
	ident := strings.Replace(strings.Replace(talkative, "1: order,", "1: who,", 1), "  end: ", "  who: {identify: [pin], known: told, unknown: lost}\n  end: ", 1)
	play(t, ident, []script{
		{"at the account", london, "start\npress 1\nhear Enter your account\npress 0#\ndoes TakePlace support\ndoes Private false"},
		{"at the PIN", london, "start\npress 1\npress 1001#0\nwait 5s\ndoes TakePlace support"},
		{"not within them", london, "start\npress 1\npress 0101#\nhear Enter your PIN\npress 0123\ndoes Check"},
	})
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	play(t, talkative, []script{
		{"by the country of the number", ani, "start\nnotes language.chosen map[by:country language:ru]\nhear ru: Главное меню.\npress 8\nnotes language.chosen map[by:key language:en]\nhear en: Main menu."},
		{"by key", london, "start\nhear en: Main menu.\npress 9\nhear ru: Главное меню.\nlanguage ru\npress #\nhear ru: Главное меню."},
		{"unknown country", "+4930901820", "start\nhear en: Main"},
		{"no number", "", "start\nhear en: Main"},
	})
	ident := strings.Replace(talkative, "start: main", "start: who", 1)
	ident = strings.Replace(ident, "  end: ", "  who: {identify: [ani], next: main}\n  say: {set: {}, language: en, next: who}\n  end: ", 1)
	play(t, ident, []script{{"the record goes before the country", london, "start\nfound Anna\nhear ru: Главное"}})
	play(t, strings.Replace(ident, "start: who", "start: say", 1), []script{
		{"what was chosen goes before the record", london, "start\nfound Anna\nhear en: Main"},
	})
}

func TestPausing(t *testing.T) {
	t.Parallel()
	play(t, talkative, []script{
		{"music, then on", london, "start\npress 5\nphase pausing\ndoes Music true\nwait 10s\ndoes Music false\nhear Main menu."},
		{"keys are kept for the question behind", london, "start\npress 512\nphase pausing\nwait 10s\nphase collecting\npress 345#\nhear You entered two"},
		{"a restart waits anew", london, "start\npress 5\nrestart\nresume\ndoes Music true\nwait 10s\nhear Main"},
		{"hanging up", london, "start\npress 5\nhang up\nresult ivr"},
	})
	silent := strings.Replace(talkative, "{wait: 10s,", "{wait: 2s, music: false,", 1)
	play(t, silent, []script{{"silence", london, "start\npress 5\nnot Music\nwait 2s\nhear Main"}})
}

func TestDialogues(t *testing.T) {
	t.Parallel()
	play(t, talkative, []script{
		{"with arguments, and a result", london, `
			start
			press 301022026##
			press 6
			hear Do you want tea, two times?
			node agree.ask
			frames 1
			press 1
			hear Yes.
			frames 0
			press #
			hear Do you want past, two times?`},
		{"no", london, "start\npress 62\nhear Main menu.\nnode main"},
		{"one within another", london, "start\npress 63\nhear Are you sure?\nframes 2\npress 1\nhear Yes.\nframes 0"},
		{"back to the menu of the outer one", london, "start\npress 63\nhear Are you sure?\npress *\nhear Do you want tea\nframes 1\npress *\nhear Main menu.\nframes 0"},
		{"back does not lead into one that is over", london, "start\npress 61\nhear Yes.\npress #\npress 2\nhear Main menu.\npress *\nhear Main menu.\nnode main"},
		{"out to the main part", london, "start\npress 64\ndoes TakePlace support\nframes 0"},
		{"a restart within", london, "start\npress 63\nrestart\nresume\nhear Are you sure?\npress 1\nhear Yes."},
	})
}

// TestVariablesGoWithAPromise: what was learned in a call is there in the call
// back, but for what is secret or was for the ears of one person.
func TestVariablesGoWithAPromise(t *testing.T) {
	t.Parallel()
	doc := parse(t, strings.NewReplacer("vars: {", "vars: {acc: text, ", "start: main", "start: own",
		"  end: ", "  own: {set: {acc: caller.account, order: \"'17'\", total: \"4.5\", code: \"'1'\"}, next: main}\n  end: ").Replace(talkative))
	call := newTalk(t, doc, dialplan.NewState(doc, london))
	call.state.Caller = callers.Caller{Account: "1001", Name: "Ann"}
	call.run("start\nhear Main menu.")
	carried := doc.Carried(call.state)
	if diff := cmp.Diff(map[string]any{"order": "17", "total": 4.5}, carried); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
	back := dialplan.NewCallbackState(doc, dialplan.Callee{Queue: "support", Number: london, Vars: carried})
	later := newTalk(t, doc, back)
	if diff := cmp.Diff(carried, later.state.Vars); diff != "" {
		t.Errorf("the call back has (-want +got):\n%s", diff)
	}
	carried["order"] = "18"
	if later.state.Vars["order"] != "17" {
		t.Error("the call back shares its variables")
	}
	odd := dialplan.NewCallbackState(doc, dialplan.Callee{Queue: "support", Number: london, Vars: map[string]any{
		"acc": "1001", "code": "1", "none": 1.0, "total": "x", "due": true,
	}})
	if len(odd.Vars) != 0 {
		t.Errorf("what the document does not carry is taken: %v", odd.Vars)
	}
}

// TestSecretEntriesAreNowhere: what was keyed in as a secret is in no state that
// is saved, in no action and in no note.
func TestSecretEntriesAreNowhere(t *testing.T) {
	t.Parallel()
	doc := parse(t, talkative)
	s := dialplan.NewState(doc, london)
	step := func(ev dialplan.Event) {
		var actions []dialplan.Action
		s, actions = dialplan.Step(doc, s, ev, monday)
		marshalled, err := json.Marshal(struct {
			S dialplan.State
			A []dialplan.Action
		}{s, actions})
		if err != nil {
			t.Fatal(err)
		}
		shown := addresses.ReplaceAllString(string(marshalled)+fmt.Sprintf("%v %+v %#v", s, s, actions), "")
		if strings.Contains(shown, "471") {
			t.Fatalf("the secret shows after %T: %s", ev, shown)
		}
	}
	step(dialplan.Started{})
	for _, key := range "44711" {
		step(dialplan.Digit{Key: key})
	}
	if s.Node != "right" && s.Node != "order" {
		t.Fatalf("the secret did not fit, the call is at %q", s.Node)
	}
	for _, key := range "#77" {
		step(dialplan.Digit{Key: key})
	}
}
