package hotline_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/rehearsal"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// What callers hear in every kind of moment: nothing is torn, nothing overlaps, and
// nobody hears nothing for long.
func TestHeard(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*most)
	defer cancel()
	f, err := rehearsal.Run(ctx, rehearsal.Options{Install: install, Logs: func(s *stage.Stage) {
		if err := s.Logs(os.Stderr); err != nil {
			t.Error(err)
		}
	}})
	t.Logf("\n%v", f)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Faults) > 0 {
		t.Errorf("callers heard %d faults", len(f.Faults))
	}
	if spread := rehearsal.Spread(f.Speech); spread > 2 {
		t.Errorf("words differ in loudness by %.1f dB", spread)
	}
	if first := rehearsal.Percentile(f.First, 1); first > time.Second {
		t.Errorf("the first sound comes %v after the answer", first)
	}
	if len(f.Stops) == 0 || rehearsal.Percentile(f.Stops, 0.5) > atOnceHeard {
		t.Errorf("keys end what is said after %v", f.Stops)
	}
}
