package callback

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/journal"
)

// diary writes entries about attempts, one promise after another.
type diary struct {
	now  time.Time
	pace *Pace
	n    int
}

func newDiary(presumed time.Duration) *diary {
	return &diary{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), pace: NewPace(presumed)}
}

func (d *diary) entry(typ string, data map[string]any) {
	d.pace.Observe(journal.Entry{At: d.now, Type: typ, Callback: string(rune('a' + d.n)), Data: data})
}

// attempt lets a call take some seconds and end so; "" for a yes.
func (d *diary) attempt(took int, outcome Outcome) {
	d.n = (d.n + 1) % 20
	d.entry(NoteDialling, nil)
	d.now = d.now.Add(time.Duration(took) * time.Second)
	if outcome == "" {
		d.entry(NoteConfirmed, nil)
		d.now = d.now.Add(time.Minute)
		d.entry(NoteAttempt, map[string]any{"outcome": string(OutcomeAbandoned)}) // later, and of no account
		return
	}
	d.entry(NoteAttempt, map[string]any{"outcome": string(outcome)})
}

func TestPace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		attempts func(*diary)
		lead     time.Duration
		answers  float64
	}{
		{"nothing is known", func(*diary) {}, 15 * time.Second, -1},
		{"a few calls weigh little", func(d *diary) { d.attempt(30, "") }, 18750 * time.Millisecond, 1},
		{"no answer counts with its time", func(d *diary) {
			d.attempt(11, "")
			d.attempt(30, OutcomeNoAnswer)
		}, 17225 * time.Millisecond, 0.4949},
		{"what the switch could not do says nothing", func(d *diary) {
			d.attempt(1, OutcomeFailed)
			d.attempt(1, OutcomeCongestion)
			d.attempt(1, OutcomeCancelled)
		}, 15 * time.Second, -1},
		{"nor does what was not seen to end", func(d *diary) { d.attempt(3600, "") }, 15 * time.Second, -1},
		{"no longer than two minutes", func(d *diary) {
			for range 400 {
				d.attempt(590, OutcomeNoKey)
			}
		}, 2 * time.Minute, 0},
		{"what is long ago is forgotten", func(d *diary) {
			for range 400 {
				d.attempt(50, OutcomeNoAnswer)
			}
			for range 400 {
				d.attempt(10, "")
			}
		}, 10296 * time.Millisecond, 0.9997},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDiary(15 * time.Second)
			tc.attempts(d)
			if got := d.pace.Lead(); (got - tc.lead).Abs() > 50*time.Millisecond {
				t.Errorf("the lead is %v, want %v", got, tc.lead)
			}
			answers, seen := d.pace.Answers()
			if seen != (tc.answers >= 0) || seen && (answers < tc.answers-0.002 || answers > tc.answers+0.002) {
				t.Errorf("the share of answers is %.4f (%v), want %.4f", answers, seen, tc.answers)
			}
		})
	}
}

// TestPaceStaysWithinWhatItSaw whatever the journal holds.
func TestPaceStaysWithinWhatItSaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := newDiary(time.Duration(rapid.IntRange(1, 60).Draw(t, "presumed")) * time.Second)
		least, most := d.pace.Lead(), d.pace.Lead()
		for range rapid.IntRange(0, 100).Draw(t, "attempts") {
			took := rapid.IntRange(1, 100).Draw(t, "took")
			outcome := rapid.SampledFrom([]Outcome{"", OutcomeBusy, OutcomeNoAnswer, OutcomeMachine, OutcomeFailed}).Draw(t, "outcome")
			if outcome != OutcomeFailed {
				least, most = min(least, time.Duration(took)*time.Second), max(most, time.Duration(took)*time.Second)
			}
			d.attempt(took, outcome)
			if lead := d.pace.Lead(); lead < least-time.Millisecond || lead > most+time.Millisecond {
				t.Fatalf("the lead is %v, and all calls took %v to %v", lead, least, most)
			}
		}
	})
}
