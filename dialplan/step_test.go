package dialplan_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

const ani = "+79161234501"

func parse(t testing.TB, src string) *dialplan.Document {
	t.Helper()
	doc, err := dialplan.Parse("test.yaml", []byte(src))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return doc
}

// small is English, so that the conversations read easily.
const small = `
hotline: small
title: {en: "the small line"}
numbers: ["600"]
language: en
callback: {prefixes: ["+7"], confirm_timeout: 10s}
start: main
nodes:
  main:  {menu: "Main menu.", keys: {1: sub, 2: help, 3: call, 4: asked, 5: secret, 6: own, 9: hang}, tries: 2, otherwise: end}
  sub:   {menu: "Sub menu.", keys: {1: text, 2: quit, 3: guarded}, no_input: slow, otherwise: lost}
  text:  {say: "Hello, {{caller.name}}! Your number is {{caller.number | digits}}. Good.", next: sub}
  slow:  {say: "Too slow.", next: end}
  lost:  {say: "Wrong keys.", next: end}
  quit:  {hangup: true}
  help:  {queue: support, announce: {every: 60s}, offer_callback: {after: 20s, key: 5}, priority_vip: 7,
          full: full, no_agents: nobody, timeout: long, unavailable: down, after: survey, next: kept}
  full:   {say: "It is full.", next: end}
  nobody: {say: "Nobody works.", next: end}
  long:   {say: "That was long.", next: end}
  down:   {say: "The queue is down.", next: end}
  survey: {say: "How was it?", next: end}
  kept:   {say: "You keep your place.", next: end}
  call:   {callback: {queue: support}, next: end, otherwise: lost}
  asked:  {callback: {queue: support, number: ask}}
  own:    {callback: {queue: support, number: ani}}
  secret: {require: pin, refused: lost, say: "The secret is {{caller.balance | money}}.", next: end}
  guarded: {require: pin, say: "Guarded. {{caller.balance | money}}.", next: sub}
  hang:   {say: "Bye then.", hangup: true}
  end:    {say: "The end.", hangup: true}
`

func TestConversations(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	for _, tc := range []struct{ name, ani, script string }{
		{"a menu is answered after its text", ani, `
			start
			does Answer
			hear en: Main menu.
			notes node.entered map[node:main]
			listen
			press 9
			notes menu.choice map[key:9 node:main]
			hear Bye then.
			listen
			does Hangup
			result ivr`},
		{"a key interrupts the menu at once", ani, `
			start
			press 1
			does StopSpeech
			hear Sub menu.`},
		{"keys pressed ahead go to the next menus", ani, `
			start
			press 11
			hear Hello! Your number is plus seven
			press 2
			hear Goodbye
			listen
			does Hangup`},
		{"a wrong key asks again, the last one goes on", ani, `
			start
			press 8
			hear There is no such choice. | Main menu.
			press #
			hear The end.
			listen
			result ivr`},
		{"silence asks again, then goes on", ani, `
			start
			hear Main menu.
			wait 8s
			notes menu.no_input
			hear You did not press anything. | Main menu.
			wait 8s
			hear The end.
			wait 3s
			does Hangup
			result ivr`},
		{"silence and wrong keys part ways", ani, `
			start
			press 1
			wait 24s
			hear Too slow.`},
		{"wrong keys go to otherwise", ani, `
			start
			press 1777
			hear Wrong keys.`},
		{"star goes back one menu, and repeats the first", ani, `
			start
			press 1
			hear Sub menu.
			press *
			hear Main menu.
			press *
			hear Main menu.
			node main`},
		{"star hears a text again, hash skips it", ani, `
			start
			press 11
			hear Good.
			press *
			hear Good.
			press #
			hear Sub menu.
			node sub`},
		{"a hangup node says goodbye", ani, `
			start
			press 12
			hear Goodbye!
			not Hangup
			listen
			does Hangup
			result ivr`},
		{"keys do not cut last words short", ani, `
			start
			press 9
			hear Bye then.
			press 9
			not StopSpeech
			listen
			does Hangup`},
		{"the caller hangs up in a menu", ani, `
			start
			hang up
			result ivr
			phase ended
			not Hangup`},
		{"PIN before a secret, wrong and right", ani, `
			start
			press 5
			hear Enter your account number
			press 1001#
			hear Enter your PIN
			press 1111
			does Check pin 1001  ***
			press #
			pin wrong
			notes identify map[assurance:none method:pin ok:false]
			hear The account number or the PIN is wrong. | Enter your account
			press 1001#2222
			does Check
			pin ok
			notes identify map[assurance:pin method:pin ok:true]
			hear en: The secret is one hundred twenty-three rubles and forty-five kopecks.
			language ru`},
		{"who fails the PIN goes where the node says", ani, `
			start
			press 5
			press 1001#1111
			pin wrong
			press 1001#1111
			pin wrong
			press 1001#1111
			pin wrong
			hear The account number or the PIN is wrong.
			listen
			hear Wrong keys.`},
		{"or back to the menu, and star does not tell the secret", ani, `
			start
			press 13
			hear Enter your account
			wait 24s
			hear You did not press anything. | Enter your account
			hear You did not press anything. | Enter your account
			hear You did not press anything.
			phase speaking
			press *
			not Guarded
			hear Sub menu.`},
		{"who has no account skips the question", ani, `
			start
			press 13
			press #
			hear Sub menu.`},
		{"star clears an entry", ani, `
			start
			press 5
			press 99*
			hear Enter your account number
			hear Enter your account number
			press 1001#
			hear PIN
			press 12*
			hear PIN
			press *
			hear account
			press 1001#3333
			does Check pin 1001  ***`},
		{"silence ends an entry, too short a PIN is wrong", ani, `
			start
			press 5
			press 1001
			wait 5s
			hear PIN
			press 12
			wait 5s
			not Check
			hear PIN is wrong
			phase account`},
		{"who waits for the check of the PIN hears music", ani, `
			start
			press 5
			press 1001#1234
			wait 2s
			does Music
			pin wrong
			does Music
			hear PIN is wrong`},
		{"the directory does not answer about the PIN", ani, `
			start
			press 5
			press 1001#1234
			wait 10s
			hear something is wrong on our side
			listen
			hear Wrong keys.`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

// door is a hotline that asks who is calling, in two languages.
const door = `
hotline: door
numbers: ["600"]
language: ru
start: who
nodes:
  who:   {identify: [ani, pin], known: hello, unknown: menu}
  hello: {say: {ru: "{{caller.name}}, здравствуйте!", en: "Hello, {{caller.name}}!"}, next: menu}
  menu:  {menu: {ru: "Меню.", en: "Menu."}, keys: {1: bye, 2: by_pin, 3: money}, otherwise: bye}
  by_pin: {identify: pin, known: menu, unknown: bye}
  money: {require: pin, say: {ru: "Ваш баланс {{caller.balance | money}}.", en: "You have {{caller.balance | money}}."}, next: menu}
  bye:   {hangup: true}
`

func TestIdentify(t *testing.T) {
	t.Parallel()
	doc := parse(t, door)
	for _, tc := range []struct{ name, ani, script string }{
		{"known by number, greeted in the language of the record", ani, `
			start
			does LookUp +79161234501
			found John
			notes identify map[assurance:ani method:ani ok:true]
			hear en: Hello, John!
			language en
			listen
			hear en: Menu.`},
		{"who is known by number is asked for the PIN alone", ani, `
			start
			found Anna
			listen
			press 3
			hear Введите пин-код
			press 1111
			does Check pin 1001  ***
			pin wrong
			hear Номер счёта или пин-код не подходит. | Введите номер лицевого счёта
			press 1001#2222
			pin ok
			hear Ваш баланс`},
		{"star leads to the account of another on the same phone", ani, `
			start
			found Anna
			listen
			press 3
			hear Введите пин-код
			press *
			hear Введите номер лицевого счёта
			press 1002#
			hear Введите пин-код
			resume
			hear Введите пин-код`},
		{"keys pressed during the look-up go to the menu", ani, `
			start
			press 1
			found Anna
			hear Анна, здравствуйте!
			hear Меню.
			hear До свидания!`},
		{"a stranger is asked, and can say no", ani, `
			start
			stranger
			notes identify map[assurance:none method:ani ok:false]
			hear Введите номер лицевого счёта
			press #
			hear Меню.`},
		{"a withheld number is not looked up", "", `
			start
			not LookUp
			hear Введите номер лицевого счёта
			press 1001#1234
			pin ok
			hear Анна, здравствуйте!`},
		{"who waits for the directory hears music before the silence gets long", ani, `
			start
			wait 900ms
			not Music
			wait 100ms
			does Music
			found Anna
			hear Анна, здравствуйте!`},
		{"the directory does not answer", ani, `
			start
			wait 10s
			hear Введите номер лицевого счёта
			found Anna
			phase account`},
		{"a caller who presses nothing gets on", ani, `
			start
			stranger
			wait 30s
			hear Вы ничего не нажали.
			hear Меню.`},
		{"identified by number is not enough for PIN", ani, `
			start
			found Anna
			press 2
			hear Введите пин-код
			press 1234#
			pin ok
			hear Меню.
			press 2
			hear Меню.`},
		{"PINs cannot be tried without end", ani, `
			start
			found Anna
			press 21#0000
			pin wrong
			press 1#0001
			pin wrong
			press 1#0002
			pin wrong
			hear Номер счёта или пин-код не подходит.
			listen
			hear До свидания!`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

func TestCallersByPINOnlyInOneCall(t *testing.T) {
	t.Parallel()
	doc := parse(t, `
hotline: guess
numbers: ["600"]
language: en
start: menu
nodes:
  menu: {menu: "Menu.", keys: {1: who}, tries: 10}
  who: {identify: pin, known: bye, unknown: menu, tries: 4}
  bye: {hangup: true}
`)
	call := newTalk(t, doc, dialplan.NewState(doc, ani))
	call.run("start")
	asked := 0
	for range 20 {
		call.run("press 1")
		for range 4 {
			if call.state.Phase != dialplan.PhaseAccount {
				break
			}
			call.run("press 1001#0000")
			if call.state.Phase == dialplan.PhaseChecking {
				asked++
				call.run("pin wrong")
			}
		}
		call.run("press #")
	}
	if asked != 10 {
		t.Errorf("%d PINs could be tried in one call, want 10", asked)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	const hours = `
hotline: hours
numbers: ["600"]
language: en
start: day
hours: {weekdays: "09:00-18:00", fri: ["09:00-13:00", "14:00-17:00"], sat: "22:00-02:00", timezone: UTC, holidays: [2026-11-24, 11-25]CLOSED}
nodes:
  day: {hours: {open: yes_, closed: no_}}
  night: {hours: {daily: "20:00-06:00", open: late, closed: no_}}
  yes_: {say: "We are here.", next: night}
  late: {say: "We are here late.", hangup: true}
  no_: {say: "We are away.", hangup: true}
  gate: {say: "Closed by the gate.", hangup: true}
`
	withGate := parse(t, replace(hours, "CLOSED", ", closed: gate"))
	without := parse(t, replace(hours, "CLOSED", ""))
	bare := parse(t, `
hotline: bare
numbers: ["600"]
language: en
start: a
hours: {daily: "09:00-18:00", timezone: Europe/Moscow}
nodes: {a: {say: "We are here.", hangup: true}}
`)
	for _, tc := range []struct {
		name, at string
		doc      *dialplan.Document
		script   string
	}{
		{"open", "2026-11-23T09:00:00Z", withGate, "start\nhear We are here.\nlisten\nhear We are away."},
		{"closed at the last minute", "2026-11-23T18:00:00Z", withGate, `
			start
			does Answer
			notes hours.closed
			hear Closed by the gate.
			listen
			result no_agents`},
		{"lunch", "2026-11-27T13:30:00Z", withGate, "start\nhear Closed by the gate."},
		{"after lunch", "2026-11-27T14:00:00Z", withGate, "start\nhear We are here."},
		{"holiday", "2026-11-24T12:00:00Z", withGate, "start\nhear Closed by the gate."},
		{"the same date a year later", "2027-11-24T12:00:00Z", withGate, "start\nhear We are here."},
		{"holiday of every year", "2027-11-25T12:00:00Z", withGate, "start\nhear Closed by the gate."},
		{"night shift, before midnight", "2026-11-28T23:00:00Z", withGate, "start\nhear We are here.\nlisten\nhear We are here late."},
		{"night shift, after midnight", "2026-11-29T01:59:00Z", withGate, "start\nhear We are here."},
		{"night shift is over", "2026-11-29T02:00:00Z", withGate, "start\nhear Closed by the gate."},
		{"without a gate the node decides", "2026-11-23T20:00:00Z", without, `
			start
			notes hours.closed
			hear We are away.
			hang up
			result no_agents`},
		{"without both there are built-in words", "2026-11-23T15:00:00Z", bare, `
			start
			hear We are closed now. | Goodbye!
			listen
			does Hangup
			result no_agents`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			call := newTalk(t, tc.doc, dialplan.NewState(tc.doc, ani))
			call.now = at(t, tc.at)
			call.run(tc.script)
		})
	}
}

func TestCallbackStateIsNotSureOfThePerson(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	s := dialplan.NewCallbackState(doc, dialplan.Callee{
		Promise: "p1", Queue: "support", Number: ani, Language: "ru",
		Caller: callers.Caller{Account: "1", Assurance: callers.AssurancePIN},
	})
	if s.Caller.Assurance != callers.AssuranceANI || s.Language != "ru" || s.Node != "help" || s.Promise != "p1" {
		t.Errorf("state %+v", s)
	}
}
