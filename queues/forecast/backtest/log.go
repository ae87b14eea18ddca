package backtest

import (
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues/forecast"
	"github.com/linekeeper/linekeeper/queues/queuelog"
)

// How a log is read.
const (
	holdBack  = 3 * time.Minute // lines are kept so long, for a ring is only told when it is over
	untold    = 20              // answered calls of a queue that are not scored: all begin without history
	logSeed   = 1               // of the rollouts: a log gives the same answers each time
	forgotten = 4 * time.Hour   // whoever has waited so long has gone unseen
)

// LogRow says how the estimates of one queue would have done.
type LogRow struct {
	Queue     string
	Ours      Score // what linekeeper would have said to each caller who joined
	HoldTime  Score // what app_queue's hold time said at the same moments; it has no range
	HungUp    int   // callers who joined and hung up: not scored
	Elsewhere int   // who left the queue in another way
	Unknown   int   // answered calls of which nothing was known on joining: no agent had shown up
}

// Log plays a queue_log to the estimator. It is not safe for concurrent use.
//
// A log says less than linekeeper knows from the switch itself: nothing of
// priorities (they show in the position of who joins), of wrap-up (it ends when
// the member is rung, if somebody waits), of phones that cannot be reached (whoever
// is free for a minute beside a caller who waits, and is not rung, is taken not to
// be there), and of members who are not added but configured (they are there from
// their first call on).
type Log struct {
	late   lateLines
	seq    int
	newest time.Time
	queues map[string]*logQueue
}

// NewLog gives one that has read nothing.
func NewLog() *Log { return &Log{queues: map[string]*logQueue{}} }

// Add takes up one line. The error says what is wrong with it; then it changes
// nothing.
func (l *Log) Add(text string) error {
	line, err := queuelog.Parse(text)
	if err != nil {
		return err
	}
	if behind := l.newest.Sub(line.At); behind > holdBack {
		return fmt.Errorf("%v earlier than a line before it", behind.Round(time.Second))
	}
	if line.At.After(l.newest) {
		l.newest = line.At
	}
	if rang, ok := ringOf(line); ok {
		l.push(line.At.Add(-rang), lateLine{line: line, ring: true})
	}
	l.push(line.At, lateLine{line: line})
	l.play(l.newest.Add(-holdBack))
	return nil
}

// ringOf is how long the member was rung before a line.
func ringOf(line queuelog.Line) (rang time.Duration, ok bool) {
	n, seconds := 0, 0.001
	if line.Event == queuelog.Connect {
		n, seconds = 2, 1
	}
	v, told := line.Number(n)
	switch line.Event {
	case queuelog.Connect, queuelog.RingNoAnswer, queuelog.RingCanceled:
		rang = time.Duration(max(0, min(v*seconds, holdBack.Seconds())) * float64(time.Second))
		return rang, told && (rang > 0 || line.Event == queuelog.Connect)
	}
	return 0, false
}

// Close plays what is left. Lines that are added later are of no use.
func (l *Log) Close() { l.play(l.newest.Add(time.Hour)) }

// Rows lists what was found, by queue.
func (l *Log) Rows() []LogRow {
	rows := make([]LogRow, 0, len(l.queues))
	for _, name := range slices.Sorted(maps.Keys(l.queues)) {
		rows = append(rows, l.queues[name].row)
	}
	return rows
}

func (l *Log) push(at time.Time, line lateLine) {
	l.seq++
	line.at, line.seq = at, l.seq
	heap.Push(&l.late, line)
}

// play carries out the lines up to a time, in the order of time.
func (l *Log) play(until time.Time) {
	for len(l.late) > 0 && !l.late[0].at.After(until) {
		next := heap.Pop(&l.late).(lateLine)
		l.one(next)
	}
}

func (l *Log) one(next lateLine) {
	line := next.line
	if line.Event == queuelog.QueueStart {
		for _, q := range l.queues {
			q.restart(next.at)
		}
		return
	}
	if line.Queue == "" { // about a member in all its queues
		for _, name := range slices.Sorted(maps.Keys(l.queues)) {
			if q := l.queues[name]; q.members[line.Agent] != nil {
				q.duty(next.at, line)
			}
		}
		return
	}
	q := l.queues[line.Queue]
	if q == nil {
		q = newLogQueue(line.Queue)
		l.queues[line.Queue] = q
	}
	if next.ring {
		q.rings(next.at, line.Agent)
		return
	}
	q.line(line)
	// A member of several queues is busy in all of them.
	if busy := line.Event == queuelog.Connect; busy || line.Ends() {
		for name, other := range l.queues {
			if name != line.Queue && other.members[line.Agent] != nil {
				other.elsewhere(line.At, line.Agent, line.Queue, busy)
			}
		}
	}
}

// lateLine is a line that is held back, or the ring that it tells of.
type lateLine struct {
	at   time.Time
	seq  int
	line queuelog.Line
	ring bool
}

// lateLines is a heap by time.
type lateLines []lateLine

func (h lateLines) Len() int { return len(h) }
func (h lateLines) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].seq < h[j].seq
}
func (h lateLines) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *lateLines) Push(x any) { *h = append(*h, x.(lateLine)) }

// Pop implements heap.Interface.
func (h *lateLines) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// newLogQueue begins a queue.
func newLogQueue(name string) *logQueue {
	return &logQueue{
		name: name, live: forecast.NewLive(name, logSeed), calls: map[string]*logCall{}, members: map[string]*member{}, row: LogRow{Queue: name},
	}
}
