package listen

import (
	"cmp"
	"math"
	"slices"

	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// Files finds prompts by their sound, whoever speaks: 8000 samples a second, by a
// name. Two with the same beginning are told apart by what follows.
type Files map[string][]int16

const (
	probeLength = 3 * frame // by which a file is looked for
	probeWithin = 2 * marks.Rate
	sameFile    = 0.9 // correlation of the probe with what was heard
	lostFrames  = 4   // that are unlike the file before it counts as cut off there
)

func (f Files) find(t *track, _ []heard) []found {
	energy := make([]float64, len(t.pcm)+1)
	for i, s := range t.pcm {
		energy[i+1] = energy[i] + float64(s)*float64(s)
	}
	var all []found
	for name, sound := range f {
		off := loudest(sound)
		if off < 0 {
			continue
		}
		for _, at := range places(t.pcm, energy, sound[off:off+probeLength]) {
			p := follow(t.pcm, sound, at-off)
			p.Text = name
			if p.Late > 0 && p.Short > 0 {
				continue // some words that it shares with another one
			}
			all = append(all, p)
		}
	}
	return sole(all)
}

// sole keeps of matches for the same sound the one that begins whole, and then the
// longest: sentences share words, and one voice says them alike.
func sole(all []found) []found {
	torn := func(p found) int {
		if p.Late > 0 || p.Damaged > 0 {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(torn(a), torn(b)), cmp.Compare(b.to-b.from, a.to-a.from))
	})
	var kept []found
	for _, p := range all {
		if !slices.ContainsFunc(kept, func(k found) bool { return p.from+samples(p.Late) < k.to && k.from < p.to }) {
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b found) int { return cmp.Compare(a.from, b.from) })
	return kept
}

// loudest is where the part begins by which a file is looked for; -1 for none.
func loudest(sound []int16) int {
	best, most := -1, 0.0
	for from := 0; from+probeLength <= min(len(sound), probeWithin); from += frame / 2 {
		sum := 0.0
		for _, s := range sound[from : from+probeLength] {
			sum += float64(s) * float64(s)
		}
		if sum > most {
			best, most = from, sum
		}
	}
	return best
}

// places lists where a probe was heard.
func places(pcm []int16, energy []float64, probe []int16) []int {
	power := 0.0
	for _, s := range probe {
		power += float64(s) * float64(s)
	}
	var all []int
	score := 0.0
	for at := 0; at+len(probe) <= len(pcm); at++ {
		// Asterisk changes no level: what is louder or quieter by half is something else.
		if e := energy[at+len(probe)] - energy[at]; e < power/2 || e > 2*power {
			continue
		}
		sum := 0.0
		for i, s := range probe {
			sum += float64(s) * float64(pcm[at+i])
		}
		like := sum / math.Sqrt(power*(energy[at+len(probe)]-energy[at]))
		switch n := len(all); {
		case like < sameFile:
		case n > 0 && at-all[n-1] < frame:
			if like > score {
				all[n-1], score = at, like
			}
		default:
			all, score = append(all, at), like
		}
	}
	return all
}

// follow holds what was heard from a place on against the file.
func follow(pcm, sound []int16, from int) found {
	var p found
	begins := 0 // of what is loud in the file
	for begins+chunk < len(sound) && quiet(sound[begins:begins+chunk]) {
		begins += chunk
	}
	p.from = max(from, 0)
	p.Late = late(pcm, from+begins, sound[begins:])
	last, bad := begins, 0
	for i := begins + samples(p.Late); i+frame <= len(sound) && from+i+frame <= len(pcm) && bad < lostFrames; i += frame {
		switch {
		case from+i < 0 || quiet(sound[i:i+frame]):
		case alike(pcm[from+i:], sound[i:i+frame]):
			p.Damaged += long(bad * frame)
			last, bad = i+frame, 0
		default:
			bad++
		}
	}
	p.to = max(from+last, p.from)
	ends := len(sound)
	for ends > frame && quiet(sound[ends-frame:ends]) {
		ends -= frame
	}
	if missing := ends - last; missing > tolerance {
		p.Short = long(missing)
	}
	p.Level = voice.Loudness(pcm[p.from:p.to], marks.Rate)
	return p
}
