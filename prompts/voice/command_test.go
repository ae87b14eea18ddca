package voice

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sine makes seconds of a tone at a rate.
func sine(hz, peak, seconds float64, rate int) []int16 {
	out := make([]int16, int(seconds*float64(rate)))
	for i := range out {
		out[i] = int16(peak * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return out
}

// program writes a shell script that finds a WAV file of half a second at
// 22050 Hz as $WAV and its own folder as $DIR. It is run by sh, not by itself,
// because a file just written may still be open for writing in another fork.
func program(t *testing.T, body string) (script, dir string) {
	t.Helper()
	dir = t.TempDir()
	wav := encodeWAV(sine(1000, 3000, 0.5, 22050), 22050)
	if err := os.WriteFile(filepath.Join(dir, "tone.wav"), wav, 0o600); err != nil {
		t.Fatal(err)
	}
	script = filepath.Join(dir, "speak.sh")
	head := fmt.Sprintf("set -e\nDIR='%s'\nWAV=\"$DIR/tone.wav\"\n", dir)
	if err := os.WriteFile(script, []byte(head+body+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return script, dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func checkHalfSecond(t *testing.T, s Sound) {
	t.Helper()
	if got := float64(len(s.Samples)) / float64(s.Rate); math.Abs(got-0.5) > 0.01 {
		t.Errorf("%.3f s of sound", got)
	}
}

func TestTextOnStandardInput(t *testing.T) {
	t.Parallel()
	script, dir := program(t, `cat > "$DIR/said"; echo "$*" > "$DIR/args"; cat "$WAV"`)
	c := Command{Argv: []string{"sh", script, "-v", "{voice}", "{lang}"}, Voices: map[string]string{"ru": "elena"}}
	samples, err := c.Render(t.Context(), "ru", "Ваше место: пятое; $HOME `id`")
	if err != nil {
		t.Fatal(err)
	}
	checkHalfSecond(t, samples)
	if got := read(t, filepath.Join(dir, "said")); got != "Ваше место: пятое; $HOME `id`\n" {
		t.Errorf("standard input was %q", got)
	}
	if got := read(t, filepath.Join(dir, "args")); got != "-v elena ru\n" {
		t.Errorf("arguments were %q", got)
	}
}

func TestTextInArgumentsAndFileOut(t *testing.T) {
	t.Parallel()
	script, dir := program(t, `printf %s "$2" > "$DIR/said"; cat "$WAV" > "$1"; echo chatter`)
	c := Command{Argv: []string{"sh", script, "{out}", "{text}"}}
	samples, err := c.Render(t.Context(), "en", "--help {lang}")
	if err != nil {
		t.Fatal(err)
	}
	checkHalfSecond(t, samples)
	if got := read(t, filepath.Join(dir, "said")); got != " --help {lang}" {
		t.Errorf("the text was %q", got)
	}
}

func TestCommandThroughCache(t *testing.T) {
	t.Parallel()
	script, dir := program(t, `echo run >> "$DIR/runs"; cat "$WAV"`)
	c := open(t, t.TempDir(), Command{Argv: []string{"sh", script}})
	for range 3 {
		checkHalfSecond(t, exactly(heard(t, media(t, c, "ru", "один"))...))
	}
	if got := read(t, filepath.Join(dir, "runs")); got != "run\n" {
		t.Errorf("it ran %q", got)
	}
}

func TestCommandFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, want string }{
		{"fails", `echo "no such voice" >&2; exit 3`, "exit status 3: no such voice"},
		{"no sound", `true`, "not a WAV file"},
		{"text instead of sound", `echo hello`, "not a WAV file"},
		{"silence", `head -c 44 "$WAV"; head -c 8000 /dev/zero`, "only silence"},
	} {
		script, _ := program(t, c.body)
		err := Try(t.Context(), Command{Argv: []string{"sh", script}}, "ru", "один")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	script, _ := program(t, `true`)
	if _, err := (Command{Argv: []string{"sh", script, "{out}"}}).Render(t.Context(), "ru", "один"); err == nil ||
		!strings.Contains(err.Error(), "it wrote no file") {
		t.Errorf("no file: %v", err)
	}
}

func TestCommandThatIsMissing(t *testing.T) {
	t.Parallel()
	missing := Espeak(filepath.Join(t.TempDir(), "espeak-ng"))
	for _, err := range []error{missing.Check(), Command{Argv: []string{"no-such-speech-program"}}.Check()} {
		if err == nil || !strings.Contains(err.Error(), "install it (the package espeak-ng") {
			t.Errorf("got %v", err)
		}
	}
	if err := (Command{Argv: []string{"no-such-speech-program"}}).Check(); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := missing.Render(t.Context(), "ru", "один"); err == nil || !strings.Contains(err.Error(), "was not found") {
		t.Errorf("got %v", err)
	}
	if err := (Command{}).Check(); err == nil {
		t.Error("an empty command passes")
	}
	if err := (Command{Argv: []string{"sh"}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestCommandThatHangs(t *testing.T) {
	t.Parallel()
	script, _ := program(t, `exec sleep 600`)
	c := Command{Argv: []string{"sh", script}, Timeout: 100 * time.Millisecond}
	if _, err := c.Render(t.Context(), "ru", "один"); err == nil || !strings.Contains(err.Error(), "no answer within 100ms") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.Timeout = 0
	if _, err := c.Render(ctx, "ru", "один"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestIdentityTellsCommandsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range []Command{
		Espeak(""), Espeak("/opt/espeak"), {Argv: []string{"a b"}}, {Argv: []string{"a", "b"}},
		{Argv: []string{"a", "b"}, Voices: map[string]string{"ru": "x"}},
	} {
		if seen[c.Identity("ru")] {
			t.Errorf("%q twice", c.Identity("ru"))
		}
		seen[c.Identity("ru")] = true
	}
	one := Command{Voices: map[string]string{"ru": "a", "en": "b"}}
	other := Command{Voices: map[string]string{"ru": "a", "en": "c"}}
	if one.Identity("ru") != other.Identity("ru") {
		t.Error("another English voice changes the Russian one")
	}
}
