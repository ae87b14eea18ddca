package crash_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// The stories of an attempt of which nobody can know, which an operator resolves.
const (
	wasMissed  = "failed"    // the next attempt follows
	wasReached = "reached"   // the promise is kept
	unwanted   = "cancelled" // the promise is over
)

// TestHeldForAnOperator kills the daemon before the switch was asked to dial, and
// again at each step until an operator has said what became of that attempt. Until
// then the phone must not ring.
func TestHeldForAnOperator(t *testing.T) {
	t.Parallel()
	const scenes = 4
	var rows [scenes][]row
	deaths := []death{
		{controller.StepUncertainDecided, 1, wasMissed}, {controller.StepUncertainStored, 1, wasReached},
		{controller.StepResolvedDecided, 1, wasMissed}, {controller.StepResolvedDecided, 1, wasReached}, {controller.StepResolvedDecided, 1, unwanted},
		{controller.StepResolvedStored, 1, wasMissed}, {controller.StepResolvedStored, 1, wasReached}, {controller.StepResolvedStored, 1, unwanted},
	}
	t.Run("scene", func(t *testing.T) {
		for n := range scenes {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				s := open(t, func(o *stage.Options) { o.Callbacks.More = stage.Keys{"uncertain": "hold"} })
				for i, d := range deaths {
					if i%scenes == n {
						rows[n] = append(rows[n], s.hold(d, fmt.Sprintf("+79162%06d", i)))
					}
				}
			})
		}
	})
	var all []row
	for _, r := range rows {
		all = append(all, r...)
	}
	show(t, all)
}

// hold tells one story of an uncertain attempt, with a daemon that dies before the
// dial and once more at a step.
func (s *scene) hold(d death, number string) row {
	s.Helper()
	s.must(s.StopDaemon())
	s.dieAt(controller.StepDueStored, 1)
	s.annaIsFree()
	close(s.awaits(number, talks))
	asked := api.AddCallback{Number: number, Key: number}
	s.beside(func(ctx context.Context) { _, _ = s.Client.AddCallback(ctx, asked) })
	s.dies(controller.StepDueStored)

	s.dieAt(d.step, 1)
	resolves := d.step == controller.StepResolvedDecided || d.step == controller.StepResolvedStored
	if resolves {
		id := s.isHeld(number)
		s.beside(func(ctx context.Context) { _, _ = s.CLI(ctx, "callback", "resolve", id, d.story) })
	}
	s.dies(d.step)
	s.must(s.StartDaemon(s.soon()))
	made, err := s.Client.AddCallback(s.soon(), asked)
	s.must(err)
	if d.step != controller.StepResolvedStored { // else the operator's word is on disk
		if id := s.isHeld(number); s.dials(number) != 0 {
			s.Errorf("%s rings although nobody said what became of %s", number, id)
		}
		_, err := s.CLI(s.soon(), "callback", "resolve", made.ID, d.story)
		s.must(err)
	}
	want := map[string]string{wasMissed: "done", wasReached: "done", unwanted: "cancelled"}[d.story]
	e := s.judge("killed at "+d.step.String(), want, number, made.PlaceAt)
	s.why(made.ID, "cannot be known, so an operator has to decide", "Operator decided about attempt 1")
	if dials := map[string]int{wasMissed: 1}[d.story]; e.dials != dials {
		s.Errorf("killed at %s, resolved as %s: the phone rang %d times, want %d", d.step, d.story, e.dials, dials)
	}
	return row{d, e}
}

// dies waits until the daemon is dead, and takes it away.
func (s *scene) dies(at controller.Step) {
	s.Helper()
	select {
	case <-s.DaemonDone():
	case <-s.soon().Done():
		s.Fatalf("the daemon never came to step %s", at)
	}
	s.must(s.KillDaemon())
}

// isHeld waits until the promise to a number is held for an operator.
func (s *scene) isHeld(number string) (id string) {
	s.Helper()
	s.until("the promise to "+number+" is held", func() bool {
		cb, _ := s.promise(number)
		id = cb.ID
		return cb.State == "uncertain"
	})
	return id
}
