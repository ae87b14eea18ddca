package forecast

import (
	"math/rand/v2"
	"time"
)

// freeingDraws is how often it is drawn when an agent will be free.
const freeingDraws = 64

// Freeing is how many of the agents who are busy now are expected to be free for
// this queue within a time: the sum of their chances, by the laws of talk and
// wrap-up and by how long they do already what they do. An agent who takes calls of
// other queues counts by the share of calls that it took here.
func (l *Live) Freeing(within time.Duration, now time.Time) float64 {
	l.advance(now)
	f, p := l.f, &l.f.play
	p.talkMean, p.wrapMean, p.answerMean = f.talk.level.mean(), f.wrap.level.mean(), f.answer.level.mean()
	f.rng = rand.New(rand.NewPCG(l.seed, freeingStream))
	sum, lost := 0.0, l.lostShare()
	for _, a := range f.agents {
		s, ok := l.server(a, lost)
		if !ok || a.paused || s.doing != talking && s.doing != wrapping {
			continue
		}
		soon := 0
		for range freeingDraws {
			if f.firstFree(&s) <= within.Seconds() {
				soon++
			}
		}
		sum += float64(soon) / freeingDraws * (1 - s.away)
	}
	return sum
}

// freeingStream is the stream of random numbers of Freeing.
const freeingStream = 0x66726565696e67
