package dialplan_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/dialplan"
)

func TestCallbackFromTheLine(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	const inLine = "start\npress 2\nplace 2\nwait 1s\nlisten\nwait 19s\nhear press five\n"
	for _, tc := range []struct{ name, ani, script string }{
		{"the number of the call, place kept", ani, inLine + `
			notes callback.offered
			press 5
			does Music false
			hear We will call you back at plus seven
			place 1
			press 1
			notes callback.confirmed_number map[own:true]
			does Promise support +79161234501 true
			promised p1
			hear We will call you when your turn comes.
			listen
			hear You keep your place.
			hang up
			not LeavePlace
			result callback`},
		{"another number, wrong once", ani, inLine + `
			press 52
			hear Enter your phone number
			press 123#
			hear That is not a valid number. | Enter your phone number
			press 8916*
			hear Enter your phone number
			press 89161234502#
			hear We will call you back at plus seven
			press 1
			notes callback.confirmed_number map[own:false]
			does Promise support +79161234502 true`},
		{"a number with its country code", ani, inLine + "press 52\npress 375291234567#\npress 1\ndoes Promise support +375291234567 true"},
		{"a withheld number is asked for at once", "", inLine + `
			press 5
			hear Enter your phone number
			press 89161234502
			wait 5s
			hear call you back at
			press 1
			does Promise support +79161234502 true`},
		{"the key works without the words, once the time has passed", ani, `
			start
			press 2
			place 1
			press 5
			phase waiting
			wait 19s
			press 5
			phase waiting
			wait 1s
			press 5
			phase confirming`},
		{"an agent comes first", ani, inLine + "press 5\nserved Olga\ndoes StopSpeech\ndoes Connect\nhang up\nresult agent"},
		{"an agent comes while the promise is being stored", ani, inLine + `
			press 51
			does Promise
			served Olga
			does Connect
			promised p1
			does CancelPromise p1
			hang up
			result agent`},
		{"refused: goes on waiting in the same place", ani, inLine + `
			press 51
			does Promise
			refused
			hear we cannot call this number
			not LeavePlace
			listen
			does Music true
			phase waiting
			served
			does Connect`},
		{"promised for tomorrow", ani, inLine + `
			press 51
			postponed 2026-11-24 09:00:00
			hear We will call you tomorrow after nine a.m., when your turn comes.
			hang up
			result callback`},
		{"promised for soon: the turn in line says it", ani, inLine + `
			wait 20s
			press 51
			postponed 2026-11-23 15:59:00
			hear We will call you when your turn comes.
			hang up
			result callback`},
		{"promised for later today", ani, inLine + `
			press 51
			postponed 2026-11-23 17:40:00
			hear We will call you today after five thirty p.m.
			hang up
			result callback`},
		{"there is a promise already", ani, inLine + `
			press 51
			exists p0
			hear We have already promised to call you back, and we will. | If you no longer need the call, press nine.
			not LeavePlace
			press 1
			does LeavePlace
			hear We will call you. You may hang up now.
			hang up
			result callback`},
		{"there is a promise already, and 9 takes it back", ani, inLine + `
			press 51
			exists p0
			phase standing
			wait 2s
			press 9
			does CancelPromise p0 true
			notes callback.taken_back map[callback:p0]
			not LeavePlace
			hear The callback is cancelled.
			listen
			does Music true
			phase waiting
			hang up
			does LeavePlace
			result abandoned`},
		{"there is a promise already, and the caller says nothing", ani, inLine + `
			press 51
			exists p0
			press *
			hear We have already promised
			wait 3s
			phase standing
			wait 5s
			does LeavePlace
			hear We will call you.`},
		{"there is a promise already, and an agent comes", ani, inLine + "press 51\nexists p0\nserved Olga\ndoes Connect\nhang up\nresult agent"},
		{"there is a promise already, and the caller hangs up", ani, inLine + "press 51\nexists p0\nhang up\ndoes LeavePlace\nresult callback"},
		{"there is a promise already, and the place ends meanwhile", ani, inLine + "press 51\nexists p0\nover full\npress 9\ndoes CancelPromise p0 true\nhear It is full."},
		{"silence goes back to the line", ani, inLine + `
			press 5
			wait 40s
			hear You did not press anything.
			phase waiting
			not LeavePlace
			hang up
			does LeavePlace
			result abandoned`},
		{"hanging up before the number is confirmed", ani, inLine + "press 5\nhang up\ndoes LeavePlace\nresult abandoned"},
		{"hanging up right after confirming", ani, inLine + `
			press 51
			hang up
			result callback
			not LeavePlace
			promised p1
			phase ended
			not LeavePlace
			result callback`},
		{"hanging up right after confirming, and then refused", ani, inLine + `
			press 51
			hang up
			refused
			does LeavePlace
			phase ended
			result abandoned`},
		{"the wait ends while the number is confirmed", ani, inLine + `
			press 5
			over timeout
			hear We will call you
			press 1
			does Promise support +79161234501 false
			promised p1
			hear We will call you`},
		{"the wait ends and the promise is refused", ani, inLine + "press 5\nover timeout\npress 1\nrefused\nhear That was long."},
		{"the answer comes late, and the promise stands", ani, inLine + `
			press 51
			wait 10s
			hear something is wrong
			promised p1
			hear We will call you when your turn comes
			hang up
			not LeavePlace
			result callback`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}

func TestCallbackNode(t *testing.T) {
	t.Parallel()
	doc := parse(t, small)
	for _, tc := range []struct{ name, ani, script string }{
		{"own number", ani, `
			start
			press 3
			hear We will call you back at
			press 7
			hear There is no such choice. | We will call you back at
			press 1
			does Promise support +79161234501 false
			promised p1
			hear We will call you
			listen
			hear The end.
			listen
			result callback`},
		{"refused", ani, "start\npress 31\nrefused\nhear we cannot call\nlisten\nhear Wrong keys.\nhang up\nresult ivr"},
		{"silence", ani, "start\npress 3\nwait 24s\nhear You did not press anything.\nwait 3s\nhear Wrong keys."},
		{"asked, and no next node", ani, `
			start
			press 4
			hear Enter your phone number
			press 89161234502#1
			does Promise support +79161234502 false
			promised p1
			hear We will call you when your turn comes. You may hang up now. | Goodbye!
			listen
			does Hangup
			result callback`},
		{"only the own number, and it is withheld", "", "start\npress 6\nhear we cannot call this number. | Goodbye!"},
		{"only the own number has no second choice", ani, "start\npress 6\nhear If this is right, press one.\nnot press two\npress 2\nhear no such choice\nphase confirming"},
		{"nobody answers about the promise", ani, "start\npress 31\nwait 10s\nhear something is wrong\nlisten\npromised p9\ndoes CancelPromise p9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newTalk(t, doc, dialplan.NewState(doc, tc.ani)).run(tc.script)
		})
	}
}
