package judge

import (
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/forecast"
)

// Live is forecast.Live as a Predictor: it is told the events as the journal
// would tell them.
type Live struct {
	live  *forecast.Live
	doing map[string]string // by agent: its state
	call  map[string]string // by agent: whom it serves
	off   map[string]string // by agent: the state that follows the present call
	rests []rest            // agents who did not answer, the first to be back first
	All   bool              // ask for all places at once
	now   time.Time
}

// restTime is how long (seconds) an agent who did not answer is left alone.
const restTime = 60

type rest struct {
	agent string
	until float64
}

// NewLive gives one that knows nothing.
func NewLive() *Live {
	return &Live{
		live: forecast.NewLive("q", 1), doing: map[string]string{}, call: map[string]string{}, off: map[string]string{},
	}
}

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func (l *Live) note(kind, place, agent string, data map[string]any) {
	l.live.Observe(journal.Entry{At: l.now, Type: kind, Place: place, Agent: agent, Queue: "q", Data: data})
}

func (l *Live) state(agent, state string) {
	l.doing[agent] = state
	l.note("agent.state", "", agent, map[string]any{"agent": agent, "state": state})
}

// Apply implements Predictor.
func (l *Live) Apply(ev forecast.Event) error {
	for len(l.rests) > 0 && l.rests[0].until <= ev.At {
		l.now = began.Add(seconds(l.rests[0].until))
		if agent := l.rests[0].agent; l.doing[agent] == "paused" && l.off[agent] == "idle" {
			l.state(agent, "idle")
		}
		l.rests = l.rests[1:]
	}
	l.now = began.Add(seconds(ev.At))
	busy := l.doing[ev.Agent] == "talking" || l.doing[ev.Agent] == "wrapup"
	next := map[forecast.Kind]string{
		forecast.Login: "idle", forecast.Unpause: "idle", forecast.Logout: "logged_out", forecast.Pause: "paused",
	}[ev.Kind]
	switch {
	case next != "" && busy:
		l.off[ev.Agent] = next
	case next != "":
		l.off[ev.Agent] = next
		l.state(ev.Agent, next)
	}
	switch ev.Kind {
	case forecast.Join:
		data := map[string]any{"priority": ev.Priority, "call": "call"}
		if ev.Callback {
			data = map[string]any{"priority": ev.Priority, "callback": "promise"}
		}
		l.note("place.taken", ev.Call, "", data)
	case forecast.Abandon:
		l.note("place.left", ev.Call, "", map[string]any{"reason": "abandoned"})
	case forecast.Connect:
		l.call[ev.Agent] = ev.Call
		l.state(ev.Agent, "ringing") // and answers at once
		l.note("place.served", ev.Call, ev.Agent, nil)
		l.state(ev.Agent, "talking")
	case forecast.Complete:
		l.note("place.left", l.call[ev.Agent], ev.Agent, map[string]any{"reason": "served"})
		l.state(ev.Agent, "wrapup")
	case forecast.Ready:
		l.state(ev.Agent, l.off[ev.Agent])
	case forecast.RNA:
		l.note("offer.ended", ev.Call, ev.Agent, map[string]any{"why": "no_answer"})
		l.state(ev.Agent, "paused")
		l.rests = append(l.rests, rest{ev.Agent, ev.At + restTime})
	}
	return nil
}

// Forecast implements Predictor.
func (l *Live) Forecast(call string) (forecast.Prediction, error) {
	e := l.live.Estimate(call, l.now)
	if l.All {
		_, places := l.live.Estimates(l.now)
		e = places[call]
	}
	return forecast.Prediction{Mean: e.Mean.Seconds(), Low: e.Low.Seconds(), High: e.High.Seconds()}, nil
}
