package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/told.txt anew")

func TestLinesComeInOrder(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	n := newNarrator(&out, false, func(err error) { t.Error(err) })
	n.begin()
	began := n.began
	n.say(began.Add(2*time.Second), "Maria", "hears %q", "Здравствуйте!")
	n.say(began.Add(1500*time.Millisecond), keeper, "Maria: place taken")
	n.say(began.Add(1500*time.Millisecond), keeper, "Maria: told a wait")
	n.say(began.Add(-time.Second), "Ivan", "calls")
	n.print("The end.\n")
	n.say(began.Add(3*time.Second), "Olga", "hangs up")
	n.close()
	want := `  0.0  Ivan        calls
  1.5  linekeeper  Maria: place taken
  1.5  linekeeper  Maria: told a wait
  2.0  Maria       hears "Здравствуйте!"
The end.
  3.0  Olga        hangs up
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestColorsOnATerminalOnly(t *testing.T) {
	t.Parallel()
	for _, color := range []bool{false, true} {
		var out strings.Builder
		n := newNarrator(&out, color, func(err error) { t.Error(err) })
		n.heading("Scene")
		n.say(time.Now(), "Maria", "calls")
		n.close()
		if got := strings.Contains(out.String(), "\x1b["); got != color {
			t.Errorf("colour %t: %q", color, out.String())
		}
	}
}

// deaf is a reader who has gone.
type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAReaderWhoLeavesEndsTheDemo(t *testing.T) {
	t.Parallel()
	told := make(chan error, 10)
	n := newNarrator(deaf{}, false, func(err error) { told <- err })
	n.print("one\n")
	n.print("two\n")
	n.close()
	if err := <-told; !errors.Is(err, io.ErrClosedPipe) || len(told) > 0 {
		t.Errorf("told %v and %d more", err, len(told))
	}
}

// The sentences about the recorded play; read them, then run with -update.
func TestWhatIsToldOfAPlay(t *testing.T) {
	t.Parallel()
	tell := newTeller()
	var told strings.Builder
	for _, ev := range recorded(t) {
		if text := tell.tell(ev); text != "" {
			told.WriteString(text + "\n")
		}
	}
	const golden = "testdata/told.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), told.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOrdinals(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
