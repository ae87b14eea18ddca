package simswitch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// QueueOptions are the settings of a queue, named after queues.conf.
type QueueOptions struct {
	JoinOnlyStaffed bool          // joinempty=no: without an agent who could take calls the result is JOINEMPTY
	LeaveWhenEmpty  bool          // leavewhenempty=yes: when the last such agent goes, all leave with LEAVEEMPTY
	MaxLen          int           // more callers than this get FULL; 0 is no limit
	Timeout         time.Duration // how long one may wait before TIMEOUT; 0 is without end
	RingTime        time.Duration // how long an agent's phone rings; 0 is 15 s
	Retry           time.Duration // how long an agent who did not answer is left alone; 0 is 5 s
	WrapUp          time.Duration // how long an agent is left alone after a call
}

// Queue is a queue of the switch's own kind (app_queue): callers in order of
// priority, then of joining; agents by penalty, then who was rung longest ago.
// Each waiting caller is rung for by one agent at a time, and no caller is rung
// for while one before them waits for a free agent.
type Queue struct {
	sw      *Switch
	name    string
	opts    QueueOptions
	members []*membership
	waiting []*place
}

// place is one placeholder in a queue.
type place struct {
	ch      *channel
	queue   *Queue
	far     telephony.ChannelID
	prio    int
	since   time.Time
	timeout *alarm
	offer   *offer // an agent's phone rings for it
	agent   *Agent // talks to it
}

// What queues.conf has when it does not say.
const (
	defaultRingTime = 15 * time.Second
	defaultRetry    = 5 * time.Second
)

const queueContext = "@linekeeper-queue"

// Queue adds a queue, or finds the one of this name and changes its options.
func (s *Switch) Queue(name string, o QueueOptions) *Queue {
	if o.RingTime == 0 {
		o.RingTime = defaultRingTime
	}
	if o.Retry == 0 {
		o.Retry = defaultRetry
	}
	var q *Queue
	s.update(func() {
		q = s.needQueue(name)
		q.opts = o
	})
	return q
}

// needQueue finds a queue or adds one with default options.
func (s *Switch) needQueue(name string) *Queue {
	q := s.queue(name)
	if q == nil {
		q = &Queue{sw: s, name: name, opts: QueueOptions{RingTime: defaultRingTime, Retry: defaultRetry}}
		s.queues = append(s.queues, q)
	}
	return q
}

// Waiting lists the placeholders that wait, first in line first.
func (q *Queue) Waiting() []telephony.ChannelID {
	q.sw.mu.Lock()
	defer q.sw.mu.Unlock()
	var out []telephony.ChannelID
	for _, p := range q.waiting {
		out = append(out, p.ch.ID)
	}
	return out
}

func (s *Switch) queue(name string) *Queue {
	for _, q := range s.queues {
		if q.name == name {
			return q
		}
	}
	return nil
}

// placeholderQueue takes the queue out of "Local/QUEUE@linekeeper-queue/n".
func placeholderQueue(endpoint string) (string, bool) {
	rest, ok := strings.CutPrefix(endpoint, "Local/")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(strings.TrimSuffix(rest, "/n"), queueContext)
}

// enterQueue runs what the dialplan stub does on a placeholder's far leg.
func (s *Switch) enterQueue(c *channel, name string, req telephony.OriginateRequest) {
	p := &place{ch: c, far: c.ID + ";2", since: time.Now()}
	p.prio, _ = strconv.Atoi(req.Vars["QUEUE_PRIO"])
	at, _ := strconv.Atoi(req.Vars["LINEKEEPER_POSITION"])
	c.place = p
	s.setState(c, telephony.StateRinging)
	q := s.queue(name)
	switch {
	case q == nil:
		s.giveUp(p, "UNKNOWN")
		return
	case q.opts.MaxLen > 0 && len(q.waiting) >= q.opts.MaxLen:
		s.giveUp(p, "FULL")
		return
	case q.opts.JoinOnlyStaffed && !q.staffed():
		s.giveUp(p, "JOINEMPTY")
		return
	}
	p.queue = q
	i := q.slot(p.prio, at)
	q.waiting = slices.Insert(q.waiting, i, p)
	s.emitQueue(telephony.QueueEvent{Kind: telephony.CallerJoined, Queue: name, Channel: c.ID, Position: i + 1})
	if q.opts.Timeout > 0 {
		p.timeout = s.after(q.opts.Timeout, func() { s.giveUp(p, "TIMEOUT") })
	}
	s.distribute(q)
}

// slot is where a caller enters the line, from 0: behind everyone of the same or
// a higher priority, or at the position asked for (from 1, 0 is none) if nobody
// of a higher priority is pushed back by that.
func (q *Queue) slot(prio, at int) int {
	for i, w := range q.waiting {
		if prio > w.prio || (at > 0 && at <= i+1 && prio == w.prio) {
			return i
		}
	}
	return len(q.waiting)
}

// waits says whether the place is in line still.
func (p *place) waits() bool { return p.queue != nil && slices.Contains(p.queue.waiting, p) }

// leaveLine takes a place out of the line and says so.
func (s *Switch) leaveLine(p *place, reason string) {
	i := slices.Index(p.queue.waiting, p)
	p.queue.waiting = slices.Delete(p.queue.waiting, i, i+1)
	p.timeout.stop()
	s.emitQueue(telephony.QueueEvent{
		Kind: telephony.CallerLeft, Queue: p.queue.name, Channel: p.ch.ID, Position: i + 1, Reason: reason,
	})
}

// giveUp ends a placeholder with a QUEUESTATUS.
func (s *Switch) giveUp(p *place, status string) {
	if p.queue != nil {
		s.withdraw(p.offer)
		s.leaveLine(p, "")
	}
	s.emit(telephony.UserEvent{
		Name: "LinekeeperQueue", ID: p.far, At: time.Now(),
		Fields: map[string]string{"Place": placeID(p.ch), "Status": status},
	})
	q := p.queue
	p.queue = nil
	s.end(p.ch, telephony.CauseNormal)
	if q != nil {
		s.distribute(q)
	}
}

// placeID is the place that the placeholder stands for: the variable that the
// stub reads, or else what follows "place" in the arguments.
func placeID(c *channel) string {
	if id := c.vars["LINEKEEPER_PLACE"]; id != "" {
		return id
	}
	if len(c.args) > 1 && c.args[0] == "place" {
		return c.args[1]
	}
	return ""
}

// dropPlace tidies up when a placeholder's channel has ended.
func (s *Switch) dropPlace(p *place) {
	switch {
	case p.agent != nil:
		s.complete(p.agent, telephony.ReasonCaller)
	case p.waits():
		s.withdraw(p.offer)
		s.leaveLine(p, telephony.ReasonAbandoned)
		s.distribute(p.queue)
	}
}

// queueState is everything about all queues.
func (s *Switch) queueState() telephony.QueueEvent {
	ev := telephony.QueueEvent{Kind: telephony.QueueReset, Phones: s.phoneStates()}
	queues := slices.SortedFunc(slices.Values(s.queues), func(a, b *Queue) int { return cmp.Compare(a.name, b.name) })
	for _, q := range queues {
		for _, m := range q.members {
			ev.Members = append(ev.Members, m.state())
		}
		for i, p := range q.waiting {
			ev.Waiting = append(ev.Waiting, telephony.QueueCaller{
				Queue: q.name, Channel: p.ch.ID, Position: i + 1, Priority: p.prio, Since: p.since,
			})
		}
	}
	return ev
}
