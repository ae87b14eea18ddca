package controller_test

import (
	"context"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// promises gives all promises.
func (s *story) promises() []callback.Callback {
	cbs, err := s.store.Callbacks(context.Background(), store.CallbackFilter{Limit: 1000})
	if err != nil {
		return nil // the daemon is dead, and its store closed
	}
	return cbs
}

// judge asks what must hold after a story, wherever the daemon died: nobody was
// dialled more often than is written down, nobody by two legs at once, no promise
// is lost or ended twice, nobody was connected twice, and what could not be known
// is said by why.
func (s *story) judge() {
	t := s.t
	defer func() {
		if t.Failed() {
			t.Logf("died at %q", s.deaths)
		}
	}()
	snap, err := s.sim.Snapshot(s.ctx())
	s.must(err)
	if len(snap.Channels)+len(snap.Bridges) > 0 {
		t.Errorf("left on the switch: %+v", snap)
	}
	byNumber := map[string][]callback.Callback{}
	for _, cb := range s.promises() {
		byNumber[cb.Number] = append(byNumber[cb.Number], cb)
		s.judgeEnd(cb)
	}
	uncertain := 0
	for _, c := range s.customers {
		uncertain += s.judgeCustomer(c, byNumber[c.number])
	}
	t.Logf("%d customers, %d promises, %d uncertain attempts, died at %q", len(s.customers), len(s.promises()), uncertain, s.deaths)
}

// judgeEnd holds the end of one promise against its attempts and the journal.
func (s *story) judgeEnd(cb callback.Callback) {
	t := s.t
	ends := 0
	events, err := s.store.Events(s.ctx(), store.EventFilter{Callback: cb.ID})
	s.must(err)
	for _, ev := range events {
		if slices.Contains([]string{callback.NoteDone, callback.NoteGivenUp, callback.NoteCancelled}, ev.Type) {
			ends++
		}
	}
	last, tried := cb.Last()
	switch {
	case cb.Open() || ends != 1:
		t.Errorf("%s has %d ends: %+v", cb.ID, ends, cb)
	case cb.State != callback.Done && cb.EndReason == "":
		t.Errorf("%s is %s without a reason: %+v", cb.ID, cb.State, cb)
	case cb.State == callback.Done && (!tried || last.Outcome != callback.OutcomeConnected):
		t.Errorf("%s is done without a conversation: %+v", cb.ID, cb)
	case cb.State == callback.GivenUp && cb.Verify == "" && cb.Tries() < s.policy.MaxAttempts,
		cb.State == callback.GivenUp && cb.Verify != "" && cb.VerifyCalls() < callback.MaxVerifyCalls:
		t.Errorf("%s is given up too soon: %+v", cb.ID, cb)
	case cb.Tries() > s.policy.MaxAttempts, cb.VerifyCalls() > callback.MaxVerifyCalls:
		t.Errorf("%s was tried too often: %+v", cb.ID, cb)
	}
	for i, a := range cb.Attempts {
		if a.N != i+1 || a.Outcome == callback.OutcomePending {
			t.Errorf("attempt %d of %s never ended: %+v", i+1, cb.ID, a)
		}
		if i > 0 && cb.Attempts[i-1].Outcome != callback.OutcomeVerified && a.At.Before(cb.Attempts[i-1].EndedAt.Add(s.policy.RetryOf(cb.Attempts[i-1].Outcome).After)) {
			t.Errorf("attempt %d of %s came too soon: %+v", i+1, cb.ID, cb.Attempts)
		}
	}
}

// judgeCustomer holds what a customer's phone saw against the promises to them,
// and counts the attempts of which nobody knows what became.
func (s *story) judgeCustomer(c *customer, cbs []callback.Callback) (uncertain int) {
	t := s.t
	attempts := map[string]callback.Attempt{}
	for _, cb := range cbs {
		for _, a := range cb.Attempts {
			attempts[a.Channel] = a
			if !known(a) {
				uncertain++
				s.explained(cb)
			}
		}
	}
	dialled := s.sim.Dialled(c.endpoint())
	seen := map[string]bool{}
	talked := 0
	for i, p := range dialled {
		id := string(p.ID())
		a, written := attempts[id]
		if !written || seen[id] {
			t.Errorf("%s was dialled on %s, which nobody wrote down or did before: %+v", c.number, id, cbs)
		}
		seen[id] = true
		if len(p.Bridges()) > 0 {
			switch {
			case a.Verify:
				t.Errorf("%s was asked for a yes, and connected", c.number)
			case !known(a): // why says that they may have talked
			case a.Outcome != callback.OutcomeConnected:
				t.Errorf("%s talked on %s, which ended as %s", c.number, id, a.Outcome)
			default:
				talked++
			}
		}
		if i > 0 {
			_, to := dialled[i-1].Lasted()
			if from, _ := p.Lasted(); to.IsZero() || from.Before(to) {
				t.Errorf("%s had two legs at once: %s and %s", c.number, dialled[i-1].ID(), id)
			}
		}
	}
	if talked > 1 {
		t.Errorf("%s was connected %d times: %+v", c.number, talked, cbs)
	}
	s.judgePromised(c, cbs)
	return uncertain
}

// known says whether linekeeper itself knew what became of an attempt.
func known(a callback.Attempt) bool {
	return a.Outcome != callback.OutcomeUnconfirmed && !strings.HasPrefix(a.Detail, "resolved by")
}

// judgePromised holds what the customer or the operator was told against the
// records: a promise that was given exists.
func (s *story) judgePromised(c *customer, cbs []callback.Callback) {
	if c.wants != nil {
		if len(c.answered) == 0 {
			s.t.Errorf("the request of %s got no answer", c.number)
		} else if id := <-c.answered; id == "" && len(cbs) > 0 || id != "" && (len(cbs) != 1 || cbs[0].ID != id) {
			s.t.Errorf("%s was promised %q; there are %+v", c.number, id, cbs)
		}
	}
	if c.caller != nil && heard(c.caller, "We will call you when your turn comes") && len(cbs) == 0 {
		s.t.Errorf("the promise to %s is lost", c.number)
	}
}

// explained wants that why tells of what could not be known.
func (s *story) explained(cb callback.Callback) {
	story, err := s.ctl.Why(s.ctx(), cb.ID)
	s.must(err)
	if !slices.ContainsFunc(story, func(line string) bool { return strings.Contains(line, "known") }) {
		s.t.Errorf("why does not explain what cannot be known of %s:\n%s", cb.ID, strings.Join(story, "\n"))
	}
}
