package dialplan

import (
	"math/rand/v2"
	"time"
)

type clock struct{}

func (clock) Now() int { return 0 }

// Pick takes time and chance as arguments.
func Pick(now time.Time, r *rand.Rand) time.Time {
	time := clock{} // not the package
	panic := func(int) {}
	panic(time.Now())
	return now.Add(clockOf(r))
}

func clockOf(r *rand.Rand) time.Duration { return time.Duration(r.IntN(5)) }
