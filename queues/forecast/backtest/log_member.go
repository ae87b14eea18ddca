package backtest

import (
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/queuelog"
)

// notThere is how long a member may be free beside a caller who waits without
// being rung, before it is taken not to be there.
const notThere = time.Minute

// member is an agent in one queue of a log.
type member struct {
	name   string
	state  queues.AgentState
	since  time.Time
	paused bool
	call   string // that it talks with, here
	absent bool   // off duty because it was not rung, not because the log says so
}

// member gives a member who shows by an event that it is there.
func (q *logQueue) member(at time.Time, name string) *member {
	m := q.members[name]
	if m == nil {
		m = &member{name: name, state: queues.AgentOffline, since: at}
		q.members[name] = m
	}
	if m.state == queues.AgentOffline {
		q.become(at, m, queues.AgentIdle)
	}
	return m
}

// become tells the estimator a new state of a member.
func (q *logQueue) become(at time.Time, m *member, s queues.AgentState) {
	m.absent = false
	if m.state == s {
		return
	}
	m.state, m.since = s, at
	q.note(at, "agent.state", "", m.name, map[string]any{"agent": m.name, "state": string(s)})
}

// rest lets a member be free, or paused, of whom nobody saw how long it worked
// after the call.
func (q *logQueue) rest(at time.Time, m *member) {
	q.live.Overlook(m.name)
	if m.paused {
		q.become(at, m, queues.AgentPaused)
	} else {
		q.become(at, m, queues.AgentIdle)
	}
}

// emptied: with nobody in line it does not show when members are ready again.
func (q *logQueue) emptied(at time.Time) {
	if len(q.calls) > 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(q.members)) {
		if m := q.members[name]; m.state == queues.AgentWrapUp {
			q.rest(at, m)
		}
	}
}

// duty takes up that a member came, went, or paused.
func (q *logQueue) duty(at time.Time, line queuelog.Line) {
	duty := line.Duty()
	if duty == queuelog.DutySame || line.Agent == "" {
		return
	}
	if duty == queuelog.DutyOff {
		if m := q.members[line.Agent]; m != nil {
			m.paused, m.call = false, ""
			q.become(at, m, queues.AgentOffline)
		}
		return
	}
	m := q.member(at, line.Agent)
	m.paused = duty == queuelog.DutyPaused
	if m.state == queues.AgentTalking || m.state == queues.AgentBusy {
		return // after the call
	}
	q.rest(at, m)
}

// rings: the member's phone begins to ring, as a later line tells.
func (q *logQueue) rings(at time.Time, name string) {
	if m := q.member(at, name); m.state != queues.AgentTalking && m.state != queues.AgentPaused {
		q.become(at, m, queues.AgentRinging)
	}
}

// noAnswer: the member let it ring. Not to be rung for a moment means that the
// phone was in use.
func (q *logQueue) noAnswer(line queuelog.Line) {
	m := q.member(line.At, line.Agent)
	if m.state == queues.AgentTalking {
		return
	}
	if rang, told := line.Number(0); told && rang < 1000 {
		q.become(line.At, m, queues.AgentBusy)
		return
	}
	q.note(line.At, "offer.ended", line.Call, m.name, map[string]any{"why": "no_answer"})
	q.become(line.At, m, queues.AgentIdle)
}

// missing finds the members who are not there: free beside a caller who waits.
func (q *logQueue) missing(at time.Time) {
	oldest := at
	for _, c := range q.calls {
		if c.joined.Before(oldest) {
			oldest = c.joined
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.members)) {
		m := q.members[name]
		free := m.state == queues.AgentIdle || m.state == queues.AgentBusy
		if free && at.Sub(m.since) > notThere && at.Sub(oldest) > notThere {
			q.become(at, m, queues.AgentOffline)
			m.absent = true
		}
	}
}

// elsewhere: the member talks in another queue, or does no longer.
func (q *logQueue) elsewhere(at time.Time, name, queue string, busy bool) {
	m := q.members[name]
	switch {
	case m.call != "" || m.state == queues.AgentOffline && !m.absent:
	case busy:
		m.absent = false
		m.state, m.since = queues.AgentBusy, at
		q.note(at, "agent.state", "", m.name, map[string]any{"agent": m.name, "state": string(queues.AgentTalking), "queue": queue})
	case m.state == queues.AgentBusy:
		q.rest(at, m)
	}
}
