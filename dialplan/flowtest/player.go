package flowtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// Player is one call through a document. Time stands still but for what its
// methods let pass. It is used by one goroutine.
type Player struct {
	Doc      *dialplan.Document
	World    World
	Priority int // of the last place in line

	state  dialplan.State
	now    time.Time
	begun  time.Time
	due    []due // what will happen by itself, the soonest first
	saying int   // Seq of the words that are being said, 0 for none
	timing int   // Seq of the timer that runs, 0 for none
	over   bool
	node   string                       // where the actions that are being carried out come from
	seen   func(from, to, label string) // told of each step from node to node; may be nil
	choice string                       // the key of the branch that was taken, until the next node
	calls  []string                     // the call nodes of the dialogues that the call is in, the outermost first

	Heard   []Heard         // everything that was said, the oldest first
	Notes   []dialplan.Note // what went to the journal
	Done    []Deed          // what linekeeper did beside speaking, for people to read
	Unknown []string        // actions that this package does not know
}

// Deed is something that linekeeper did beside speaking.
type Deed struct {
	At    time.Duration // since the beginning
	Text  string        // what became of the caller: "is connected with an agent"
	After int           // how much was heard before
}

// Heard is one thing that the caller heard.
type Heard struct {
	At       time.Duration // since the beginning
	Language string
	Text     string
	Node     string
}

// due is something that will happen by itself.
type due struct {
	at     time.Time
	ev     dialplan.Event
	spoken int  // the Seq whose words end here, 0 for something else
	timer  int  // likewise the timer
	place  bool // of the place in line
}

// New prepares a call; Start begins it.
func New(doc *dialplan.Document, w World) *Player {
	if w.Now.IsZero() {
		w.Now = DefaultTime(doc)
	}
	return &Player{Doc: doc, World: w, now: w.Now, begun: w.Now}
}

// DefaultTime is when a conversation takes place that does not say: a Monday at
// noon, by the clock of the hotline.
func DefaultTime(doc *dialplan.Document) time.Time {
	return time.Date(2026, time.November, 23, 12, 0, 0, 0, Zone(doc))
}

// Zone is the clock of a hotline.
func Zone(doc *dialplan.Document) *time.Location {
	switch {
	case doc.Zone != nil:
		return doc.Zone
	case doc.Hours != nil:
		return doc.Hours.Location
	}
	return time.UTC
}

// Start lets the call arrive, or the customer pick up.
func (p *Player) Start() {
	if c := p.World.Callback; c != nil {
		callee := dialplan.Callee{
			Promise: "promise", Verify: c.Verify, Queue: c.Queue, Number: p.World.Number, Language: p.World.Language,
			Reason: c.Reason, AskedAt: p.now.Add(-time.Hour),
		}
		if found := p.byNumber(p.World.Number); len(found) == 1 {
			callee.Caller = found[0].Caller(p.World.Number, callers.AssuranceANI)
		}
		p.state = dialplan.NewCallbackState(p.Doc, callee)
		p.give(dialplan.StartedCallback{})
	} else {
		p.state = dialplan.NewState(p.Doc, p.World.Number)
		if p.World.Language != "" {
			p.state.Language = p.World.Language
		}
		p.give(p.started())
	}
	p.Wait(0)
}

// State is where the call stands.
func (p *Player) State() dialplan.State { return p.state }

// Now is the time in the conversation.
func (p *Player) Now() time.Time { return p.now }

// Over says whether the call has ended.
func (p *Player) Over() bool { return p.over || p.state.Phase == dialplan.PhaseEnded }

// Speaking says whether the caller is being told something.
func (p *Player) Speaking() bool { return p.saying != 0 }

// Press lets the caller press keys, one after another.
func (p *Player) Press(keys string) {
	for _, key := range keys {
		p.give(dialplan.Digit{Key: key})
		p.Wait(keyTime)
	}
}

// keyTime is how long a finger takes from key to key.
const keyTime = 200 * time.Millisecond

// Listen lets the words that are being said come to their end, and those that
// follow by themselves; where the caller is not asked anything, for instance while
// another system is, it lets that come to its end. It says whether there was any.
func (p *Player) Listen() bool {
	for _, d := range p.due {
		if p.awaited(d) {
			p.Wait(d.at.Sub(p.now))
			return true
		}
	}
	return false
}

// passing are the phases in which somebody else is awaited than the caller.
var passing = []dialplan.Phase{
	dialplan.PhaseLookingUp, dialplan.PhaseChecking, dialplan.PhaseAsking, dialplan.PhasePromising, dialplan.PhaseFetching,
	dialplan.PhaseDialling, dialplan.PhasePutThrough, dialplan.PhaseLent,
}

// awaited says whether this is what somebody waits for who listens.
func (p *Player) awaited(d due) bool {
	switch {
	case p.saying != 0:
		return d.spoken == p.saying
	case p.state.Phase == dialplan.PhasePausing:
		return d.timer != 0 && d.timer == p.timing
	}
	return slices.Contains(passing, p.state.Phase) && d.spoken == 0 && d.timer == 0 && !d.place
}

// Silence lets the caller do nothing until the question that is being asked gives
// up waiting. It says whether there was one.
func (p *Player) Silence() bool {
	for p.saying != 0 && p.Listen() {
		continue
	}
	for _, d := range p.due {
		if d.timer != 0 && d.timer == p.timing {
			p.Wait(d.at.Sub(p.now))
			return true
		}
	}
	return false
}

// Wait lets time pass, and happen what is due.
func (p *Player) Wait(d time.Duration) {
	until := p.now.Add(d)
	for len(p.due) > 0 && !p.due[0].at.After(until) {
		next := p.due[0]
		p.due = p.due[1:]
		switch {
		case next.spoken != 0 && next.spoken != p.saying, next.timer != 0 && next.timer != p.timing:
			continue // was cut short, or stopped
		case next.spoken != 0:
			p.saying = 0
		case next.timer != 0:
			p.timing = 0
		}
		p.now = next.at
		p.give(next.ev)
	}
	p.now = until
}

// HangUp lets the caller go.
func (p *Player) HangUp() {
	p.give(dialplan.HungUp{})
	p.Wait(0) // a promise that was asked for is still answered
	p.over = p.over || p.state.Phase == dialplan.PhaseEnded
}

// give hands an event to the dialplan, and carries out what comes of it.
func (p *Player) give(ev dialplan.Event) {
	if p.over {
		return
	}
	p.node = p.state.Node
	var actions []dialplan.Action
	p.state, actions = dialplan.Step(p.Doc, p.state, ev, p.now)
	for _, a := range actions {
		if note, ok := a.(dialplan.Note); ok {
			p.follow(note)
		}
		p.carryOut(a)
	}
}

// follow tells of the steps from node to node.
func (p *Player) follow(note dialplan.Note) {
	if key, ok := taken(p.Doc, note); ok {
		p.choice = key
	}
	if note.Type != "node.entered" {
		return
	}
	node, _ := note.Data["node"].(string)
	from := p.caller(node)
	if p.seen != nil {
		p.seen(from, node, p.choice)
	}
	p.choice, p.node = "", node
}

// caller says which node leads to this one: that which was left, but for what comes
// after a dialogue, to which the node that called it leads. It keeps count of the
// dialogues that the call is in.
func (p *Player) caller(to string) (from string) {
	from = p.node
	left, entered := p.Doc.Nodes[from], p.Doc.Nodes[to]
	if left != nil && left.Kind == dialplan.KindReturn && len(p.calls) > 0 {
		from = p.calls[len(p.calls)-1]
		p.calls = p.calls[:len(p.calls)-1]
	}
	if left != nil && left.Kind == dialplan.KindCall {
		p.calls = append(p.calls, from)
	}
	for len(p.calls) > 0 && (entered == nil || p.Doc.Nodes[p.calls[len(p.calls)-1]].Calls != entered.Dialogue) {
		p.calls = p.calls[:len(p.calls)-1] // a name of the main part, or *, led out
	}
	return from
}

// later plans what happens by itself.
func (p *Player) later(d due) {
	i := len(p.due)
	for i > 0 && p.due[i-1].at.After(d.at) {
		i--
	}
	p.due = append(p.due[:i], append([]due{d}, p.due[i:]...)...)
}

// SpeechTime is about how long a text takes to be spoken: 14 letters a second,
// and a second at least.
func SpeechTime(text string) time.Duration {
	return time.Second + time.Duration(utf8.RuneCountInString(text))*time.Second/14
}

func (p *Player) say(a dialplan.Say) {
	p.saying = a.Seq
	if len(a.Texts) == 0 && a.Take == 0 {
		p.later(due{at: p.now, ev: dialplan.Spoken{Seq: a.Seq}, spoken: a.Seq})
		return
	}
	text := strings.Join(a.Texts, " ")
	if a.Take > 0 {
		text = strings.TrimSpace(fmt.Sprintf("[the message] %s", text))
	}
	p.Heard = append(p.Heard, Heard{At: p.now.Sub(p.begun), Language: a.Language, Text: text, Node: p.node})
	p.later(due{at: p.now.Add(SpeechTime(text)), ev: dialplan.Spoken{Seq: a.Seq}, spoken: a.Seq})
}

func (p *Player) timer(a dialplan.Timer) {
	p.timing = 0
	if a.After > 0 {
		p.timing = a.Seq
		p.later(due{at: p.now.Add(a.After), ev: dialplan.TimerFired{Seq: a.Seq}, timer: a.Seq})
	}
}

// takePlace lets the queue do what the world says of it.
func (p *Player) takePlace(name string) {
	p.leavePlace()
	q, known := p.World.Queues[name]
	if !known {
		return
	}
	if q.Ends == "" || q.After > 0 {
		p.later(due{at: p.now, ev: update(q), place: true})
	}
	switch {
	case q.Ends != "":
		p.later(due{at: p.now.Add(q.After), ev: dialplan.PlaceOver{Reason: Reasons[q.Ends]}, place: true})
	case q.Answers != "":
		p.later(due{at: p.now.Add(q.After), ev: dialplan.PlaceServed{Agent: q.Answers}, place: true})
		if q.Speaking > 0 {
			p.later(due{at: p.now.Add(q.After + q.Speaking), ev: dialplan.AgentLeft{}, place: true})
		}
	}
}

// leavePlace forgets what the queue would have done.
func (p *Player) leavePlace() {
	var rest []due
	for _, d := range p.due {
		if !d.place {
			rest = append(rest, d)
		}
	}
	p.due = rest
}

func update(q Queue) dialplan.PlaceUpdate {
	return dialplan.PlaceUpdate{Ahead: q.Ahead, Able: q.Able, Estimate: queues.Estimate{
		Known: q.High > 0, Low: q.Low, Mean: (q.Low + q.High) / 2, High: q.High,
	}}
}

// Reasons are the ways in which a wait ends without an agent, by their names in
// documents.
var Reasons = map[string]queues.LeaveReason{
	"full": queues.LeftFull, "no_agents": queues.LeftNoAgents, "timeout": queues.LeftTimeout, "unavailable": queues.LeftFailed,
}
