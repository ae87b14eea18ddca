package cli

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestChart(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 5, 8, 30, 0, 0, time.UTC)
	got := chart([]float64{0, 1, 4, 8, math.NaN(), 0.2, 6, 0, 0}, 0, from, 15*time.Minute)
	want := []string{
		"   8.0 |   #",
		"       |   #",
		"   6.0 |   #  #",
		"       |   #  #",
		"   4.0 |  ##  #",
		"       |  ##  #",
		"   2.0 |  ##  #",
		"       | ### .#",
		"       +--+---+--",
		"          09  10",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chart (-want +got):\n%s", diff)
	}
	if empty := chart([]float64{0, 0}, 0, from, time.Hour); empty[0] != "   0.1 |" {
		t.Errorf("a day without waiting is drawn as %q", empty)
	}
}

func TestSlotsFitOnATerminal(t *testing.T) {
	t.Parallel()
	for length, want := range map[time.Duration]time.Duration{
		time.Hour: time.Minute, 2 * time.Hour: 5 * time.Minute, 12 * time.Hour: 10 * time.Minute, 24 * time.Hour: 20 * time.Minute, 240 * time.Hour: time.Hour,
	} {
		if got := slotOf(length); got != want {
			t.Errorf("a column of %s is %s, want %s", length, got, want)
		}
	}
}

func TestParseAgents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		group string
		n     []int
	}{
		"8..10": {"", []int{8, 9, 10}}, "12": {"", []int{12}}, "late=0..1": {"late", []int{0, 1}},
	} {
		group, counts, err := parseAgents(text)
		var n []int
		for _, c := range counts {
			n = append(n, *c)
		}
		if err != nil || group != want.group || !cmp.Equal(n, want.n) {
			t.Errorf("%q is %q, %v, %v", text, group, n, err)
		}
	}
	for _, text := range []string{"x", "3..", "9..8", "-1", "1..1000", "late="} {
		if _, _, err := parseAgents(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestTheDay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 15, 4, 5, 0, time.Local)
	for day, want := range map[string][2]time.Time{
		"yesterday":  {time.Date(2026, 3, 9, 0, 0, 0, 0, time.Local), time.Date(2026, 3, 10, 0, 0, 0, 0, time.Local)},
		"today":      {time.Date(2026, 3, 10, 0, 0, 0, 0, time.Local), time.Date(2026, 3, 10, 15, 4, 0, 0, time.Local)},
		"2026-02-28": {time.Date(2026, 2, 28, 0, 0, 0, 0, time.Local), time.Date(2026, 3, 1, 0, 0, 0, 0, time.Local)},
	} {
		s := &simulation{env: &env{now: func() time.Time { return now }}, day: day}
		from, to, err := s.theDay()
		if err != nil || !from.Equal(want[0]) || !to.Equal(want[1]) {
			t.Errorf("%s is from %v to %v, %v", day, from, to, err)
		}
	}
}
