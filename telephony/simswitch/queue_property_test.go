package simswitch_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// step is one thing that happens to the queue in a property test.
type step struct {
	wait  time.Duration
	what  int // see play
	agent int
	prio  int
}

var steps = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
	return step{
		wait:  time.Duration(rapid.IntRange(0, 20).Draw(t, "wait")) * time.Second,
		what:  rapid.IntRange(0, 9).Draw(t, "what"),
		agent: rapid.IntRange(0, 2).Draw(t, "agent"),
		prio:  rapid.IntRange(0, 2).Draw(t, "prio"),
	}
}), 1, 40)

// TestQueueProperties plays random days and checks what the feed told about
// them: nobody is lost or served twice, no agent has two calls, and whoever is
// rung for stood before everyone else who was not rung for. The same day again
// gives the same events.
func TestQueueProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		script := steps.Draw(rt, "script")
		var books [2]*ledger
		for i := range books {
			synctest.Test(t, func(t *testing.T) { books[i] = day(t, script) })
		}
		if fault := books[0].fault; fault != "" {
			rt.Fatal(fault)
		}
		if diff := cmp.Diff(books[0].all, books[1].all); diff != "" {
			rt.Fatalf("the second time was different:\n%s", diff)
		}
	})
}

// day plays a script and returns what the feed told and what was wrong with it.
func day(t *testing.T, script []step) *ledger {
	sim := simswitch.New(simswitch.Options{})
	defer sim.Close()
	ended := map[telephony.ChannelID]int{}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for ev := range sim.Events() {
			if e, ok := ev.(telephony.ChannelEnded); ok {
				ended[e.ID]++
			}
		}
	}()
	book := &ledger{ring: map[string]telephony.ChannelID{}, talk: map[string]telephony.ChannelID{}, fate: map[telephony.ChannelID]string{}}
	told := make(chan struct{})
	go func() {
		defer close(told)
		for ev := range sim.QueueEvents() {
			book.write(ev)
		}
	}()
	go func() {
		if err := sim.Run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	synctest.Wait()

	placed := play(t, sim, script)
	// At the end of the day everyone works until the line is empty.
	for i := range 3 {
		time.Sleep(time.Microsecond)
		synctest.Wait()
		a := agent(sim, i)
		a.AnswerAfter(time.Second).Miss(0).TalkFor(5 * time.Second)
		a.Away(false)
		a.Unpause()
		a.Login("q", 0)
		a.Hangup()
	}
	time.Sleep(24 * time.Hour)
	synctest.Wait()
	sim.Close()
	<-over
	<-told
	for _, id := range placed {
		if ended[id] != 1 {
			book.wrong("placeholder %s ended %d times", id, ended[id])
		}
		if fate := book.fate[id]; fate != "completed" && fate != telephony.ReasonAbandoned {
			book.wrong("caller %s was lost: last known as %q", id, fate)
		}
	}
	return book
}

func agent(sim *simswitch.Switch, i int) *simswitch.Agent {
	return sim.Agent(fmt.Sprintf("PJSIP/10%d", i), fmt.Sprintf("Agent %d", i))
}

// play does the script's steps and returns the placeholders it started.
func play(t *testing.T, sim *simswitch.Switch, script []step) []telephony.ChannelID {
	sim.Queue("q", simswitch.QueueOptions{RingTime: 10 * time.Second, Retry: 3 * time.Second, WrapUp: 2 * time.Second})
	var placed []telephony.ChannelID
	for i, s := range script {
		// The odd microsecond keeps steps apart from what earlier ones led to.
		time.Sleep(s.wait + time.Microsecond)
		synctest.Wait()
		a := agent(sim, s.agent)
		switch s.what {
		case 0, 1, 2, 3:
			id := telephony.ChannelID(strconv.Itoa(i))
			placed = append(placed, id)
			if err := sim.Originate(t.Context(), telephony.OriginateRequest{
				ID: id, Endpoint: "Local/q@linekeeper-queue/n", Vars: map[string]string{"QUEUE_PRIO": strconv.Itoa(s.prio)},
			}); err != nil {
				t.Error(err)
			}
		case 4:
			a.AnswerAfter(time.Duration(s.prio*4)*time.Second).TalkFor(15*time.Second).Login("q", s.prio)
		case 5:
			a.Logout("q")
		case 6:
			a.Pause("break")
		case 7:
			a.Unpause()
		case 8:
			a.Miss(s.prio)
			a.Away(s.prio == 2)
		case 9:
			if len(placed) > 0 {
				if err := sim.Hangup(t.Context(), placed[i%len(placed)], telephony.CauseNormal); err != nil {
					t.Error(err)
				}
			}
		}
	}
	return placed
}

// ledger follows the feed as a controller would and notes the first thing that
// cannot be.
type ledger struct {
	line  []telephony.ChannelID // who waits, in order
	ring  map[string]telephony.ChannelID
	talk  map[string]telephony.ChannelID
	fate  map[telephony.ChannelID]string
	fault string
	all   []telephony.QueueEvent
}

func (l *ledger) wrong(format string, args ...any) {
	if l.fault == "" {
		l.fault = fmt.Sprintf(format, args...)
	}
}

func (l *ledger) write(ev telephony.QueueEvent) {
	l.all = append(l.all, ev)
	who, ch := ev.Agent.Interface, ev.Channel
	switch ev.Kind {
	case telephony.CallerJoined:
		if ev.Position < 1 || ev.Position > len(l.line)+1 {
			l.wrong("%s joined at %d of %d", ch, ev.Position, len(l.line))
			return
		}
		l.line = slices.Insert(l.line, ev.Position-1, ch)
	case telephony.CallerLeft:
		if i := slices.Index(l.line, ch); i != ev.Position-1 {
			l.wrong("%s left position %d, stood at %d", ch, ev.Position, i+1)
			return
		}
		l.line = slices.Delete(l.line, ev.Position-1, ev.Position)
		l.fate[ch] = ev.Reason
		for a, x := range l.ring {
			if x == ch && ev.Reason == telephony.ReasonAbandoned {
				l.wrong("%s left while %s still rings", ch, a)
			}
		}
	case telephony.AgentRinging:
		l.first(ch)
		l.ring[who] = ch
	case telephony.AgentNoAnswer:
		delete(l.ring, who)
	case telephony.AgentConnected:
		if l.talk[who] != "" {
			l.wrong("%s took %s while talking to %s", who, ch, l.talk[who])
		}
		if l.fate[ch] != "" {
			l.wrong("%s was connected although %s", ch, l.fate[ch])
		}
		delete(l.ring, who)
		l.talk[who], l.fate[ch] = ch, "connected"
	case telephony.AgentCompleted:
		if l.talk[who] != ch {
			l.wrong("%s completed %s while talking to %q", who, ch, l.talk[who])
		}
		delete(l.talk, who)
		l.fate[ch] = "completed"
	case telephony.MemberChanged:
		if m := ev.Members[0]; m.Status != telephony.MemberRinging {
			delete(l.ring, who)
		}
	}
}

// first checks that nobody before ch waits without being rung for.
func (l *ledger) first(ch telephony.ChannelID) {
	for _, before := range l.line {
		if before == ch {
			return
		}
		rung := false
		for _, x := range l.ring {
			rung = rung || x == before
		}
		if !rung {
			l.wrong("%s is rung for while %s waits before", ch, before)
		}
	}
	l.wrong("%s is rung for and not in line", ch)
}
