package voice

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// chunk makes a RIFF chunk that claims a size.
func chunk(id string, size uint32, body ...byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(id), size), body...)
}

func riff(size uint32, chunks ...[]byte) []byte {
	out := append(chunk("RIFF", size), "WAVE"...)
	for _, c := range chunks {
		out = append(out, c...)
	}
	return out
}

func format(encoding, channels uint16, rate uint32, bits uint16, extra ...byte) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint16(nil, encoding), channels)
	b = le.AppendUint32(le.AppendUint32(b, rate), 0)
	b = le.AppendUint16(le.AppendUint16(b, 0), bits)
	b = append(b, extra...)
	return chunk("fmt ", uint32(len(b)), b...)
}

var mono8000 = format(1, 1, 8000, 16)

func TestWAVRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		samples := rapid.SliceOf(rapid.Int16()).Draw(t, "samples")
		rate := rapid.IntRange(minRate, maxRate).Draw(t, "rate")
		got, err := decodeWAV(encodeWAV(samples, rate))
		if err != nil || got.Rate != rate || len(got.Samples) != len(samples) {
			t.Fatalf("%d Hz, %d samples, %v", got.Rate, len(got.Samples), err)
		}
		if diff := cmp.Diff(samples, got.Samples); len(samples) > 0 && diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestEncodeWAVHeader(t *testing.T) {
	t.Parallel()
	want := "RIFF\x28\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x04\x00\x00\x00\x01\x00\xff\xff"
	if got := string(encodeWAV([]int16{1, -1}, 8000)); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestDecodeWAV(t *testing.T) {
	t.Parallel()
	body := []byte{1, 0, 2, 0, 3, 0}
	guid := append([]byte{22, 0, 16, 0, 0, 0, 0, 0}, "\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	for _, c := range []struct {
		name string
		data []byte
		want []int16
	}{
		{"as it should be", riff(42, mono8000, chunk("data", 6, body...)), []int16{1, 2, 3}},
		{"to a pipe, huge sizes", riff(0x7ffff024, mono8000, chunk("data", 0x7ffff000, body...)), []int16{1, 2, 3}},
		{"to a pipe, all ones", riff(0xffffffff, mono8000, chunk("data", 0xffffffff, body...)), []int16{1, 2, 3}},
		{"to a pipe, zeros", riff(0, mono8000, chunk("data", 0, body...)), []int16{1, 2, 3}},
		{"no sound", riff(36, mono8000, chunk("data", 0)), []int16{}},
		{"a list of odd size first", riff(54, chunk("LIST", 3, 9, 9, 9, 0), mono8000, chunk("data", 6, body...)), []int16{1, 2, 3}},
		{"a list after it", riff(52, mono8000, chunk("data", 6, body...), chunk("LIST", 2, 9, 9)), []int16{1, 2, 3}},
		{"half a sample more", riff(43, mono8000, chunk("data", 7, append(body, 5)...)), []int16{1, 2, 3}},
		{"stereo", riff(44, format(1, 2, 8000, 16), chunk("data", 8, 10, 0, 20, 0, 0xff, 0xff, 0xfd, 0xff)), []int16{15, -2}},
		{"extensible", riff(66, format(0xfffe, 1, 8000, 16, guid...), chunk("data", 6, body...)), []int16{1, 2, 3}},
	} {
		got, err := decodeWAV(c.data)
		if err != nil || got.Rate != 8000 {
			t.Errorf("%s: %d Hz, %v", c.name, got.Rate, err)
		}
		if diff := cmp.Diff(c.want, got.Samples); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestDecodeWAVRefuses(t *testing.T) {
	t.Parallel()
	data := chunk("data", 2, 1, 0)
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"nothing", "not a WAV file", nil},
		{"big-endian", "not a WAV file", []byte("RIFX\x00\x00\x00\x00WAVE")},
		{"no chunks", "no data", riff(4)},
		{"format only", "no data", riff(28, mono8000)},
		{"data first", "no format", riff(38, data, mono8000)},
		{"short format", "cut short", riff(38, chunk("fmt ", 4, 1, 0, 1, 0), data)},
		{"mu-law", "u-law with 8 bits", riff(38, format(7, 1, 8000, 8), data)},
		{"float", "floating point with 32 bits", riff(38, format(3, 1, 8000, 32), data)},
		{"24 bits", "PCM with 24 bits", riff(38, format(1, 1, 8000, 24), data)},
		{"no channels", "0 channels", riff(38, format(1, 0, 8000, 16), data)},
		{"six channels", "6 channels", riff(38, format(1, 6, 8000, 16), data)},
		{"0 Hz", "0 Hz", riff(38, format(1, 1, 0, 16), data)},
		{"4 GHz", "4294967295 Hz", riff(38, format(1, 1, 0xffffffff, 16), data)},
	} {
		if _, err := decodeWAV(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzDecodeWAV(f *testing.F) {
	f.Add(encodeWAV([]int16{1, -1, 300}, 22050))
	f.Add(riff(0xffffffff, mono8000, chunk("data", 0xffffffff, 1, 2, 3)))
	f.Add(riff(0, format(1, 2, 44100, 16), chunk("LIST", 1, 0, 0), chunk("data", 0, 1, 2, 3, 4)))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := decodeWAV(data)
		if err != nil {
			return
		}
		if got.Rate < minRate || got.Rate > maxRate || 2*len(got.Samples) > len(data) {
			t.Fatalf("%d Hz, %d samples of %d bytes", got.Rate, len(got.Samples), len(data))
		}
		out := resample(got.Samples, got.Rate, Rate)
		if len(out) != len(got.Samples)*Rate/got.Rate {
			t.Fatalf("%d samples at %d Hz became %d", len(got.Samples), got.Rate, len(out))
		}
		if done, err := finish(got, Rate); err == nil && (len(done) == 0 || len(done) > len(out)) {
			t.Fatalf("%d samples became %d that are heard", len(out), len(done))
		}
	})
}

// Keep the switch's user able to read what linekeeper's user wrote.
func TestSoundsAreReadableByTheSwitch(t *testing.T) {
	t.Parallel()
	m := media(t, open(t, t.TempDir(), Marks{}), "ru", "один")
	info, err := os.Stat(strings.TrimPrefix(string(m), "sound:") + ".wav")
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
