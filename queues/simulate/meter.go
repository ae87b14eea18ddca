package simulate

import (
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Meter measures a day from its journal. Entries come in their order; those that
// it has no use for change nothing.
type Meter struct {
	w      Window
	spots  map[string]*spot
	vows   map[string]*vow
	crew   crew
	order  []*spot
	asked  []*vow
	queues map[string]bool
}

// Window is what is measured.
type Window struct {
	From, To time.Time     // callers who arrived, agents' time, and the course of the day
	Target   time.Duration // of the service level
	Slots    int           // parts of the course; 0: none
	Queue    string        // only callers of this queue; "" for all
}

// spot is a live caller's place.
type spot struct {
	queue string
	taken time.Time
	end   time.Time // of the wait; zero: still waits
	how   ending
	told  *told // nil: nothing
}

// told is the estimate of a wait, in seconds.
type told struct{ mean, low, high float64 }

type ending int

const (
	stillWaits ending = iota
	wasServed
	hungUp
	turnedAway
	leftPromise // or another way out: does not count for the service level
)

// vow is a promise to call back.
type vow struct {
	queue     string
	asked     time.Time
	connected time.Time
	kept, up  bool
}

// NewMeter gives a meter that has seen nothing.
func NewMeter(w Window) *Meter {
	return &Meter{
		w: w, spots: map[string]*spot{}, vows: map[string]*vow{}, queues: map[string]bool{},
		crew: crew{from: w.From, to: w.To, members: map[string]*member{}},
	}
}

// Add takes one entry.
func (m *Meter) Add(e journal.Entry) {
	switch {
	case strings.HasPrefix(e.Type, "place."):
		m.place(e)
	case strings.HasPrefix(e.Type, "callback."):
		m.promise(e)
	case e.Type == "agent.state":
		m.crew.add(e)
	}
}

func (m *Meter) place(e journal.Entry) {
	s := m.spots[e.Place]
	if e.Type == "place.taken" {
		if s == nil && e.Callback == "" {
			s = &spot{queue: e.Queue, taken: e.At}
			if at, ok := e.Moment("taken_at"); ok {
				s.taken = at
			}
			m.spots[e.Place] = s
			m.order = append(m.order, s)
			m.queues[e.Queue] = true
		}
		return
	}
	if s == nil || s.how != stillWaits {
		return
	}
	switch e.Type {
	case "place.estimated":
		var t told
		t.mean, _ = e.Number("mean_s")
		t.low, _ = e.Number("low_s")
		t.high, _ = e.Number("high_s")
		s.told = &t
	case "place.served":
		s.how, s.end = wasServed, e.At
	case "place.converted":
		s.how, s.end = leftPromise, e.At
	case "place.left":
		s.end = e.At
		switch e.Text("reason") {
		case "abandoned":
			s.how = hungUp
		case "full", "no_agents", "timeout", "unavailable":
			s.how = turnedAway
		default:
			s.how = leftPromise
		}
	}
}

func (m *Meter) promise(e journal.Entry) {
	v := m.vows[e.Callback]
	if e.Type == "callback.asked" {
		if v == nil {
			v = &vow{queue: e.Queue, asked: e.At}
			m.vows[e.Callback] = v
			m.asked = append(m.asked, v)
			m.queues[e.Queue] = true
		}
		return
	}
	if v == nil {
		return
	}
	switch e.Type {
	case "callback.connected":
		v.connected = e.At
	case "callback.done":
		v.kept = true
	case "callback.given_up":
		v.up = true
	}
}

// Report says what was measured. More entries may follow, and another Report.
func (m *Meter) Report() Report {
	r := Report{Queues: map[string]Figures{}}
	total := m.sum("")
	r.Total = total.figures()
	m.crew.figures(r.Total)
	for q := range m.queues {
		if m.w.Queue == "" || q == m.w.Queue {
			s := m.sum(q)
			r.Queues[q] = s.figures()
		}
	}
	r.Course = m.course()
	return r
}

func (m *Meter) counts(queue string, at time.Time, only string) bool {
	return (only == "" || queue == only) && (m.w.Queue == "" || queue == m.w.Queue) && !at.Before(m.w.From) && at.Before(m.w.To)
}
