package voice

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

// expandMu and expandA are the decoders of G.711, as its tables 1 and 2 give the values.
func expandMu(b byte) int {
	b = ^b
	x := (int(b&0xf)<<1+33)<<(b>>4&7) - 33
	if b&0x80 != 0 {
		x = -x
	}
	return x << 2
}

func expandA(b byte) int {
	b ^= 0x55
	x, n := int(b&0xf)<<1+1, int(b>>4&7)
	if n > 0 {
		x = (x + 32) << (n - 1)
	}
	if b&0x80 == 0 {
		x = -x
	}
	return x << 3
}

func TestCompanding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		encode func(int16) byte
		expand func(byte) int
		floor  float64 // of the error
	}{"u-law": {muLaw, expandMu, 8}, "A-law": {aLaw, expandA, 16}} {
		for s := math.MinInt16; s <= math.MaxInt16; s++ {
			got := c.expand(c.encode(int16(s)))
			if off := math.Abs(float64(got - s)); off > max(c.floor, math.Abs(float64(s))/23) {
				t.Fatalf("%s: %d becomes %d", name, s, got)
			}
		}
		for b := range 256 {
			if again := c.encode(int16(c.expand(byte(b)))); c.expand(again) != c.expand(byte(b)) {
				t.Errorf("%s: %#x becomes %#x", name, b, again)
			}
		}
	}
	for _, c := range []struct {
		got, want byte
	}{{muLaw(0), 0xff}, {muLaw(32767), 0x80}, {muLaw(-32768), 0x00}, {aLaw(0), 0xd5}, {aLaw(32767), 0xaa}, {aLaw(-32768), 0x2a}} {
		if c.got != c.want {
			t.Errorf("%#x, want %#x", c.got, c.want)
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	script, _ := program(t, `cat "$WAV"`)
	c := open(t, t.TempDir(), Command{Argv: []string{"sh", script}}, func(o *Options) { o.Formats = Formats() })
	path := strings.TrimPrefix(string(media(t, c, "ru", "один")), "sound:")
	narrow, err := decodeWAV([]byte(read(t, path+".wav")))
	if err != nil {
		t.Fatal(err)
	}
	for ext, expand := range map[string]func(byte) int{".ulaw": expandMu, ".alaw": expandA} {
		var samples []int16
		for _, b := range []byte(read(t, path+ext)) {
			samples = append(samples, int16(expand(b)))
		}
		if len(samples) != len(narrow.Samples) || !marks.Detect(samples[800:2400], 1000) {
			t.Errorf("%s has %d samples or another tone", ext, len(samples))
		}
	}
	wide, err := decodeWAV([]byte(read(t, path+".wav16")))
	if err != nil || wide.Rate != 16000 {
		t.Fatalf("%d Hz, %v", wide.Rate, err)
	}
	checkHalfSecond(t, wide)
	// A format that is switched on later is made then.
	if err := os.Remove(path + ".alaw"); err != nil {
		t.Fatal(err)
	}
	media(t, c, "ru", "один")
	if _, err := os.Stat(path + ".alaw"); err != nil {
		t.Error(err)
	}
}
