package switch_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mediaHz are the pitches of the media; no phone has them as its own tone.
var mediaHz = [3]float64{550, 650, 750}

func mediaName(i int) string { return fmt.Sprintf("switch-medium-%d", i) }

// provoked are the complaints that the suite is bound to cause: things that do not
// exist, ids in use, connections that are cut, sound that a hang-up cuts off, and
// callers who are gone before the driver can watch them.
var provoked = regexp.MustCompile(`no/such/medium|` + missing +
	`|Unique ID '.*' already in use|(?i:web ?socket)|Playback failed for sound:silence|Event source not found|Channel .* not in bridge`)

func TestAsteriskIsASwitch(t *testing.T) {
	install, err := asterisk.Setup(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	a, err := asterisk.Start(t.Context(), asterisk.Options{Install: install})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	})
	for i, hz := range mediaHz {
		if err := asterisk.WriteTone(filepath.Join(a.Sounds, mediaName(i)+".wav"), hz, 300*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	numbers := new(numbering)
	switchtest.Exercise(t, func(t *testing.T) switchtest.Rig { return open(t, a, numbers) })

	problems, err := a.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		if !provoked.MatchString(problem) {
			t.Errorf("asterisk complains: %s", problem)
		}
	}
}
