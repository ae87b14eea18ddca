package hotline_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/stage"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// firstSound is the longest that a caller may hear nothing after the answer, on a
// machine that runs other tests meanwhile.
const firstSound = 900 * time.Millisecond

// Asterisk reads no file of linekeeper's here: it fetches every sound, each once
// and before somebody is to hear it.
func TestSoundsOverHTTP(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	r := setUp(t, func(o *stage.Options) {
		o.Speech = stage.Keys{"deliver": "http", "http": stage.Keys{"listen": listen, "url": "http://" + listen}}
	})
	// Of texts with values the first to hear one makes it; these come at once.
	var wg sync.WaitGroup
	callers := make([]*caller, 3)
	for i := range callers {
		callers[i] = r.calls(ivan, support)
	}
	for _, c := range callers {
		wg.Go(func() {
			c.hears("Hello.")
			c.hears("Иван Петров, рады слышать.")
			c.hears("Баланс - один")
		})
	}
	wg.Wait()
	var waits []time.Duration
	for _, c := range callers {
		wait := c.FirstSoundAt().Sub(c.AnsweredAt())
		waits = append(waits, wait.Round(time.Millisecond))
		if wait > firstSound {
			r.Errorf("the first sound comes %v after the answer", wait)
		}
		c.hangsUp()
	}
	r.Logf("from answer to first sound: %v", waits)
	kept, err := r.Asterisk.CLI(r.soon(), "media cache show all")
	r.must(err)
	if n := strings.Count(kept, "http://"+listen+"/sounds/"); n < 3 {
		r.Errorf("Asterisk keeps %d sounds:\n%s", n, kept)
	}
	problems, err := r.Asterisk.Problems()
	r.must(err)
	if i := slices.IndexFunc(problems, func(p string) bool { return strings.Contains(p, "media_cache") || strings.Contains(p, "file.c") }); i >= 0 {
		r.Errorf("Asterisk complains: %s", problems[i])
	}
}

// A dead voice: recordings are heard, for the rest Asterisk's own sounds where it
// has them, and the call takes its way.
func TestDeadVoice(t *testing.T) {
	t.Parallel()
	const hz = 700
	studio := t.TempDir()
	file := filepath.Join(studio, "en", fmt.Sprintf("voice.recorded-%s.wav", voice.ID("en", "Welcome.")))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := asterisk.WriteTone(file, hz, time.Second); err != nil {
		t.Fatal(err)
	}
	r := setUp(t, func(o *stage.Options) {
		o.Hotlines = "testdata/voice"
		o.Speech = stage.Keys{"engine": "command", "command": []string{"false"}, "recordings": studio}
	})
	const number = "+79160000064"
	c := r.calls(number, "640")
	r.must(c.WaitTone(r.soon(), hz))
	c.letGo()
	got := r.result(number, "ivr")
	var told []string
	r.must(r.Client.Journal(r.soon(), api.JournalFilter{Call: got.ID, Type: "call.unspoken"}, func(e api.Event) error {
		told = append(told, fmt.Sprintf("%v %v", e.Data["prompt"], e.Data["instead"]))
		return nil
	}))
	want := []string{voice.ID("en", "Nobody can say this.") + " nothing", voice.ID("en", "Goodbye!") + " pieces"}
	if !slices.Equal(told, want) {
		r.Errorf("the journal tells %q, want %q", told, want)
	}
	if silence := c.SilenceLongest(); silence > 2*time.Second {
		r.Errorf("nothing is heard for %v", silence)
	}
	problems, err := r.Asterisk.Problems()
	r.must(err)
	if i := slices.IndexFunc(problems, func(p string) bool { return strings.Contains(p, "file.c") }); i >= 0 {
		r.Errorf("Asterisk complains: %s", problems[i])
	}
}
