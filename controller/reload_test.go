package controller_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// shelf holds the documents that a daemon reads anew. Its first document is that
// of the rig.
type shelf map[string]string // text by file

func newShelf(t *testing.T) shelf {
	src, err := os.ReadFile("testdata/support.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return shelf{"testdata/support.yaml": string(src)}
}

func (s shelf) drafts() ([]controller.Draft, error) {
	var list []controller.Draft
	for file, src := range s {
		doc, err := dialplan.Parse(file, []byte(src))
		list = append(list, controller.Draft{File: file, Document: doc, Policy: callback.Policy{Prefixes: []string{"+7"}}, Err: err})
	}
	return list, nil
}

func (s shelf) options(o *controller.Options) { o.Documents.Read = s.drafts }

// edit replaces words in the document of the rig.
func (s shelf) edit(old, now string) {
	s["testdata/support.yaml"] = strings.ReplaceAll(s["testdata/support.yaml"], old, now)
}

func (r *rig) reload() controller.Reloaded {
	r.t.Helper()
	out, err := r.ctl.Reload(r.ctx())
	r.must(err)
	return out
}

// versions shows hotline, state and calls of each version in use.
func (r *rig) versions() []string {
	r.t.Helper()
	list, err := r.ctl.Hotlines(r.ctx())
	r.must(err)
	var out []string
	for _, v := range list {
		out = append(out, strings.TrimSpace(v.Hotline+" "+string(v.State)+" "+strings.Repeat("*", v.Calls)))
	}
	return out
}

func (r *rig) same(what string, got, want any) {
	r.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func TestReloadUnderCalls(t *testing.T) {
	s := newShelf(t)
	inBubbleWith(t, s.options, nil, func(r *rig) {
		first := r.sim.Call("+79160000001", "600")
		r.hears(first, "Balance one")
		s.edit("Nobody is here.", "All are away.")
		if out := r.reload(); len(out.Loaded) != 1 || len(out.Refused) != 0 {
			t.Fatalf("the reload gave %+v", out)
		}
		second := r.sim.Call("+79160000002", "600")
		r.hears(second, "Balance one")
		r.same("versions", r.versions(), []string{"support current *", "support old *"})

		// The first call keeps its words, also when the daemon is killed meanwhile and
		// has only ever read the new ones.
		r.documents = nil
		r.options = func(o *controller.Options) {
			s.options(o)
			drafts, err := s.drafts()
			r.must(err)
			o.Hotlines = []*dialplan.Document{drafts[0].Document}
		}
		r.restart(time.Second)
		r.same("versions after the restart", r.versions(), []string{"support current *", "support old *"})
		first.Press("2")
		second.Press("2")
		r.hears(first, "Nobody is here.")
		r.hears(second, "All are away.")
		r.result("+79160000001", dialplan.ResultNoAgents)
		r.result("+79160000002", dialplan.ResultNoAgents)
		r.until("the old version is forgotten", func() bool {
			open, err := r.store.Load(r.ctx())
			r.must(err)
			return len(open.Documents) == 1
		})
		if n := len(r.events("hotline.loaded")); n != 2 {
			t.Errorf("the journal has %d entries of loaded documents, want 2", n)
		}
	})
}

func TestABadDocumentReplacesNoGoodOne(t *testing.T) {
	s := newShelf(t)
	inBubbleWith(t, s.options, nil, func(r *rig) {
		good := s["testdata/support.yaml"]
		s.edit("next: menu}", "nxet: menu}")
		s["other.yaml"] = "hotline: other\nnumbers: [\"601\"]\nlanguage: en\nstart: bye\nnodes:\n  bye: {say: \"Other.\", hangup: true}\n"
		out := r.reload()
		if len(out.Refused) != 1 || out.Refused[0].Hotline != "support" || !strings.Contains(out.Refused[0].Err.Error(), `did you mean "next"`) {
			t.Fatalf("refused: %+v", out.Refused)
		}
		r.same("versions", r.versions(), []string{"other current", "support current"})
		p := r.sim.Call("+79160000001", "601")
		r.hears(p, "Other.")
		r.hears(r.sim.Call("+79160000002", "600"), "Balance one")

		// A number that two claim: nothing of the reload is taken.
		s["testdata/support.yaml"] = strings.ReplaceAll(good, "Hello.", "Good day.")
		s["other.yaml"] = strings.ReplaceAll(s["other.yaml"], "601", "600")
		if out = r.reload(); len(out.Loaded) != 0 || len(out.Refused) != 1 || !strings.Contains(out.Refused[0].Err.Error(), "belongs to hotlines") {
			t.Fatalf("numbers used twice: %+v", out)
		}
		// A queue that is not configured, and a new file with a fault under which the
		// old one may have been moved.
		s["third.yaml"] = strings.ReplaceAll(good, "queue: support", "queue: nowhere")
		delete(s, "testdata/support.yaml")
		delete(s, "other.yaml")
		if out = r.reload(); len(out.Removed) != 0 || len(out.Refused) != 1 {
			t.Fatalf("a strange file: %+v", out)
		}
		r.hears(r.sim.Call("+79160000003", "600"), "Balance one")
		if n := len(r.events("hotline.refused")); n != 3 {
			t.Errorf("the journal has %d refusals, want 3", n)
		}
	})
}

func TestARemovedHotlineKeepsItsPromises(t *testing.T) {
	s := newShelf(t)
	inBubbleWith(t, s.options, nil, func(r *rig) {
		s["other.yaml"] = "hotline: other\nnumbers: [\"601\"]\nlanguage: en\nstart: bye\nnodes:\n  bye: {say: \"Other.\", hangup: true}\n"
		r.reload()
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Hotline: "support", Queue: "support", Number: "+79160000007", Reason: callback.ReasonOperator})
		r.must(err)
		delete(s, "testdata/support.yaml")
		r.same("removed", r.reload().Removed, []string{"support"})
		r.same("versions", r.versions(), []string{"other current", "support removed"})
		if n := len(r.events("hotline.removed")); n != 1 {
			t.Errorf("the journal has %d removals", n)
		}
		p := r.sim.Call("+79160000001", "600")
		r.until("the number is refused", func() bool { over, _ := p.Ended(); return over })

		r.documents = nil
		r.options = func(o *controller.Options) {
			s.options(o)
			drafts, err := s.drafts()
			r.must(err)
			o.Hotlines = []*dialplan.Document{drafts[0].Document}
			o.Documents.Parse = func(file string, src []byte) controller.Draft {
				doc, err := dialplan.Parse(file, src)
				return controller.Draft{File: file, Document: doc, Policy: callback.Policy{Prefixes: []string{"+7"}}, Err: err}
			}
		}
		r.restart(time.Second)
		r.sim.Endpoint("PJSIP/+79160000007@trunk", func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "the support line", "1") })
		})
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Connected })
	})
}
