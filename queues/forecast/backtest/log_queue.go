package backtest

import (
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/forecast"
	"github.com/linekeeper/linekeeper/queues/queuelog"
)

// logQueue is one queue of a log.
type logQueue struct {
	name     string
	live     *forecast.Live
	calls    map[string]*logCall // that wait, by unique id
	members  map[string]*member
	holdTime int // seconds, as app_queue has it
	answered int
	row      LogRow
}

// logCall is a caller who waits, and what was said on joining.
type logCall struct {
	joined   time.Time
	ours     queues.Estimate
	holdTime float64
}

func (q *logQueue) note(at time.Time, kind, call, agent string, data map[string]any) {
	q.live.Observe(journal.Entry{At: at, Type: kind, Place: call, Agent: agent, Queue: q.name, Data: data})
}

// line takes up what happens in the queue.
func (q *logQueue) line(line queuelog.Line) {
	q.missing(line.At)
	switch {
	case line.Event == queuelog.EnterQueue:
		q.enters(line)
	case line.Event == queuelog.Connect:
		q.connects(line)
	case line.Event == queuelog.Abandon:
		q.leaves(line, queues.LeftAbandoned, &q.row.HungUp)
	case line.Leaves():
		q.leaves(line, queues.LeftTimeout, &q.row.Elsewhere)
	case line.Event == queuelog.RingNoAnswer:
		q.noAnswer(line)
	case line.Event == queuelog.RingCanceled:
		if m := q.members[line.Agent]; m != nil && m.state == queues.AgentRinging {
			q.become(line.At, m, queues.AgentIdle)
		}
	case line.Ends():
		if q.calls[line.Call] != nil {
			q.leaves(line, queues.LeftFailed, &q.row.Elsewhere)
		}
		q.ends(line)
	default:
		q.duty(line.At, line)
	}
}

// enters lets a caller join, and asks both estimators.
func (q *logQueue) enters(line queuelog.Line) {
	for id, c := range q.calls {
		if line.At.Sub(c.joined) > forgotten {
			delete(q.calls, id)
			q.note(line.At, "place.left", id, "", map[string]any{"reason": string(queues.LeftFailed)})
		}
	}
	if q.calls[line.Call] != nil {
		return
	}
	priority := 0
	// Within a second the order of lines is not that of the queue, so one place
	// more or less says nothing.
	if at, ok := line.Number(2); ok && at >= 1 && int(at) < len(q.calls) {
		priority = 1 // not behind all who were there
	}
	q.note(line.At, "place.taken", line.Call, "", map[string]any{"priority": priority, "call": line.Call})
	q.calls[line.Call] = &logCall{
		joined: line.At, ours: q.live.Estimate(line.Call, line.At), holdTime: float64(q.holdTime),
	}
}

// connects ends a wait and scores what was said.
func (q *logQueue) connects(line queuelog.Line) {
	m := q.member(line.At, line.Agent)
	q.note(line.At, "place.served", line.Call, m.name, nil)
	q.become(line.At, m, queues.AgentTalking)
	m.call = line.Call
	c := q.calls[line.Call]
	if c == nil {
		return // joined before the log began
	}
	delete(q.calls, line.Call)
	waited := line.At.Sub(c.joined).Seconds()
	q.answered++
	switch {
	case q.answered <= untold:
	case !c.ours.Known:
		q.row.Unknown++
	default:
		q.row.Ours.Add(c.ours.Mean.Seconds(), c.ours.Low.Seconds(), c.ours.High.Seconds(), waited)
		q.row.HoldTime.Add(c.holdTime, c.holdTime, c.holdTime, waited)
	}
	held, told := line.Number(0)
	if !told {
		held = waited
	}
	// As app_queue does in recalc_holdtime() of app_queue.c: whole seconds, a
	// quarter of the new value and three of the old one.
	q.holdTime = (3*q.holdTime + int(held)) >> 2
	q.emptied(line.At)
}

func (q *logQueue) leaves(line queuelog.Line, reason queues.LeaveReason, count *int) {
	if q.calls[line.Call] == nil {
		return
	}
	delete(q.calls, line.Call)
	*count++
	q.note(line.At, "place.left", line.Call, "", map[string]any{"reason": string(reason)})
	q.emptied(line.At)
}

// ends lets the member go who talked with the caller.
func (q *logQueue) ends(line queuelog.Line) {
	m := q.members[line.Agent]
	if m == nil || m.call != line.Call || m.state != queues.AgentTalking {
		return
	}
	m.call = ""
	q.note(line.At, "place.left", line.Call, m.name, map[string]any{"reason": string(queues.LeftServed)})
	if len(q.calls) > 0 && !m.paused {
		q.become(line.At, m, queues.AgentWrapUp) // until it is rung
		return
	}
	q.rest(line.At, m)
}

// restart: Asterisk began anew, and with it the hold time.
func (q *logQueue) restart(at time.Time) {
	q.holdTime = 0
	q.row.Elsewhere += len(q.calls)
	clear(q.calls)
	var agents []queues.Agent
	for _, m := range q.members {
		m.call = ""
		if m.state != queues.AgentOffline && m.state != queues.AgentPaused {
			m.state = queues.AgentIdle
		}
		m.since = at
		agents = append(agents, queues.Agent{ID: m.name, State: m.state, Since: at})
	}
	q.live.Reset(agents, nil, at)
}
