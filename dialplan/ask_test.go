package dialplan_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

// ways has each way to ask for a call.
const ways = `
hotline: ways
numbers: ["600"]
language: en
hours: {daily: "09:00-18:00", timezone: UTC}
callback: {prefixes: ["+7"], abandoned: {after: 30s, consent: asked}}
start: main
nodes:
  main:  {menu: "Main menu.", keys: {1: help, 2: spoken, 3: at, 4: must, 5: soon, 6: both}, otherwise: end}
  help:
    queue: support
    announce: {every: 0s}
    offer_callback: {after: 20s, key: 1, message: true}
    if_longer: {than: 10m, next: long}
    full: full
    next: end
  soon:  {queue: support, offer_callback: {after: 0s, over: 10m, key: 1}}
  long:  {menu: "The wait is long.", keys: {1: same, 2: later, 3: help, 4: other, 5: at, 6: end}, otherwise: help}
  same:  {callback: {queue: support}, next: end, otherwise: help}
  later: {callback: {queue: sales}, next: end}
  other: {queue: sales}
  spoken: {callback: {queue: support, message: {longest: 30s}}, next: end, otherwise: lost}
  must:  {callback: {queue: support, message: {required: true}}, next: end, otherwise: lost}
  at:    {callback: {queue: support, slots: {capacity: 2, offer: 2}}, next: end, otherwise: lost}
  both:  {callback: {queue: support, message: true, slots: {capacity: 2, offer: 2}}, next: end, otherwise: lost}
  full:  {say: "It is full.", next: end}
  lost:  {say: "No callback then.", next: end}
  end:   {say: "The end.", hangup: true}
`

type script struct{ name, ani, script string }

func play(t *testing.T, src string, scripts []script) {
	t.Helper()
	doc := parse(t, src)
	for _, tc := range scripts {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

func TestSpokenMessage(t *testing.T) {
	t.Parallel()
	const confirmed = "start\npress 21\ndoes Enquire support +79161234501\nenquired\nhear After the tone\n"
	const taken = confirmed + "listen\ndoes Record 1 30s 5s\nphase recording\nwait 10s\n"
	play(t, ways, []script{
		{"kept", ani, taken + `
			press #
			does StopRecord 1
			press #*5
			not Discard
			recorded 1
			hear [take 1] | To keep this message, press one.
			listen
			press 1
			notes callback.message_left map[takes:1]
			does Promise support +79161234501 false take 1
			promised p1
			hear We will call you when your turn comes.
			not Discard
			hang up
			result callback`},
		{"silence ends it, recorded anew, kept", ani, taken + `
			recorded 1
			hear [take 1]
			press 2
			does Discard 1
			hear After the tone
			press 0
			does StopSpeech
			does Record 2 30s 5s
			recorded 1
			phase recording
			wait 5s
			recorded 2
			hear [take 2]
			press *
			hear [take 2]
			press 7
			hear There is no such choice. | To keep
			press 1
			does Promise support +79161234501 false take 2`},
		{"started over while speaking", ani, taken + "press *\ndoes StopRecord 1\ndoes Discard 1\nhear After the tone\npress *\nhear After the tone\nlisten\ndoes Record 2"},
		{"without one", ani, taken + "recorded 1\nhear go on without a message\npress 3\ndoes Discard 1\ndoes Promise support +79161234501 false\npromised p1\nhear We will call"},
		{"a caller who does not decide has left it", ani, taken + "recorded 1\nwait 40s\nhear You did not press anything.\ndoes Promise support +79161234501 false take 1"},
		{"nobody speaks", ani, taken + `
			silent 1
			does Discard 1
			hear We did not hear anything. | After the tone
			listen
			does Record 2
			silent 2
			hear We did not hear anything.
			listen
			does Record 3
			silent 3
			does Promise support +79161234501 false
			promised p1`},
		{"hash at once is silence", ani, confirmed + "listen\ndoes Record 1\npress #\ndoes StopRecord 1\ndoes Discard 1\nhear We did not hear anything."},
		{"the end is never told", ani, taken + "wait 30s\ndoes StopRecord 1\nwait 2s\nhear [take 1]"},
		{"hanging up while speaking keeps it", ani, taken + `
			hang up
			does Promise support +79161234501 false take 1
			result callback
			recorded 1
			promised p1
			not Discard
			phase ended`},
		{"hanging up while it is played back keeps it", ani, taken + "recorded 1\nhang up\ndoes Promise support +79161234501 false take 1\npromised p1\nnot Discard"},
		{"hanging up while speaking, and a rule says no", ani, taken + "hang up\ndoes Promise\nrefused\ndoes Discard 1\nphase ended"},
		{"hanging up before the tone still wants the call", ani, confirmed + "hang up\ndoes Promise support +79161234501 false\npromised p1\nresult callback"},
		{"a restart while speaking", ani, taken + "resume\ndoes StopRecord 1\nwait 2s\nhear [take 1]"},
		{"a restart before the tone", ani, confirmed + "resume\nhear After the tone"},
		{"a restart while it is played back", ani, taken + "recorded 1\nhear [take 1]\nresume\nhear [take 1]"},
		{"a rule says no before anything is spoken", ani, "start\npress 21\nenquired no\nhear we cannot call this number\nnot Record"},
		{"a promise stands before anything is spoken", ani, "start\npress 21\nenquired p0\nhear We have already promised\npress 9\ndoes CancelPromise p0 true\nlisten\nhear No callback then."},
		{"no answer to the question what would come of it", ani, "start\npress 21\nwait 10s\nhear something is wrong on our side\nlisten\nhear No callback then."},
		{"there must be one", ani, `
			start
			press 41
			enquired
			listen
			does Record 1 1m0s 5s
			silent 1
			hear We did not hear anything.
			listen
			recorded 2
			hear [take 2] | To keep this message, press one. To record it again, press two.
			press 3
			hear There is no such choice. | To keep
			press 2
			listen
			silent 3
			hear We did not hear anything.
			listen
			silent 4
			hear Without a message we cannot call you back.
			not Promise
			listen
			hear No callback then.`},
		{"there must be one, and the caller hangs up without", ani, "start\npress 41\nenquired\nhang up\nnot Promise\nresult ivr"},
	})
}

func TestSpokenMessageInLine(t *testing.T) {
	t.Parallel()
	const speaking = "start\npress 1\nplace 2\nwait 20s\nhear press one\npress 11\ndoes Enquire support\nenquired\nlisten\ndoes Record 1 1m0s 5s\nwait 10s\n"
	play(t, ways, []script{
		{"the place is kept", ani, speaking + "press #\nrecorded 1\npress 1\ndoes Promise support +79161234501 true take 1\npromised p1\nnot LeavePlace\nhang up\nresult callback"},
		{"an agent comes: nothing is left of it", ani, speaking + "served Olga\ndoes StopRecord 1\ndoes Discard 1\ndoes Connect\nhang up\nresult agent"},
		{"the place ends: a new one", ani, speaking + "over full\nrecorded 1\npress 1\ndoes Promise support +79161234501 false take 1"},
		{"hanging up while speaking", ani, speaking + "hang up\ndoes Promise support +79161234501 true take 1\nrefused\ndoes Discard 1\ndoes LeavePlace\nresult abandoned"},
		{"no answer: back in line", ani, "start\npress 1\nplace 2\nwait 20s\npress 11\nwait 10s\nhear something is wrong\nphase waiting\nnot LeavePlace"},
	})
}

func TestSlots(t *testing.T) {
	t.Parallel()
	const asked = "start\npress 31\ndoes Enquire support +79161234501\nslots 13 16\nphase choosing\n" +
		"hear To be called as soon as it is your turn, press one. | For a call today between one and two p.m., press two. | For a call today between four and five p.m., press three. | For other times, press nine.\n"
	play(t, ways, []script{
		{"as soon as possible", ani, asked + "press 1\ndoes Promise support +79161234501 false\npromised p1\nhear when your turn comes"},
		{"a slot", ani, asked + `
			listen
			press 3
			notes callback.slot_chosen map[from:2026-11-23T16:00:00Z until:2026-11-23T17:00:00Z]
			does Promise support +79161234501 false slot 16:00-17:00 of 2
			promised p1
			hear We will call you today between four and five p.m.
			listen
			hear The end.
			hang up
			result callback`},
		{"a slot, and the rules want it later", ani, asked + "press 3\npostponed 2026-11-24 09:00:00\nhear We will call you tomorrow after nine a.m."},
		{"other times", ani, asked + "press 9\ndoes Enquire support\nslots 17\nhear between five and six p.m., press two. | For other times\npress 3\nhear There is no such choice. | To be called\npress 2\ndoes Promise support +79161234501 false slot 17:00-18:00 of 2"},
		{"once more", ani, asked + "press *\nhear To be called as soon"},
		{"none is free", ani, "start\npress 31\nenquired\ndoes Promise support +79161234501 false"},
		{"no choice", ani, asked + "wait 40s\nhear You did not press anything.\nhear No callback then.\nnot Promise"},
		{"somebody was faster", ani, asked + "press 2\ndoes Promise\nfull slot\ndoes Enquire\nslots 16\nhear This time has just been taken. | To be called\npress *\nnot just been taken\npress 2\ndoes Promise support +79161234501 false slot 16:00-17:00 of 2"},
		{"hanging up before the choice", ani, asked + "hang up\nnot Promise\nresult ivr"},
		{"a restart asks anew", ani, asked + "resume\ndoes Enquire\nslots 14\nhear between two and three p.m., press two"},
		{"a slot and a message; the message stays when others were faster", ani, `
			start
			press 61
			slots 13
			press 2
			hear After the tone
			listen
			recorded 1
			press 1
			does Promise support +79161234501 false slot 13:00-14:00 of 2 take 1
			full slot
			slots 16
			not Discard
			hear This time has just been taken.
			press 2
			does Promise support +79161234501 false slot 16:00-17:00 of 2 take 1`},
		{"with a place in line: it is given back once the promise is made", ani, `
			start
			press 1
			place 9 20-30
			hear The wait is long.
			press 51
			slots 13
			press 2
			does Promise support +79161234501 false slot
			not LeavePlace
			promised p1
			does LeavePlace
			hear We will call you today`},
	})
}

func TestLongWaits(t *testing.T) {
	t.Parallel()
	const aside = "start\npress 1\ndoes TakePlace support\nplace 9 20-30\nnotes wait.too_long map[expected_s:1500 queue:support]\nhear The wait is long.\nnot LeavePlace\n"
	play(t, ways, []script{
		{"not long", ani, "start\npress 1\nplace 2 3-7\nhear You are number three in line.\nplace 9 20-30\nnot The wait is long"},
		{"only the first estimate counts", ani, "start\npress 1\nplace 2\nplace 2 3-7\nlisten\nplace 9 20-30\nnode help"},
		{"waits on, in the same place", ani, aside + "press 3\nnode help\nnot TakePlace\nhear You are number ten in line. | The wait is\nplace 8 20-30\nnot The wait is long\nserved Olga\ndoes Connect\nhang up\nresult agent"},
		{"says nothing", ani, aside + "wait 60s\nnode help\nnot TakePlace\nnot LeavePlace\nphase waiting"},
		{"a callback with the place", ani, aside + "press 11\ndoes Promise support +79161234501 true\npromised p1\nnot LeavePlace\nlisten\nhear The end.\nhang up\nresult callback"},
		{"declines the callback: nothing is lost", ani, aside + "press 1\nwait 60s\nnode help\nphase waiting\nnot TakePlace\nnot LeavePlace"},
		{"a callback from another queue", ani, aside + "press 21\ndoes Promise sales +79161234501 false\nnot LeavePlace\npromised p1\ndoes LeavePlace"},
		{"another queue", ani, aside + "press 4\ndoes LeavePlace\ndoes TakePlace sales"},
		{"an agent comes meanwhile", ani, aside + "served Olga\ndoes StopSpeech\ndoes Connect\nnode help\nagent leaves\nhear The operator has ended the call."},
		{"the place ends meanwhile", ani, aside + "over full\npress 3\nhear It is full."},
		{"the place moves meanwhile", ani, aside + "moved second\npress 11\ndoes Promise second +79161234501 true"},
		{"hangs up", ani, aside + "hang up\ndoes LeavePlace\nresult abandoned"},
		{"has the last words said: no agent comes into them", ani, aside + "press 6\ndoes LeavePlace\nhear The end.\nserved Olga\nnot Connect\nphase leaving\nlisten\ndoes Hangup"},
		{"a restart", ani, aside + "resume\nhear The wait is long.\npress 3\nphase waiting\nnot TakePlace"},
		{"the offer at once", ani, `
			start
			press 5
			place 9
			wait 1s
			hear You are number ten in line.
			place 9 20-30
			not press one
			listen
			hear You do not have to stay on the line
			press 1
			phase confirming`},
		{"the offer, when the estimate comes late", ani, "start\npress 5\nplace 9\nwait 10s\nplace 9 20-30\nhear You do not have to stay on the line"},
		{"no offer where it is not long", ani, "start\npress 5\nplace 2 3-7\nwait 5m\nnot You do not have to stay\npress 1\nphase waiting"},
	})
}

func TestAbandonedCalls(t *testing.T) {
	t.Parallel()
	const inLine = "start\npress 5\nplace 2 3-7\nhear You are number three\nlisten\nhear If we are cut off, we can call you back. If you agree, press five.\n"
	play(t, ways, []script{
		{"agreed and cut off", ani, inLine + `
			press 5
			notes callback.consented
			hear Thank you. If we are cut off
			wait 30s
			hang up
			does Promise support +79161234501 true abandoned once true
			not LeavePlace
			result abandoned
			phase gone
			promised p1
			not LeavePlace
			result abandoned
			phase ended`},
		{"agreed, and a rule says no", ani, inLine + "press 5\nwait 30s\nhang up\ndoes Promise\nrefused\ndoes LeavePlace\nresult abandoned"},
		{"agreed, and a promise stands", ani, inLine + "press 5\nwait 30s\nhang up\ndoes Promise\nexists p0\ndoes LeavePlace\nresult abandoned"},
		{"agreed, and the place ends before the answer", ani, inLine + "press 5\nwait 30s\nhang up\ndoes Promise\nover full\nrefused\nnot LeavePlace\nresult abandoned"},
		{"a restart before the answer asks anew", ani, inLine + "press 5\nwait 30s\nhang up\ndoes Promise\nresume\ndoes Promise support +79161234501 true abandoned once true\nexists p1\nphase ended"},
		{"did not agree", ani, inLine + "wait 60s\nhang up\nnot Promise\ndoes LeavePlace\nresult abandoned"},
		{"agreed, but hardly waited", ani, inLine + "press 5\nwait 5s\nhang up\nnot Promise\ndoes LeavePlace"},
		{"asked only once", ani, inLine + "wait 5m\nnot If we are cut off"},
		{"a withheld number is not asked", "", "start\npress 5\nplace 2 3-7\nwait 60s\nnot If we are cut off\npress 5\nhang up\nnot Promise"},
		{"the key before the question means nothing", ani, "start\npress 55\nplace 2 3-7\nwait 60s\nhang up\nnot Promise"},
		{"took a promise back before", ani, "start\npress 1\nplace 2\nwait 5s\nhear If we are cut off\npress 5\nwait 20s\npress 11\nenquired p0\npress 9\ndoes CancelPromise p0 true\nwait 30s\nhang up\nnot Promise\ndoes LeavePlace"},
		{"served", ani, inLine + "press 5\nwait 60s\nserved Olga\ndoes Connect\nhang up\nnot Promise\nresult agent"},
		{"while stepping aside", ani, "start\npress 1\nplace 9 20-30\nhear The wait is long.\npress 3\nwait 8s\nhear If we are cut off\npress 5\nwait 30s\nhang up\ndoes Promise support +79161234501 true abandoned once true"},
		{"while confirming the number", ani, "start\npress 1\nplace 2\nwait 5s\npress 5\nwait 30s\npress 1\nhear We will call you back at\nhang up\ndoes Promise support +79161234501 true abandoned once true"},
	})
	always := replace(ways, "{after: 30s, consent: asked}", "{consent: always, once: false, after: 10s}")
	play(t, always, []script{
		{"always", ani, "start\npress 5\nplace 2\nwait 10s\nnot If we are cut off\nhang up\ndoes Promise support +79161234501 true abandoned once false"},
		{"always, not outbound", "", "start\npress 5\nplace 2\nwait 60s\nhang up\nnot Promise"},
	})
	known := parse(t, replace(ways, "{after: 30s, consent: asked}", "{consent: known}"))
	for account, want := range map[string]string{"": "not Promise", "1001": "does Promise support +79161234501 true abandoned"} {
		s := dialplan.NewState(known, ani)
		s.Caller.Account, s.Caller.Assurance = account, callers.AssuranceANI
		newTalk(t, known, s).run("start\npress 5\nplace 2\nwait 30s\nhang up\n" + want)
	}
}
