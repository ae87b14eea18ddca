package marks

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func sine(hz float64, peak float64, n int) []int16 {
	out, _ := appendTone(nil, 0.3, hz, peak, n)
	return out
}

func TestPartyTonesAreToldApart(t *testing.T) {
	t.Parallel()
	for _, played := range PartyTones {
		sound := companded(mulaw, sine(float64(played), 3000, 1600))
		for _, listened := range PartyTones {
			if got, want := Detect(sound, float64(listened)), played == listened; got != want {
				t.Errorf("played %d Hz: Detect(%d) = %v, want %v", played, listened, got, want)
			}
		}
		if Detect(sound, HumHz) {
			t.Errorf("the tone of %d Hz is taken for the hum", played)
		}
	}
}

func TestToneBeneathMusicOfTheSameLevel(t *testing.T) {
	t.Parallel()
	a, b := sine(1000, 3000, 1600), sine(550, 3000, 1600)
	for i := range a {
		a[i] += b[i]
	}
	if !Detect(a, 1000) || !Detect(a, 550) || Detect(a, 1150) {
		t.Errorf("shares: %.2f %.2f %.2f, want two heard and the third not", Share(a, 1000), Share(a, 550), Share(a, 1150))
	}
}

func TestSilenceIsNothing(t *testing.T) {
	t.Parallel()
	silence := companded(alaw, make([]int16, 1600))
	if Loud(silence) || Detect(silence, 1000) || Share(make([]int16, 160), 1000) != 0 || Share(nil, 1000) != 0 {
		t.Error("something is heard in silence")
	}
}

func TestSoundingGrowsAndBreaks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.IntRange(1, 50).Draw(t, "blocks")
		chunk := rapid.IntRange(1, 500).Draw(t, "chunk")
		tone := NewTone(1000)
		for rest := sine(1000, 2000, blocks*window); len(rest) > 0; {
			n := min(chunk, len(rest))
			tone.Write(rest[:n])
			rest = rest[n:]
		}
		if got, want := tone.Sounding(), time.Duration(blocks)*20*time.Millisecond; got != want {
			t.Fatalf("sounding for %v, want %v", got, want)
		}
		tone.Write(make([]int16, window))
		if tone.Sounding() != 0 {
			t.Fatalf("still sounding after silence: %v", tone.Sounding())
		}
	})
}
