package voice

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// studio is a folder of recordings.
type studio struct {
	*testing.T
	dir string
}

func newStudio(t *testing.T) (studio, *Recordings) {
	t.Helper()
	s := studio{t, t.TempDir()}
	r, err := OpenRecordings(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// puts a file into the folder of a language and gives its path.
func (s studio) puts(lang, name string, data []byte) string {
	s.Helper()
	path := filepath.Join(s.dir, lang, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

func TestRecordingGoesBeforeSpeech(t *testing.T) {
	t.Parallel()
	s, recordings := newStudio(t)
	engine := &scripted{render: beep()}
	c := open(t, t.TempDir(), engine, func(o *Options) { o.Recordings = recordings })
	const text = "Здравствуйте!"
	if got := heard(t, media(t, c, "ru", text)); len(got) != 3 {
		t.Errorf("%d samples before there is a recording", len(got))
	}
	stereo := riff(0, format(1, 2, 44100, 16), chunk("data", 0, interleave(sine(600, 4000, 0.5, 44100))...))
	path := s.puts("ru", "support-greet-"+ID("ru", text)+".WAV", stereo)
	got := heard(t, media(t, c, "ru", text))
	if !marks.Detect(got[800:2400], 600) {
		t.Error("the recording is not heard")
	}
	checkHalfSecond(t, exactly(got...))
	if l := Loudness(got, Rate); l < target-0.5 || l > target+0.5 {
		t.Errorf("it is heard at %.1f LUFS", l)
	}
	if n := engine.calls.Load(); n != 1 {
		t.Errorf("%d texts were spoken", n)
	}
	s.puts("ru", filepath.Base(path), encodeWAV(sine(900, 4000, 0.4, 8000), 8000))
	if !marks.Detect(heard(t, media(t, c, "ru", text))[800:2400], 900) {
		t.Error("the new recording is not heard")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := heard(t, media(t, c, "ru", text)); len(got) != 3 {
		t.Errorf("%d samples after the recording is gone", len(got))
	}
	if other := heard(t, media(t, c, "en", text)); len(other) != 3 {
		t.Error("the recording is heard in another language")
	}
}

func interleave(in []int16) []byte {
	var out []byte
	for _, s := range in {
		out = append(out, byte(s), byte(uint16(s)>>8), byte(s), byte(uint16(s)>>8))
	}
	return out
}

func TestBadRecordings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"compressed", []byte("ID3"), "not a WAV file"},
		{"24 bits", riff(0, format(1, 1, 48000, 24), chunk("data", 0, 1, 2, 3)), "PCM with 24 bits"},
		{"A-law", riff(0, format(6, 1, 8000, 8), chunk("data", 0, 1, 2, 3)), "A-law with 8 bits"},
		{"silent", encodeWAV(make([]int16, 8000), 8000), "only silence"},
	} {
		s, recordings := newStudio(t)
		path := s.puts("ru", "x-"+ID("ru", "один")+".wav", c.data)
		there, err := recordings.Has("ru", "один")
		if !there || err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "16 bits") {
			t.Errorf("%s: %v, %v", c.name, there, err)
		}
		var told []string
		engine := &scripted{render: beep()}
		voice := open(t, t.TempDir(), engine, func(o *Options) {
			o.Recordings = recordings
			o.Faulty = func(err error) { told = append(told, err.Error()) }
		})
		for range 2 {
			if got := heard(t, media(t, voice, "ru", "один")); len(got) != 3 {
				t.Errorf("%s: %d samples, want the spoken text", c.name, len(got))
			}
		}
		if len(told) != 1 || !strings.Contains(told[0], c.want) || strings.Count(told[0], path) != 1 {
			t.Errorf("%s: told %q", c.name, told)
		}
	}
}

func TestStrays(t *testing.T) {
	t.Parallel()
	s, recordings := newStudio(t)
	s.puts("ru", ID("ru", "один")+".wav", nil)
	old := s.puts("ru", "menu-0123456789.wav", nil)
	typo := s.puts("ru", "один.wav", nil)
	s.puts("ru", "notes.txt", nil)
	if diff := cmp.Diff([]string{old, typo}, recordings.Strays("ru", []string{"один"})); diff != "" {
		t.Error(diff)
	}
	if got := recordings.Strays("en", nil); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	if ID("ru", " раз  два\n") != ID("ru", "раз два") {
		t.Error("blanks make another text")
	}
	ids := []string{ID("ru", "раз"), ID("en", "раз"), ID("ru", "раз!")}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 3 {
		t.Errorf("%q", ids)
	}
}

func TestFolderOfRecordingsThatIsNone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, file + "-missing"} {
		if _, err := OpenRecordings(dir); err == nil || !strings.Contains(err.Error(), "voice.recordings") {
			t.Errorf("got %v", err)
		}
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	s, recordings := newStudio(t)
	c := open(t, t.TempDir(), &scripted{render: beep()}, func(o *Options) { o.Recordings = recordings })
	ready := func(want bool) {
		t.Helper()
		if c.Ready("ru", "один") != want {
			t.Errorf("it is ready: %v", !want)
		}
	}
	ready(false)
	media(t, c, "ru", "один")
	ready(true)
	s.puts("ru", ID("ru", "один")+".wav", encodeWAV(sine(600, 3000, 0.5, Rate), Rate))
	ready(false)
	if err := c.Warm(context.Background(), ru("один"), nil); err != nil {
		t.Error(err)
	}
	ready(true)
}
