package controller_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// soakHours is how many hours of virtual time the soak lasts: LINEKEEPER_SOAK=24 is
// a whole day.
func soakHours() int {
	if n, err := strconv.Atoi(os.Getenv("LINEKEEPER_SOAK")); err == nil {
		return n
	}
	return 1
}

// soak is a long day with promises of all kinds and everything that can go wrong.
type soak struct {
	*day
	faults *faultyStore
	asked  map[string]string // by id: the number that was promised a call
	denied int               // requests that were refused because the disk was full
	wrong  map[string]int    // how often what went wrong
}

// TestNothingIsLostOrGrowsInALongDay lets promises of all kinds be asked for all day,
// while links are cut, the daemon is killed, dials are refused and the disk is full. Then
// everything that was promised has an end, and nothing has grown but the database.
func TestNothingIsLostOrGrowsInALongDay(t *testing.T) {
	f := &faultyStore{}
	inBubbleWith(t, func(o *controller.Options) {
		f.Store = o.Store
		o.Store = f
	}, nil, func(r *rig) {
		s := &soak{day: &day{rig: r, rnd: rand.New(rand.NewPCG(7, 8))}, faults: f, asked: map[string]string{}, wrong: map[string]int{}}
		for i := range 3 {
			a := s.sim.Agent(fmt.Sprintf("PJSIP/10%d", i+1), fmt.Sprintf("Agent %d", i+1))
			a.AnswerAfter(2 * time.Second).TalkFor(time.Duration(10+20*i) * time.Second)
			s.agents = append(s.agents, a.Login("support", 0))
		}
		s.hour()
		s.settled()
		goroutines, files := bubbleGoroutines(), s.openFiles()
		for range soakHours() - 1 {
			s.hour()
		}
		s.settled()
		if now := bubbleGoroutines(); now > goroutines+5 {
			t.Errorf("%d goroutines after the first hour, %d at the end", goroutines, now)
		}
		if now := s.openFiles(); now > files+2 {
			t.Errorf("%d files of the database were open after the first hour, %d at the end", files, now)
		}
		t.Logf("went wrong %v; %d goroutines and %d open files of the database after the first hour, %d and %d at the end",
			s.wrong, goroutines, files, bubbleGoroutines(), s.openFiles())
		s.judge()
	})
}

// hour is one hour of the day.
func (s *soak) hour() {
	for end := time.Now().Add(time.Hour); time.Now().Before(end); {
		switch n := s.rnd.IntN(100); {
		case n < 30:
			s.newCaller()
		case n < 65:
			s.newPromise()
		case n < 69:
			s.wrong["kills"]++
			s.restart(time.Duration(s.rnd.IntN(8000)) * time.Millisecond)
		case n < 74:
			s.wrong["cut links"]++
			s.sim.Disconnect()
			time.Sleep(time.Duration(s.rnd.IntN(8000)) * time.Millisecond)
			s.sim.Reconnect()
		case n < 78:
			s.wrong["refused dials"]++
			s.sim.Fail(simswitch.OpOriginate, &telephony.Error{Kind: telephony.KindRetryable, Op: "originate", Err: errors.New("the switch is busy")}, 1+s.rnd.IntN(3))
		case n < 81:
			s.wrong["full disks"]++
			s.faults.goWrong(func(store.Batch) error { return errFull })
			s.newPromise()
			time.Sleep(time.Duration(s.rnd.IntN(5000)) * time.Millisecond)
			s.faults.heal()
		case n < 85:
			s.wrong["agents who hang up"]++
			s.agents[s.rnd.IntN(3)].Hangup()
		}
		time.Sleep(time.Duration(s.rnd.IntN(20_000)) * time.Millisecond)
	}
}

// newPromise is asked for outside of a call: for now, for later, or with a key, twice.
func (s *soak) newPromise() {
	s.made++
	number := fmt.Sprintf("+7916%07d", s.made)
	luck := s.rnd.IntN(100)
	s.sim.Endpoint("PJSIP/"+number+"@trunk", func(o *simswitch.Outgoing) {
		o.RingAfter(time.Second)
		switch {
		case luck < 50:
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { s.keepPressing(p) })
		case luck < 60:
			o.Refuse(2*time.Second, telephony.CauseBusy)
		case luck < 70: // nobody is there
		case luck < 80: // a machine
			o.Answer(4 * time.Second)
		case luck < 90:
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { s.pressWhen(p, "press one", "9") })
		default:
			o.Refuse(2*time.Second, telephony.CauseUnallocated)
		}
	})
	n := controller.NewCallback{Number: number, Key: number}
	if s.rnd.IntN(2) == 0 {
		n.Reason = callback.ReasonWeb
		n.Window.From = time.Now().Add(time.Duration(1+s.rnd.IntN(3600)) * time.Second)
	}
	for range 1 + s.rnd.IntN(2) {
		asked, err := s.ctl.AddCallback(s.ctx(), n)
		if err != nil && strings.Contains(err.Error(), errFull.Error()) {
			s.denied++
			continue
		}
		s.must(err)
		s.asked[asked.Callback.ID] = number
	}
	if s.rnd.IntN(20) == 0 {
		for id := range s.asked {
			_, _, err := s.ctl.CancelCallback(s.ctx(), id, callback.ByOperator, "soak")
			if err != nil && !strings.Contains(err.Error(), errFull.Error()) {
				s.must(err)
			}
			break
		}
	}
}

// settled lets everything come to its end.
func (s *soak) settled() {
	s.t.Helper()
	for end := time.Now().Add(12 * time.Hour); ; time.Sleep(10 * time.Second) {
		cbs, err := s.store.Callbacks(s.ctx(), store.CallbackFilter{Open: true})
		s.must(err)
		open, err := s.store.Load(s.ctx())
		s.must(err)
		if len(cbs)+len(open.Calls)+len(open.Places) == 0 {
			time.Sleep(5 * time.Minute) // farewells, and connections that nobody uses
			synctest.Wait()
			return
		}
		if time.Now().After(end) {
			s.tell()
			s.t.Fatalf("%d promises, %d calls and %d places never end", len(cbs), len(open.Calls), len(open.Places))
		}
	}
}

func (s *soak) judge() {
	t := s.t
	all := map[string]callback.Callback{}
	states := map[callback.State]int{}
	for f := (store.CallbackFilter{Limit: 500}); ; {
		cbs, err := s.store.Callbacks(s.ctx(), f)
		s.must(err)
		for _, cb := range cbs {
			all[cb.ID] = cb
			states[cb.State]++
			dialled := s.sim.Dialled("PJSIP/" + cb.Number + "@trunk")
			if len(dialled) > len(cb.Attempts) || len(cb.Attempts) > 2 {
				t.Errorf("promise %s: dialled %d times in %d attempts", cb.ID, len(dialled), len(cb.Attempts))
			}
			if cb.State != callback.Done && cb.EndReason == "" {
				t.Errorf("promise %s is %s without a reason", cb.ID, cb.State)
			}
		}
		if len(cbs) < 500 {
			break
		}
		f.After = cbs[499].ID
	}
	for id, number := range s.asked {
		if all[id].Number != number {
			t.Errorf("promise %s to %s is lost", id, number)
		}
	}
	size := int64(0)
	for _, file := range []string{"", "-wal"} {
		if info, err := os.Stat(s.db + file); err == nil {
			size += info.Size()
		}
	}
	each := size / int64(max(len(all)+s.made, 1))
	t.Logf("%d hours: %d callers and requests, %d promises %v, %d refused because the disk was full; the database has %d bytes, %d for each",
		soakHours(), s.made, len(all), states, s.denied, size, each)
	if each > 60_000 {
		t.Errorf("the database has %d bytes for each caller and promise", each)
	}
}

// openFiles counts how often files of the database are open in this process.
func (s *soak) openFiles() (n int) {
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0 // no such folder on this system
	}
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && filepath.Dir(to) == filepath.Dir(s.db) {
			n++
		}
	}
	return n
}

// bubbleGoroutines counts those of the caller's bubble; other tests run beside it.
func bubbleGoroutines() int {
	own := make([]byte, 1000)
	own = own[:runtime.Stack(own, false)]
	i := bytes.Index(own, []byte("synctest bubble "))
	if i < 0 {
		return 0
	}
	bubble := own[i : i+bytes.IndexAny(own[i:], "],:")]
	all := make([]byte, 1<<24)
	all = all[:runtime.Stack(all, true)]
	return bytes.Count(all, append(bubble, ']')) + bytes.Count(all, append(bubble, ','))
}
