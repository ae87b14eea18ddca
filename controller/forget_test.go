package controller_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/chain"
	"github.com/linekeeper/linekeeper/callers/table"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/sources"
	"github.com/linekeeper/linekeeper/store"
)

// What is known of the person of this test.
const (
	olegNumber  = "+79167770099"
	olegAccount = "70011077"
	olegName    = "Oleg Vergessen"
	olegNote    = "wants his money for the zebra"
	olegWish    = "Where is my giraffe?"
	olegTotal   = "918273645"
)

// TestForgetting: a person whom linekeeper's own table knows looks an order up, leaves a
// message, mistakes the PIN, talks with an agent who notes something, and is promised
// a call. When that is off, the person can be forgotten; then nothing tells of them,
// in no file, and who calls from the number is a stranger.
func TestForgetting(t *testing.T) {
	folder := t.TempDir()
	inBubbleWith(t, func(o *controller.Options) {
		book := o.Store.(store.Book)
		directory, err := chain.New(chain.Options{Links: []chain.Link{{Name: "own", Directory: table.New(book, "RU"), Cache: chain.Cache{Known: time.Hour}}}})
		if err != nil {
			t.Fatal(err)
		}
		o.Directory, o.Recordings = directory, folder
		o.Lookups = map[string]sources.Source{"orders": crm{rows: []map[string]string{{"total": olegTotal}}}}
		o.Conversations = map[string]controller.Conversation{"support": {Record: true}}
	}, []string{"testdata/outside.yaml"}, func(r *rig) {
		ctx := r.ctx()
		r.must(r.store.PutEntries(ctx, []store.NewEntry{{Entry: store.Entry{Record: callers.Record{Account: olegAccount, Number: olegNumber, Name: olegName}, ChangedAt: time.Now()}}}))

		p := r.sim.Call(olegNumber, "700")
		r.hears(p, "Main menu.")
		p.Press("1")
		r.hears(p, "It costs")
		r.until("the menu comes again", func() bool { return times(p, "Main menu.") == 2 })
		p.Press("2")
		r.hears(p, "Say what you want.")
		r.until("it is recorded", func() bool { return len(r.sim.Recordings()) > 0 })
		p.Speak(5 * time.Second)
		time.Sleep(6 * time.Second)
		p.Press("#")
		r.hears(p, "To keep this message")
		p.Press("1")
		r.hears(p, "The end.")
		asked := r.result(olegNumber, dialplan.ResultIVR)

		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second).TalkFor(30 * time.Second)
		p = r.sim.Call(olegNumber, "600")
		r.hears(p, olegName+", good to hear you.")
		p.Press("1") // the balance, for which a PIN is wanted
		r.hears(p, "Enter your PIN")
		p.Press("0000")
		r.until("the wrong PIN counts", func() bool { locks, _ := r.ctl.CallerLocks(ctx); return len(locks) == 2 })
		p.Hangup()
		r.result(olegNumber, dialplan.ResultIVR)

		p = r.sim.Call(olegNumber, "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("the two talk", func() bool { return len(p.Bridged()) > 0 })
		_, err := r.ctl.Forget(ctx, store.Forgettable{Account: olegAccount, Number: olegNumber}, "operator")
		var denied *controller.DeniedError
		if !errors.As(err, &denied) || !strings.Contains(denied.Message, "is on the line") {
			t.Errorf("forgotten on the line: %v", err)
		}
		p.Hangup()
		talked := r.result(olegNumber, dialplan.ResultAgent)
		_, err = r.ctl.Dispose(ctx, talked.ID, store.Disposition{Code: "complaint", Note: olegNote, By: "operator"})
		r.must(err)
		promised, err := r.ctl.AddCallback(ctx, controller.NewCallback{
			Number: olegNumber, Account: olegAccount, Name: olegName, Hotline: "support", Question: olegWish, Window: callback.Window{From: time.Now().Add(24 * time.Hour), Until: time.Now().Add(25 * time.Hour)},
		})
		r.must(err)
		if _, err := r.ctl.Forget(ctx, store.Forgettable{Account: olegAccount}, "operator"); !errors.As(err, &denied) || !strings.Contains(denied.Message, "cancel it first") {
			t.Errorf("forgotten while a call is promised: %v", err)
		}
		_, _, err = r.ctl.CancelCallback(ctx, promised.Callback.ID, "operator", "they know")
		r.must(err)

		words := []string{strings.TrimPrefix(olegNumber, "+"), olegAccount, olegName, olegNote, olegWish, olegTotal}
		for _, word := range words {
			if !r.onDisk(word) {
				t.Errorf("%q is not on the disk beforehand, so this test shows nothing of it", word)
			}
		}
		message := asked.ID + "-message-1"
		r.must(os.WriteFile(filepath.Join(folder, message+".wav"), []byte("words"), 0o600))
		out, err := r.ctl.Forget(ctx, store.Forgettable{Account: olegAccount, Number: olegNumber, Name: olegName}, "operator")
		r.must(err)
		if !out.Entry || out.Calls != 3 || out.Callbacks != 1 || out.Left != 0 || !slices.Equal(out.Deleted, []string{message}) || len(out.Recordings) != 0 {
			t.Errorf("forgot %+v", out)
		}
		for _, word := range words {
			if r.onDisk(word) {
				t.Errorf("%q is on the disk", word)
			}
		}
		if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
			t.Errorf("recordings are left: %v, %v", files, err)
		}
		r.nobody(out.Alias, asked.ID, talked.ID, promised.Callback.ID)
		if locks, _ := r.ctl.CallerLocks(ctx); len(locks) != 0 {
			t.Errorf("what counts is %+v", locks)
		}
		told := r.events("caller.forgotten")
		if len(told) != 1 || told[0].Data["alias"] != out.Alias || told[0].Data["by"] != "operator" || told[0].Data["calls"] != 3.0 || told[0].Data["recordings_deleted"] != 1.0 {
			t.Errorf("the journal says %+v", told)
		}

		p = r.sim.Call(olegNumber, "600")
		r.hears(p, "Balance one")
		if heard(p, olegName) {
			t.Error("the name is still known")
		}
		p.Hangup()
		again := r.result(olegNumber, dialplan.ResultIVR)
		if again.State.History != (callers.History{}) || again.State.Caller.Known() {
			t.Errorf("the next call is that of %+v with the past %+v", again.State.Caller, again.State.History)
		}
		if card, err := r.ctl.Card(ctx, again.ID); err != nil || len(card.Calls)+len(card.Promises) != 0 {
			t.Errorf("its card is %+v, %v", card, err)
		}
	})
}

// nobody checks that the records bear an alias, and what they say of nobody else.
func (r *rig) nobody(alias string, first, second, promise string) {
	r.t.Helper()
	for id, name := range map[string]string{first: "", second: alias} { // the first hotline asks nobody's name
		call, err := r.ctl.Call(r.ctx(), id)
		r.must(err)
		s := call.State
		if s.ANI != alias || s.Caller.Account != name || s.Caller.Name != name || s.Vars != nil || s.Question != "" || s.History != (callers.History{}) || call.EndedAt.IsZero() {
			r.t.Errorf("the call is %+v", call)
		}
		if call.Disposition != nil && (call.Disposition.Note != "" || call.Disposition.Code != "complaint") {
			r.t.Errorf("what it was about: %+v", call.Disposition)
		}
	}
	cb, err := r.ctl.Callback(r.ctx(), promise)
	r.must(err)
	if diff := cmp.Diff([]any{alias, alias, alias, "", map[string]any(nil)}, []any{cb.Number, cb.Account, cb.Name, cb.About.Question, cb.About.Vars}); diff != "" {
		r.t.Errorf("the promise (-want +got):\n%s", diff)
	}
	events, err := r.ctl.Events(r.ctx(), store.EventFilter{})
	r.must(err)
	if journal, err := json.Marshal(events); err != nil || strings.Contains(string(journal), olegName) {
		r.t.Errorf("the journal knows the name, %v", err)
	}
}

// onDisk says whether a word is in any file of the database.
func (r *rig) onDisk(word string) bool {
	r.t.Helper()
	files, err := filepath.Glob(r.db + "*")
	r.must(err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		r.must(err)
		if strings.Contains(string(content), word) {
			return true
		}
	}
	return false
}
