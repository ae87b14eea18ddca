package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Options choose how much is kept. A zero field means its default.
type Options struct {
	MaxFaults int // so many faults are kept, the first ones; all are counted; default 100
}

// Verifier checks a journal entry by entry. It keeps what is open: places,
// promises, calls in line and agents; make one with New. It is not safe for
// concurrent use, and no method blocks.
type Verifier struct {
	opts Options
	rep  Report

	// whole: the journal begins with the first entry ever and none is missing, so
	// that what is not known was never there.
	whole bool
	at    time.Time     // the latest time seen
	live  time.Duration // a clock that runs while entries come; see tick

	gaps    int           // how often entries are missing
	silence time.Duration // by the live clock, when entries last came after a longer silence
	paused  map[string]pause

	queues   map[string]*queue
	places   map[string]*place
	promises map[string]*promise
	calls    map[string]*call
	agents   map[string]*agent // by name or id, as the entries name them
	crew     map[string]*skilled
	over     recent // ids of what ended lately
	doubts   []*doubt
	learned  int // places that were first heard of after they were taken
	timeless int // places taken without taken_at
	callEnds bool
}

// New makes a verifier that has seen nothing yet.
func New(o Options) *Verifier {
	if o.MaxFaults <= 0 {
		o.MaxFaults = 100
	}
	return &Verifier{
		opts: o, whole: true, rep: Report{Left: map[string]int{}, Passed: map[Pass]int{}, Unproved: []string{}, Faults: []Fault{}},
		queues: map[string]*queue{}, places: map[string]*place{}, promises: map[string]*promise{},
		calls: map[string]*call{}, agents: map[string]*agent{}, crew: map[string]*skilled{}, over: newRecent(), paused: map[string]pause{},
	}
}

// Add takes the next entry, in order of seq. The error says that the entry is
// none: it has no seq, no time or no type.
func (v *Verifier) Add(e journal.Entry) error {
	switch {
	case e.Type == "":
		return fmt.Errorf("entry %d has no type", e.Seq)
	case e.Seq <= 0:
		return fmt.Errorf("entry of type %s has no seq", e.Type)
	case e.At.IsZero():
		return fmt.Errorf("entry %d (%s) has no time (at)", e.Seq, e.Type)
	case v.rep.Entries > 0 && e.Seq <= v.rep.LastSeq:
		v.fault(OutOfOrder, fmt.Sprintf("the entry comes after seq %d; was the file sorted, or put together of two?", v.rep.LastSeq), refOf(e))
		return nil
	}
	if e.Seq != v.rep.LastSeq+1 {
		v.whole = false
		v.gaps++
	}
	if v.rep.Entries == 0 {
		v.rep.FirstSeq = e.Seq
	}
	v.rep.Entries++
	v.rep.LastSeq = e.Seq
	v.tick(e)
	switch handle := handlers[e.Type]; {
	case handle != nil:
		handle(v, e)
	case e.Callback != "" && strings.HasPrefix(e.Type, "callback."):
		v.promiseEntry(e)
	}
	return nil
}

// handlers are the types that prove something; all others are passed over.
var handlers = map[string]func(*Verifier, journal.Entry){
	"place.taken":     (*Verifier).placeTaken,
	"place.entered":   (*Verifier).placeEntered,
	"place.reentered": (*Verifier).placeReentered,
	"place.rest":      (*Verifier).placeRest,
	"place.converted": (*Verifier).placeConverted,
	"place.moved":     (*Verifier).placeMoved,
	"place.served":    (*Verifier).placeServed,
	"place.left":      (*Verifier).placeLeft,

	"offer.made":      (*Verifier).offerMade,
	"offer.ended":     (*Verifier).offerEnded,
	"queue.opened":    (*Verifier).queueOpened,
	"queue.borrowing": (*Verifier).queueBorrowing,
	"agent.opened":    (*Verifier).agentOpened,
	"agent.state":     (*Verifier).agentState,

	"call.agent": (*Verifier).callAgent,
	"call.ended": (*Verifier).callEnded,

	"callback.asked":   (*Verifier).promiseAsked,
	"callback.refused": (*Verifier).promiseRefused,
	"callback.paused":  (*Verifier).queuePaused,
	"callback.resumed": (*Verifier).queueResumed,
}

// longestStep is how much one entry moves the live clock at most: for the rest
// of a longer silence the daemon may have been dead, and nothing was overdue.
const longestStep = 5 * time.Second

// overdue is how long, by the live clock, something may be under way.
const overdue = 30 * time.Second

func (v *Verifier) tick(e journal.Entry) {
	if step := e.At.Sub(v.at); step > 0 {
		if !v.at.IsZero() {
			v.live += min(step, longestStep)
			if step > longestStep {
				v.silence = v.live
			}
		}
		v.at = e.At
	}
	v.settleDoubts()
}

func (v *Verifier) fault(rule Rule, message string, entries ...Ref) {
	v.rep.FaultCount++
	if len(v.rep.Faults) < v.opts.MaxFaults {
		entries = slices.DeleteFunc(entries, func(r Ref) bool { return r.Seq == 0 })
		slices.SortFunc(entries, func(a, b Ref) int { return cmp.Compare(a.Seq, b.Seq) })
		entries = slices.CompactFunc(entries, func(a, b Ref) bool { return a.Seq == b.Seq })
		v.rep.Faults = append(v.rep.Faults, Fault{Rule: rule, Message: message, Entries: entries})
	}
}

// ended says that an entry is about something that is over, as far as that can
// be known.
func (v *Verifier) ended(id string) bool { return v.whole || v.over.has(id) }

// recent remembers the ids of what ended lately, so many and no more.
type recent struct {
	ids  map[string]Ref
	ring []string
	next int
}

const remembered = 10000

func newRecent() recent { return recent{ids: map[string]Ref{}} }

func (r *recent) add(id string, by Ref) {
	if _, known := r.ids[id]; known {
		r.ids[id] = by
		return
	}
	if len(r.ring) < remembered {
		r.ring = append(r.ring, id)
	} else {
		delete(r.ids, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % remembered
	}
	r.ids[id] = by
}

func (r *recent) has(id string) bool { _, ok := r.ids[id]; return ok }

// refs gives the entry at which something ended, if it is known, and this one.
func (r *recent) refs(id string, e journal.Entry) []Ref {
	if by, ok := r.ids[id]; ok {
		return []Ref{by, refOf(e)}
	}
	return []Ref{refOf(e)}
}
