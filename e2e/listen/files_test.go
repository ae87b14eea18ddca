package listen_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/listen"
)

// syllables is a sound like speech: bursts of noise with pauses between them.
func syllables(seed uint64, n int) []int16 {
	r := rand.New(rand.NewPCG(seed, seed))
	var out []int16
	for range n {
		low := 0.0
		for range 1000 {
			low = 0.7*low + r.NormFloat64()*2000
			out = append(out, int16(max(-30000, min(30000, low))))
		}
		out = append(out, make([]int16, 600)...)
	}
	return out
}

func TestFiles(t *testing.T) {
	t.Parallel()
	one, two := syllables(1, 10), syllables(2, 10)
	long := append(append([]int16(nil), one[:8000]...), syllables(3, 8)...) // begins like one
	sounds := listen.Files{"one": one, "two": two, "long": long}
	hear := func(s *sender) listen.Report {
		return listen.Hear(listen.Call{Packets: s.packets, Accepted: began, Ended: at(s.now), MusicHz: musicHz}, sounds)
	}

	r := hear(newSender().send(one).send(music(time.Second)).send(long).pause(time.Second).send(two))
	faults(t, r)
	if len(r.Prompts) != 3 || r.Prompts[0].Text != "one" || r.Prompts[1].Text != "long" || r.Prompts[2].Text != "two" {
		t.Fatalf("%+v", r.Prompts)
	}
	if d := r.Prompts[0].Level - r.Prompts[2].Level; math.Abs(d) > 1 {
		t.Errorf("levels differ by %.1f", d)
	}
	near(t, "the longest silence", r.LongestSilence().Ours(), time.Second+75*time.Millisecond, 30*time.Millisecond)

	lost := 60 * time.Millisecond
	r = hear(newSender().send(music(time.Second)).send(two[int(lost.Seconds()*8000):]))
	faults(t, r, "lacks its first 60")

	r = hear(newSender().send(two[:12000]).send(music(3 * time.Second)))
	faults(t, r, "lacks its last 4")

	torn := append([]int16(nil), two...)
	copy(torn[4960:], music(40*time.Millisecond))
	r = hear(newSender().send(torn))
	if len(r.Prompts) != 1 || r.Prompts[0].Damaged == 0 {
		t.Errorf("%+v", r.Prompts)
	}
}
