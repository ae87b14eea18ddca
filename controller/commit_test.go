package controller_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// faultyStore is a real one whose commits can go wrong.
type faultyStore struct {
	store.Store
	commits atomic.Int64
	wrong   atomic.Pointer[func(b store.Batch) error] // before the commit
	lost    atomic.Pointer[func(b store.Batch) error] // after it: it is on disk, and says that it is not
}

func (f *faultyStore) Commit(ctx context.Context, b store.Batch) error {
	f.commits.Add(1)
	if wrong := f.wrong.Load(); wrong != nil {
		if err := (*wrong)(b); err != nil {
			return err
		}
	}
	if err := f.Store.Commit(ctx, b); err != nil {
		return err
	}
	if lost := f.lost.Load(); lost != nil {
		return (*lost)(b)
	}
	return nil
}

func (f *faultyStore) goWrong(how func(b store.Batch) error) { f.wrong.Store(&how) }
func (f *faultyStore) heal()                                 { f.wrong.Store(nil) }

// withFaults runs a test on a store that can go wrong.
func withFaults(t *testing.T, test func(r *rig, f *faultyStore)) {
	f := &faultyStore{}
	inBubbleWith(t, func(o *controller.Options) {
		f.Store = o.Store
		o.Store = f
	}, nil, func(r *rig) { test(r, f) })
}

var errFull = errors.New("the disk is full")

// dials says whether a batch holds an attempt that is not answered yet.
func dials(b store.Batch) bool {
	return slices.ContainsFunc(b.Callbacks, func(cb callback.Callback) bool { return cb.State == callback.Dialling })
}

func TestNobodyIsDialledWhileTheIntentCannotBeStored(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, simswitch.NoAnswer())
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		f.goWrong(func(b store.Batch) error {
			if dials(b) {
				return errFull
			}
			return nil
		})
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		time.Sleep(time.Minute)
		if n := len(r.sim.Dialled(trunk)); n > 0 {
			t.Fatalf("dialled %d times, and nothing of it on disk", n)
		}
		if cb := r.promise(); cb.State != callback.Waiting || len(cb.Attempts) > 0 {
			t.Errorf("on disk it is %+v", cb)
		}
		f.heal()
		r.until("the customer is dialled", func() bool { return len(r.sim.Dialled(trunk)) > 0 })
		if cb := r.promise(); len(cb.Attempts) != 1 || cb.Attempts[0].Epoch != r.store.Epoch() {
			t.Errorf("the attempts are %+v; this run has epoch %d", cb.Attempts, r.store.Epoch())
		}
	})
}

func TestWhatIsStoredAlthoughItsCommitFailedIsActedUponOnce(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, simswitch.NoAnswer())
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		lost := func(b store.Batch) error {
			if dials(b) {
				return errFull
			}
			return nil
		}
		f.lost.Store(&lost)
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.until("the first attempt is over", func() bool { return !r.promise().NotBefore.IsZero() })
		if n := len(r.sim.Dialled(trunk)); n != 1 || len(r.promise().Attempts) != 1 {
			t.Errorf("dialled %d times in %d attempts", n, len(r.promise().Attempts))
		}
	})
}

func TestWhoCannotBeStoredIsRefusedAndTakesNoOtherAlong(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		f.goWrong(func(b store.Batch) error {
			time.Sleep(50 * time.Millisecond) // a slow disk: meanwhile others ask
			if slices.ContainsFunc(b.Callbacks, func(cb callback.Callback) bool { return cb.Number == "+79160000007" }) {
				return errFull
			}
			return nil
		})
		errs := r.askAtOnce(20)
		for i, err := range errs {
			if bad := i == 7; bad != (err != nil) || bad && !strings.Contains(err.Error(), errFull.Error()) {
				t.Errorf("request %d: %v", i, err)
			}
		}
		cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{})
		r.must(err)
		if len(cbs) != 19 {
			t.Errorf("%d promises are on disk, want 19", len(cbs))
		}
		f.heal()
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000007"})
		r.must(err) // nothing is left of the one that was refused
	})
}

// askAtOnce asks for n promises to numbers that end with 0 to n-1.
func (r *rig) askAtOnce(n int) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			_, errs[i] = r.ctl.AddCallback(context.Background(), controller.NewCallback{Number: fmt.Sprintf("+7916%07d", i)})
		})
	}
	all.Wait()
	return errs
}

func TestManyStepsShareACommit(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		f.goWrong(func(store.Batch) error { time.Sleep(20 * time.Millisecond); return nil })
		f.commits.Store(0)
		start := time.Now()
		for i, err := range r.askAtOnce(200) {
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
		// One begins at once, the others share; the line stores its places beside them.
		if took := time.Since(start); took > 200*time.Millisecond {
			t.Errorf("200 requests took %s on a disk that takes 20ms", took)
		}
	})
}

func TestTwoWhoAskAtOnceGetOnePromise(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		f.goWrong(func(store.Batch) error { time.Sleep(20 * time.Millisecond); return nil })
		for _, tc := range []struct {
			name   string
			n      controller.NewCallback
			others string // what those hear who are not the first; "" when they get its promise
		}{
			{"number", controller.NewCallback{Number: "+79160000002"}, "has been promised a call"},
			{"account", controller.NewCallback{Number: "+79160000003", Account: "1007"}, "has been promised a call"},
			{"key", controller.NewCallback{Number: "+79160000004", Key: "k"}, ""},
		} {
			var all sync.WaitGroup
			asked, errs := make([]controller.Asked, 10), make([]error, 10)
			for i := range asked {
				all.Go(func() { asked[i], errs[i] = r.ctl.AddCallback(context.Background(), tc.n) })
			}
			all.Wait()
			made, ids := 0, map[string]bool{}
			for i, err := range errs {
				switch {
				case err == nil:
					ids[asked[i].Callback.ID] = true
					if !asked[i].Existing {
						made++
					}
				case tc.others == "" || !strings.Contains(err.Error(), tc.others):
					t.Errorf("%s: %v", tc.name, err)
				}
			}
			if made != 1 || len(ids) != 1 {
				t.Errorf("%s: %d promises were made, with ids %v", tc.name, made, ids)
			}
		}
	})
}

func TestAKeyStaysWithItsPromiseWhenThatIsClosed(t *testing.T) {
	inBubble(t, func(r *rig) {
		first, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Key: "k"})
		r.must(err)
		_, closed, err := r.ctl.CancelCallback(r.ctx(), first.Callback.ID, callback.ByOperator, "")
		if err != nil || closed {
			t.Fatalf("cancelled: closed %v, %v", closed, err)
		}
		again, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Key: "k"})
		r.must(err)
		if !again.Existing || again.Callback.State != callback.Cancelled {
			t.Errorf("asked anew: %+v", again)
		}
	})
}

func TestWhoIsFencedOutDialsNobodyAndEnds(t *testing.T) {
	withFaults(t, func(r *rig, f *faultyStore) {
		const trunk = "PJSIP/+79160000002@trunk"
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		f.goWrong(func(store.Batch) error { return store.ErrFenced })
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		err = <-r.done
		if !errors.Is(err, store.ErrFenced) || !strings.Contains(err.Error(), "nobody is dialled any more") {
			t.Errorf("Run ended with %v", err)
		}
		if n := len(r.sim.Dialled(trunk)); n > 0 {
			t.Errorf("dialled %d times after it was fenced out", n)
		}
		r.stop()
		r.stop = nil
		r.must(r.store.Close())
	})
}

func TestASlowSwitchDialsOneWhileItDialsAnother(t *testing.T) {
	inBubble(t, func(r *rig) {
		for i := range 12 {
			number := fmt.Sprintf("+7916%07d", i)
			r.sim.Endpoint("PJSIP/"+number+"@trunk", simswitch.NoAnswer())
			r.sim.Agent(fmt.Sprintf("PJSIP/1%02d", i), fmt.Sprintf("Agent %d", i)).Login("support", 0)
		}
		r.until("the line knows all", func() bool { return len(r.line().Agents) == 12 })
		r.sim.Slow(simswitch.OpOriginate, 3*time.Second, 1000)
		start := time.Now()
		for _, err := range r.askAtOnce(12) {
			r.must(err)
		}
		dialled := func() (n int) {
			synctest.Wait()
			for i := range 12 {
				n += len(r.sim.Dialled(fmt.Sprintf("PJSIP/+7916%07d@trunk", i)))
			}
			return n
		}
		r.until("all are dialled", func() bool { return dialled() == 12 })
		if took := time.Since(start); took > 18*time.Second {
			t.Errorf("12 dials of 3s each took %s", took)
		}
	})
}
