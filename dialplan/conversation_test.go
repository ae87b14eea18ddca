package dialplan_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// speechTime is how long every Say takes in these conversations.
const speechTime = 3 * time.Second

// talk plays the controller for one call, in virtual time. Its lines are what
// the caller, the switch and the directory do, and what must come of it:
//
//	start | call back | press 12# | listen | wait 20s | hang up | resume
//	found Anna | stranger | several | recalled 2 (calls today) | pin ok | pin wrong | pin locked | pin unknown (the directory is out of reach)
//	place 2 | place 2 3-7 (minutes) | place 2 3-7 by 4 (agents) | served Olga | over full | agent leaves | agent is gone
//	moved second | escalated second Olga
//	promised p1 | exists p1 | refused | full slot
//	enquired | enquired b7 (it stands) | enquired no | slots 16 17 (hours of today) | recorded 1 | silent 1
//	fetched found total=12 | fetched not_found | fetched failed
//	answered (whom the caller is put through to) | dialled busy | returned busy
//	hear WORDS     the words are spoken, after what was matched before
//	does WORDS     the action is done, after what was matched before
//	notes WORDS    likewise for the journal
//	not WORDS      nothing of the kind was done since what was matched before
//	called 2       the call starts, the second of today
//	restart        the daemon knows what was saved, and no more; resume follows
//	frames 1       so many dialogues are open
//	phase NAME | node NAME | result NAME | language ru
type talk struct {
	t     testing.TB
	doc   *dialplan.Document
	state dialplan.State
	now   time.Time
	log   []string // what was done and not matched yet
	notes []string

	saying, timing int
	saidAt, dueAt  time.Time
	over           bool
}

// monday is open time in every document of the tests.
var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newTalk(t testing.TB, doc *dialplan.Document, state dialplan.State) *talk {
	return &talk{t: t, doc: doc, state: state, now: monday}
}

func (c *talk) step(ev dialplan.Event) {
	c.t.Helper()
	var actions []dialplan.Action
	c.state, actions = dialplan.Step(c.doc, c.state, ev, c.now)
	for _, a := range actions {
		if c.over {
			c.t.Errorf("%T after the call was over", a)
		}
		c.carryOut(a)
	}
}

func (c *talk) carryOut(a dialplan.Action) {
	switch a := a.(type) {
	case dialplan.Say:
		c.saying, c.saidAt = a.Seq, c.now
		take := ""
		if a.Take > 0 {
			take = fmt.Sprintf("[take %d] | ", a.Take)
		}
		c.log = append(c.log, "say "+a.Language+": "+take+strings.Join(a.Texts, " | "))
		return
	case dialplan.StopSpeech:
		c.saying = 0
	case dialplan.Timer:
		c.timing, c.dueAt = a.Seq, c.now.Add(a.After)
		if a.After == 0 {
			c.timing = 0
		}
		return
	case dialplan.Note:
		c.notes = append(c.notes, fmt.Sprintf("%s %v", a.Type, a.Data))
		return
	case dialplan.Hangup:
		c.over = true
	case dialplan.Promise:
		c.log = append(c.log, promiseLine(a))
		return
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", a), "dialplan.")
	c.log = append(c.log, strings.TrimSpace(name+" "+strings.Trim(fmt.Sprintf("%v", a), "{}")))
}

// promiseLine is a Promise without what it does not say.
func promiseLine(a dialplan.Promise) string {
	line := fmt.Sprintf("Promise %s %s %v", a.Queue, a.Number, a.KeepPlace)
	if a.Slot != (dialplan.Slot{}) {
		line += fmt.Sprintf(" slot %s-%s of %d", a.Slot.From.Format("15:04"), a.Slot.Until.Format("15:04"), a.Capacity)
	}
	if a.Take > 0 {
		line += fmt.Sprintf(" take %d", a.Take)
	}
	if a.Abandoned {
		line += fmt.Sprintf(" abandoned once %v", a.Once)
	}
	return line
}

// wait lets time pass; speech ends and timers fire on the way.
func (c *talk) wait(d time.Duration) {
	c.t.Helper()
	until := c.now.Add(d)
	for {
		spoken := c.saying != 0 && !c.saidAt.Add(speechTime).After(until)
		fired := c.timing != 0 && !c.dueAt.After(until)
		switch {
		case spoken && (!fired || !c.dueAt.Before(c.saidAt.Add(speechTime))):
			c.listen()
		case fired:
			c.now = c.dueAt
			seq := c.timing
			c.timing = 0
			c.step(dialplan.TimerFired{Seq: seq})
		default:
			c.now = until
			return
		}
	}
}

func (c *talk) listen() {
	c.t.Helper()
	if c.saying == 0 {
		c.t.Fatal("nothing is being said")
	}
	c.now = c.saidAt.Add(speechTime)
	seq := c.saying
	c.saying = 0
	c.step(dialplan.Spoken{Seq: seq})
}

func match(lines []string, words string) int {
	for i, line := range lines {
		if strings.Contains(line, words) {
			return i
		}
	}
	return -1
}

// run plays a conversation.
func (c *talk) run(script string) {
	c.t.Helper()
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if what := c.line(line); what != "" {
			c.t.Fatalf("%q: %s\nphase %q at node %q\ndone and not matched: %q\nnotes: %q",
				line, what, c.state.Phase, c.state.Node, c.log, c.notes)
		}
	}
}

// line plays one line and says what is wrong.
func (c *talk) line(line string) string {
	c.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	same := func(what, got string) string {
		if got != rest {
			return fmt.Sprintf("%s is %q", what, got)
		}
		return ""
	}
	switch verb {
	case "hear", "does":
		i := match(c.log, rest)
		if i < 0 || (verb == "hear") != strings.HasPrefix(c.log[i], "say ") {
			return "it was not so"
		}
		c.log = c.log[i+1:]
	case "not":
		if i := match(c.log, rest); i >= 0 {
			return "but " + c.log[i]
		}
	case "notes":
		i := match(c.notes, rest)
		if i < 0 {
			return "it was not noted"
		}
		c.notes = c.notes[i+1:]
	case "phase":
		return same("the phase", string(c.state.Phase))
	case "node":
		return same("the node", c.state.Node)
	case "result":
		return same("the result", c.state.Result)
	case "language":
		return same("the language", c.state.Language)
	case "frames":
		return same("the number of dialogues", strconv.Itoa(len(c.state.Frames)))
	case "called": // that often today
		n, _ := strconv.Atoi(rest)
		c.step(dialplan.Started{Dialled: "600", History: callers.History{CallsToday: n}})
	case "restart": // what lives in memory only is gone
		saved, err := json.Marshal(c.state)
		if err != nil {
			return err.Error()
		}
		c.state, c.log = dialplan.State{}, nil
		if err := json.Unmarshal(saved, &c.state); err != nil {
			return err.Error()
		}
	case "listen":
		c.listen()
	case "wait":
		d, err := time.ParseDuration(rest)
		if err != nil {
			return err.Error()
		}
		c.wait(d)
	case "fetched", "answered", "dialled", "returned":
		c.step(outside(verb, rest, c.state))
	default:
		events := event(line)
		if events == nil {
			return "no such line"
		}
		for _, ev := range events {
			c.step(ev)
		}
	}
	return ""
}

// event reads a line about something that happens.
func event(line string) []dialplan.Event {
	verb, rest, _ := strings.Cut(line, " ")
	one := func(ev dialplan.Event) []dialplan.Event { return []dialplan.Event{ev} }
	anna := callers.Caller{
		Account: "1001", Name: "Анна", Language: "ru", VIP: rest == "vip",
		Balance: &callers.Money{Minor: 12345, Currency: "RUB"},
	}
	switch verb {
	case "start":
		return one(dialplan.Started{})
	case "call":
		return one(dialplan.StartedCallback{})
	case "machine":
		if rest == "silent" {
			return one(dialplan.MachineSilent{})
		}
		return one(dialplan.MachineAnswered{})
	case "resume":
		return one(dialplan.Resumed{})
	case "hang":
		return one(dialplan.HungUp{})
	case "press":
		var events []dialplan.Event
		for _, key := range rest {
			events = append(events, dialplan.Digit{Key: key})
		}
		return events
	case "found":
		if rest == "John" {
			return one(dialplan.LookedUp{Found: true, Caller: callers.Caller{Account: "7", Name: "John", Language: "en"}})
		}
		return one(dialplan.LookedUp{Found: true, Caller: anna})
	case "recalled":
		n, _ := strconv.Atoi(rest)
		return one(dialplan.Recalled{History: callers.History{CallsToday: n}})
	case "stranger":
		return one(dialplan.LookedUp{})
	case "pin":
		if rest == "ok" {
			return one(dialplan.Checked{OK: true, Caller: anna})
		}
		return one(dialplan.Checked{Locked: rest == "locked", Failed: rest == "unknown"})
	case "several":
		return one(dialplan.LookedUp{Several: []callers.Caller{
			{Account: "441001", Name: "Анна"}, {Account: "441002", Name: "Борис"}, {Account: "7", Name: "Вера"},
		}})
	case "place":
		rest, able, _ := strings.Cut(rest, " by ")
		ahead, minutes, _ := strings.Cut(rest, " ")
		n, _ := strconv.Atoi(ahead)
		ev := dialplan.PlaceUpdate{Ahead: n}
		ev.Able, _ = strconv.Atoi(able)
		if low, high, ok := strings.Cut(minutes, "-"); ok {
			l, _ := strconv.Atoi(low)
			h, _ := strconv.Atoi(high)
			ev.Estimate = queues.Estimate{
				Known: true, Low: time.Duration(l) * time.Minute,
				Mean: time.Duration(l+h) * time.Minute / 2, High: time.Duration(h) * time.Minute,
			}
		}
		return one(ev)
	case "served":
		return one(dialplan.PlaceServed{Agent: rest})
	case "over":
		return one(dialplan.PlaceOver{Reason: queues.LeaveReason(rest)})
	case "agent":
		if rest == "is gone" {
			return one(dialplan.AgentLost{})
		}
		return one(dialplan.AgentLeft{})
	case "moved":
		return one(dialplan.Moved{Queue: rest})
	case "escalated":
		queue, by, _ := strings.Cut(rest, " ")
		return one(dialplan.Escalated{Queue: queue, By: by})
	case "promised", "exists":
		return one(dialplan.Promised{ID: rest, Existing: verb == "exists"})
	case "postponed": // to a time, by the clock of a customer three hours east of UTC
		at, err := time.ParseInLocation(time.DateTime, rest, time.FixedZone("MSK", 3*3600))
		if err != nil {
			return nil
		}
		return one(dialplan.Promised{ID: "p1", NotBefore: at})
	case "full":
		return one(dialplan.PromiseRefused{Rule: dialplan.RuleSlotFull})
	case "enquired":
		if rest == "no" {
			return one(dialplan.Enquired{Refused: "prefix"})
		}
		return one(dialplan.Enquired{Existing: rest})
	case "slots":
		var ev dialplan.Enquired
		for hour := range strings.FieldsSeq(rest) {
			h, _ := strconv.Atoi(hour)
			from := time.Date(2026, 11, 23, h, 0, 0, 0, time.UTC)
			ev.Slots = append(ev.Slots, dialplan.Slot{From: from, Until: from.Add(time.Hour)})
		}
		return one(ev)
	case "recorded", "silent":
		take, _ := strconv.Atoi(rest)
		return one(dialplan.Recorded{Take: take, Silent: verb == "silent"})
	case "refused":
		return one(dialplan.PromiseRefused{Rule: "prefix"})
	}
	return nil
}
