package crash_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/controller"
)

// death is one step at which a daemon is to die, and what leads to it.
type death struct {
	step  controller.Step
	nth   int // the step may come by more than once
	story string
}

// row is what became of it.
type row struct {
	death
	end
}

// The stories that lead to the steps.
const (
	kept      = "kept"      // the customer answers, presses 1 and talks with Anna
	busyFirst = "busyFirst" // busy at the first attempt, then kept
	givenUp   = "givenUp"   // busy at both attempts
	cancelled = "cancelled" // an operator cancels while the phone rings
	atATime   = "atATime"   // asked for in a moment, then kept
	postponed = "postponed" // asked for in a moment, put off, then kept
)

// deaths lists what is tried: each step that belongs to a story at least once.
func deaths() []death {
	at := func(story string, steps ...controller.Step) []death {
		var out []death
		for _, s := range steps {
			out = append(out, death{s, 1, story})
		}
		return out
	}
	all := at(kept,
		controller.StepAskedDecided, controller.StepAskedStored, controller.StepAskedHanded, controller.StepAskedTold,
		controller.StepDueDecided, controller.StepDueStored, controller.StepDialAsking, controller.StepDialSent, controller.StepDialAnswered,
		controller.StepRingingDecided, controller.StepRingingStored, controller.StepAnsweredDecided, controller.StepAnsweredStored,
		controller.StepGreeted, controller.StepYesDecided, controller.StepYesStored, controller.StepPlaceDecided, controller.StepPlaceStored,
		controller.StepLegAsking, controller.StepLegAnswered, controller.StepAgentDecided, controller.StepAgentStored,
		controller.StepConnectAsked, controller.StepBridgeAsking, controller.StepBridgeAnswered,
		controller.StepConnectedDecided, controller.StepConnectedStored, controller.StepDoneDecided, controller.StepDoneStored)
	all = append(all, death{controller.StepPlaceDecided, 2, kept}, death{controller.StepPlaceStored, 2, kept}, death{controller.StepPlaceStored, 3, kept})
	all = append(all, at(busyFirst, controller.StepFailedDecided, controller.StepFailedStored, controller.StepRetryDecided, controller.StepRetryStored)...)
	all = append(all, death{controller.StepDialSent, 2, busyFirst})
	all = append(all, at(givenUp, controller.StepGivenUpDecided, controller.StepGivenUpStored)...)
	all = append(all, at(cancelled, controller.StepCancelledDecided, controller.StepCancelledStored, controller.StepHangUpAsking, controller.StepHangUpAnswered)...)
	all = append(all, at(atATime, controller.StepWokenDecided, controller.StepWokenStored)...)
	all = append(all, at(postponed, controller.StepPutOffDecided, controller.StepPutOffStored)...)
	if only := os.Getenv("LINEKEEPER_STEPS"); only != "" { // separated by commas, when looking for trouble
		all = slices.DeleteFunc(all, func(d death) bool { return !slices.Contains(strings.Split(only, ","), d.step.String()) })
	}
	return all
}

// TestKilledAtEveryStep kills the daemon at each step of a promise on a real
// Asterisk and starts it again: see scene.play for what must hold.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	const scenes = 6
	var rows [scenes][]row
	t.Run("scene", func(t *testing.T) {
		for n := range scenes {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				s := open(t)
				for i, d := range deaths() {
					if i%scenes == n {
						rows[n] = append(rows[n], s.play(d, fmt.Sprintf("+79161%06d", i)))
					}
				}
			})
		}
	})
	show(t, slices.Concat(rows[:]...))
}

// show prints the table of what became of the promises.
func show(t *testing.T, rows []row) {
	slices.SortFunc(rows, func(a, b row) int {
		if a.step != b.step {
			return int(a.step - b.step)
		}
		return a.nth - b.nth
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%4s %-18s %3s  %-10s %-5s  %-9s  %s\n", "step", "killed at", "nth", "story", "dials", "ended as", "attempts")
	for _, r := range rows {
		fmt.Fprintf(&b, "%4d %-18s %3d  %-10s %-5d  %-9s  %s\n", r.step, r.step, r.nth, r.story, r.dials, r.state, r.what)
	}
	t.Logf("%d kills\n%s", len(rows), b.String())
}
