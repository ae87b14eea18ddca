package controller_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestTheAgentHearsTheMessage of a customer who said what it is about, while the
// customer hears music, and a key of the agent cuts it short.
func TestTheAgentHearsTheMessage(t *testing.T) {
	inBubbleWith(t, func(o *controller.Options) {
		o.Own = desk()
		o.Conversations = map[string]controller.Conversation{"desk": {Title: map[string]string{"en": "the desk"}}}
	}, []string{"testdata/own/desk.yaml", "testdata/own/english.yaml"}, func(r *rig) {
		agent := r.phone("201")
		r.sim.Endpoint(olga, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		caller := r.sim.Call("+79160000002", "700")
		r.until("the caller is answered", caller.Answered)
		r.must(r.sim.RecordMessage(r.ctx(), caller.ID(), "m1", telephony.RecordLimits{Longest: 5 * time.Second}))
		caller.Speak(4 * time.Second)
		time.Sleep(6 * time.Second)
		caller.Hangup()
		time.Sleep(time.Second)
		r.kill()
		r.sim.Reopen()
		cb := r.promiseOnDisk(callback.About{Message: "m1", Assurance: callers.AssurancePIN, WaitedS: 130, Path: []string{"greet", "help"}})
		r.start()
		r.order("anna", controller.AgentLogin, "")
		r.hear(agent, "desk", "the desk, Olga, we called them back. Asked for it in line. Identified by PIN. Had waited two minutes. There is a spoken message.")
		leg := r.customer()
		r.until("the customer hears music", leg.MusicOn)
		r.until("the message plays", func() bool {
			return slices.ContainsFunc(agent.Phone().Heard(), func(h simswitch.Heard) bool { return h.Media == telephony.RecordingMedia("m1") })
		})
		if len(leg.Bridged()) > 0 {
			t.Error("they talk while the message plays")
		}
		agent.Press("5")
		r.until("they talk", func() bool { return len(leg.Bridged()) > 0 })
		on := telephony.ChannelID(r.queueOf("desk").Places[0].Channel)
		for name, want := range map[string]string{
			"__LINEKEEPER_REASON": "in_line", "__LINEKEEPER_ASSURANCE": "pin", "__LINEKEEPER_PATH": "greet help", "__LINEKEEPER_WAITED": "130",
			"__LINEKEEPER_MESSAGE": "m1", "__LINEKEEPER_CALLBACK": cb.ID,
		} {
			if got, err := r.sim.Variable(r.ctx(), on, name); got != want || err != nil {
				t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
			}
		}
		agent.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
	})
}

// promiseOnDisk writes a promise to Olga into the store, as an earlier run left it.
func (r *rig) promiseOnDisk(about callback.About) callback.Callback {
	r.t.Helper()
	now := time.Now()
	cb := callback.Callback{
		ID: "b1", Number: "+79160000002", Queue: "desk", Hotline: "desk", Language: "en", Name: "Olga", Reason: callback.ReasonInLine,
		PlaceID: "p1", Placed: true, AskedAt: now, PlaceAt: now, State: callback.Waiting, Since: now, About: about,
	}
	disk, err := sqlite.Open(context.Background(), r.db)
	r.must(err)
	r.must(disk.Commit(context.Background(), store.Batch{Callbacks: []callback.Callback{cb}, Events: []store.Event{{
		At: now, Type: callback.NoteAsked, Callback: cb.ID, Place: cb.PlaceID, Queue: cb.Queue, Data: map[string]any{"number": cb.Number},
	}}}))
	r.must(disk.Close())
	return cb
}
