package controller_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

const stranger = "+79160000009"

// atTheGate runs a test on the hotline that asks in every way.
func atTheGate(t *testing.T, dir callers.Directory, test func(r *rig)) {
	inBubbleWith(t, func(o *controller.Options) {
		if dir != nil {
			o.Directory = dir
		}
	}, []string{"testdata/gate.yaml"}, test)
}

// times counts how often a phone heard words.
func times(p *simswitch.Phone, words string) int {
	n := 0
	for _, h := range p.Heard() {
		if strings.Contains(string(h.Media), words) {
			n++
		}
	}
	return n
}

// wrongPIN is what is said of everything that is wrong about account and PIN.
const wrongPIN = "The account number or the PIN is wrong."

// tries calls from a number and enters accounts with wrong PINs, each after the words
// about the one before; it gives the phone and how long the last words took to come.
func (r *rig) tries(number string, entries ...string) (p *simswitch.Phone, took time.Duration) {
	r.t.Helper()
	p = r.sim.Call(number, "610")
	r.hears(p, "Enter your code")
	p.Press("##") // neither code nor date of birth
	r.until("account and PIN are asked for", func() bool { return times(p, "Enter your account number") == 2 })
	for n, entry := range entries {
		begun := time.Now()
		p.Press(entry)
		r.until("an answer to "+entry, func() bool { return times(p, wrongPIN) == n+1 })
		took = time.Since(begun)
	}
	return p, took
}

// uneven is a directory that is faster for accounts that exist.
type uneven struct{ people }

func (u uneven) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	rec, ok, err := u.people.ByAccount(ctx, account)
	if !ok {
		time.Sleep(350 * time.Millisecond)
	}
	return rec, ok, err
}

// TestLockOut: wrong PINs close an account for everybody, with the words and the
// time of a wrong one, also after a restart, until an operator opens it.
func TestLockOut(t *testing.T) {
	atTheGate(t, uneven{thePeople(t)}, func(r *rig) {
		p, tookWrong := r.tries("+79160000001", "1001#0001", "1001#0002", "1001#0003")
		p.Hangup()
		q, tookUnknown := r.tries("+79160000002", "1001#0004", "1001#0005", "9999#2580")
		q.Hangup()
		if evs := r.events("caller.locked"); len(evs) != 1 || evs[0].Data["kind"] != "account" || evs[0].Data["locked_s"] != 60.0 {
			t.Errorf("locked: %+v", evs)
		}
		r.restart(time.Second)
		s, tookLocked := r.tries(stranger, "1001#2580")
		if tookWrong != tookUnknown || tookWrong != tookLocked {
			t.Errorf("answered after %v to a wrong PIN, %v to a wrong account, %v to a locked one", tookWrong, tookUnknown, tookLocked)
		}
		evs := r.events("identify")
		if last := evs[len(evs)-1].Data; last["locked"] != true || last["ok"] != false || last["method"] != "pin" {
			t.Errorf("journal: %v", last)
		}
		locks, err := r.ctl.CallerLocks(r.ctx())
		r.must(err)
		if len(locks) != 4 || locks[0].Key != "1001" || locks[0].Failures != 5 { // 9999 and two numbers have wrong ones
			t.Errorf("locks: %+v", locks)
		}
		if _, already, err := r.ctl.UnlockCaller(r.ctx(), callers.LockAccount, "1001", "operator"); already || err != nil {
			t.Errorf("unlock: %v, %v", already, err)
		}
		s.Press("1001#2580")
		r.hears(s, "What now?")
		if c := r.call(stranger); c.State.Caller.Assurance != callers.AssurancePIN {
			t.Errorf("the caller is %+v", c.State.Caller)
		}
		s.Hangup()
	})
}

// TestLockEndsByItself: nobody is locked out for good.
func TestLockEndsByItself(t *testing.T) {
	atTheGate(t, nil, func(r *rig) {
		for _, number := range []string{"+79160000001", "+79160000002"} {
			p, _ := r.tries(number, "1001#0001", "1001#0002", "1001#0003")
			p.Hangup()
		}
		time.Sleep(callers.DefaultLockRules.Delay)
		p, _ := r.tries(stranger)
		p.Press("1001#2580")
		r.hears(p, "What now?")
		p.Hangup()
	})
}

// TestWithheldCallers: who withholds the number is locked out by accounts only.
func TestWithheldCallers(t *testing.T) {
	atTheGate(t, nil, func(r *rig) {
		for n := range 5 {
			p := r.sim.Call([]string{"anonymous", "Restricted", "Unavailable", "", "sip:x"}[n], "610")
			r.hears(p, "Enter your code")
			p.Press("11111111")
			r.until("an answer", func() bool { return times(p, "does not match") == 1 })
			p.Press("11111112")
			r.until("an answer", func() bool { return times(p, "does not match") == 2 })
			p.Press("11111113")
			r.until("an answer", func() bool { return times(p, "does not match") == 3 })
			p.Hangup()
		}
		p := r.sim.Call("anonymous", "610")
		r.hears(p, "Enter your code")
		p.Press("12345678")
		r.hears(p, "What now?")
		p.Hangup()
		if locks, err := r.ctl.CallerLocks(r.ctx()); err != nil || len(locks) > 0 {
			t.Errorf("locks of nobody: %+v, %v", locks, err)
		}
	})
}

// TestSeveralWithOneNumber: nobody is called by somebody else's name, and what is
// remembered is that of whom the caller turns out to be.
func TestSeveralWithOneNumber(t *testing.T) {
	dir := thePeople(t)
	olga := callers.Record{Account: "771002", Number: "+79169990002", Name: "Olga", Language: "en"}
	dir["771002"] = olga
	atTheGate(t, dir, func(r *rig) {
		p := r.sim.Call(olga.Number, "610")
		r.hears(p, "What now?")
		p.Hangup()
		r.result(olga.Number, dialplan.ResultIVR)
		synctest.Wait()
		olga.Number = ivan
		dir["771002"] = olga
		p = r.sim.Call(ivan, "610")
		r.hears(p, "Several customers call from this number.")
		p.Press("1002#")
		r.hears(p, "What now?")
		if c := r.call(ivan); c.State.Caller.Account != "771002" || c.State.Caller.Assurance != callers.AssuranceANI {
			t.Errorf("the caller is %+v", c.State.Caller)
		} else if c.State.History.CallsToday != 1 {
			t.Errorf("of the earlier call is remembered %+v", c.State.History)
		}
		if heard(p, "Olga") || heard(p, "Ivan") {
			t.Errorf("a name was told: %v", p.Heard())
		}
		p.Hangup()
	})
}

// TestOperatorAsks: the agent sees that nobody knows who it is, and what to ask.
func TestOperatorAsks(t *testing.T) {
	atTheGate(t, nil, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(20 * time.Second)
		p := r.sim.Call("anonymous", "610")
		r.hears(p, "Enter your code")
		p.Press("###")
		var places []string
		r.until("an agent is rung", func() bool {
			for _, place := range r.line().Places {
				places = append(places, place.Display["__LINEKEEPER_ASSURANCE"]+" "+place.Display["__LINEKEEPER_QUESTION"])
			}
			return len(p.Bridged()) > 0
		})
		if len(places) == 0 || places[0] != "none Ask who is calling." {
			t.Errorf("the agent's display: %q", places)
		}
		p.Hangup()
		r.until("the call is over", func() bool {
			cs, _ := r.store.Calls(context.Background(), store.CallFilter{Live: true})
			return len(cs) == 0
		})
	})
}
