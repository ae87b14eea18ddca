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

func TestLoudnessOfTheStandard(t *testing.T) {
	t.Parallel()
	// BS.1770-4: a tone of 997 Hz at full scale, in one channel, reads -3.01.
	for _, rate := range []int{8000, 16000, 48000} {
		if got := Loudness(sine(997, 32767, 3, rate), rate); math.Abs(got+3.01) > 0.1 {
			t.Errorf("%d Hz: %.2f LUFS, want -3.01", rate, got)
		}
	}
	// The conformance cases 1 and 3 of EBU Tech 3341, for one channel: 3 dB less.
	at := func(db float64) float64 { return 32768 * math.Pow(10, db/20) }
	if got := Loudness(sine(1000, at(-23), 20, 48000), 48000); math.Abs(got+26) > 0.1 {
		t.Errorf("a tone at -23 dBFS: %.2f LUFS, want -26", got)
	}
	steps := slices.Concat(sine(1000, at(-36), 10, 48000), sine(1000, at(-23), 60, 48000), sine(1000, at(-36), 10, 48000))
	if got := Loudness(steps, 48000); math.Abs(got+26) > 0.1 {
		t.Errorf("quiet ends count: %.2f LUFS, want -26", got)
	}
	if got := Loudness(make([]int16, Rate), Rate); !math.IsInf(got, -1) {
		t.Errorf("silence: %v", got)
	}
}

func TestLevel(t *testing.T) {
	t.Parallel()
	pause := make([]int16, 3*Rate)
	for rate, peaks := range map[int][]float64{8000: {300, 1000, 10000, 32000}, 22050: {1000}, 48000: {10000}} {
		for _, peak := range peaks {
			speech := slices.Concat(sine(500, peak, 1, rate), make([]int16, 3*rate), sine(500, peak, 1, rate))
			out, err := finish(Sound{Rate: rate, Samples: speech}, Rate)
			if err != nil {
				t.Fatal(err)
			}
			if got := Loudness(out, Rate); math.Abs(got-target) > 0.3 {
				t.Errorf("peak %v at %d Hz: %.1f LUFS, want %v whatever the pause", peak, rate, got, target)
			}
		}
	}
	raised := func(in []int16) float64 { return peakOf(amplify(in, gain(in, Rate))) }
	if got := raised(slices.Concat(sine(500, 300, 1, Rate), []int16{30000}, pause)); got > peakLevel+1 {
		t.Errorf("a click reaches %.1f dBFS", decibel(got))
	}
	if got := raised(sine(500, 110, 1, Rate)); got > 110*maxGain+1 {
		t.Errorf("a whisper is raised to %v", got)
	}
	if got := raised(sine(500, 50, 1, Rate)); got > 51 {
		t.Errorf("silence is raised to %v", got)
	}
}

// A wideband call hears a text as loud as others do.
func TestLevelIsThatOfNarrowSound(t *testing.T) {
	t.Parallel()
	hiss := sine(6000, 8000, 1, 48000)
	for i, s := range sine(500, 8000, 1, 48000) {
		hiss[i] += s
	}
	wide, err := finish(Sound{Rate: 48000, Samples: hiss}, 16000)
	if err != nil {
		t.Fatal(err)
	}
	if got := Loudness(resample(wide, 16000, Rate), Rate); math.Abs(got-target) > 0.3 {
		t.Errorf("%.1f LUFS, want %v", got, target)
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	silence := func(ms int) []int16 { return make([]int16, ms*Rate/1000) }
	beep := sine(1000, 8000, 0.5, Rate)
	for _, c := range []struct{ before, after, wantBefore, wantAfter int }{
		{0, 0, 0, 0}, {100, 250, 100, 250}, {300, 300, 300, 300}, {1000, 2000, 300, 300}, {0, 5000, 0, 300},
	} {
		out := trim(slices.Concat(silence(c.before), beep, silence(c.after)), Rate)
		// Blocks of 10 ms: an end may be kept up to one block longer.
		want := (c.wantBefore + 500 + c.wantAfter) * Rate / 1000
		if len(out) < want || len(out) > want+2*Rate/100 {
			t.Errorf("%+v: %d samples, want %d", c, len(out), want)
		}
		if !marks.Detect(out[c.wantBefore*Rate/1000:][:1600], 1000) {
			t.Errorf("%+v: the tone is gone", c)
		}
	}
	for _, nothing := range [][]int16{nil, silence(5000), sine(500, 50, 1, Rate)} {
		if out := trim(nothing, Rate); len(out) != 0 {
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
