package judge

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues/forecast"
)

// line follows who waits and what the agents do, for the baselines.
type line struct {
	waiting []forecast.Event // joins, in the order of service
	on      map[string]bool
	since   map[string]float64
	now     float64
}

func newLine() line { return line{on: map[string]bool{}, since: map[string]float64{}} }

// apply gives the join of the call that the event is about, if it still waited.
func (l *line) apply(ev forecast.Event) (forecast.Event, bool) {
	l.now = ev.At
	switch ev.Kind {
	case forecast.Login, forecast.Unpause:
		l.on[ev.Agent] = true
	case forecast.Logout, forecast.Pause:
		delete(l.on, ev.Agent)
	case forecast.Join:
		at := slices.IndexFunc(l.waiting, func(w forecast.Event) bool { return w.Priority < ev.Priority })
		if at < 0 {
			at = len(l.waiting)
		}
		l.waiting = slices.Insert(l.waiting, at, ev)
	case forecast.Connect, forecast.Abandon:
		i := slices.IndexFunc(l.waiting, func(w forecast.Event) bool { return w.Call == ev.Call })
		if i >= 0 {
			joined := l.waiting[i]
			l.waiting = slices.Delete(l.waiting, i, i+1)
			return joined, true
		}
	}
	return forecast.Event{}, false
}

// QLm is forecast.QLm as a Predictor.
type QLm struct {
	line line
	qlm  *forecast.QLm
}

// NewQLm gives one that knows only its priors.
func NewQLm() *QLm { return &QLm{newLine(), forecast.NewQLm(3*time.Minute, 10*time.Minute)} }

// Apply implements Predictor.
func (q *QLm) Apply(ev forecast.Event) error {
	c, waited := q.line.apply(ev)
	wait := seconds(ev.At - c.At)
	switch {
	case ev.Kind == forecast.Connect:
		q.line.since[ev.Agent] = ev.At
		if waited && !c.Callback {
			q.qlm.ObserveStayed(wait)
		}
	case ev.Kind == forecast.Abandon && waited:
		q.qlm.ObserveAbandoned(wait)
	case ev.Kind == forecast.Ready:
		if since, busy := q.line.since[ev.Agent]; busy {
			q.qlm.ObserveHandled(seconds(ev.At - since))
			delete(q.line.since, ev.Agent)
		}
	}
	return nil
}

// Forecast implements Predictor.
func (q *QLm) Forecast(call string) (forecast.Prediction, error) {
	at := slices.IndexFunc(q.line.waiting, func(w forecast.Event) bool { return w.Call == call })
	s := forecast.State{Ahead: at, Busy: len(q.line.on)}
	for _, w := range q.line.waiting[:at] {
		if w.Callback {
			s.Promises++
		}
	}
	e := q.qlm.Estimate(s)
	return forecast.Prediction{Mean: e.Mean.Seconds(), Low: e.Low.Seconds(), High: e.High.Seconds()}, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// HoldTime is what Asterisk's app_queue reports: with each caller who is served,
// a quarter of the way to the wait of that caller.
type HoldTime struct {
	line line
	mean float64
}

// NewHoldTime gives one that knows nothing.
func NewHoldTime() *HoldTime { return &HoldTime{line: newLine()} }

// Apply implements Predictor.
func (h *HoldTime) Apply(ev forecast.Event) error {
	if c, waited := h.line.apply(ev); waited && ev.Kind == forecast.Connect {
		h.mean += (ev.At - c.At - h.mean) / 4
	}
	return nil
}

// Forecast implements Predictor. There is no range.
func (h *HoldTime) Forecast(string) (forecast.Prediction, error) {
	return forecast.Prediction{Mean: h.mean, Low: h.mean, High: h.mean}, nil
}
