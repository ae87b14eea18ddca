package judge

import (
	"cmp"
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/linekeeper/linekeeper/queues/forecast"
)

// The contract's times for an agent who does not answer, in seconds.
const (
	ringing = 15.0
	resting = 60.0
)

type status int

const (
	absent status = iota
	idle
	talking
	wrapping
	ringsUnheard
	rests
)

type worker struct {
	status status
	on     bool
	paused bool
	since  float64
	until  float64 // end of ringing or resting
	call   int
	law    Law // of the talk
}

type client struct {
	id, priority int
	callback     bool
	joined       float64
	held         bool
	gone         bool // hung up; kept to see when the turn would have come
	forever      bool // does not hang up
}

func before(a, b client) int {
	return cmp.Or(cmp.Compare(b.priority, a.priority), cmp.Compare(a.id, b.id))
}

type what int

const (
	arrives what = iota
	hangsUp
	talkEnds
	wrapEnds
	ringEnds
	restEnds
	shift
)

// due is one thing that will happen to a worker or a client.
type due struct {
	at   float64
	what what
	id   int
}

type agenda []due

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at < a[j].at }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) { *a = append(*a, x.(due)) }

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// world is a queue at one moment.
type world struct {
	family  *Family
	rng     *rand.Rand
	now     float64
	workers []worker
	queue   []client // in the order of service
	nextID  int
	agenda  agenda
	shifts  int // how many happened
	watched int // id of the client at whose connect a fork ends, -1 for none
	found   bool

	emit   func(forecast.Event)         // nil in a fork
	joined func(c client)               // after the join was told, before anything else happens
	turn   func(c client, wait float64) // the wait of a client is known
}

func newWorld(f *Family, rng *rand.Rand) *world {
	w := &world{family: f, rng: rng, watched: -1, workers: make([]worker, f.Agents)}
	return w
}

// run plays the family to its end.
func (w *world) run() {
	for i := range w.workers {
		if i < w.family.Agents-w.family.Absent {
			w.workers[i].status, w.workers[i].on = idle, true
			w.tell(forecast.Login, -1, i)
		}
	}
	w.planArrival()
	w.planShift()
	for len(w.agenda) > 0 && w.agenda[0].at < w.family.Horizon {
		w.step()
	}
}

func (w *world) plan(after float64, what what, id int) {
	heap.Push(&w.agenda, due{w.now + after, what, id})
}

// planArrival draws the next arrival by thinning.
func (w *world) planArrival() {
	at := w.now
	for {
		at += w.rng.ExpFloat64() / w.family.MaxRate
		if w.rng.Float64()*w.family.MaxRate <= w.family.Rate(at) || at > 2*w.family.Horizon {
			heap.Push(&w.agenda, due{at, arrives, 0})
			return
		}
	}
}

func (w *world) planShift() {
	if w.shifts < len(w.family.Shifts) {
		heap.Push(&w.agenda, due{w.family.Shifts[w.shifts].At, shift, w.shifts})
	}
}

func (w *world) tell(kind forecast.Kind, call, agent int) {
	if w.emit == nil {
		return
	}
	ev := forecast.Event{At: w.now, Kind: kind}
	if call >= 0 {
		ev.Call = fmt.Sprintf("c%d", call)
	}
	if agent >= 0 {
		ev.Agent = fmt.Sprintf("a%d", agent+1)
	}
	w.emit(ev)
}

func (w *world) step() {
	d := heap.Pop(&w.agenda).(due)
	w.now = d.at
	switch d.what {
	case arrives:
		w.arrive()
	case hangsUp:
		if i := slices.IndexFunc(w.queue, func(c client) bool { return c.id == d.id && !c.gone && !c.held }); i >= 0 {
			w.tell(forecast.Abandon, d.id, -1)
			w.queue[i].gone = true
			if w.emit == nil {
				w.queue = slices.Delete(w.queue, i, i+1)
			}
		}
	case talkEnds:
		a := &w.workers[d.id]
		w.tell(forecast.Complete, a.call, d.id)
		a.status, a.since = wrapping, w.now
		if wrap := w.family.Wrap.sample(w.rng); wrap > 0 {
			w.plan(wrap, wrapEnds, d.id)
		} else {
			w.ready(d.id)
		}
	case wrapEnds:
		w.ready(d.id)
	case ringEnds:
		a := &w.workers[d.id]
		w.tell(forecast.RNA, a.call, d.id)
		if i := slices.IndexFunc(w.queue, func(c client) bool { return c.id == a.call }); i >= 0 {
			w.queue[i].held = false
		}
		a.status, a.until = rests, w.now+resting
		w.plan(resting, restEnds, d.id)
	case restEnds:
		w.settle(d.id)
	case shift:
		w.change(w.family.Shifts[d.id])
	}
	w.dispatch()
}

func (w *world) arrive() {
	c := client{id: w.nextID, joined: w.now}
	w.nextID++
	u := w.rng.Float64()
	for p, share := range w.family.Priorities {
		if u -= share; u < 0 {
			c.priority = p
			break
		}
	}
	c.callback = w.rng.Float64() < w.family.Callbacks
	w.insert(c)
	if !c.callback && w.family.Patience.Mean > 0 {
		w.plan(w.family.Patience.sample(w.rng), hangsUp, c.id)
	}
	w.planArrival()
	if w.emit != nil {
		w.emit(forecast.Event{At: w.now, Kind: forecast.Join, Call: fmt.Sprintf("c%d", c.id), Priority: c.priority, Callback: c.callback})
		w.joined(c)
	}
}

func (w *world) insert(c client) {
	at, _ := slices.BinarySearchFunc(w.queue, c, before)
	w.queue = slices.Insert(w.queue, at, c)
}
