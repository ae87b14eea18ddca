package controller_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// sleeper is a promise that sleeps on disk until a time.
func sleeper(i int, until time.Time) callback.Callback {
	return callback.Callback{
		ID: fmt.Sprintf("b%07d", i), Number: fmt.Sprintf("+7916%07d", i), Queue: "support", Hotline: "support", Language: "en",
		Reason: callback.ReasonImport, PlaceID: fmt.Sprintf("p%07d", i), Window: callback.Window{From: until},
		AskedAt: time.Now(), PlaceAt: until, State: callback.Waiting, Since: time.Now(), NotBefore: until, Attempts: []callback.Attempt{},
	}
}

// asleep puts n sleepers on the disk before the daemon starts again.
func (r *rig) asleep(n int, until func(i int) time.Time) {
	r.t.Helper()
	r.kill()
	r.fill(n, until)
	r.sim.Reopen()
	r.start()
}

func (r *rig) fill(n int, until func(i int) time.Time) {
	r.t.Helper()
	db := openDB(r.t, r.db)
	var b store.Batch
	for i := range n {
		cb := sleeper(i, until(i))
		note := callback.AskedNote(cb, callback.Request{})
		b.Callbacks = append(b.Callbacks, cb)
		b.Events = append(b.Events, store.Event{At: note.At, Type: note.Type, Place: cb.PlaceID, Callback: cb.ID, Queue: cb.Queue, Data: note.Data})
	}
	r.must(db.Commit(r.t.Context(), b))
	r.must(db.Close())
}

func TestASleeperIsCancelledByItsId(t *testing.T) {
	inBubble(t, func(r *rig) {
		until := time.Now().Add(24 * time.Hour)
		r.asleep(3, func(int) time.Time { return until })
		cb, closed, err := r.ctl.CancelCallback(r.ctx(), "b0000001", callback.ByOperator, "moved away")
		if err != nil || closed || cb.State != callback.Cancelled {
			t.Fatalf("cancelled: %+v, closed %v, %v", cb, closed, err)
		}
		_, closed, err = r.ctl.CancelCallback(r.ctx(), "b0000001", callback.ByOperator, "")
		if err != nil || !closed {
			t.Errorf("cancelled again: closed %v, %v", closed, err)
		}
		cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{Open: true})
		r.must(err)
		if len(cbs) != 2 {
			t.Errorf("%d sleep on, want 2", len(cbs))
		}
	})
}

func TestASleeperIsADuplicateAndIsServedOtherwise(t *testing.T) {
	inBubble(t, func(r *rig) {
		until := time.Now().Add(24 * time.Hour)
		r.asleep(3, func(int) time.Time { return until })
		if _, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"}); err == nil {
			t.Error("a second promise was made to the number of one that sleeps")
		}
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		p := r.sim.Call("+79160000002", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("the sleeper is closed", func() bool {
			cb, err := r.store.Callback(r.ctx(), "b0000002")
			r.must(err)
			return cb.State == callback.Cancelled
		})
	})
}

func TestSleepersWakeInTimeAlsoAfterARestart(t *testing.T) {
	inBubble(t, func(r *rig) {
		begin := time.Now()
		due := func(i int) time.Time { return begin.Add(time.Duration(1+i/3) * 20 * time.Second) } // three at a time
		const n = 30
		r.asleep(n, due)
		at := map[int]time.Time{}
		for i := range n {
			r.sim.Endpoint(fmt.Sprintf("PJSIP/+7916%07d@trunk", i), simswitch.NoAnswer())
		}
		for i := range 40 {
			r.sim.Agent(fmt.Sprintf("PJSIP/1%02d", i), fmt.Sprintf("Agent %d", i)).Login("support", 0)
		}
		for len(at) < n {
			if time.Since(begin) > 10*time.Minute {
				t.Fatalf("only %d of %d were dialled", len(at), n)
			}
			if time.Since(begin) > 90*time.Second && time.Since(begin) < 91*time.Second {
				r.restart(2 * time.Second)
			}
			time.Sleep(250 * time.Millisecond)
			for i := range n {
				if _, done := at[i]; !done && len(r.sim.Dialled(fmt.Sprintf("PJSIP/+7916%07d@trunk", i))) > 0 {
					at[i] = time.Now()
				}
			}
		}
		for i := range n {
			if late := at[i].Sub(due(i)); late < 0 || late > 2*time.Second {
				t.Errorf("promise %d was dialled %s after its time", i, late)
			}
		}
	})
}

// TestAHerdComesInTurn lets more wake at the same moment than are awake at once.
func TestAHerdComesInTurn(t *testing.T) {
	inBubble(t, func(r *rig) {
		const herd = 300
		r.awake = 100
		until := time.Now().Add(time.Minute)
		r.asleep(herd, func(int) time.Time { return until })
		time.Sleep(2 * time.Minute)
		awake := len(r.line().Places)
		for i, p := range r.line().Places {
			if want := fmt.Sprintf("b%07d", i); p.CallbackID != want {
				t.Fatalf("place %d is of %s, want %s", i, p.CallbackID, want)
			}
		}
		if awake != r.awake {
			t.Errorf("the line holds %d places of %d promises that are due", awake, herd)
		}
		// Those who are done make room, and the next ones come in the order in which they were asked.
		for i := range 230 {
			_, _, err := r.ctl.CancelCallback(r.ctx(), fmt.Sprintf("b%07d", i), callback.ByOperator, "")
			r.must(err)
		}
		time.Sleep(5 * time.Second)
		if got := len(r.line().Places); got != herd-230 {
			t.Errorf("the line holds %d places, want all %d that are left", got, herd-230)
		}
	})
}

func openDB(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	db, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
