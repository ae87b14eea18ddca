package controller

import (
	"container/heap"
	"time"
)

// There are two kinds of time to wait for. What somebody chose or a rule gave ("at
// nine", "when the hours begin") is a time of the clock on the wall: when that
// clock is put right, so is the call. What has a length (a pause of five minutes,
// thirty seconds of ringing) is measured by a clock that only goes forward.

// alarm is when something is to be looked at again. Its zero value never is.
type alarm struct {
	at    time.Time // by the wall
	by    time.Time // by the clock that only goes forward; zero when at decides
	index int       // in its heap, from 1
}

// schedule holds the alarms of all promises.
type schedule struct {
	wall, steady alarms
	clock        func() time.Time
}

func newSchedule(clock func() time.Time) schedule {
	if clock == nil {
		clock = time.Now
	}
	return schedule{
		clock:  clock,
		wall:   alarms{key: func(a *alarm) time.Time { return a.at }},
		steady: alarms{key: func(a *alarm) time.Time { return a.by }},
	}
}

// now is the wall's time, without the reading that would be compared instead.
func (s *schedule) now() time.Time { return s.clock().Round(0) }

// set replaces a promise's alarm by one for a time; with lasts it is the end of what
// began now.
func (s *schedule) set(p *promise, at time.Time, lasts bool) {
	s.stop(p)
	p.alarm = alarm{at: at}
	if lasts {
		p.alarm.by = time.Now().Add(at.Sub(s.now()))
		heap.Push(&s.steady, p)
		return
	}
	heap.Push(&s.wall, p)
}

func (s *schedule) stop(p *promise) {
	if p.alarm.index == 0 {
		return
	}
	h := &s.wall
	if !p.alarm.by.IsZero() {
		h = &s.steady
	}
	heap.Remove(h, p.alarm.index-1)
	p.alarm = alarm{}
}

// due takes out one whose time has come, nil if there is none.
func (s *schedule) due() (*promise, alarm) {
	for _, c := range []struct {
		h   *alarms
		now time.Time
	}{{&s.steady, time.Now()}, {&s.wall, s.now()}} {
		if len(c.h.all) == 0 {
			continue
		}
		p := c.h.all[0]
		a := p.alarm
		if !c.now.Before(c.h.key(&a)) {
			s.stop(p)
			return p, a
		}
	}
	return nil, alarm{}
}

// next is how long nothing falls due, at most limit.
func (s *schedule) next(limit time.Duration) time.Duration {
	if len(s.steady.all) > 0 {
		limit = min(limit, time.Until(s.steady.all[0].alarm.by))
	}
	if len(s.wall.all) > 0 {
		limit = min(limit, s.wall.all[0].alarm.at.Sub(s.now()))
	}
	return max(limit, 0)
}

// alarms is a heap of promises by their alarms.
type alarms struct {
	all []*promise
	key func(*alarm) time.Time
}

func (h *alarms) Len() int { return len(h.all) }

func (h *alarms) Less(i, j int) bool {
	return h.key(&h.all[i].alarm).Before(h.key(&h.all[j].alarm))
}

func (h *alarms) Swap(i, j int) {
	h.all[i], h.all[j] = h.all[j], h.all[i]
	h.all[i].alarm.index, h.all[j].alarm.index = i+1, j+1
}

// Push is for package heap.
func (h *alarms) Push(x any) {
	p := x.(*promise)
	h.all = append(h.all, p)
	p.alarm.index = len(h.all)
}

// Pop is for package heap.
func (h *alarms) Pop() any {
	n := len(h.all) - 1
	p := h.all[n]
	h.all[n], h.all = nil, h.all[:n]
	p.alarm.index = 0
	return p
}
