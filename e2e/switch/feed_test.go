package switch_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ami"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

// line is a queue whose only agent is the operator who answers.
const line = "line"

// Queue implements switchtest.Rig.
func (r *rig) Queue() string { return line }

// QueueFeed implements switchtest.Rig.
func (r *rig) QueueFeed(ctx context.Context, t *testing.T) telephony.QueueFeed {
	t.Helper()
	c, err := ami.New(ami.Options{Addr: r.asterisk.AMIAddr, User: r.asterisk.AMIUser, Secret: r.asterisk.AMIPassword})
	if err != nil {
		t.Fatal(err)
	}
	feed := ami.NewQueueFeed(c)
	go func() {
		if err := feed.Run(ctx); err != nil { // closes the stream, for which the suite waits
			t.Error(err)
		}
	}()
	return feed
}

// Recorded implements switchtest.Rig.
func (r *rig) Recorded(t *testing.T, name string, by switchtest.Phone) bool {
	t.Helper()
	file := filepath.Join(r.asterisk.RecordingsDir, name+".wav")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const header = 44 // of the plain WAV files that Asterisk writes
	if len(data) < header || string(data[36:40]) != "data" || int(binary.LittleEndian.Uint32(data[40:])) != len(data)-header {
		t.Fatalf("%s is no WAV file whose header tells its %d bytes", file, len(data))
	}
	samples := make([]int16, (len(data)-header)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(data[header+2*i:]))
	}
	tone := marks.NewTone(by.(*caller).hz)
	const block = marks.Rate / 50
	for ; len(samples) >= block; samples = samples[block:] {
		tone.Write(samples[:block])
		if tone.Sounding() >= toneHeard {
			return true
		}
	}
	return false
}
