package dialplan

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

// Document is a hotline: what is said, asked and decided on one called number.
// It is made by Parse and not changed afterwards, so calls may share it.
type Document struct {
	File       string
	Version    string // of Source, see the function of this name
	Source     []byte // what it was parsed from
	Hotline    string // its name in lists and records
	Title      Text   // its name as it is spoken; may be empty
	Numbers    []string
	Language   string         // "ru", "en"
	Country    string         // ISO 3166: where numbers without a country code belong
	Zone       *time.Location // of the hotline, when it says so beside its hours; nil: that of Hours
	Hours      *Hours         // nil: always open
	Closed     string         // node for calls outside Hours, "" for a built-in message
	Start      string
	Vars       map[string]Variable
	Dialogues  map[string]*Dialogue
	Operator   Operator
	LanguageBy map[string]string // language by the country of the number, ISO 3166; "other" for all others
	Nodes      map[string]*Node
	Order      []string // names of nodes as written
	Callback   CallbackPolicy
	Warnings   ErrorList // what looks wrong but works

	texts   map[textKey]sentences // that have templates
	closing *Closing              // an order that stands, see During
	marks   map[string][]mark     // where numbers, queues, skills and the name are written, for CheckAll and CheckSkills
}

// mark is a place in the document.
type mark struct {
	value     string
	line, col int
	queue     string // of a skill: where it is asked for
	level     int    // likewise
}

// CallbackPolicy is how promises of this hotline are kept.
type CallbackPolicy struct {
	Prefixes       []string      // only numbers that begin so are called: "+7"
	RetryAfter     time.Duration // pause between two attempts
	MaxAttempts    int
	RingTimeout    time.Duration
	ConfirmTimeout time.Duration // to press 1 in all; the question is repeated in the middle
	Campaign       string        // that its promises count for, "" for none
	Abandoned      *Abandoned    // who is called back after hanging up in line; nil: nobody
	Mode           string        // who is called first, as callback.Mode; "" for the daemon's
}

// Kind is what a node does.
type Kind string

// The kinds of nodes, as their key in the document.
const (
	KindSay      Kind = "say"
	KindMenu     Kind = "menu"
	KindIdentify Kind = "identify"
	KindQueue    Kind = "queue"
	KindCallback Kind = "callback"
	KindGoto     Kind = "goto"
	KindHours    Kind = "hours"
	KindLookup   Kind = "lookup"
	KindMessage  Kind = "message"
	KindTransfer Kind = "transfer"
	KindSurvey   Kind = "survey"
	KindBranch   Kind = "branch"
	KindSet      Kind = "set"
	KindWait     Kind = "wait"
	KindCollect  Kind = "collect"
	KindCall     Kind = "call"
	KindReturn   Kind = "return"
	KindHangup   Kind = "hangup"
)

// Kinds lists the kinds of nodes.
func Kinds() []Kind { return slices.Clone(kinds) }

// Node is one step of a document. Fields that do not belong to its kind are
// zero. A branch that is "" ends with a built-in message and a hang-up.
type Node struct {
	Name      string
	Dialogue  string // that it belongs to; "" for the main part
	Kind      Kind
	Require   callers.Assurance // who is less sure is asked first, by Steps; none: everybody may
	Refused   string            // where those go who fail that; "": back to the menu they came from
	Text      Text              // of say and menu
	Next      string
	Otherwise string // of menu and callback: when the caller does not decide
	Hangup    bool   // of say: hang up after the text

	Keys    map[rune]string    // of menu
	Actions map[rune]KeyAction // of menu: keys that lead nowhere else
	NoInput string             // of menu: instead of Otherwise when nothing was pressed
	Tries   int                // how often a question is asked in all
	Timeout time.Duration      // the longest silence before a key

	Steps          []IdentifyStep // of identify and of nodes with Require, in their order
	Known, Unknown string         // of identify
	Account, PIN   Length         // of identify and of nodes with Require

	Queue     string         // of queue and callback
	Skills    []queues.Skill // that the agent must have, sorted by name; SkillLanguage stands for the caller's language
	KeepPlace bool           // after a queue that ended the wait, the place keeps its time
	Priority  Priority
	Announce  Announce
	Offer     Offer
	Longer    IfLonger
	Full      string // of queue: the queue takes no more callers
	NoAgents  string // nobody serves it
	TooLong   string // the longest wait that the queue allows is over; key "timeout"
	Broken    string // the switch could not do it; key "unavailable"
	After     string // the agent hung up and the caller is still there

	Number  []NumberSource // of callback and, within Offer, of queue
	Message *Message       // likewise, and of message; nil: none is asked for
	Slots   *Slots         // of callback; nil: only as soon as possible

	Lookup    *Lookup // of lookup
	NotFound  string  // likewise; "": as Failed
	Failed    string  // of lookup and transfer
	Target    *Target // of transfer
	Busy      string
	NoAnswer  string
	Questions []Question // of survey
	Thanks    Text       // likewise; nil: none
	Hook      string     // of message: the hook that is told of it, "" for those that want all
	Into      string     // of collect and call: the variable that gets the value
	Entry     Entry      // of collect

	Calls  string      // of call: the dialogue
	With   []Argument  // of call: in the order written
	Begins string      // of call: where the dialogue starts
	Return *Expression // of return

	Cases    []Case        // of branch
	Sets     []Assignment  // of set
	Language string        // of set: spoken from here on; "": as before
	Pause    time.Duration // of wait
	Music    bool          // of wait: instead of silence

	Hours        *Hours // of hours; nil: those of the hotline
	Open, Closed string

	line, col int
}

// NumberSource is where the number of a callback comes from.
type NumberSource string

// The sources of a number.
const (
	FromANI NumberSource = "ani" // the number of this call, after the caller confirmed it
	FromAsk NumberSource = "ask" // keyed in by the caller
)

// Length is how many digits an entry has. With Min equal to Max, and whenever
// Max is reached, it ends by itself; otherwise # or silence ends it.
type Length struct{ Min, Max int }

// Priority of places: higher is served first.
type Priority struct {
	Normal, VIP int
	By          *Expression // instead of both
}

// Announce is what is told while waiting.
type Announce struct {
	Every    time.Duration // 0: only once, on joining
	Position bool          // tell the position, not only the wait
}

// Offer is the offer to be called back instead of waiting.
type Offer struct {
	After   time.Duration // 0: only by Over
	Over    time.Duration // at once when the expected wait is longer; 0: never so
	Key     rune          // 0: no offer
	Every   time.Duration // 0: only once
	Number  []NumberSource
	Message *Message // nil: none is asked for
}

// Text is one text by language.
type Text map[string]string

// In returns the text in a language, or else in the fallback, and the language
// that it is in.
func (t Text) In(language, fallback string) (text, in string) {
	if text, ok := t[language]; ok {
		return text, language
	}
	return t[fallback], fallback
}

// Queues lists the names of the queues that the document uses, sorted.
func (d *Document) Queues() []string {
	var names []string
	for _, m := range d.marks["queue"] {
		names = append(names, m.value)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// SpokenTitle is the hotline's name for a sentence in this language.
func (d *Document) SpokenTitle(language string) string {
	if text, _ := d.Title.In(language, d.Language); text != "" {
		return text
	}
	return d.Hotline
}

// Edge is a way from one node to another.
type Edge struct {
	Label string // the key of the branch: "next", "1", "no_agents"
	To    string
}

// Edges lists where a node can lead, in the order of its kind's keys.
func (n *Node) Edges() []Edge {
	var edges []Edge
	add := func(label, to string) {
		if to != "" {
			edges = append(edges, Edge{label, to})
		}
	}
	keys := make([]rune, 0, len(n.Keys))
	for k := range n.Keys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		add(string(k), n.Keys[k])
	}
	add("no_input", n.NoInput)
	add("known", n.Known)
	add("unknown", n.Unknown)
	add("call", n.Begins)
	for _, one := range n.Cases {
		if one.If != nil {
			add(one.If.Source, one.Then)
		}
	}
	add("open", n.Open)
	add("closed", n.Closed)
	add("if_longer", n.Longer.Next)
	add("full", n.Full)
	add("no_agents", n.NoAgents)
	add("timeout", n.TooLong)
	add("unavailable", n.Broken)
	add("after", n.After)
	add("not_found", n.NotFound)
	add("busy", n.Busy)
	add("no_answer", n.NoAnswer)
	add("failed", n.Failed)
	add("otherwise", n.Otherwise)
	add("refused", n.Refused)
	add("next", n.Next)
	return edges
}
