package simswitch_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestConformance runs the suite that every driver passes, in virtual time.
func TestConformance(t *testing.T) {
	t.Parallel()
	switchtest.ExerciseIn(t, synctest.Test, openRig)
}

// TestConformanceRealClock runs one more round on the real clock: it proves that
// the suite itself does not depend on a bubble.
func TestConformanceRealClock(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about twenty seconds of real time")
	}
	switchtest.Exercise(t, func(t *testing.T) switchtest.Rig {
		t.Parallel()
		return openRig(t)
	})
}

// rig is a simulated switch as the suite sees it.
type rig struct {
	sim     *simswitch.Switch
	callers int
}

func openRig(t *testing.T) switchtest.Rig {
	sim := simswitch.New(simswitch.Options{Duration: func(m telephony.Media) time.Duration {
		if m == "sound:no/such/medium" {
			return -1
		}
		return simswitch.DefaultDuration(m)
	}})
	t.Cleanup(sim.Close)
	sim.Endpoint("PJSIP/answers", simswitch.Answer(time.Second))
	sim.Endpoint("PJSIP/busy", simswitch.Busy(time.Second))
	sim.Context("passage", simswitch.Passage{Lasts: 2 * time.Second, Args: switchtest.PassageArgs[:]})
	sim.Queue("line", simswitch.QueueOptions{WrapUp: switchtest.WrapUp})
	sim.Agent("PJSIP/rings", "Anna").Miss(-1)
	sim.Agent("PJSIP/operator", "Olga").AnswerAfter(time.Second).Login("line", 0)
	sim.Agent("PJSIP/unplugged", "Ivan").Away(true)
	return &rig{sim: sim}
}

func (r *rig) Switch() telephony.Switch { return r.sim }

func (r *rig) Caller(_ *testing.T, dialed string) switchtest.Phone {
	r.callers++
	number := fmt.Sprintf("+7916000%04d", r.callers)
	return &phone{Phone: r.sim.Call(number, dialed), number: number, sim: r.sim}
}

func (r *rig) Endpoint(b switchtest.Behaviour) string {
	switch b {
	case switchtest.Answers:
		return "PJSIP/answers"
	case switchtest.Engaged:
		return "PJSIP/busy"
	case switchtest.Rings:
		return "PJSIP/rings"
	case switchtest.Operator:
		return "PJSIP/operator"
	case switchtest.Unplugged:
		return "PJSIP/unplugged"
	}
	return "PJSIP/missing"
}

func (r *rig) Operator(_ *testing.T, code string) switchtest.Phone {
	return &phone{Phone: r.sim.Agent("PJSIP/operator", "").Dial(code), number: "operator", sim: r.sim}
}

func (r *rig) Callee(_ *testing.T, near telephony.ChannelID) switchtest.Phone {
	return &phone{Phone: r.sim.Phone(near), number: "operator", sim: r.sim}
}

func (r *rig) Queue() string { return "line" }

func (r *rig) Passage() string { return "passage" }

func (r *rig) QueueFeed(context.Context, *testing.T) telephony.QueueFeed { return r.sim }

func (r *rig) Recorded(t *testing.T, name string, by switchtest.Phone) bool {
	for _, rec := range r.sim.Recordings() {
		if rec.Name == name {
			return slices.ContainsFunc(rec.Parts, func(p simswitch.Part) bool { return p.Channel == by.(*phone).ID() })
		}
	}
	t.Errorf("there is no recording %s", name)
	return false
}

func (r *rig) Media(i int) telephony.Media {
	return telephony.Media(fmt.Sprintf("silence:0.%d", i+2))
}

func (r *rig) Caps() switchtest.Caps    { return switchtest.Caps{Audio: true, Link: true} }
func (r *rig) BreakLink(*testing.T)     { r.sim.Disconnect() }
func (r *rig) RestoreLink(_ *testing.T) { r.sim.Reconnect() }

// phone makes a simulated phone one of the suite's.
type phone struct {
	*simswitch.Phone
	number string
	sim    *simswitch.Switch
}

func (p *phone) Number() string { return p.number }

func (p *phone) Speak(d time.Duration) {
	p.Phone.Speak(d)
	time.Sleep(d)
}

func (p *phone) HearsSaid(ctx context.Context, other switchtest.Phone) error {
	for _, r := range p.sim.Recordings() {
		if r.Channel == other.(*phone).ID() && r.Spoken > 0 {
			return p.WaitHear(ctx, telephony.RecordingMedia(r.Name))
		}
	}
	return fmt.Errorf("nobody recorded what %s said", other.Number())
}

func (p *phone) WaitEnded(ctx context.Context) error {
	_, err := p.Phone.WaitEnded(ctx)
	return err
}

func (p *phone) Hears(_ context.Context, other switchtest.Phone) (bool, error) {
	return p.Phone.Hears(other.(*phone).Phone), nil
}

func (p *phone) HeardAll(_ context.Context, m telephony.Media) error {
	if !slices.ContainsFunc(p.Heard(), func(h simswitch.Heard) bool { return h.Media == m && h.Complete }) {
		return fmt.Errorf("heard %v, and not all of %s", p.Heard(), m)
	}
	return nil
}

// world is a running switch with a record of everything it told.
type world struct {
	t *testing.T
	*simswitch.Switch

	mu     sync.Mutex
	events []telephony.Event
	queue  []telephony.QueueEvent
}

// inWorld runs a test in virtual time on a running switch.
func inWorld(t *testing.T, f func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, Switch: simswitch.New(simswitch.Options{Language: "ru"})}
		t.Cleanup(w.Close)
		go func() {
			for ev := range w.Events() {
				w.mu.Lock()
				w.events = append(w.events, ev)
				w.mu.Unlock()
			}
		}()
		go func() {
			for ev := range w.QueueEvents() {
				w.mu.Lock()
				w.queue = append(w.queue, ev)
				w.mu.Unlock()
			}
		}()
		go func() {
			if err := w.Run(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		f(w)
	})
}

// Context ends with the test.
func (w *world) Context() context.Context { return w.t.Context() }

// pass lets virtual time go by and everything due in it happen.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// said lists the switch's events after the n-th as short lines.
func (w *world) said(from int) []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, ev := range w.events[from:] {
		out = append(out, line(ev))
	}
	return out
}

// saidOfQueues lists the queue events after the n-th as short lines, without
// what is said of members and phones.
func (w *world) saidOfQueues(from int) []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, ev := range w.queue[from:] {
		switch ev.Kind {
		case telephony.MemberChanged, telephony.MemberRemoved, telephony.PhoneChanged:
		case telephony.CallerJoined, telephony.CallerLeft:
			out = append(out, trim(fmt.Sprintf("%v %s %d %s", ev.Kind, ev.Channel, ev.Position, ev.Reason)))
		default:
			out = append(out, trim(fmt.Sprintf("%v %s %s %s", ev.Kind, ev.Channel, ev.Agent.Name, ev.Reason)))
		}
	}
	return out
}

// must fails the test on an error.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// place starts a placeholder in a queue.
func (w *world) place(id, queue string, vars map[string]string) {
	w.t.Helper()
	w.must(w.Originate(w.Context(), telephony.OriginateRequest{
		ID: telephony.ChannelID(id), Endpoint: "Local/" + queue + "@linekeeper-queue/n",
		CallerID: telephony.CallerID{Number: "+79160000001"}, Args: []string{"place", "p-" + id}, Vars: vars,
	}))
}
