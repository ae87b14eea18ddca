package controller_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/sources"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// crm is another system that answers after a while, whatever its asker's time-out is.
type crm struct {
	after time.Duration
	rows  []map[string]string
	err   error
}

func (s crm) Fetch(_ context.Context, in map[string]string) ([]map[string]string, error) {
	time.Sleep(s.after)
	if s.err == nil && len(s.rows) > 0 {
		s.rows[0]["phone"] = in["number"]
	}
	return s.rows, s.err
}

func (crm) Inputs() []string { return []string{"number"} }
func (crm) Fields() []string { return nil }

// theOffice is where callers are put through to.
const theOffice = "PJSIP/+74951234567@trunk"

func outsideBubble(t *testing.T, orders sources.Source, test func(r *rig)) {
	inBubbleWith(t, func(o *controller.Options) {
		o.Lookups = map[string]sources.Source{"orders": orders}
		o.Transfers = controller.TransferOptions{Prefixes: []string{"+7", "+882"}, Hosts: []string{"pbx.example.com"}, Endpoint: "PJSIP/trunk/{uri}"}
		o.Own = acd.Rules{
			Queues: []acd.Queue{{Name: "own", Strategy: acd.LongestIdle, RingTimeout: 20 * time.Second}},
			Agents: []acd.Agent{{ID: "ivan", Name: "Ivan", Phone: "PJSIP/201"}},
		}
	}, []string{"testdata/outside.yaml"}, test)
}

// dials calls the hotline and presses keys in its menu.
func (r *rig) dials(keys string) *simswitch.Phone {
	r.t.Helper()
	p := r.sim.Call(ivan, "700")
	r.hears(p, "Main menu.")
	p.Press(keys)
	return p
}

func (r *rig) noted(typ string) []map[string]any {
	r.t.Helper()
	var all []map[string]any
	for _, ev := range r.events(typ) {
		all = append(all, ev.Data)
	}
	return all
}

func TestLookupsEndInTime(t *testing.T) {
	found := []map[string]string{{"total": "250"}}
	for _, tc := range []struct {
		name   string
		source crm
		words  string
		result string
		within time.Duration
	}{
		{"at once", crm{rows: found}, "It costs two hundred fifty.", "found", 0},
		{"after a while", crm{after: 2 * time.Second, rows: found}, "It costs two hundred fifty.", "found", 2 * time.Second},
		{"not there", crm{}, "There is no order.", "not_found", 0},
		{"broken", crm{err: errors.New("it is away")}, "That cannot be.", "failed", 0},
		{"dead, and nothing ends its work", crm{after: time.Hour, rows: found}, "That cannot be.", "failed", 4 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			outsideBubble(t, tc.source, func(r *rig) {
				p := r.dials("1")
				begun := time.Now()
				r.hears(p, tc.words)
				if took := time.Since(begun); took > tc.within+1500*time.Millisecond {
					t.Errorf("it took %s", took)
				}
				if tc.source.after > 0 && !heard(p, "One moment") {
					t.Error("nothing was said while the system was asked")
				}
				p.Hangup()
				r.result(ivan, dialplan.ResultIVR)
				notes := r.noted("lookup.done")
				if len(notes) != 1 || notes[0]["result"] != tc.result || notes[0]["source"] != "orders" || len(notes[0]) != 4 {
					t.Errorf("the journal says %v", notes)
				}
				if tc.result == "found" {
					if diff := cmp.Diff(map[string]any{"total": 250.0, "order": ivan}, r.call(ivan).State.Vars); diff != "" {
						t.Errorf("variables (-want +got):\n%s", diff)
					}
				}
				time.Sleep(time.Hour) // the dead system lets go
			})
		})
	}
}

func TestMessagesAreLeft(t *testing.T) {
	outsideBubble(t, crm{}, func(r *rig) {
		p := r.dials("2")
		r.hears(p, "Say what you want.")
		r.until("it is recorded", func() bool { return len(r.sim.Recordings()) > 0 })
		p.Speak(8 * time.Second)
		time.Sleep(9 * time.Second)
		p.Press("#")
		r.hears(p, "To keep this message")
		p.Press("1")
		r.hears(p, "Your message was stored.")
		r.hears(p, "The end.")
		c := r.result(ivan, dialplan.ResultIVR)

		cut := r.sim.Call("", "700") // the number is withheld
		r.hears(cut, "Main menu.")
		cut.Press("2")
		r.hears(cut, "Say what you want.")
		r.until("another is recorded", func() bool { return len(r.sim.Recordings()) > 1 })
		cut.Speak(10 * time.Second)
		time.Sleep(5 * time.Second)
		cut.Hangup()
		r.until("both are told", func() bool { return len(r.noted("message.left")) == 2 })
		notes := r.noted("message.left")
		want := map[string]any{"node": "leave", "hotline": "outside", "hook": "mail", "recording": c.ID + "-message-1", "from": ivan}
		for key, value := range want {
			if notes[0][key] != value {
				t.Errorf("%s of the message is %v, want %v", key, notes[0][key], value)
			}
		}
		if length, _ := notes[0]["length_s"].(float64); length < 8 || length > 12 {
			t.Errorf("the message is %v s long", notes[0]["length_s"])
		}
		if _, told := notes[1]["from"]; told {
			t.Errorf("a withheld number is told: %v", notes[1])
		}
	})
}

// TestAMessageWithoutSpeechIsNone holds that who hangs up without a word has left no
// message, however long the silence is that was recorded.
func TestAMessageWithoutSpeechIsNone(t *testing.T) {
	for _, after := range []time.Duration{1600 * time.Millisecond, 3 * time.Second, 4900 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				p := r.dials("2")
				r.hears(p, "Say what you want.")
				r.until("it is recorded", func() bool { return len(r.sim.Recordings()) > 0 })
				time.Sleep(after)
				p.Hangup()
				r.result(ivan, dialplan.ResultIVR)
				if left := r.noted("message.left"); len(left) > 0 {
					t.Errorf("the journal says %v", left)
				}
				r.until("the recording is deleted", func() bool { return len(r.sim.Recordings()) == 0 })
			})
		})
	}
}

func TestTransfersEnd(t *testing.T) {
	for _, tc := range []struct {
		name   string
		at     simswitch.Behaviour
		keys   string
		words  string
		result string
	}{
		{"busy", simswitch.Busy(2 * time.Second), "3", "They are engaged.", "busy"},
		{"rejected", simswitch.Reject(2 * time.Second), "3", "They are engaged.", "busy"},
		{"nobody answers", simswitch.NoAnswer(), "3", "They are away.", "no_answer"},
		{"no such number", simswitch.Refuse(time.Second, telephony.CauseUnallocated), "3", "That cannot be.", "failed"},
		{"the switch cannot", simswitch.Invalid("no trunk"), "3", "That cannot be.", "failed"},
		{"a type that is not called", simswitch.Answer(time.Second), "8", "That cannot be.", "failed"},
		{"an agent who is none", simswitch.Answer(time.Second), "9", "That cannot be.", "failed"},
		{"a context that is none", simswitch.Answer(time.Second), "6", "That cannot be.", "failed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				r.sim.Endpoint(theOffice, tc.at)
				p := r.dials(tc.keys)
				r.hears(p, tc.words)
				if notes := r.noted("transfer.over"); len(notes) != 1 || notes[0]["result"] != tc.result {
					t.Errorf("the journal says %v", notes)
				}
				if over, _ := p.Ended(); over || p.MusicOn() {
					t.Error("the caller is gone, or hears music")
				}
				p.Hangup()
			})
		})
	}
}

func TestCallersArePutThrough(t *testing.T) {
	for keys, endpoint := range map[string]string{"3": theOffice, "4": "PJSIP/201", "5": "PJSIP/trunk/sip:help@pbx.example.com"} {
		t.Run(keys, func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				r.sim.Endpoint(endpoint, simswitch.Answer(7*time.Second))
				p := r.dials(keys)
				r.until("the caller hears music", p.MusicOn)
				r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
				office := r.sim.Dialled(endpoint)[0]
				if !p.Hears(office) || p.MusicOn() {
					t.Error("the two do not hear each other")
				}
				time.Sleep(time.Minute)
				office.Hangup()
				if keys == "3" {
					r.hears(p, "How was it?")
					p.Press("4")
					r.hears(p, "Thanks for four.")
				}
				r.hears(p, "The end.")
				r.result(ivan, dialplan.ResultTransferred)
				if over := r.noted("transfer.over"); len(over) != 1 || over[0]["result"] != "over" || over[0]["talked_s"] != 60.0 {
					t.Errorf("the journal says %v", over)
				}
				if keys == "3" {
					want := map[string]any{"hotline": "outside", "node": "survey", "question": "score", "key": 4.0}
					if diff := cmp.Diff([]map[string]any{want}, r.noted("survey.answer")); diff != "" {
						t.Errorf("answers (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}

func TestNobodyIsLeftOnATransfer(t *testing.T) {
	for name, talking := range map[string]bool{"while it rings": false, "while they talk": true} {
		t.Run(name, func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				after := time.Hour
				if talking {
					after = time.Second
				}
				r.sim.Endpoint(theOffice, simswitch.Answer(after))
				p := r.dials("3")
				r.until("it rings, or they talk", func() bool {
					return len(r.sim.Dialled(theOffice)) > 0 && (!talking || len(p.Bridged()) > 0)
				})
				p.Hangup()
				r.until("the office is let go", func() bool { over, _ := r.sim.Dialled(theOffice)[0].Ended(); return over })
			})
		})
	}
}

// TestARestartKeepsTransfers kills the daemon while it rings, while they talk, and in
// another context; meanwhile the other side answers, hangs up, or does nothing.
func TestARestartKeepsTransfers(t *testing.T) {
	for _, tc := range []struct {
		answers time.Duration // after which the office answers
		kill    time.Duration // after which the daemon dies
		hangsUp bool          // the office, while the daemon is away
		words   string        // that the caller hears in the end
	}{
		{answers: 8 * time.Second, kill: 3 * time.Second, words: ""},
		{answers: time.Second, kill: 5 * time.Second, words: ""},
		{answers: time.Second, kill: 5 * time.Second, hangsUp: true, words: "How was it?"},
		{answers: time.Hour, kill: 5 * time.Second, hangsUp: true, words: "That cannot be."},
	} {
		t.Run(fmt.Sprintf("%+v", tc), func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				r.sim.Endpoint(theOffice, simswitch.Answer(tc.answers))
				p := r.dials("3")
				r.until("it rings", func() bool { return len(r.sim.Dialled(theOffice)) > 0 })
				time.Sleep(tc.kill)
				r.kill()
				if tc.hangsUp {
					r.sim.Dialled(theOffice)[0].Hangup()
				}
				time.Sleep(time.Second)
				r.sim.Reopen()
				r.start()
				if tc.words != "" {
					r.hears(p, tc.words)
				} else {
					r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
					time.Sleep(10 * time.Second)
					r.sim.Dialled(theOffice)[0].Hangup()
					r.hears(p, "How was it?")
				}
				if n := len(r.sim.Dialled(theOffice)); n != 1 {
					t.Errorf("the office was called %d times", n)
				}
				if over, _ := p.Ended(); over {
					t.Error("the caller was dropped")
				}
				p.Hangup()
				r.until("the call is over", func() bool { return r.call(ivan).Ended() })
			})
		})
	}
}

func TestCallersAreLentAndComeBack(t *testing.T) {
	for _, tc := range []struct {
		name    string
		args    []string
		restart bool
		words   string
	}{
		{"", []string{"returned"}, false, "How was it?"},
		{"by a branch", []string{"returned", "BUSY"}, false, "They are engaged."},
		{"restart meanwhile", []string{"returned"}, true, "How was it?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				r.sim.Context("old-ivr", simswitch.Passage{Lasts: 30 * time.Second, Args: tc.args})
				p := r.dials("6")
				time.Sleep(10 * time.Second)
				if tc.restart {
					r.restart(5 * time.Second)
				}
				if over, _ := p.Ended(); over || heard(p, tc.words) {
					t.Fatal("the caller is gone, or back already")
				}
				r.hears(p, tc.words)
				p.Hangup()
				r.result(ivan, dialplan.ResultTransferred)
				if left := r.noted("transfer.lent"); len(left) != 1 || left[0]["context"] != "old-ivr" {
					t.Errorf("the journal says %v", left)
				}
			})
		})
	}
	for name, tc := range map[string]struct {
		fault        simswitch.Fault
		words, notes string
	}{
		"no answer, and not sent": {simswitch.Fault{}, "That cannot be.", "failed"},
		"no answer, but sent":     {simswitch.Fault{LostReply: true}, "How was it?", "over"},
	} {
		t.Run(name, func(t *testing.T) {
			outsideBubble(t, crm{}, func(r *rig) {
				r.sim.Context("old-ivr", simswitch.Passage{Lasts: time.Minute, Args: []string{"returned"}})
				tc.fault.Op, tc.fault.Times = simswitch.OpLend, 1
				tc.fault.Err = &telephony.Error{Kind: telephony.KindRetryable, Err: errors.New("no answer"), Unanswered: true}
				r.sim.Inject(tc.fault)
				p := r.dials("6")
				r.hears(p, tc.words)
				if over := r.noted("transfer.over"); len(over) != 1 || over[0]["result"] != tc.notes {
					t.Errorf("the journal says %v", over)
				}
				p.Hangup()
				r.until("the call is over", func() bool { return r.call(ivan).Ended() })
			})
		})
	}
	t.Run("hang up there", func(t *testing.T) {
		outsideBubble(t, crm{}, func(r *rig) {
			r.sim.Context("old-ivr", simswitch.Passage{Lasts: 30 * time.Second, Args: []string{"returned"}})
			p := r.dials("6")
			time.Sleep(10 * time.Second)
			p.Hangup()
			r.result(ivan, dialplan.ResultTransferred)
		})
	})
}
