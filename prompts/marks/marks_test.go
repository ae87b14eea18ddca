package marks

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type hit struct {
	Code uint32
	At   int64
}

// decode runs a stream through a decoder in chunks of 20 ms.
func decode(stream []int16) []hit {
	var hits []hit
	d := NewDecoder(func(code uint32, at int64) { hits = append(hits, hit{code, at}) })
	for len(stream) > 0 {
		n := min(window, len(stream))
		d.Write(stream[:n])
		stream = stream[n:]
	}
	return hits
}

// mulaw is G.711 mu-law there and back, written from the formula of the standard.
func mulaw(x int16) int16 {
	const bias, clip = 132, 32635
	v, sign := int(x), 1
	if v < 0 {
		v, sign = -v, -1
	}
	v = min(v, clip) + bias
	exp := 7
	for mask := 0x4000; exp > 0 && v&mask == 0; mask >>= 1 {
		exp--
	}
	mantissa := v >> (exp + 3) & 0xf
	return int16(sign * ((mantissa<<3+bias)<<exp - bias))
}

// alaw is G.711 A-law there and back.
func alaw(x int16) int16 {
	v, sign := int(x)>>3, 1 // 13 bit
	if v < 0 {
		v, sign = -v-1, -1
	}
	exp := 0
	for v>>5>>exp > 0 && exp < 7 {
		exp++
	}
	mantissa := v >> max(exp, 1) & 0xf
	out := mantissa<<1 + 1
	if exp > 0 {
		out = (mantissa<<1 + 33) << (exp - 1)
	}
	return int16(sign * out << 3)
}

func companded(law func(int16) int16, in []int16) []int16 {
	out := make([]int16, len(in))
	for i, s := range in {
		out[i] = law(s)
	}
	return out
}

func scaled(in []int16, db float64) []int16 {
	gain := math.Pow(10, db/20)
	out := make([]int16, len(in))
	for i, s := range in {
		out[i] = int16(float64(s) * gain)
	}
	return out
}

// music is a few bars of chords with noise, like music on hold.
func music(seed uint64, n int) []int16 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]int16, 0, n)
	for len(out) < n {
		f := [3]float64{200 + 600*r.Float64(), 300 + 1500*r.Float64(), 500 + 3000*r.Float64()}
		for i := range min(1200+r.IntN(1200), n-len(out)) {
			t := float64(i) / Rate
			x := math.Sin(2*math.Pi*f[0]*t) + math.Sin(2*math.Pi*f[1]*t) + 0.7*math.Sin(2*math.Pi*f[2]*t)
			out = append(out, int16(3000*x+300*r.NormFloat64()))
		}
	}
	return out
}

func join(parts ...[]int16) (out []int16) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func TestMarkLength(t *testing.T) {
	t.Parallel()
	if got := len(Encode(1)); got != MarkSamples || got >= Rate*400/1000 {
		t.Fatalf("a mark has %d samples, want %d and less than 400 ms", got, MarkSamples)
	}
}

func TestCodeIsStable(t *testing.T) {
	t.Parallel()
	// The offset basis of FNV-1a, folded: a value from the definition, not from this program.
	if got, want := Code(""), uint32(0x811c9dc5>>24^0x1c9dc5); got != want {
		t.Errorf("Code(\"\") = %#x, want %#x", got, want)
	}
	if got, want := Code("a"), uint32(0xe40c292c>>24^0x0c292c); got != want {
		t.Errorf("Code(\"a\") = %#x, want %#x", got, want)
	}
}

func TestHeardThroughAnything(t *testing.T) {
	t.Parallel()
	laws := map[string]func(int16) int16{"mulaw": mulaw, "alaw": alaw}
	for name, law := range laws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				code := rapid.Uint32Max(1<<CodeBits-1).Draw(t, "code")
				offset := rapid.IntRange(0, 2000).Draw(t, "offset")
				level := rapid.Float64Range(-20, 0).Draw(t, "dB")
				before := make([]int16, offset)
				if rapid.Bool().Draw(t, "music") {
					before = music(uint64(offset), offset)
				}
				stream := companded(law, scaled(join(before, Encode(code), Filler("soft hum")), level))
				got := decode(stream)
				if len(got) != 1 || got[0].Code != code {
					t.Fatalf("heard %v, want code %#x at %d", got, code, offset)
				}
				if off := got[0].At - int64(offset); off < -80 || off > 80 {
					t.Fatalf("heard at %d, want %d within 10 ms", got[0].At, offset)
				}
			})
		})
	}
}

func TestChunkingDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		stream := join(make([]int16, rapid.IntRange(0, 400).Draw(t, "offset")), Speech("one"), Speech("two"))
		var got []hit
		d := NewDecoder(func(code uint32, at int64) { got = append(got, hit{code, at}) })
		for rest := stream; len(rest) > 0; {
			n := min(rapid.IntRange(1, 900).Draw(t, "chunk"), len(rest))
			d.Write(rest[:n])
			rest = rest[n:]
		}
		if diff := cmp.Diff(decode(stream), got); diff != "" {
			t.Fatalf("chunks change what is heard (-whole +chunks):\n%s", diff)
		}
		if len(got) != 2 || got[0].Code != Code("one") || got[1].Code != Code("two") {
			t.Fatalf("heard %v, want one and two", got)
		}
	})
}

func TestLostPacketGivesNoFalseCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.Uint32Max(1<<CodeBits-1).Draw(t, "code")
		mark := companded(mulaw, join(make([]int16, 500), Encode(code), Filler("x")))
		cut := rapid.IntRange(500, 500+MarkSamples-window).Draw(t, "cut")
		var stream []int16
		if rapid.Bool().Draw(t, "silenced") {
			stream = join(mark[:cut], make([]int16, window), mark[cut+window:])
		} else {
			stream = join(mark[:cut], mark[cut+window:])
		}
		for _, h := range decode(stream) {
			if h.Code != code {
				t.Fatalf("heard %#x, played %#x", h.Code, code)
			}
		}
	})
}

func TestTruncatedMarkGivesNoFalseCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.Uint32Max(1<<CodeBits-1).Draw(t, "code")
		mark := Encode(code)
		cut := rapid.IntRange(0, len(mark)).Draw(t, "cut")
		after := rapid.SampledFrom([][]int16{make([]int16, 4000), music(uint64(cut), 4000), Speech("next")}).Draw(t, "after")
		for _, h := range decode(companded(alaw, join(make([]int16, 300), mark[:cut], after))) {
			if h.Code != code && h.Code != Code("next") {
				t.Fatalf("heard %#x, played %#x up to %d", h.Code, code, cut)
			}
		}
	})
}

func TestMusicIsNotAMark(t *testing.T) {
	t.Parallel()
	if got := decode(companded(mulaw, music(7, 120*Rate))); len(got) > 0 {
		t.Fatalf("heard %v in two minutes of music", got)
	}
}

func TestSkipKeepsPositions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gap := rapid.Int64Range(0, 100_000).Draw(t, "gap")
		lead := rapid.IntRange(0, 500).Draw(t, "lead")
		var got []hit
		d := NewDecoder(func(code uint32, at int64) { got = append(got, hit{code, at}) })
		d.Write(make([]int16, lead))
		d.Skip(gap)
		d.Write(Speech("here"))
		want := int64(lead) + gap
		if len(got) != 1 || got[0].Code != Code("here") || got[0].At < want-80 || got[0].At > want+80 {
			t.Fatalf("heard %v, want %#x at %d", got, Code("here"), want)
		}
		if end := want + int64(len(Speech("here"))); d.Position() != end {
			t.Fatalf("position %d, want %d", d.Position(), end)
		}
	})
}

func TestFillerFollowsTheText(t *testing.T) {
	t.Parallel()
	tests := map[string]time.Duration{
		"":                   MinFiller,
		"ой":                 MinFiller,
		"Здравствуйте!":      13 * PerRune,
		"Please hold, line.": 18 * PerRune,
	}
	for text, want := range tests {
		if got := FillerLength(text); got != want {
			t.Errorf("FillerLength(%q) = %v, want %v", text, got, want)
		}
		if got := time.Duration(len(Filler(text))) * time.Second / Rate; got != want {
			t.Errorf("Filler(%q) lasts %v, want %v", text, got, want)
		}
	}
	if !Detect(Filler("Здравствуйте!")[800:2400], HumHz) {
		t.Error("the hum is not heard in the filler")
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add([]byte{}, uint16(1))
	f.Add([]byte("any bytes are samples"), uint16(7))
	f.Fuzz(func(t *testing.T, raw []byte, chunk uint16) {
		stream := make([]int16, len(raw)/2)
		for i := range stream {
			stream[i] = int16(raw[2*i]) | int16(raw[2*i+1])<<8
		}
		d := NewDecoder(func(code uint32, at int64) {
			if code >= 1<<CodeBits || at < 0 || at+lastNeed > int64(len(stream)) {
				t.Errorf("impossible mark %#x at %d of %d", code, at, len(stream))
			}
		})
		for rest := stream; len(rest) > 0; {
			n := min(int(chunk)+1, len(rest))
			d.Write(rest[:n])
			rest = rest[n:]
		}
		if d.Position() != int64(len(stream)) {
			t.Errorf("position %d after %d samples", d.Position(), len(stream))
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	frame := music(3, window)
	d := NewDecoder(func(uint32, int64) {})
	b.ReportAllocs()
	for b.Loop() {
		d.Write(frame)
	}
}
