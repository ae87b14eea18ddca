package listen

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

const (
	frame = marks.Rate / 50 // samples that are judged as one: 20 ms, as a switch sends them
	// farthest is the longest step of the sender's clock, in samples, that is time.
	// Beyond it the clock was set anew.
	farthest = 10 * marks.Rate
)

// track is a call as it was heard: its packets one after another, and where each
// belongs in time.
type track struct {
	pcm    []int16 // all that was sent, without holes
	pieces []piece
	start  time.Time // of moment 0
}

// piece is one packet: the sample it begins with in pcm, its moment, in samples
// since start, and when it came.
type piece struct {
	from, at, n int
	came        time.Time
}

// lay puts packets on the line of time by the sender's clock. Where that begins
// anew, the time of arrival counts.
func lay(packets []softphone.Packet) track {
	var t track
	var end int // moment of the next sample
	for i, p := range packets {
		n, at := len(p.Sound), end
		switch {
		case i == 0:
			t.start = p.At
		case p.Source == packets[i-1].Source && step(packets[i-1], p) <= farthest:
			at += max(step(packets[i-1], p), 0)
		default:
			at = max(end, samples(p.At.Sub(t.start)))
		}
		t.pieces = append(t.pieces, piece{from: len(t.pcm), at: at, n: n, came: p.At})
		t.pcm = append(t.pcm, p.Sound...)
		end = at + n
	}
	// Some packets come late and some a little early: half of them tell when the
	// sender began.
	if len(packets) > 0 {
		lateness := make([]time.Duration, len(packets))
		for i, p := range t.pieces {
			lateness[i] = packets[i].At.Sub(t.time(p.at))
		}
		slices.Sort(lateness)
		t.start = t.start.Add(lateness[len(lateness)/2])
	}
	return t
}

// step is by how many samples the clock was put forward between two packets.
func step(before, p softphone.Packet) int {
	return int(int32(p.Clock - before.Clock - uint32(len(before.Sound))))
}

// time gives the time of a moment.
func (t *track) time(moment int) time.Time { return t.start.Add(long(moment)) }

// moment gives the moment of a sample of pcm, or that behind the last one.
func (t *track) moment(sample int) int {
	lo, hi := 0, len(t.pieces)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; t.pieces[mid].from <= sample {
			lo = mid
		} else {
			hi = mid
		}
	}
	if len(t.pieces) == 0 {
		return 0
	}
	return t.pieces[lo].at + sample - t.pieces[lo].from
}

// long is how long samples last.
func long(samples int) time.Duration { return time.Duration(samples) * time.Second / marks.Rate }

// samples is how many a time takes.
func samples(d time.Duration) int { return int(d * marks.Rate / time.Second) }
