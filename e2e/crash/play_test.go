package crash_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback/window"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// play tells one story with a daemon that dies at a step, starts it again, and
// lets the story end: the promise is not lost, the phone rang once for each attempt
// that is written down and is not uncertain, and the place kept its time.
func (s *scene) play(d death, number string) row {
	s.Helper()
	s.must(s.StopDaemon())
	s.dieAt(d.step, d.nth)
	s.annaIsFree()
	plans := map[string][]act{kept: {talks}, atATime: {talks}, busyFirst: {busy, talks}, givenUp: {busy}, cancelled: {rings}}
	mayEnd := s.awaits(number, plans[d.story]...)
	if d.step == controller.StepDoneDecided || d.step == controller.StepDoneStored {
		close(mayEnd)
	}
	asked := api.AddCallback{Number: number, Key: number}
	if d.story == atATime {
		asked.When = window.Wish{From: time.Now().Add(2 * time.Second).Format(time.RFC3339Nano)}
	}
	// Whoever asks may get no answer, for the daemon dies.
	s.beside(func(ctx context.Context) { _, _ = s.Client.AddCallback(ctx, asked) })
	if d.story == cancelled {
		s.beside(func(ctx context.Context) { s.cancelWhenItRings(ctx, number) })
	}
	select {
	case <-s.DaemonDone():
	case <-s.soon().Done():
		s.Fatalf("the daemon never came to step %s", d.step)
	}
	s.must(s.KillDaemon()) // it is dead; this takes it away
	s.must(s.StartDaemon(s.soon()))
	if !(d.step == controller.StepDoneDecided || d.step == controller.StepDoneStored) {
		close(mayEnd)
	}
	made, err := s.Client.AddCallback(s.soon(), asked) // again, with the same key
	s.must(err)
	if d.story == cancelled {
		_, err := s.Client.CancelCallback(s.soon(), made.ID, "again")
		s.must(err)
	}
	return s.judge(d, number, made.PlaceAt)
}

// dieAt starts a daemon that kills itself at a step.
func (s *scene) dieAt(step controller.Step, nth int) {
	s.Helper()
	err := s.StartDaemonWith(s.soon(), map[string]string{"LINEKEEPER_CRASH_AT": fmt.Sprintf("%s:%d", step, nth)})
	if !errors.Is(err, stage.ErrDaemonEnded) { // it may get there sooner than it is ready
		s.must(err)
	}
}

// beside does something that the daemon may not survive.
func (s *scene) beside(do func(ctx context.Context)) {
	s.actors.Go(func() {
		ctx, cancel := context.WithTimeout(s.Context(), most)
		defer cancel()
		do(ctx)
	})
}

// cancelWhenItRings is an operator who thinks better of it. There may be no answer.
func (s *scene) cancelWhenItRings(ctx context.Context, number string) {
	for ctx.Err() == nil {
		cbs, err := s.Client.Callbacks(ctx, api.CallbackFilter{Number: number, States: []string{"ringing"}})
		if err != nil {
			return
		}
		if len(cbs) == 1 {
			_, _ = s.Client.CancelCallback(ctx, cbs[0].ID, "not wanted")
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// judge waits for the end of the promise to a number and holds it against what the
// phone saw.
func (s *scene) judge(d death, number string, placeAt time.Time) row {
	s.Helper()
	want := map[string]string{kept: "done", atATime: "done", busyFirst: "done", givenUp: "given_up", cancelled: "cancelled"}[d.story]
	s.until("the promise to "+number+" is over", func() bool {
		cb, ok := s.promise(number)
		return ok && cb.EndedAt != nil
	})
	cb, _ := s.promise(number)
	r := row{death: d, dials: s.dials(number), state: cb.State}
	outcomes, uncertain := []string{}, 0
	for _, a := range cb.Attempts {
		outcomes = append(outcomes, a.Outcome)
		if a.Outcome == "uncertain" {
			uncertain++
		}
	}
	r.what = strings.Join(outcomes, ", ")
	if r.dials > len(cb.Attempts) || r.dials < len(cb.Attempts)-uncertain || len(cb.Attempts) > 2 {
		s.Errorf("killed at %s: the phone rang %d times for the attempts %s", d.step, r.dials, r.what)
	}
	if cb.State != want {
		s.Errorf("killed at %s: the promise ended as %s (%s), want %s: %s", d.step, cb.State, cb.EndReason, want, r.what)
	}
	if !cb.PlaceAt.Equal(placeAt) {
		s.Errorf("killed at %s: the place counts from %v and counted from %v", d.step, cb.PlaceAt, placeAt)
	}
	story, err := s.Client.Why(s.soon(), cb.ID)
	s.must(err)
	if told := strings.Join(story.Story, "\n"); uncertain > 0 && !strings.Contains(told, "cannot be known") {
		s.Errorf("killed at %s: why does not explain it:\n%s", d.step, told)
	}
	s.until("no place is left", func() bool {
		q, err := s.Client.Queue(s.soon(), "support")
		s.must(err)
		return len(q.Places) == 0
	})
	return r
}
