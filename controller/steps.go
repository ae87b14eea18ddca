package controller

import "github.com/linekeeper/linekeeper/callback"

// Step is a numbered point in the life of a callback at which a daemon may be
// killed without harm. The crash suite kills one at each of them. Zero is none.
type Step int

// The steps, in the order of a life. What is decided is not on disk yet, and what is
// stored has not been acted upon.
const (
	StepAskedDecided Step = iota + 1
	StepAskedStored
	StepAskedHanded
	StepAskedTold
	StepWokenDecided
	StepWokenStored
	StepDueDecided
	StepDueStored
	StepDialAsking
	StepDialSent
	StepDialAnswered
	StepRingingDecided
	StepRingingStored
	StepAnsweredDecided
	StepAnsweredStored
	StepGreeted
	StepYesDecided
	StepYesStored
	StepPlaceDecided
	StepPlaceStored
	StepLegAsking
	StepLegAnswered
	StepAgentDecided
	StepAgentStored
	StepConnectAsked
	StepBridgeAsking
	StepBridgeAnswered
	StepConnectedDecided
	StepConnectedStored
	StepDoneDecided
	StepDoneStored
	StepFailedDecided
	StepFailedStored
	StepRetryDecided
	StepRetryStored
	StepGivenUpDecided
	StepGivenUpStored
	StepCancelledDecided
	StepCancelledStored
	StepHangUpAsking
	StepHangUpAnswered
	StepPutOffDecided
	StepPutOffStored
	StepUncertainDecided
	StepUncertainStored
	StepResolvedDecided
	StepResolvedStored
	lastStep = StepResolvedStored
)

// steps are the names and what holds at each step.
var steps = [lastStep + 1]struct{ name, sentence string }{
	StepAskedDecided:     {"asked.decided", "The rules grant the request; nothing is on disk."},
	StepAskedStored:      {"asked.stored", "The promise is on disk; the line does not know of it."},
	StepAskedHanded:      {"asked.handed", "The line was told who holds the place; whoever asked has no answer."},
	StepAskedTold:        {"asked.told", "Whoever asked has the answer."},
	StepWokenDecided:     {"woken.decided", "The time of a promise without a place has come."},
	StepWokenStored:      {"woken.stored", "It is to have its place, and has none yet."},
	StepDueDecided:       {"due.decided", "The place came up and the rules allow the call; the attempt is not on disk."},
	StepDueStored:        {"due.stored", "The attempt is on disk with the id of its channel; the switch was not asked."},
	StepDialAsking:       {"dial.asking", "The request to dial is about to be sent."},
	StepDialSent:         {"dial.sent", "The switch took the request to dial; nothing of its answer was read."},
	StepDialAnswered:     {"dial.answered", "The switch answered; the answer is not looked at."},
	StepRingingDecided:   {"ringing.decided", "The customer's phone rings; that is not on disk."},
	StepRingingStored:    {"ringing.stored", "That it rings is on disk."},
	StepAnsweredDecided:  {"answered.decided", "Somebody picked up; that is not on disk."},
	StepAnsweredStored:   {"answered.stored", "That somebody picked up is on disk; nobody greets them."},
	StepGreeted:          {"greeted", "The call with the customer is on disk; the greeting begins."},
	StepYesDecided:       {"yes.decided", "The customer pressed 1; that is not on disk."},
	StepYesStored:        {"yes.stored", "The yes is on disk; the line was not told."},
	StepPlaceDecided:     {"place.decided", "The line decided about the promise's place; that is not on disk."},
	StepPlaceStored:      {"place.stored", "What the line decided about the place is on disk and not done."},
	StepLegAsking:        {"leg.asking", "The request for a placeholder or an agent's phone is about to be sent."},
	StepLegAnswered:      {"leg.answered", "The switch took that request, or refused it."},
	StepAgentDecided:     {"agent.decided", "An agent took the place; that is not on disk."},
	StepAgentStored:      {"agent.stored", "That an agent took the place is on disk."},
	StepConnectAsked:     {"connect.asked", "The customer's call was asked to let the two talk."},
	StepBridgeAsking:     {"bridge.asking", "The request to bridge the two is about to be sent."},
	StepBridgeAnswered:   {"bridge.answered", "The switch bridged them, or refused; the promise was not told."},
	StepConnectedDecided: {"connected.decided", "They talk; that is not on disk."},
	StepConnectedStored:  {"connected.stored", "That they talk is on disk."},
	StepDoneDecided:      {"done.decided", "They have talked; that is not on disk."},
	StepDoneStored:       {"done.stored", "The promise is kept on disk; its place is not left."},
	StepFailedDecided:    {"failed.decided", "An attempt failed and another is to follow; that is not on disk."},
	StepFailedStored:     {"failed.stored", "The failure is on disk; the place stands in the line as before."},
	StepRetryDecided:     {"retry.decided", "The pause is over and the place is to be taken again; that is not on disk."},
	StepRetryStored:      {"retry.stored", "The end of the pause is on disk; the line was not told."},
	StepGivenUpDecided:   {"given_up.decided", "The last attempt failed; that is not on disk."},
	StepGivenUpStored:    {"given_up.stored", "The promise is given up on disk; its place is not left."},
	StepCancelledDecided: {"cancelled.decided", "The promise is not wanted any more; that is not on disk."},
	StepCancelledStored:  {"cancelled.stored", "The promise is cancelled on disk; a phone may still ring."},
	StepHangUpAsking:     {"hang_up.asking", "The request to hang up the customer's leg is about to be sent."},
	StepHangUpAnswered:   {"hang_up.answered", "The switch hung up, or refused."},
	StepPutOffDecided:    {"put_off.decided", "The promise is put off, by a rule or by somebody; that is not on disk."},
	StepPutOffStored:     {"put_off.stored", "That it is put off is on disk; its place stands as before."},
	StepUncertainDecided: {"uncertain.decided", "It cannot be known whether the customer was called; that is not on disk."},
	StepUncertainStored:  {"uncertain.stored", "That it cannot be known is on disk; the place stands as before."},
	StepResolvedDecided:  {"resolved.decided", "An operator said what became of the attempt; that is not on disk."},
	StepResolvedStored:   {"resolved.stored", "What the operator said is on disk and not done."},
}

// Steps lists all steps in order.
func Steps() []Step {
	all := make([]Step, 0, lastStep)
	for s := Step(1); s <= lastStep; s++ {
		all = append(all, s)
	}
	return all
}

// String gives the step's name, "" for none.
func (s Step) String() string {
	if s < 0 || s > lastStep {
		return ""
	}
	return steps[s].name
}

// Sentence says in plain English what holds at the step.
func (s Step) Sentence() string {
	if s < 0 || s > lastStep {
		return ""
	}
	return steps[s].sentence
}

// at tells whoever watches (Options.At) that a promise is at a step.
func (c *Controller) at(s Step, id string) {
	if c.opts.At != nil && s != 0 && id != "" {
		c.opts.At(s, id)
	}
}

// moment is a change of a promise: its step before the change is on disk, and the
// step after that.
type moment struct{ decided, stored Step }

// momentOf says which change an event made. Changes that a crash cannot make
// worse have no steps.
func momentOf(before, after callback.Callback, ev callback.Event) moment {
	if before.State != after.State || len(after.Attempts) > len(before.Attempts) {
		return entered(before, after, ev)
	}
	switch ev.(type) {
	case callback.AgentTook:
		return moment{StepAgentDecided, StepAgentStored}
	case callback.Resolve:
		return moment{StepResolvedDecided, StepResolvedStored}
	}
	switch {
	case after.State != callback.Waiting:
	case after.NotBefore.After(before.NotBefore):
		return moment{StepPutOffDecided, StepPutOffStored}
	case before.Dormant() && after.Placed:
		return moment{StepWokenDecided, StepWokenStored}
	case !before.NotBefore.IsZero() && after.NotBefore.IsZero():
		return moment{StepRetryDecided, StepRetryStored}
	}
	return moment{}
}

// entered is momentOf for a change of state, and for a new attempt.
func entered(before, after callback.Callback, ev callback.Event) moment {
	if _, ok := ev.(callback.Resolve); ok {
		return moment{StepResolvedDecided, StepResolvedStored}
	}
	switch after.State {
	case callback.Waiting:
		return moment{StepFailedDecided, StepFailedStored}
	case callback.Dialling:
		if len(after.Attempts) == len(before.Attempts) {
			return moment{} // the leg of an uncertain attempt was found
		}
		return moment{StepDueDecided, StepDueStored}
	case callback.Ringing:
		return moment{StepRingingDecided, StepRingingStored}
	case callback.Answered:
		return moment{StepAnsweredDecided, StepAnsweredStored}
	case callback.Confirmed:
		return moment{StepYesDecided, StepYesStored}
	case callback.Connected:
		return moment{StepConnectedDecided, StepConnectedStored}
	case callback.Done:
		return moment{StepDoneDecided, StepDoneStored}
	case callback.GivenUp:
		return moment{StepGivenUpDecided, StepGivenUpStored}
	case callback.Cancelled:
		return moment{StepCancelledDecided, StepCancelledStored}
	case callback.Uncertain:
		return moment{StepUncertainDecided, StepUncertainStored}
	}
	return moment{}
}
