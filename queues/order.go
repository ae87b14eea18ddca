package queues

import (
	"slices"
	"sort"
	"time"
)

// insertSpot puts a place where its order wants it.
func insertSpot(order []*spot, s *spot) []*spot { return slices.Insert(order, rank(order, s), s) }

// removeSpot takes a place out; one that is not there changes nothing.
func removeSpot(order []*spot, s *spot) []*spot {
	i := rank(order, s)
	if i == len(order) || order[i] != s {
		return order
	}
	return slices.Delete(order, i, i+1)
}

// rank finds by binary search where a place is or belongs.
func rank(order []*spot, s *spot) int {
	return sort.Search(len(order), func(i int) bool { return !order[i].Before(s.Place) })
}

// foreignBefore orders foreign callers among each other.
func foreignBefore(a, b Joined) bool {
	return before(a.Priority, a.At, b.Priority, b.At) || a.Priority == b.Priority && a.At.Equal(b.At) && a.Channel < b.Channel
}

// foreignBeforePlace says whether a foreign caller is to be served before a
// place. Of two that came at the same moment, the one in the queue is first.
func foreignBeforePlace(f Joined, p Place) bool {
	return !before(p.Priority, p.TakenAt, f.Priority, f.At)
}

func before(prioA int, atA time.Time, prioB int, atB time.Time) bool {
	if prioA != prioB {
		return prioA > prioB
	}
	return atA.Before(atB)
}

// addForeign notes a caller who came by another way; one who is known already is
// noted anew.
func (l *Line) addForeign(f Joined) {
	l.dropForeign(f.Channel)
	at := sort.Search(len(l.foreign), func(i int) bool { return foreignBefore(f, l.foreign[i]) })
	l.foreign = slices.Insert(l.foreign, at, f)
}

func (l *Line) dropForeign(channel string) {
	l.foreign = slices.DeleteFunc(l.foreign, func(f Joined) bool { return f.Channel == channel })
}

// tally counts who is to be served before somebody.
type tally struct {
	ahead int // places that count, and foreign callers
}

// walk visits all who are not served yet in their order: places and foreign
// callers, one of the two arguments being nil, each with the tally of those
// before it.
func (l *Line) walk(visit func(*spot, *Joined, tally)) {
	var sum tally
	foreign := l.foreign
	passForeign := func() {
		visit(nil, &foreign[0], sum)
		sum.ahead++
		foreign = foreign[1:]
	}
	for _, s := range l.order {
		for len(foreign) > 0 && foreignBeforePlace(foreign[0], s.Place) {
			passForeign()
		}
		visit(s, nil, sum)
		if s.counts() {
			sum.ahead++
		}
	}
	for len(foreign) > 0 {
		passForeign()
	}
}

// tallyOf counts who is to be served before one place.
func (l *Line) tallyOf(place *spot) (found tally) {
	l.walk(func(s *spot, _ *Joined, sum tally) {
		if s == place {
			found = sum
		}
	})
	return found
}
