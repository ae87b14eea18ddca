package crash_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/patience"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// most is how long anything may take that a test waits for.
const most = patience.Most

// scene is a stage with one agent, Anna, and the phone of all customers, on which
// one promise after another is kept.
type scene struct {
	*testing.T
	*stage.Stage

	mu        sync.Mutex
	customers map[string]*customer // by number
	done      chan struct{}        // closed when Anna may hang up
	actors    sync.WaitGroup
}

// customer is what one number's phone does, dial by dial; the last repeats.
type customer struct {
	plan   []act
	dials  int
	dialed time.Time     // the last time
	may    chan struct{} // closed when one who waits may answer
}

// act is what a customer does with one call.
type act int

const (
	talks   act = iota // answers, presses 1 whenever asked to, and talks
	busy               // rejects the call
	rings              // lets it ring
	waits              // lets it ring until told, then talks
	answers            // answers and presses nothing
)

// open sets a scene; the daemon runs.
func open(t *testing.T, change ...func(*stage.Options)) *scene {
	t.Helper()
	o := stage.Options{
		Install: install, Program: mortal, Hotlines: "testdata/hotlines",
		Asterisk: asterisk.Options{Queues: []asterisk.Queue{{Name: "support", Timeout: 5, Members: []string{"PJSIP/101,0,Anna"}}}},
	}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*most)
	defer cancel()
	st, err := stage.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{T: t, Stage: st, customers: map[string]*customer{}}
	t.Cleanup(func() {
		if t.Failed() {
			s.must(s.Logs(os.Stderr))
			if out, err := s.CLI(s.soon(), "journal"); err == nil {
				t.Log(out)
			}
		}
		err := s.Close()
		s.actors.Wait()
		s.must(err)
		t.Log(s.Proof)
	})
	account := s.Asterisk.Operators[0]
	anna, err := s.Phone(s.soon(), softphone.Options{
		User: account.Name, Password: account.Password, Tone: marks.PartyTones[0], OnRing: softphone.AutoAnswer(0), Lines: 1,
		Expiry: 4 * time.Second, // an Asterisk that was killed may have forgotten it
	})
	s.must(err)
	s.must(anna.Register(s.soon()))
	trunk, err := s.Trunk(s.soon(), softphone.Options{Tone: marks.PartyTones[1]})
	s.must(err)
	s.actors.Go(func() {
		for c := range trunk.Incoming() {
			s.actors.Go(func() { s.customer(c) })
		}
	})
	s.actors.Go(func() {
		for c := range anna.Incoming() {
			s.actors.Go(func() { s.agent(c, marks.PartyTones[1]) })
		}
	})
	s.annaIsFree()
	return s
}

// customer lives through one call to a customer's phone. The ends of calls are not
// its business: the test looks at what is written down.
func (s *scene) customer(c *softphone.Call) {
	s.mu.Lock()
	who, does := s.customers[c.Dialled()], rings
	if who != nil {
		who.dials++
		who.dialed = time.Now()
		does = who.plan[min(who.dials, len(who.plan))-1]
	}
	s.mu.Unlock()
	switch does {
	case answers:
		_ = c.Answer(s.Context())
	case busy:
		_ = c.Reject(s.Context(), 486)
	case talks, waits:
		if does == waits {
			select {
			case <-who.may:
			case <-c.Done():
				return
			case <-s.Context().Done():
				return
			}
		}
		if c.Answer(s.Context()) != nil {
			return
		}
		c.Talk(true)
		for {
			if _, err := c.WaitHearText(s.Context(), "press one"); err != nil {
				return
			}
			_ = c.Press(s.Context(), "1")
		}
	}
}

// agent waits until she hears the customer, and hangs up when she may.
func (s *scene) agent(c *softphone.Call, tone int) {
	if c.WaitTone(s.Context(), float64(tone)) != nil {
		return
	}
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	select {
	case <-done:
	case <-c.Done():
	case <-s.Context().Done():
	}
	_ = c.Hangup(s.Context())
}

// awaits makes a customer's phone; Anna talks until the channel that it gives is closed.
func (s *scene) awaits(number string, plan ...act) (mayEnd chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.customers[number] = &customer{plan: plan, may: make(chan struct{})}
	s.done = make(chan struct{})
	return s.done
}

// dials is how often a customer's phone rang.
func (s *scene) dials(number string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.customers[number].dials
}

// pickUp lets a customer answer who waits for that.
func (s *scene) pickUp(number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.customers[number].may)
}

// notBefore holds the time of a customer's last dial against a promise.
func (s *scene) notBefore(number string, at time.Time) {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if dialed := s.customers[number].dialed; dialed.Before(at) {
		s.Errorf("%s was called %v before the time", number, at.Sub(dialed))
	}
}

func (s *scene) must(err error) { s.Helper(); patience.Must(s.T, err) }

func (s *scene) soon() context.Context { return patience.Soon(s.T) }

func (s *scene) until(what string, cond func() bool) { s.Helper(); patience.Until(s.T, what, cond) }

// annaIsFree waits until the daemon knows that Anna is.
func (s *scene) annaIsFree() {
	s.Helper()
	s.until("Anna is free", func() bool {
		q, err := s.Client.Queue(s.soon(), "support")
		s.must(err)
		return len(q.Agents) == 1 && q.Agents[0].State == "idle"
	})
}

// promise finds the promise to a number; ok is false when there is none.
func (s *scene) promise(number string) (cb api.Callback, ok bool) {
	s.Helper()
	cbs, err := s.Client.Callbacks(s.soon(), api.CallbackFilter{Number: number})
	s.must(err)
	if len(cbs) > 1 {
		s.Fatalf("there are %d promises to %s", len(cbs), number)
	}
	if len(cbs) == 0 {
		return api.Callback{}, false
	}
	return cbs[0], true
}
