package dialplan_test

import "testing"

// unsaid has texts that are all about what nobody knows.
const unsaid = `
hotline: unsaid
numbers: ["600"]
language: en
vars: {order: text, total: number, code: text}
start: first
nodes:
  first: {say: "Your order is {{vars.order}}.", next: main}
  main:
    menu: "It costs {{vars.total | money RUB}}"
    keys: {1: entry, 2: leave, 3: survey, 4: last, 5: fixed}
    otherwise: end
  entry: {collect: "For {{vars.order}} enter a code.", into: code, digits: 2, next: end, otherwise: end}
  leave: {message: "Speak about {{vars.order}}.", next: end}
  survey: {survey: [{name: a, ask: "How was {{vars.order}}?"}, {name: b, ask: "And we?"}], next: end}
  last: {say: "Goodbye, order {{vars.order}}.", hangup: true}
  fixed: {collect: "You have {{vars.total}} points. Enter a code.", into: code, digits: 2, next: end, otherwise: end}
  end: {say: "The end.", hangup: true}
`

// TestWordsAboutWhatIsNotKnown holds that nobody is told of a fault of ours when all
// that a text says is unknown: a question goes on as if its words had been heard.
func TestWordsAboutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	const start = "start\nnode main\nnot something is wrong\nlisten\nphase menu\n"
	play(t, unsaid, []script{
		{"a say is passed over, and a menu listens", ani, start + "wait 6s\nhear You did not press anything.\nphase menu"},
		{"an entry", ani, start + "press 1\nlisten\nphase collecting\npress 12\nhear The end.\nnot something is wrong"},
		{"a message", ani, start + "press 2\nlisten\ndoes Record 1\nnot something is wrong"},
		{"a question of a survey", ani, start + "press 3\nlisten\nphase survey\npress 5\nhear And we?"},
		{"last words", ani, start + "press 4\nhear Goodbye!\nlisten\ndoes Hangup"},
		{"the fixed part remains", ani, start + "press 5\nhear Enter a code."},
	})
}
