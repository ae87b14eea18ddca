package simulate

import "time"

// appointment is something that will happen.
type appointment struct {
	at time.Time
	n  int // in the order of making: of two at the same time, the first comes first
	do func()
}

func (a appointment) before(b appointment) bool {
	if !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return a.n < b.n
}

// agenda is a heap of appointments, the next one first.
type agenda struct {
	heap []appointment
	made int
}

func (g *agenda) add(at time.Time, do func()) {
	g.made++
	g.heap = append(g.heap, appointment{at, g.made, do})
	for i := len(g.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !g.heap[i].before(g.heap[up]) {
			break
		}
		g.heap[i], g.heap[up] = g.heap[up], g.heap[i]
		i = up
	}
}

// next takes the next appointment out; ok is false when there is none.
func (g *agenda) next() (a appointment, ok bool) {
	if len(g.heap) == 0 {
		return appointment{}, false
	}
	last := len(g.heap) - 1
	a = g.heap[0]
	g.heap[0], g.heap[last] = g.heap[last], appointment{}
	g.heap = g.heap[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if g.heap[child].before(g.heap[least]) {
				least = child
			}
		}
		if least == i {
			return a, true
		}
		g.heap[i], g.heap[least] = g.heap[least], g.heap[i]
		i = least
	}
}
