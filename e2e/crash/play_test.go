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
	plans := map[string][]act{kept: {talks}, atATime: {talks}, busyFirst: {busy, talks}, givenUp: {busy}, cancelled: {rings}, postponed: {talks}}
	mayEnd := s.awaits(number, plans[d.story]...)
	if d.step == controller.StepDoneDecided || d.step == controller.StepDoneStored {
		close(mayEnd)
	}
	asked := api.AddCallback{Number: number, Key: number}
	later := api.PostponeCallback{Until: time.Now().Add(7 * time.Second).Format(time.RFC3339Nano), Why: "at work"}
	switch d.story {
	case atATime:
		asked.When = window.Wish{From: time.Now().Add(2 * time.Second).Format(time.RFC3339Nano)}
	case postponed:
		asked.When = window.Wish{From: time.Now().Add(5 * time.Second).Format(time.RFC3339Nano)}
	}
	// Whoever asks may get no answer, for the daemon dies.
	s.beside(func(ctx context.Context) {
		made, err := s.Client.AddCallback(ctx, asked)
		if err == nil && d.story == postponed {
			_, _ = s.Client.PostponeCallback(ctx, made.ID, later)
		}
	})
	if d.story == cancelled {
		s.beside(func(ctx context.Context) { s.cancelWhenItRings(ctx, number) })
	}
	s.dies(d.step)
	s.must(s.StartDaemon(s.soon()))
	if !(d.step == controller.StepDoneDecided || d.step == controller.StepDoneStored) {
		close(mayEnd)
	}
	made, err := s.Client.AddCallback(s.soon(), asked) // again, with the same key
	s.must(err)
	placeAt := made.PlaceAt
	switch d.story {
	case cancelled:
		_, err := s.Client.CancelCallback(s.soon(), made.ID, "again")
		s.must(err)
	case postponed:
		put, err := s.Client.PostponeCallback(s.soon(), made.ID, later)
		s.must(err)
		defer func() { s.notBefore(number, put.Until) }()
		placeAt = put.Until // it was to be taken then
	}
	return row{d, s.judge("killed at "+d.step.String(), ends[d.story], number, placeAt)}
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

// ends is how the promise of each story ends.
var ends = map[string]string{kept: "done", atATime: "done", busyFirst: "done", givenUp: "given_up", cancelled: "cancelled", postponed: "done"}

// mostAttempts is what testdata/hotlines allows.
const mostAttempts = 2

// end is what became of a promise.
type end struct {
	state string
	what  string // the attempts in order
	dials int    // that the customer's phone saw
}

// judge waits for the end of the promise to a number and holds it against what the
// phone saw.
func (s *scene) judge(trouble, want, number string, placeAt time.Time) end {
	s.Helper()
	s.until("the promise to "+number+" is over", func() bool {
		cb, ok := s.promise(number)
		return ok && cb.EndedAt != nil
	})
	cb, _ := s.promise(number)
	e := end{dials: s.dials(number), state: cb.State}
	outcomes, uncertain := []string{}, 0 // the latter may never have been dialled
	for _, a := range cb.Attempts {
		outcomes = append(outcomes, a.Outcome)
		if a.Outcome == "uncertain" || a.Detail == "resolved by operator" {
			uncertain++
		}
	}
	e.what = strings.Join(outcomes, ", ")
	if want == "done" && len(outcomes) == mostAttempts && outcomes[mostAttempts-1] == "uncertain" {
		want = "given_up" // killed before Asterisk had the last of the dials: it counts, as nobody can know
	}
	if e.dials > len(cb.Attempts) || e.dials < len(cb.Attempts)-uncertain || len(cb.Attempts) > mostAttempts {
		s.Errorf("%s: the phone rang %d times for the attempts %s", trouble, e.dials, e.what)
	}
	if cb.State != want {
		s.Errorf("%s: the promise ended as %s (%s), want %s: %s", trouble, cb.State, cb.EndReason, want, e.what)
	}
	if !cb.PlaceAt.Equal(placeAt) {
		s.Errorf("%s: the place counts from %v and counted from %v", trouble, cb.PlaceAt, placeAt)
	}
	if uncertain > 0 {
		s.why(cb.ID, "cannot be known")
	}
	s.until("no place is left", func() bool {
		q, err := s.Client.Queue(s.soon(), "support")
		s.must(err)
		return len(q.Places) == 0
	})
	return e
}

// why holds what is told of a promise against words that must be in it.
func (s *scene) why(id string, words ...string) {
	s.Helper()
	story, err := s.Client.Why(s.soon(), id)
	s.must(err)
	for _, w := range words {
		if told := strings.Join(story.Story, "\n"); !strings.Contains(told, w) {
			s.Errorf("why does not say %q:\n%s", w, told)
		}
	}
}
