package simulate

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// restless is how many events an engine may cause at one moment before it is
// taken to go in circles.
const restless = 1_000_000

// world plays one day. It is the switch, the callers and the agents around an
// engine.
type world struct {
	plan   *Plan
	engine queues.Engine
	rng    *rand.Rand // what agents do
	seed   uint64
	emit   func(journal.Entry)
	est    estimates
	pacing pacing

	now    time.Time
	agenda agenda
	todo   []queues.Event // for the engine, in order
	wakes  int            // the engine's last Wake
	err    error

	guests map[string]*guest // by place id
	called map[string]*guest // by promise id
	agents map[string]*agent
	legs   map[string]*leg // agents' phones that ring or are answered, by channel
	left   int             // guests who are not through yet

	endless map[string]bool // queues whose work after a call only the agent ends
}

// leg is the phone of an agent, rung or answered for a place.
type leg struct {
	place    string
	agent    *agent
	answered bool
}

// Play plays a day that is drawn with a seed through an engine that is new and
// has the plan's rules; emit gets what goes to the journal, in order, and may be
// nil. The error says that the plan is wrong, or that the engine asked for
// something that cannot be.
func Play(p *Plan, engine queues.Engine, seed uint64, emit func(journal.Entry)) error {
	if err := p.Check(); err != nil {
		return err
	}
	if emit == nil {
		emit = func(journal.Entry) {}
	}
	w := &world{
		plan: p, engine: engine, emit: emit, now: p.Start, rng: newSource(seed, 'a'), seed: seed,
		guests: map[string]*guest{}, called: map[string]*guest{}, agents: map[string]*agent{}, legs: map[string]*leg{},
	}
	w.staff()
	w.invite(p.draw(newSource(seed, 'c')))
	w.estimate()
	w.pace()
	end := p.Start.Add(p.Length + p.Overtime)
	for w.err == nil {
		a, ok := w.agenda.next()
		if !ok || a.at.After(end) || w.left == 0 && !a.at.Before(p.Start.Add(p.Length)) {
			break
		}
		w.now = a.at
		a.do()
		w.settle()
	}
	return w.err
}

// Check says everything that is wrong with a plan; nil when it can be played.
func (p *Plan) Check() error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	known, agents := map[string]bool{}, map[string]bool{}
	for _, q := range p.Rules.Queues {
		known[q.Name] = true
	}
	for _, a := range p.Rules.Agents {
		agents[a.ID] = true
	}
	bad(p.Length > 0 && p.WarmUp >= 0 && p.WarmUp < p.Length && p.Overtime >= 0, "a day of %s with a warm-up of %s cannot be played", p.Length, p.WarmUp)
	for _, s := range p.Streams {
		bad(known[s.Queue], "callers for queue %q, which has no rules", s.Queue)
		bad(s.Talk != nil && s.Patience != nil, "callers for queue %q have no law of talk or patience", s.Queue)
		bad(s.Offer == nil || s.Offer.whole(), "the offer to callers of queue %q has no law of answering or deciding", s.Queue)
	}
	for _, k := range p.Known {
		h := p.Habits[k.Queue]
		bad(known[k.Queue] && h.Talk != nil && h.Patience != nil, "a caller for queue %q, which has no rules or no laws", k.Queue)
		promises := h.Promise != nil || k.End == EndPromised
		bad(!promises || h.Offer != nil && h.Offer.whole(), "a caller of queue %q wants to be called back, and it is not known how customers answer", k.Queue)
	}
	for _, s := range p.Staff {
		bad(agents[s.Agent] && s.Answer != nil, "agent %q is on duty, but has no rules or no law of answering", s.Agent)
	}
	return errors.Join(errs...)
}

// newSource gives the random numbers of one purpose.
func newSource(seed, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose)) }

func (w *world) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("at %s: %w", w.now.Format(time.TimeOnly), fmt.Errorf(format, args...))
	}
}

// after makes an appointment so many seconds from now; one in infinity is never
// made.
func (w *world) after(seconds float64, do func()) {
	if math.IsInf(seconds, 1) {
		return
	}
	w.agenda.add(w.now.Add(inTime(seconds)), do)
}

func inTime(seconds float64) time.Duration {
	const longest = 1e6 * 3600 // beyond any day, and no overflow
	return time.Duration(min(seconds, longest) * float64(time.Second))
}

// tell hands an event to the engine when it is its turn.
func (w *world) tell(ev queues.Event) { w.todo = append(w.todo, ev) }

// settle lets the engine take its events and carries out what it answers, until
// nothing more happens at this moment.
func (w *world) settle() {
	for n := 0; len(w.todo) > 0 && w.err == nil; n++ {
		if n > restless {
			w.fail("the engine does not come to rest")
			return
		}
		ev := w.todo[0]
		w.todo = w.todo[1:]
		for _, cmd := range w.engine.Apply(ev, w.now) {
			w.carryOut(cmd)
		}
		w.promiseWaits()
	}
	w.todo = w.todo[:0]
}

// carryOut does what the engine asks for, as the controller and a switch would.
func (w *world) carryOut(cmd queues.Command) {
	switch cmd := cmd.(type) {
	case queues.Ring:
		w.ring(cmd)
	case queues.Withdraw:
		w.hangUpLeg(cmd.Channel)
	case queues.Serve:
		w.serve(cmd.Place, cmd.Channel)
	case queues.Over:
		w.over(cmd.Place)
	case queues.Due:
		if g := w.called[cmd.Place.CallbackID]; g != nil {
			w.step(g, callback.Due{Ahead: cmd.Ahead, Basis: callback.Basis{
				Wait: cmd.Estimate.Mean, Known: cmd.Estimate.Known, Lead: cmd.Lead, InFlight: cmd.InFlight, Free: cmd.Free,
			}})
		}
	case queues.Wake:
		w.wake(cmd.At)
	case queues.SaveAgent:
		if a := w.agents[cmd.Duty.Agent]; a != nil {
			w.duty(a, cmd.Duty)
		}
	case queues.Moved:
		if g := w.guests[cmd.Place.ID]; g != nil {
			g.talking = false // if it did
		}
	case queues.Note:
		w.write(noted(cmd))
	case queues.Insert:
		w.fail("the engine asks for the switch's own queue, which is not simulated")
	case queues.Handover:
		w.fail("place %s goes to queue %q, which has no rules", cmd.Place.ID, cmd.Place.Queue)
	case queues.Save, queues.Update, queues.Named: // nobody listens
	}
}

func (w *world) wake(at time.Time) {
	w.wakes++
	mine := w.wakes
	if at.IsZero() {
		return
	}
	if at.Before(w.now) {
		at = w.now
	}
	w.agenda.add(at, func() {
		if w.wakes == mine {
			w.tell(queues.Tick{})
		}
	})
}
