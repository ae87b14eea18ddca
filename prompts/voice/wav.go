package voice

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	formatPCM        = 1
	formatExtensible = 0xfffe // the real format is the first word of the GUID at byte 24
	minRate          = 4000
	maxRate          = 192000
)

// decodeWAV reads a RIFF WAVE file: PCM, 16 bit, one or two channels (which are
// averaged), 4000 to 192000 Hz. Sizes in the headers are not trusted: programs
// that write to a pipe cannot know them and put 0 or something huge, so a chunk
// ends at the latest with the file.
func decodeWAV(data []byte) (Sound, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Sound{}, errors.New("not a WAV file")
	}
	streamed := int64(binary.LittleEndian.Uint32(data[4:8]))+8 != int64(len(data))
	var format *wavFormat
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		if id == "data" && size == 0 && streamed {
			size = uint64(len(rest))
		}
		body := rest[:min(size, uint64(len(rest)))]
		switch id {
		case "fmt ":
			f, err := parseFormat(body)
			if err != nil {
				return Sound{}, err
			}
			format = &f
		case "data":
			if format == nil {
				return Sound{}, errors.New("the WAV file has no format before its data")
			}
			return Sound{Rate: format.rate, Samples: format.mono(body)}, nil
		}
		rest = rest[min(size+size%2, uint64(len(rest))):]
	}
	return Sound{}, errors.New("the WAV file has no data")
}

type wavFormat struct{ rate, channels int }

func parseFormat(b []byte) (wavFormat, error) {
	if len(b) < 16 {
		return wavFormat{}, errors.New("the WAV format is cut short")
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	encoding := word(0)
	if encoding == formatExtensible && len(b) >= 26 {
		encoding = word(24)
	}
	f := wavFormat{channels: word(2), rate: int(binary.LittleEndian.Uint32(b[4:]))}
	switch bits := word(14); {
	case encoding != formatPCM || bits != 16:
		return wavFormat{}, fmt.Errorf("the WAV file has %s, want PCM with 16 bits", describe(encoding, bits))
	case f.channels < 1 || f.channels > 2:
		return wavFormat{}, fmt.Errorf("the WAV file has %d channels, want 1 or 2", f.channels)
	case f.rate < minRate || f.rate > maxRate:
		return wavFormat{}, fmt.Errorf("the WAV file has %d Hz, want %d to %d", f.rate, minRate, maxRate)
	}
	return f, nil
}

// describe names an encoding as people who make recordings do.
func describe(encoding, bits int) string {
	name := map[int]string{formatPCM: "PCM", 2: "ADPCM", 3: "floating point", 6: "A-law", 7: "u-law", 0x31: "GSM", 0x55: "MP3"}[encoding]
	if name == "" {
		name = fmt.Sprintf("encoding %d", encoding)
	}
	return fmt.Sprintf("%s with %d bits", name, bits)
}

func (f wavFormat) mono(b []byte) []int16 {
	frame := 2 * f.channels
	samples := make([]int16, len(b)/frame)
	for i := range samples {
		sum := 0
		for ch := range f.channels {
			sum += int(int16(binary.LittleEndian.Uint16(b[i*frame+2*ch:])))
		}
		samples[i] = int16(sum / f.channels)
	}
	return samples
}

// encodeWAV makes a RIFF WAVE file: PCM, 16 bit, mono.
func encodeWAV(samples []int16, rate int) []byte {
	le := binary.LittleEndian
	size := uint32(2 * len(samples))
	b := make([]byte, 0, 44+2*len(samples))
	b = le.AppendUint32(append(b, "RIFF"...), 36+size)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, formatPCM)
	b = le.AppendUint16(b, 1) // channels
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(2*rate)) // bytes a second
	b = le.AppendUint16(b, 2)              // bytes a frame
	b = le.AppendUint16(b, 16)             // bits a sample
	b = le.AppendUint32(append(b, "data"...), size)
	for _, s := range samples {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}
