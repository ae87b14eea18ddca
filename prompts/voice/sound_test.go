package voice

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

func decibel(x float64) float64 { return 20 * math.Log10(x/math.MaxInt16) }

func rms(in []int16) float64 {
	sum := 0.0
	for _, s := range in {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(len(in)))
}

// middle leaves out the ends, where the kernel reaches into nothing.
func middle(in []int16) []int16 { return in[800 : len(in)-800] }

func TestResampleKeepsTonesBelowTheCutoff(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{4000, 7999, 11025, 16000, 22050, 44100, 48000, 96000} {
		for _, hz := range []float64{200, 1000, 1600, 3300} {
			if hz > float64(rate)*0.42 {
				continue
			}
			in := sine(hz, 10000, 0.3, rate)
			out := middle(resample(in, rate, Rate))
			want := middle(sine(hz, 10000, 0.3, Rate))
			worst := 0.0
			for i := range out {
				worst = max(worst, math.Abs(float64(out[i])-float64(want[i])))
			}
			if worst > 20 { // -54 dB of the tone; most of it is the rounding of both
				t.Errorf("%v Hz at %d Hz is off by %v", hz, rate, worst)
			}
		}
	}
}

// What lies above 4 kHz must vanish instead of coming back as a false tone.
func TestResampleDoesNotAlias(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{16000, 22050, 44100, 48000} {
		for _, hz := range []float64{4100, 5000, 7000} {
			out := middle(resample(sine(hz, 20000, 0.3, rate), rate, Rate))
			if got := decibel(rms(out)); got > -60 {
				t.Errorf("%v Hz at %d Hz leaves %.0f dBFS", hz, rate, got)
			}
		}
	}
}

func TestResampleEdges(t *testing.T) {
	t.Parallel()
	if out := resample(nil, 22050, Rate); len(out) != 0 {
		t.Errorf("nothing becomes %v", out)
	}
	same := []int16{1, 2, 3}
	if out := resample(same, Rate, Rate); !slices.Equal(out, same) {
		t.Errorf("the same rate: %v", out)
	}
	loud := slices.Repeat([]int16{math.MaxInt16}, 4410)
	for _, s := range middleOf(resample(loud, 44100, Rate)) {
		if s < math.MaxInt16-40 {
			t.Fatalf("full scale became %d", s)
		}
	}
}

func middleOf(in []int16) []int16 { return in[len(in)/4 : 3*len(in)/4] }

func TestLevel(t *testing.T) {
	t.Parallel()
	pause := make([]int16, 3*Rate)
	for _, peak := range []float64{200, 1000, 10000, 32000} {
		speech := slices.Concat(sine(500, peak, 1, Rate), pause, sine(500, peak, 1, Rate))
		out := level(speech)
		if got := decibel(rms(out[:Rate])); math.Abs(got+20) > 0.3 {
			t.Errorf("peak %v: speech at %.1f dBFS, want -20 whatever the pause", peak, got)
		}
	}
	click := slices.Concat(sine(500, 300, 1, Rate), []int16{30000})
	if got := peakOf(level(click)); got > peakLevel+1 {
		t.Errorf("a click reaches %.1f dBFS", decibel(got))
	}
	if got := peakOf(level(sine(500, 110, 1, Rate))); got > 110*maxGain+1 {
		t.Errorf("a whisper is raised to %v", got)
	}
	noise := sine(500, 50, 1, Rate)
	if got := level(noise); !slices.Equal(got, noise) {
		t.Error("silence is raised")
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	silence := func(ms int) []int16 { return make([]int16, ms*Rate/1000) }
	beep := sine(1000, 8000, 0.5, Rate)
	for _, c := range []struct{ before, after, wantBefore, wantAfter int }{
		{0, 0, 0, 0}, {100, 250, 100, 250}, {300, 300, 300, 300}, {1000, 2000, 300, 300}, {0, 5000, 0, 300},
	} {
		out := trim(slices.Concat(silence(c.before), beep, silence(c.after)))
		// Blocks of 10 ms: an end may be kept up to one block longer.
		want := (c.wantBefore + 500 + c.wantAfter) * Rate / 1000
		if len(out) < want || len(out) > want+2*block {
			t.Errorf("%+v: %d samples, want %d", c, len(out), want)
		}
		if !marks.Detect(out[c.wantBefore*Rate/1000:][:1600], 1000) {
			t.Errorf("%+v: the tone is gone", c)
		}
	}
	for _, nothing := range [][]int16{nil, silence(5000), sine(500, 50, 1, Rate)} {
		if out := trim(nothing); len(out) != 0 {
			t.Errorf("silence leaves %d samples", len(out))
		}
	}
}

func BenchmarkResample(b *testing.B) {
	in := sine(1000, 10000, 10, 22050)
	b.Run(fmt.Sprintf("%ds", 10), func(b *testing.B) {
		for b.Loop() {
			resample(in, 22050, Rate)
		}
	})
}
