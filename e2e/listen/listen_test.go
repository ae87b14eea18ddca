package listen_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/zaf/g711"

	"github.com/linekeeper/linekeeper/e2e/listen"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

const (
	musicHz = 800
	hello   = "Hello, this is the support line."
	menu    = "For your balance press one, for an operator press two."
)

var texts = map[uint32]string{marks.Code(hello): hello, marks.Code(menu): menu}

var began = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sender makes packets as Asterisk does: the clock goes on with time while nothing
// is sent, and packets come up to 30 ms late.
type sender struct {
	packets []softphone.Packet
	now     int // samples since the answer
	rand    *rand.Rand
}

func newSender() *sender { return &sender{rand: rand.New(rand.NewPCG(1, 2))} }

func (s *sender) send(sound []int16) *sender {
	for len(sound) > 0 {
		n := min(160, len(sound))
		pcm := g711.DecodeAlaw(g711.EncodeAlaw(bytesOf(sound[:n])))
		jitter := time.Duration(s.rand.IntN(30)) * time.Millisecond
		s.packets = append(s.packets, softphone.Packet{
			At: at(s.now).Add(jitter), Source: 7, Clock: uint32(1000 + s.now), Sound: samplesOf(pcm),
		})
		s.now += n
		sound = sound[n:]
	}
	return s
}

func (s *sender) pause(d time.Duration) *sender { s.now += int(d * 8000 / time.Second); return s }

func (s *sender) hear(t *testing.T, change ...func(*listen.Call)) listen.Report {
	t.Helper()
	c := listen.Call{Packets: s.packets, Accepted: began, Ended: at(s.now), MusicHz: musicHz}
	for _, f := range change {
		f(&c)
	}
	return listen.Hear(c, listen.Marks(func(code uint32) string { return texts[code] }))
}

func at(samples int) time.Time { return began.Add(time.Duration(samples) * time.Second / 8000) }

func bytesOf(pcm []int16) []byte {
	var b []byte
	for _, s := range pcm {
		b = append(b, byte(s), byte(s>>8))
	}
	return b
}

func samplesOf(b []byte) []int16 {
	var pcm []int16
	for i := 0; i+1 < len(b); i += 2 {
		pcm = append(pcm, int16(b[i])|int16(b[i+1])<<8)
	}
	return pcm
}

func tone(hz, peak float64, d time.Duration) []int16 {
	out := make([]int16, int(d.Seconds()*8000))
	for i := range out {
		out[i] = int16(peak * math.Sin(2*math.Pi*hz*float64(i)/8000))
	}
	return out
}

func music(d time.Duration) []int16 { return tone(musicHz, 5000, d) }

func near(t *testing.T, what string, got, want, by time.Duration) {
	t.Helper()
	if got < want-by || got > want+by {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func faults(t *testing.T, r listen.Report, want ...string) {
	t.Helper()
	got := r.Faults(2 * time.Second)
	if len(got) != len(want) {
		t.Fatalf("faults: %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("fault %q, want %q", got[i], want[i])
		}
	}
}

func TestCallWithoutFaults(t *testing.T) {
	t.Parallel()
	r := newSender().pause(250 * time.Millisecond).
		send(marks.Speech(hello)).pause(40 * time.Millisecond).send(music(2 * time.Second)).pause(60 * time.Millisecond).
		send(marks.Speech(menu)).send(music(time.Second)).hear(t)
	faults(t, r)
	near(t, "the first sound", r.First, 250*time.Millisecond, 25*time.Millisecond)
	if len(r.Prompts) != 2 || r.Prompts[0].Text != hello || r.Prompts[1].Text != menu {
		t.Fatalf("prompts: %+v", r.Prompts)
	}
	for _, p := range r.Prompts {
		near(t, "the length of "+p.Text, p.To-p.From, 400*time.Millisecond+marks.FillerLength(p.Text), 30*time.Millisecond)
		if p.Cut || p.Holes != 0 || math.Abs(p.Level+25.3) > 0.5 {
			t.Errorf("%+v", p)
		}
	}
	if len(r.Music) != 2 || math.Abs(r.Music[0].Level+19.3) > 0.5 {
		t.Fatalf("music: %+v", r.Music)
	}
	near(t, "the music", r.Music[0].To-r.Music[0].From, 2*time.Second, 30*time.Millisecond)
}

func TestSilences(t *testing.T) {
	t.Parallel()
	s := newSender().send(marks.Speech(hello)).pause(3 * time.Second)
	key := s.now
	r := s.pause(2500 * time.Millisecond).send(music(time.Second)).hear(t)
	faults(t, r, `silence of 5.5`)
	longest := r.LongestSilence()
	if longest.After != hello || longest.Before != "music" {
		t.Errorf("%+v", longest)
	}
	// Whoever waits for a key is not made to wait.
	r = s.hear(t, func(c *listen.Call) { c.Keys = []time.Time{at(key)} })
	faults(t, r, `silence of 2.5`)

	faults(t, newSender().pause(2500*time.Millisecond).send(music(time.Second)).hear(t), `between "the answer" and "music"`)
	faults(t, newSender().send(music(time.Second)).pause(2500*time.Millisecond).hear(t), `between "music" and "the end"`)
	faults(t, newSender().pause(time.Second).hear(t), "nothing was heard")
}

func TestSilenceThatIsSent(t *testing.T) {
	t.Parallel()
	r := newSender().send(marks.Speech(hello)).send(make([]int16, 3*8000)).send(music(time.Second)).hear(t)
	faults(t, r, "silence of 3")
}

func TestClippedBeginnings(t *testing.T) {
	t.Parallel()
	for _, lost := range []time.Duration{10, 60, 200, 390} {
		lost *= time.Millisecond
		sound := marks.Speech(hello)[int(lost.Seconds()*8000):]
		r := newSender().send(music(time.Second)).pause(100 * time.Millisecond).send(sound).hear(t)
		if len(r.Clipped)+len(r.Faults(time.Minute)) == 0 {
			t.Errorf("%v are missing and nobody noticed: %+v", lost, r)
			continue
		}
		missing := time.Duration(0)
		for _, c := range r.Clipped {
			missing += c.Missing
		}
		for _, p := range r.Prompts {
			missing += p.Late
		}
		near(t, "what is missing of "+lost.String(), missing, min(lost, 380*time.Millisecond), 25*time.Millisecond)
	}
}

func TestSilencedBeginning(t *testing.T) {
	t.Parallel()
	sound := marks.Speech(hello)
	clear(sound[:80])
	r := newSender().send(music(time.Second)).send(sound).hear(t)
	faults(t, r, "lacks its first 10")
}

func TestEndWithinTheMark(t *testing.T) {
	t.Parallel()
	s := newSender().send(marks.Speech(hello)).send(marks.Speech(menu)[:1280]).send(music(2 * time.Second))
	faults(t, s.hear(t), "lacks 220ms of its beginning")
	faults(t, s.hear(t, func(c *listen.Call) { c.Cuts = []time.Time{at(s.now - 16000)} }))
}

func TestEnds(t *testing.T) {
	t.Parallel()
	sound := marks.Speech(menu)
	s := newSender().send(sound[:len(sound)-8000])
	key := s.now - 40*8
	s.send(marks.Speech(hello))
	faults(t, s.hear(t), "lacks its last 1")
	r := s.hear(t, func(c *listen.Call) { c.Keys = []time.Time{at(key)} })
	faults(t, r)
	if !r.Prompts[0].Cut || r.Prompts[1].Cut || len(r.Stops) != 1 {
		t.Fatalf("%+v", r)
	}
	near(t, "the time to stop", r.Stops[0], 40*time.Millisecond, 20*time.Millisecond)
}

func TestHolesAreNotOurs(t *testing.T) {
	t.Parallel()
	sound := marks.Speech(menu)
	r := newSender().send(sound[:8000]).pause(2500 * time.Millisecond).send(sound[8000:]).hear(t)
	faults(t, r)
	if len(r.Prompts) != 1 || len(r.Silences) != 1 || !r.Silences[0].Within {
		t.Fatalf("%+v", r)
	}
	near(t, "the hole", r.Prompts[0].Holes, 2500*time.Millisecond, 10*time.Millisecond)
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	both := marks.Speech(menu)
	for i, s := range marks.Speech(hello) {
		both[8000+i] += s
	}
	if r := newSender().send(both).hear(t); len(r.Overlaps) != 1 || r.Overlaps[0].From.Round(50*time.Millisecond) != time.Second {
		t.Errorf("%+v", r.Overlaps)
	}

	beneath := marks.Speech(menu)
	for i, s := range music(time.Second) {
		beneath[8000+i] += s
	}
	faults(t, newSender().send(beneath).hear(t), "two sounds at once from 1")

	// Both are sent, in turns.
	s := newSender()
	for speech, tune := marks.Speech(hello), music(5*time.Second); len(speech) >= 160; speech, tune = speech[160:], tune[160:] {
		s.send(speech[:160]).send(tune[:160])
	}
	if r := s.hear(t); len(r.Overlaps) == 0 {
		t.Errorf("taking turns was not noticed: %+v", r)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	quiet := marks.Speech(menu)
	for i := range quiet {
		quiet[i] /= 2
	}
	r := newSender().send(marks.Speech(hello)).send(quiet).hear(t)
	if d := r.Prompts[0].Level - r.Prompts[1].Level; math.Abs(d-6) > 0.3 {
		t.Errorf("the second is %.1f dB quieter, want 6", d)
	}
}

func TestClockThatBeginsAnew(t *testing.T) {
	t.Parallel()
	s := newSender().send(marks.Speech(hello)).pause(time.Second)
	from := len(s.packets)
	s.send(music(time.Second))
	for i := range s.packets[from:] {
		s.packets[from+i].Source, s.packets[from+i].Clock = 8, s.packets[from+i].Clock-5000
	}
	r := s.hear(t)
	near(t, "the silence", r.LongestSilence().Ours(), time.Second, 40*time.Millisecond)
}
