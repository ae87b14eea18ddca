package asterisk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"time"
)

// musicLength divides evenly by the period of every whole number of hertz, so
// the tone loops without a click.
const musicLength = 4 * time.Second

const tonePeak = 3412

const toneRate = 8000 // samples a second, telephone quality

// WriteTone writes a pure sine tone as a WAV file that Asterisk plays: 8 kHz,
// mono, 16 bits, as loud as linekeeper speaks (-23 LUFS). A test that listens for this pitch
// knows which party it hears.
func WriteTone(path string, hz float64, length time.Duration) error {
	samples := make([]int16, int(length.Seconds()*toneRate))
	for i := range samples {
		samples[i] = int16(tonePeak * math.Sin(2*math.Pi*hz*float64(i)/toneRate))
	}
	return WriteSound(path, samples)
}

// WriteSound writes samples as a WAV file that Asterisk plays: 8 kHz, mono, 16 bits.
func WriteSound(path string, samples []int16) error {
	size := uint32(2 * len(samples))
	var file bytes.Buffer
	file.WriteString("RIFF")
	header := []any{
		36 + size, [8]byte([]byte("WAVEfmt ")), uint32(16), uint16(1), uint16(1), // PCM, one channel
		uint32(toneRate), uint32(2 * toneRate), uint16(2), uint16(16), [4]byte([]byte("data")), size,
	}
	for _, field := range append(header, samples) {
		if err := binary.Write(&file, binary.LittleEndian, field); err != nil {
			return fmt.Errorf("make sound %s: %w", path, err)
		}
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		return fmt.Errorf("make sound: %w", err)
	}
	return nil
}
