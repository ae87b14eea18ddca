package flowtest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Verb is something that happens in a conversation: what the caller does, or the
// queue, the agent, the switch.
type Verb struct {
	Name  string
	Value string // what is to be said with it, for people; "" for nothing
	About string // what it is, in a few words
	do    func(p *Player, value string) error
}

// verbs are all there are, in the order in which they are explained.
var verbs = []Verb{
	{"press", "KEYS", "the caller presses keys: 0 to 9, * and #", press},
	{"silence", "", "the caller presses nothing until the question gives up waiting", func(p *Player, _ string) error {
		if !p.Silence() {
			return fmt.Errorf("no question waits for an answer (phase %q): let time pass with \"wait\"", p.state.Phase)
		}
		return nil
	}},
	{"wait", "DURATION", "time passes, like 30s", func(p *Player, v string) error {
		d, err := readDuration(v)
		if err == nil {
			p.Wait(d)
		}
		return err
	}},
	{"hang_up", "", "the caller hangs up", func(p *Player, _ string) error { p.HangUp(); return nil }},
	{"place", "AHEAD [LOW-HIGH [AGENTS]]", "how the place stands: places before, the expected wait like 3m-7m, agents who serve", place},
	{"agent_answers", "NAME", "an agent takes the place", func(p *Player, v string) error {
		return p.inLine(dialplan.PlaceServed{Agent: v})
	}},
	{"queue_ends", "HOW", "the wait ends without an agent: full, no_agents, timeout, unavailable", queueEnds},
	{"moved", "QUEUE", "the place is moved to another queue", func(p *Player, v string) error { return p.inLine(dialplan.Moved{Queue: v}) }},
	{"agent_hangs_up", "", "the agent hangs up, the caller is still there", func(p *Player, _ string) error { return p.talking(dialplan.AgentLeft{}) }},
	{"agent_gone", "", "the agent was gone before a word", func(p *Player, _ string) error { return p.talking(dialplan.AgentLost{}) }},
	{"passed_on", "QUEUE", "the agent passes the caller on to another queue", func(p *Player, v string) error {
		return p.talking(dialplan.Escalated{Queue: v})
	}},
	{"speaks", "DURATION", "the caller speaks a message, to its end", func(p *Player, v string) error {
		d, err := readDuration(v)
		if err != nil {
			return err
		}
		return p.speak(d, dialplan.Recorded{})
	}},
	{"says_nothing", "", "the caller is asked for a message and says nothing", func(p *Player, _ string) error {
		return p.speak(5*time.Second, dialplan.Recorded{Silent: true})
	}},
	{"machine", "answers | is silent", "a machine answered the customer's phone; it has ended its greeting", machine},
	{"restart", "", "linekeeper is killed and started again", func(p *Player, _ string) error {
		p.saying, p.timing = 0, 0
		p.now = p.now.Add(5 * time.Second)
		p.give(dialplan.Resumed{})
		p.Wait(0)
		return nil
	}},
}

// Verbs lists what can happen in a conversation.
func Verbs() []Verb { return slices.Clone(verbs) }

// verb finds one by its name.
func verb(name string) (Verb, bool) {
	i := slices.IndexFunc(verbs, func(v Verb) bool { return v.Name == name })
	if i < 0 {
		return Verb{}, false
	}
	return verbs[i], true
}

// Do lets something happen, by the name of its verb. The error says why it
// cannot; then nothing has happened.
func (p *Player) Do(name, value string) error {
	v, ok := verb(name)
	switch {
	case !ok:
		return unknownVerb(name)
	case v.Value == "" && value != "":
		return fmt.Errorf("%q stands alone, without %q", name, value)
	case v.Value != "" && value == "" && name != "agent_answers":
		return fmt.Errorf("%q needs %s", name, v.Value)
	case p.Over() && p.state.Phase != dialplan.PhaseGone:
		return fmt.Errorf("the call is over (result %q)", p.state.Result)
	}
	return v.do(p, value)
}

func unknownVerb(name string) error {
	names := make([]string, 0, len(verbs)+len(checks))
	for _, v := range verbs {
		names = append(names, v.Name)
	}
	names = append(names, slices.Sorted(maps.Keys(checks))...)
	if hint := dialplan.DidYouMean(name, names); hint != "" {
		return fmt.Errorf("there is no step %q (%s)", name, hint)
	}
	return fmt.Errorf("there is no step %q (one of %s)", name, strings.Join(names, ", "))
}

func press(p *Player, keys string) error {
	if i := strings.IndexFunc(keys, func(r rune) bool { return !strings.ContainsRune("0123456789*#", r) }); i >= 0 {
		return fmt.Errorf("%q is no key of a phone", keys[i:i+1])
	}
	p.Press(keys)
	return nil
}

// inLine is for what happens to a place.
func (p *Player) inLine(ev dialplan.Event) error {
	greeted := p.state.Phase == dialplan.PhaseGreeting // the promise has a place of its own
	if !p.state.Held && !greeted {
		return fmt.Errorf("the call holds no place in a queue (phase %q at node %q)", p.state.Phase, p.state.Node)
	}
	if _, stays := ev.(dialplan.PlaceUpdate); !stays {
		p.leavePlace()
	}
	p.give(ev)
	p.Wait(0)
	return nil
}

// talking is for what happens in a conversation with an agent.
func (p *Player) talking(ev dialplan.Event) error {
	if p.state.Phase != dialplan.PhaseConnected {
		return fmt.Errorf("no agent is there (phase %q at node %q)", p.state.Phase, p.state.Node)
	}
	p.leavePlace()
	p.give(ev)
	p.Wait(0)
	return nil
}

func queueEnds(p *Player, how string) error {
	reason, ok := Reasons[how]
	if !ok {
		return fmt.Errorf("%q is no end of a wait: one of %s", how, strings.Join(slices.Sorted(maps.Keys(Reasons)), ", "))
	}
	return p.inLine(dialplan.PlaceOver{Reason: reason})
}

var placePattern = regexp.MustCompile(`^(\d+)(?:\s+(\S+?)-(\S+?)(?:\s+(\d+))?)?$`)

func place(p *Player, v string) error {
	q, err := readPlace(v)
	if err != nil {
		return err
	}
	return p.inLine(update(q))
}

func readPlace(v string) (Queue, error) {
	m := placePattern.FindStringSubmatch(strings.TrimSpace(v))
	if m == nil {
		return Queue{}, fmt.Errorf("%q is no place: write it like 2, \"2 3m-7m\" or \"2 3m-7m 4\"", v)
	}
	var q Queue
	q.Ahead, _ = strconv.Atoi(m[1]) // digits
	q.Able, _ = strconv.Atoi(m[4])  // digits or none
	if m[2] != "" {
		var err error
		if q.Low, q.High, err = readSpan(m[2] + "-" + m[3]); err != nil {
			return Queue{}, err
		}
	}
	return q, nil
}

// readSpan reads an expected wait like 3m-7m.
func readSpan(v string) (low, high time.Duration, err error) {
	from, to, _ := strings.Cut(v, "-")
	low, errLow := time.ParseDuration(from)
	high, errHigh := time.ParseDuration(to)
	if errLow != nil || errHigh != nil || high < low || high <= 0 {
		return 0, 0, fmt.Errorf("%q is no expected wait: write it like 3m-7m", v)
	}
	return low, high, nil
}

func readDuration(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no duration: write it like 30s or 5m", v)
	}
	if d > longestWait {
		return 0, fmt.Errorf("%s is longer than a day", v)
	}
	return d, nil
}

// longestWait bounds what a slip of the pen costs: every announcement is played.
const longestWait = 24 * time.Hour

// speak ends the take that is being recorded.
func (p *Player) speak(d time.Duration, end dialplan.Recorded) error {
	for p.saying != 0 && p.state.Phase == dialplan.PhaseRecording && p.Listen() {
		continue
	}
	if !p.state.Taking {
		return fmt.Errorf("no message is being recorded (phase %q at node %q)", p.state.Phase, p.state.Node)
	}
	end.Take = p.state.Take
	if end.Take == 0 {
		end.Take = p.state.Takes
	}
	p.Wait(d)
	p.give(end)
	p.Wait(0)
	return nil
}

func machine(p *Player, v string) error {
	if p.state.Phase != dialplan.PhaseGreeting {
		return fmt.Errorf("only the customer of a callback can be a machine, at the greeting")
	}
	switch v {
	case "answers":
		p.give(dialplan.MachineAnswered{})
	case "is silent":
		p.give(dialplan.MachineSilent{})
	default:
		return fmt.Errorf("a machine \"answers\" or \"is silent\", not %q", v)
	}
	p.Wait(0)
	return nil
}
