package queues

import (
	"slices"
	"time"
)

// View is a line as it stands at one moment: plain data that shares nothing with
// the line.
type View struct {
	Queue   string        `json:"queue"`
	Engine  string        `json:"engine"` // EngineAsterisk or EngineLinekeeper
	At      time.Time     `json:"at"`
	Places  []PlaceView   `json:"places"`  // not yet served, first to be served first; then those in service, first served first
	Foreign []ForeignView `json:"foreign"` // callers in the switch's queue who came by another way, in order
	Agents  []Agent       `json:"agents"`  // by id
	Counts  Counts        `json:"counts"`
	Joining Estimate      `json:"joining"` // of a live caller without priority who joined now
}

// PlaceView is a place and how it stands. Ahead, Estimate and Quote mean nothing
// once it is served.
type PlaceView struct {
	Place
	Ahead    int      `json:"ahead"`
	Estimate Estimate `json:"estimate"`
	Quote    Quote    `json:"quote"`
	Due      bool     `json:"due,omitempty"`     // a promise whose customer may be dialled
	Missing  bool     `json:"missing,omitempty"` // the switch no longer shows the placeholder and has not said why
}

// ForeignView is a caller who came by another way.
type ForeignView struct {
	Channel  string    `json:"channel"`
	Priority int       `json:"priority"`
	At       time.Time `json:"at"`
	Ahead    int       `json:"ahead"`
}

// Counts sums a line up.
type Counts struct {
	Resting  int `json:"resting"`
	Entering int `json:"entering"`
	Waiting  int `json:"waiting"`
	Served   int `json:"served"`
	Promises int `json:"promises"` // of those not served, how many have nobody on the line
	Foreign  int `json:"foreign"`
	Idle     int `json:"idle"` // agents
	Ringing  int `json:"ringing"`
	Talking  int `json:"talking"`
	Paused   int `json:"paused"`
	Offline  int `json:"offline"`
}

// View shows the line. It changes nothing.
func (l *Line) View(now time.Time) View {
	agents := l.crew.state(now)
	v := View{
		Queue: l.name, Engine: EngineAsterisk, At: now, Agents: l.crew.sorted(),
		Places: []PlaceView{}, Foreign: []ForeignView{},
		Counts: Counts{
			Foreign: len(l.foreign), Idle: agents.Idle, Ringing: agents.Ringing,
			Talking: len(agents.Talking), Paused: agents.Paused, Offline: agents.Offline,
		},
	}
	if v.Agents == nil {
		v.Agents = []Agent{}
	}
	l.walk(func(s *spot, f *Joined, sum tally) {
		if f != nil {
			v.Foreign = append(v.Foreign, ForeignView{Channel: f.Channel, Priority: f.Priority, At: f.At, Ahead: sum.ahead})
			return
		}
		stand := l.stand(agents, s, sum)
		v.Places = append(v.Places, PlaceView{
			Place: s.Place, Ahead: stand.ahead, Estimate: stand.est, Quote: stand.quote,
			Due: s.due, Missing: s.sight == missing && s.State.inserted(),
		})
		if s.promise() {
			v.Counts.Promises++
		}
	})
	agents.Ahead = len(v.Foreign)
	for _, s := range l.order {
		if s.counts() {
			agents.Ahead++
		}
	}
	agents.Promises = v.Counts.Promises
	v.Joining = l.est.Estimate(agents)
	v.Places = append(v.Places, l.inService()...)
	for _, p := range v.Places {
		switch p.State {
		case PlaceResting:
			v.Counts.Resting++
		case PlaceEntering:
			v.Counts.Entering++
		case PlaceWaiting:
			v.Counts.Waiting++
		case PlaceServed:
			v.Counts.Served++
		}
	}
	return v
}

func (l *Line) inService() []PlaceView {
	var served []PlaceView
	for _, s := range l.spots {
		if s.State == PlaceServed {
			served = append(served, PlaceView{Place: s.Place})
		}
	}
	slices.SortFunc(served, func(a, b PlaceView) int {
		if c := a.ServedAt.Compare(b.ServedAt); c != 0 {
			return c
		}
		if a.Before(b.Place) {
			return -1
		}
		return 1
	})
	return served
}
