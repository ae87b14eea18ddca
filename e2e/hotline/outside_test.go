package hotline_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

// oldMenu keeps a caller for a second and gives the call back by a branch.
const oldMenu = `
[old-menu]
exten => s,1,Wait(1)
 same => n,Goto(linekeeper-return,busy,1)
`

// TestOtherSystemsAndPeople is one call that passes a lookup in a database, a
// message, a context of Asterisk's own dialplan and back, a transfer to a number, and a
// survey after the other one hung up.
func TestOtherSystemsAndPeople(t *testing.T) {
	t.Parallel()
	r := setUp(t, func(o *stage.Options) {
		o.Hotlines = "testdata/outside"
		o.Asterisk.Extra["extensions.conf"] += oldMenu
		o.Extra = `
lookups:
  customer: {sql: {url: "sqlite:linekeeper.db", query: "SELECT 'Ivan' AS name WHERE :phone <> ''"}}
transfers: {prefixes: ["+7495"]}
`
	})
	trunk := r.trunk()
	c := r.calls(first, "650")
	c.hears("We know you.")
	c.hears("Say what you want.")
	c.speaks()
	c.hears("To keep this message, press one.")
	c.presses("1")
	c.hears("Your message was stored.")
	office := trunk.ring()
	r.must(office.Answer(r.soon()))
	r.talk(c, office)
	office.hangsUp()
	c.hears("How was it?")
	c.presses("5")
	c.hears("Thank you.")
	c.hears("The end.")

	messages, err := r.Client.Messages(r.soon(), false)
	r.must(err)
	if len(messages) != 1 || messages[0].From != first || messages[0].LengthS < 3 {
		t.Fatalf("the messages are %+v", messages)
	}
	if _, err := os.Stat(filepath.Join(r.Asterisk.RecordingsDir, messages[0].Recording+".wav")); err != nil {
		t.Error(err)
	}
	for typ, want := range map[string]string{"lookup.done": "found", "transfer.over": "busy"} {
		if got := r.journal(typ); len(got) == 0 || got[0].Data["result"] != want {
			t.Errorf("%s is told as %v, want %s first", typ, got, want)
		}
	}
	r.until("the call is over", func() bool { return len(r.journal("call.ended")) == 1 })
	if ended := r.journal("call.ended")[0]; ended.Data["result"] != "transferred" {
		t.Errorf("the call ended as %v", ended.Data)
	}
	if answers := r.journal("survey.answer"); len(answers) != 1 || answers[0].Data["key"] != 5.0 {
		t.Errorf("the answers are %v", answers)
	}
}
