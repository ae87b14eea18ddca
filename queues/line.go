package queues

import "time"

// Settings are how one line behaves. A zero field means its default.
type Settings struct {
	// DialLead is how long a call to a customer is taken to last until the customer is
	// there, as long as nothing is known of that: so long before its turn a promise is
	// Due. Default 15 s.
	DialLead time.Duration
	// PromiseRetry is how long a promise rests that the switch's queue did not
	// want (full, no agents, too long). Default 30 s.
	PromiseRetry time.Duration
	// MaxReentries is how often in a row a lost placeholder is replaced. Default 10.
	MaxReentries int
	// PriorHandleTime is how long a conversation is taken to last before any
	// was seen, and PriorPatience the mean time after which a caller is taken to
	// hang up. Estimates are made beside the line: see forecast.Live, whose
	// defaults hold for 0.
	PriorHandleTime time.Duration
	PriorPatience   time.Duration
}

// WithDefaults fills in what is left out.
func (s Settings) WithDefaults() Settings {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&s.DialLead, 15 * time.Second},
		{&s.PromiseRetry, 30 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if s.MaxReentries <= 0 {
		s.MaxReentries = 10
	}
	return s
}

// Line is one waiting line in front of a queue of the switch (engine asterisk):
// the switch distributes, the line holds a placeholder in its queue for each
// place and knows who is before whom. It is not safe for concurrent use; its
// owner sends it one event after another and carries out what it answers.
type Line struct {
	name     string
	settings Settings
	spots    map[string]*spot // by place id: every place that has not left
	channels map[string]*spot // by the channel of its present placeholder
	order    []*spot          // those not yet served, first to be served first
	foreign  []Joined         // callers in the switch's queue who came by another way, likewise
	queue    []standee        // the switch's queue as it stands; see mirror.go
	crew     crew
	gate     string // channel of the ordered entry under way; see entry.go
	offers   []offer
	joining  Estimate      // of a live caller without priority who joins now
	spent    bool          // joining was told to somebody who joined since it was made
	lead     time.Duration // how long before its turn a promise's customer is dialled
	freeing  float64       // busy agents who are expected to be free by then, at the last estimates
	// entries counts those of promises' places that ended: an open promise may
	// take its place again, and its channel ids must not repeat.
	entries map[string]int
	// restored is when the first place of the last run was taken up; zero once
	// the switch's queue is known too, or will not be told.
	restored time.Time
}

// spot is a place with what only the line knows of it.
type spot struct {
	Place
	sight   sight  // what the switch shows of the placeholder
	asked   bool   // its holder asked that it enters, so an agent is rung for somebody
	fresh   bool   // just taken, so that it belongs at the end
	due     bool   // Due was sent
	lost    string // why the last placeholder was lost, "" when none was
	retries int    // placeholders lost in a row
	told    told   // what its holder was last told
	est     Estimate
	join    told // how it stood when it was taken, with the first estimate; unknown after a restart
	// endUnseen: the conversation ended while nobody looked, so how long it
	// lasted is not known.
	endUnseen bool
	taker     string // while served: who took it, "" as long as nobody tells
	shown     bool   // the switch showed the taker at work since; see taken.go
}

// sight is what the switch shows of a placeholder.
type sight int

const (
	unseen   sight = iota // not shown yet; taken to stand in the queue
	standing              // shown in the queue
	missing               // no longer in the queue; the end of its channel will say why
)

// told is how a place stood at some moment.
type told struct {
	known bool // false: never told
	ahead int
	able  int
	est   Estimate
	quote Quote
}

var _ Engine = (*Line)(nil)

// New gives an empty line for the switch's queue of this name.
func New(name string, settings Settings) *Line {
	settings = settings.WithDefaults()
	return &Line{
		name: name, settings: settings, lead: settings.DialLead,
		spots: map[string]*spot{}, channels: map[string]*spot{}, entries: map[string]int{},
		crew: crew{agents: map[string]Agent{}, glimpses: map[string]*glimpse{}},
	}
}

// Places lists the places that have not left, as they were last saved: those
// not yet served in their order, then those in service.
func (l *Line) Places() []Place {
	places := make([]Place, 0, len(l.spots))
	for _, s := range l.order {
		places = append(places, s.Place)
	}
	for _, served := range l.inService() {
		places = append(places, served.Place)
	}
	return places
}

// Legs lists the placeholders, in no order.
func (l *Line) Legs() []Leg {
	legs := make([]Leg, 0, len(l.channels))
	for channel, s := range l.channels {
		legs = append(legs, Leg{PlaceID: s.ID, Channel: channel, Asked: s.EnteredAt})
	}
	return legs
}

// Place gives a place that has not left, as it was last saved.
func (l *Line) Place(id string) (Place, bool) {
	s, ok := l.spots[id]
	if !ok {
		return Place{}, false
	}
	return s.Place, true
}

// Apply takes one event and answers with what should happen, in order. Events
// about places and channels that the line does not know (any more) change
// nothing. now never goes back.
//
// Where a place belongs is not known before all places of the last run and the
// switch's queue are. So those that lost their placeholder enter again when a
// Mirror follows the Restore events, or three seconds later without one.
func (l *Line) Apply(ev Event, now time.Time) []Command {
	t := &turn{line: l.name, now: now}
	switch ev := ev.(type) {
	case Restore:
		l.restore(t, ev)
	case Take:
		l.take(t, ev)
	case Convert:
		l.convert(t, ev)
	case Attach:
		l.attach(t, ev)
	case Enter:
		l.enter(t, ev)
	case Rest:
		l.rest(t, ev)
	case Leave:
		l.leave(t, ev)
	case Move:
		l.moveAway(t, ev)
	case Estimated:
		l.estimated(t, ev)
	case Answered:
		l.answered(t, ev)
	case Gone:
		l.gone(t, ev)
	case Refused:
		l.refused(t, ev)
	case Joined:
		l.joined(t, ev)
	case Parted:
		l.parted(t, ev)
	case AgentOn:
		l.agentOn(t, ev)
	case AgentRung:
		l.offerMade(t, ev)
	case AgentMissed:
		l.offerMissed(t, ev)
	case AgentSeen:
		l.agentSeen(t, ev.Agent)
	case AgentGone:
		l.agentGone(t, ev.ID)
	case Mirror:
		l.mirror(t, ev)
		l.restored = time.Time{}
	case Tick:
		l.endWrapUps(t)
		if now.Sub(l.restored) >= mirrorPatience {
			l.restored = time.Time{}
		}
	}
	l.letEnter(t)
	if _, fresh := ev.(Estimated); !fresh {
		l.freeing = 0 // who was expected may be here by now, and would count twice
	}
	l.tell(t)
	return t.out
}

// turn collects the commands of one Apply.
type turn struct {
	line string
	now  time.Time
	out  []Command
}

func (t *turn) do(cmds ...Command) { t.out = append(t.out, cmds...) }

// note writes to the journal; every entry names a queue, this one if none is said.
func (t *turn) note(kind, placeID string, data map[string]any) {
	if _, said := data["queue"]; !said {
		data["queue"] = t.line
	}
	t.do(Note{Type: kind, PlaceID: placeID, At: t.now, Data: data})
}

// notePlace writes about a place, and who holds it and serves it.
func (t *turn) notePlace(kind string, s *spot, data map[string]any) {
	for key, value := range map[string]string{"call": s.CallID, "callback": s.CallbackID, "agent": s.Agent} {
		if value != "" {
			data[key] = value
		}
	}
	if s.Queue != "" {
		data["queue"] = s.Queue
	}
	t.note(kind, s.ID, data)
}

// inSeconds gives a duration as the journal shows it, to the millisecond.
func inSeconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond)) / float64(time.Second)
}
