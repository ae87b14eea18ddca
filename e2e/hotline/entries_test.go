package hotline_test

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// Numbers to call, see testdata/entries.
const (
	form     = "660"
	greeting = "661"
	vault    = "662"
)

// directoriesBudget is the longest that a caller may wait for the directories.
const directoriesBudget = 600 * time.Millisecond

// TestEntries has a directory of linekeeper's own, one that is slow and one that is dead.
func TestEntries(t *testing.T) {
	t.Parallel()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }))
	t.Cleanup(slow.Close)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := gone.Addr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	r := setUpOwn(t, func(o *stage.Options) {
		o.Hotlines, o.Callers = "testdata/entries", ""
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "record": true}
		o.Asterisk.Extra = map[string]string{"pjsip.conf": "\n[anonymous](+)\ntrust_id_inbound = yes\n"}
		o.Extra = fmt.Sprintf(`
callers:
  budget: %v
  directories:
    - {name: own, kind: table}
    - {name: slow, kind: http, timeout: 300ms, ask: {number: {url: "%s/{digits}"}}}
    - {name: dead, kind: http, timeout: 300ms, ask: {number: {url: "http://%s/{digits}"}}}
`, directoriesBudget, slow.URL, dead)
	})
	r.fillTable()
	for name, test := range map[string]func(r *rig){
		"asked, confirmed, decided, remembered": filledForm,
		"a slow and a dead directory":           slowDirectories,
		"a number that is not to be shown":      prohibited,
		"what is pressed is nowhere":            whatIsPressedIsNowhere,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&rig{T: t, Stage: r.Stage, tones: r.tones})
		})
	}
}

// fillTable has one person, whose secrets are in no file but as hashes.
func (r *rig) fillTable() {
	r.Helper()
	hash := func(digits string) string {
		h, err := callers.HashPIN(digits, callers.HashParams{MemoryKiB: 1024, Passes: 1, Lanes: 1}, []byte(rand.Text()))
		r.must(err)
		return h
	}
	row := api.EntryRow{Line: 2, Values: map[string]string{
		"number": ivan, "account": "1001", "name": "Ivan", "language": "en",
		"code": vaultCode, "answer.birth_date": hash(vaultBirth), "pin_hash": hash(vaultPIN),
	}}
	results, err := r.Client.ImportEntries(r.soon(), "r1", []api.EntryRow{row})
	r.must(err)
	if len(results) != 1 || results[0].Status != "added" {
		r.Fatalf("the import: %+v", results)
	}
}

// filledForm is one way through the form, and what it decides at the third call.
func filledForm(r *rig) {
	const number = "+79160000051"
	c := r.calls(number, form)
	c.hears("For Russian press nine.")
	c.presses("9")
	c.hears("Заказ - один.")
	c.presses("1")
	c.hears("Номер заказа?")
	c.presses("123456")
	c.hears("один два, три четыре, пять шесть")
	c.presses("2")
	c.hears("Номер заказа?")
	c.presses("654321")
	c.hears("шесть пять, четыре три, два один")
	c.presses("1")
	c.hears("We change order 654321.")
	c.presses("1")
	c.hears("Agreed, seven.")
	c.hears("The end.")
	c.letGo()
	r.result(number, "ivr")
	c = r.calls(number, form)
	c.hears("For Russian press nine.")
	c.hangsUp()
	r.result(number, "ivr")
	c = r.calls(number, form)
	c.hears("You called twice today.")
	c.hangsUp()
}

// slowDirectories: the greeting does not wait longer than it may, and the journal says
// what was the matter.
func slowDirectories(r *rig) {
	const number = "+79160000052"
	c := r.calls(number, greeting)
	c.hears("Good day.")
	wait := c.FirstSoundAt().Sub(c.AnsweredAt())
	r.Logf("the first sound comes %v after the answer", wait.Round(time.Millisecond))
	if wait > directoriesBudget+firstSound {
		r.Errorf("the first sound comes %v after the answer, the directories may take %v", wait, directoriesBudget)
	}
	c.hangsUp()
	call := r.result(number, "ivr")
	why := map[any]any{}
	for _, ev := range r.journal("directory.failed") {
		if ev.Call == call.ID {
			why[ev.Data["directory"]] = ev.Data["why"]
		}
	}
	if len(why) != 2 || why["slow"] != "timeout" || why["dead"] != "error" {
		r.Errorf("the journal says of the directories %v", why)
	}
}

// prohibited: the network tells the number of a known caller, who does not want it to
// be shown: nobody is greeted by name then, and the number is not kept.
func prohibited(r *rig) {
	p, err := r.Phone(r.Context(), softphone.Options{User: "trunk-in", Tone: r.tone()})
	r.must(err)
	for _, private := range []bool{false, true} {
		call, err := p.CallAs(r.soon(), greeting, softphone.Caller{Asserted: ivan, Private: private})
		r.must(err)
		c := &caller{Call: call, r: r, name: "trunk-in"}
		if private {
			c.hears("Good day.")
		} else {
			c.hears("Good day, Ivan.")
		}
		c.hears("The end.")
		c.letGo()
	}
	calls, err := r.Client.Calls(r.soon(), api.CallFilter{Hotline: "greeting"})
	r.must(err)
	shown, hidden := 0, 0
	for _, call := range calls {
		switch call.From {
		case ivan:
			shown++
		case "":
			hidden++
		}
	}
	if shown != 1 || hidden != 1 {
		r.Errorf("%d calls have the number and %d have none, want one each: %+v", shown, hidden, calls)
	}
}
