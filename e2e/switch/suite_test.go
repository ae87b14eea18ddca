package switch_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(switches)); err != nil {
		fmt.Fprintln(os.Stderr, "switch:", err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// mediaCount is how many media there are. Each is a mark, by which a phone knows
// it if it hears all of it, and a hum.
const mediaCount = 3

func mediaName(i int) string { return fmt.Sprintf("switch-medium-%d", i) }

// mediaText gives the name of a medium by the code of its mark.
func mediaText(code uint32) string {
	for i := range mediaCount {
		if marks.Code(mediaName(i)) == code {
			return mediaName(i)
		}
	}
	return ""
}

// provoked are the complaints that the suite is bound to cause: things that do not
// exist, a phone that is not registered, ids and names in use, connections that are cut, sound that a hang-up cuts off, and
// callers who are gone before the driver can watch them.
var provoked = regexp.MustCompile(`no/such/medium|` + missing +
	`|Unique ID '.*' already in use|Recording .* already in progress|Playback failed for recording:|(?i:web ?socket)|Playback failed for sound:silence|Event source not found|Channel .* not in bridge` +
	`|Endpoint '104': Could not create dialog|Failed to create outgoing session to endpoint '104'`)

// switches is how many Asterisks share the cases: each case waits for most of its time.
const switches = 4

func TestAsteriskIsASwitch(t *testing.T) {
	install, err := asterisk.Setup(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	free := make(chan *asterisk.Asterisk, switches)
	for range switches {
		free <- started(t, install)
	}
	numbers := new(numbering)
	t.Run("case", func(t *testing.T) {
		switchtest.Exercise(t, func(t *testing.T) switchtest.Rig {
			t.Parallel()
			a := <-free
			t.Cleanup(func() { free <- a }) // after all that open cleans up
			return open(t, a, numbers)
		})
	})
	for range switches {
		problems, err := (<-free).Problems()
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			if !provoked.MatchString(problem) {
				t.Errorf("asterisk complains: %s", problem)
			}
		}
	}
}

// started is an Asterisk with all that the cases need, which ends with the test.
func started(t *testing.T, install asterisk.Install) *asterisk.Asterisk {
	t.Helper()
	a, err := asterisk.Start(t.Context(), asterisk.Options{
		Install: install,
		Operators: []asterisk.Account{
			{Name: "101", Password: "secret101"}, {Name: "102", Password: "secret102"},
			{Name: "103", Password: "secret103"}, {Name: "104", Password: "secret104"},
		},
		Extra:  map[string]string{"extensions.conf": passagePlan},
		Queues: []asterisk.Queue{{Name: line, Members: []string{"PJSIP/103"}, WrapUp: int(switchtest.WrapUp.Seconds())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	})
	for i := range mediaCount {
		if err := asterisk.WriteSound(filepath.Join(a.Sounds, mediaName(i)+".wav"), marks.Speech(mediaName(i))); err != nil {
			t.Fatal(err)
		}
	}
	return a
}
