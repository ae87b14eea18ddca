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
	Quote    Quote    `json:"quote"`             // as FreshQuote gives it: who was told something already may hear another
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
	Offered  int `json:"offered"`
	Served   int `json:"served"`
	Promises int `json:"promises"` // of those not served, how many have nobody on the line
	Foreign  int `json:"foreign"`
	Idle     int `json:"idle"` // agents
	Ringing  int `json:"ringing"`
	Talking  int `json:"talking"`
	WrapUp   int `json:"wrapup"`
	Paused   int `json:"paused"`
	Busy     int `json:"busy"`
	Offline  int `json:"offline"`
	Off      int `json:"logged_out"`
}

// CountPlace adds a place to the counts; one that has left does not count.
func (c *Counts) CountPlace(p Place) {
	switch p.State {
	case PlaceResting:
		c.Resting++
	case PlaceEntering:
		c.Entering++
	case PlaceWaiting:
		c.Waiting++
	case PlaceOffered:
		c.Offered++
	case PlaceServed:
		c.Served++
	}
	if p.CallbackID != "" && p.CallID == "" && p.State != PlaceServed && p.State != PlaceLeft {
		c.Promises++
	}
}

// CountAgent adds an agent to the counts.
func (c *Counts) CountAgent(s AgentState) {
	switch s {
	case AgentIdle:
		c.Idle++
	case AgentRinging:
		c.Ringing++
	case AgentTalking:
		c.Talking++
	case AgentWrapUp:
		c.WrapUp++
	case AgentPaused:
		c.Paused++
	case AgentBusy:
		c.Busy++
	case AgentOff:
		c.Off++
	default:
		c.Offline++
	}
}

// View shows the line; the zero View if the queue is another. It changes nothing.
func (l *Line) View(queue string, now time.Time) View {
	if queue != l.name {
		return View{}
	}
	able := l.crew.able()
	v := View{
		Queue: l.name, Engine: EngineAsterisk, At: now, Agents: l.crew.sorted(),
		Places: []PlaceView{}, Foreign: []ForeignView{}, Joining: l.joining,
		Counts: l.Counts(queue),
	}
	if v.Agents == nil {
		v.Agents = []Agent{}
	}
	if l.crew.known && able == 0 {
		v.Joining = Estimate{}
	}
	l.walk(func(s *spot, f *Joined, sum tally) {
		if f != nil {
			v.Foreign = append(v.Foreign, ForeignView{Channel: f.Channel, Priority: f.Priority, At: f.At, Ahead: sum.ahead})
			return
		}
		stand := l.stand(able, s, sum.ahead)
		v.Places = append(v.Places, PlaceView{
			Place: s.Place, Ahead: stand.ahead, Estimate: stand.est, Quote: stand.quote,
			Due: s.due, Missing: s.sight == missing && s.State.inserted(),
		})
	})
	v.Places = append(v.Places, l.inService()...)
	return v
}

// Counts sums the line up; zero if the queue is another.
func (l *Line) Counts(queue string) Counts {
	if queue != l.name {
		return Counts{}
	}
	n := Counts{Foreign: len(l.foreign)}
	for _, s := range l.spots {
		n.CountPlace(s.Place)
	}
	for _, a := range l.crew.agents {
		n.CountAgent(a.State)
	}
	return n
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
