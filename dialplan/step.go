package dialplan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

const (
	answerTimeout = 10 * time.Second // for LookedUp, Checked, Promised: the call goes on without
	maxPath       = 50               // nodes kept in State.Path
	maxTyped      = 32               // keys kept that were pressed before anything asked for them
	maxWrong      = 10               // secrets in one call, so that nobody can try them all
)

// NewState is the state of an incoming call before its Started. The ani is the
// caller's number in E.164, "" when it is withheld or unusable.
func NewState(doc *Document, ani string) State {
	return State{
		Hotline: doc.Hotline, Language: doc.Language, ANI: ani, Caller: callers.Caller{Number: ani}, Ahead: -1,
	}
}

// Callee is the customer of a callback and what was promised.
type Callee struct {
	Promise  string // the id of the promise
	Verify   bool   // somebody asked in their name: they are asked whether they want the call at all
	Queue    string
	Number   string // E.164
	Language string // "": the hotline's
	Caller   callers.Caller
	Vars     map[string]any // what the first call learned, by Document.Carried
	Reason   string         // how it was asked for, as callback.Reason has it
	AskedAt  time.Time      // when, by the customer's clock
}

// NewCallbackState is the state of a call that linekeeper places, before its
// StartedCallback. Whatever was known of the customer, whoever picks up is known
// by number only.
func NewCallbackState(doc *Document, callee Callee) State {
	s := NewState(doc, callee.Number)
	s.Outbound, s.Promise, s.Queue, s.Number = true, callee.Promise, callee.Queue, callee.Number
	s.Reason, s.AskedAt = callee.Reason, callee.AskedAt
	s.Caller, s.Verify = callee.Caller, callee.Verify
	s.Vars = doc.carry(callee.Vars)
	s.Caller.Number = callee.Number
	s.Caller.Assurance = min(s.Caller.Assurance, callers.AssuranceANI)
	if slices.Contains(prompts.Languages(), callee.Language) {
		s.Language = callee.Language
	}
	for _, name := range doc.Order { // its branches are those of the queue
		if n := doc.Nodes[name]; n.Kind == KindQueue && n.Queue == callee.Queue {
			s.Node = name
			break
		}
	}
	return s
}

// Step takes a call one event further. It changes nothing but what it returns:
// the state given in stays as it was. Events that do not fit the phase, and
// answers to what is no longer asked, change nothing. After Hangup no action
// follows any more.
//
// HungUp is the last event but for one case: in PhasePromising the answer to
// Promise decides what becomes of the place, so it must still be given to Step.
func Step(doc *Document, s State, ev Event, now time.Time) (State, []Action) {
	c := &call{doc: doc, s: s, now: now}
	c.s.Path, c.s.Menus, c.s.Vars, c.s.Frames = slices.Clone(s.Path), slices.Clone(s.Menus), maps.Clone(s.Vars), slices.Clone(s.Frames)
	c.event(ev)
	c.keepPrivate()
	return c.s, c.tidy()
}

// call is one step in the making.
type call struct {
	doc  *Document
	s    State
	now  time.Time
	out  []Action
	hops int // nodes entered in this step
}

func (c *call) event(ev Event) {
	if c.s.Phase == PhaseEnded {
		return
	}
	switch ev := ev.(type) {
	case Started:
		c.started(ev)
	case StartedCallback:
		if c.s.Phase == PhaseNew {
			c.greet()
		}
	case MachineAnswered:
		c.machineAnswered()
	case MachineSilent:
		c.machineSilent()
	case Resumed:
		c.resumed()
	case LookedUp:
		c.lookedUp(ev)
	case Recalled:
		c.recalled(ev)
	case Checked:
		c.checked(ev)
	case Spoken:
		if ev.Seq == c.s.Saying && ev.Seq != 0 {
			c.s.Saying = 0
			c.spoken()
		}
	case TimerFired:
		if ev.Seq == c.s.Timing && ev.Seq != 0 {
			c.s.Timing = 0
			c.fired()
		}
	case Digit:
		c.pressed(ev.Key)
	case PlaceUpdate:
		c.placeUpdate(ev)
	case PlaceServed:
		c.placeServed(ev)
	case PlaceOver:
		c.placeOver(ev.Reason)
	case Moved:
		c.moved(ev.Queue)
	case Escalated:
		c.escalated(ev)
	case AgentLost:
		if c.s.Phase == PhaseConnected {
			c.agentLost()
		}
	case AgentLeft:
		if c.s.Phase == PhaseConnected {
			c.agentLeft()
		}
	case Promised:
		c.promised(ev)
	case PromiseRefused:
		c.promiseRefused(ev.Rule)
	case Enquired:
		c.enquired(ev)
	case Recorded:
		c.recorded(ev)
	case Fetched:
		c.fetched(ev)
	case DialAnswered:
		c.dialAnswered(ev)
	case DialOver:
		c.dialOver(ev)
	case Returned:
		c.returned(ev)
	case HungUp:
		c.hungUp()
	}
}

// spoken goes on after the words of a phase were heard.
func (c *call) spoken() {
	c.s.HashDue = false
	switch c.s.Phase {
	case PhaseSpeaking:
		c.enter(c.s.Then)
	case PhaseMenu, PhaseCollecting, PhaseVerifying, PhaseWhich, PhaseAccount, PhasePIN, PhaseCode, PhaseAnswer:
		c.timer(c.node().Timeout)
	case PhaseConfirming, PhaseNumber, PhaseChoosing, PhaseReviewing, PhaseStanding:
		c.timer(defaultTimeout)
	case PhaseRecording:
		c.record()
	case PhaseGreeting:
		if c.s.Machine {
			c.do(MessageLeft{})
			c.hangup()
			return
		}
		c.timer(c.doc.Callback.ConfirmTimeout / 2)
	case PhaseWaiting:
		c.rest()
	case PhaseSurvey:
		c.timer(c.node().Timeout)
	case PhaseFetching:
		c.music(true)
	case PhaseLeaving:
		c.hangup()
	}
}

// fired goes on after a silence, or when an answer did not come.
func (c *call) fired() {
	if c.awaiting() {
		return
	}
	switch c.s.Phase {
	case PhaseLookingUp:
		c.lookedUp(LookedUp{})
	case PhaseRecalling:
		c.recalled(Recalled{})
	case PhaseMenu:
		c.menuSilence()
	case PhaseCollecting:
		c.collectSilence()
	case PhaseVerifying:
		c.verifyAgain(prompts.KeyNoInput)
	case PhaseAccount:
		c.accountSilence()
	case PhaseWhich:
		c.whichSilence()
	case PhasePIN, PhaseCode, PhaseAnswer:
		c.secretSilence()
	case PhaseChecking:
		c.identifyFailed(prompts.KeyTechnicalProblem)
	case PhaseWaiting:
		c.rest()
	case PhaseConfirming:
		c.confirmAgain(prompts.KeyNoInput)
	case PhaseNumber:
		c.numberSilence()
	case PhasePromising, PhaseAsking:
		c.arranged(c.message(prompts.KeyTechnicalProblem))
	case PhaseChoosing:
		c.slotAgain(prompts.KeyNoInput)
	case PhaseRecording:
		c.takeOverdue()
	case PhaseReviewing:
		c.reviewAgain(prompts.KeyNoInput)
	case PhaseStanding:
		c.keepStanding()
	case PhaseSurvey:
		c.surveyAgain(prompts.KeyNoInput)
	case PhaseFetching:
		c.fetchSilence()
	case PhaseDialling:
		c.dialOverdue()
	case PhasePausing:
		c.paused()
	case PhaseGreeting:
		c.greetSilence()
	}
}

// pressed takes one key. A key ends speech and is the first of what it answers.
func (c *call) pressed(key rune) {
	if !strings.ContainsRune("0123456789*#", key) {
		return
	}
	c.hops = 0
	due := c.s.HashDue
	c.s.HashDue = false
	if due && key == '#' {
		return
	}
	switch c.s.Phase {
	case PhaseSpeaking:
		c.sayKey(key)
	case PhaseLookingUp, PhaseRecalling, PhaseChecking, PhaseFetching, PhasePausing:
		c.keep(key)
	case PhaseMenu:
		c.menuKey(key)
	case PhaseCollecting:
		c.collectKey(key)
	case PhaseVerifying:
		c.verifyKey(key)
	case PhaseAccount:
		c.accountKey(key)
	case PhaseWhich:
		c.whichKey(key)
	case PhasePIN, PhaseCode, PhaseAnswer:
		c.secretKey(key)
	case PhaseWaiting:
		c.waitKey(key)
	case PhaseConfirming:
		c.confirmKey(key)
	case PhaseNumber:
		c.numberKey(key)
	case PhaseChoosing:
		c.slotKey(key)
	case PhaseRecording:
		c.recordKey(key)
	case PhaseReviewing:
		c.reviewKey(key)
	case PhaseStanding:
		c.standsKey(key)
	case PhaseSurvey:
		c.surveyKey(key)
	case PhaseGreeting:
		c.greetKey(key)
	}
}
