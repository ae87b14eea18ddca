package callback

import "time"

// maxRejected is how often agents may reject a promise in a row before it waits
// for RetryAfter.
const maxRejected = 3

// mode says who is called first.
func (s *step) mode() Mode {
	if s.cb.Mode != "" {
		return s.cb.Mode
	}
	return s.p.Mode
}

// shown: an agent who took the place hears what it is about, and decides.
func (s *step) shown(ev Event) error {
	switch ev := ev.(type) {
	case Previewed:
		return s.previewed(ev)
	case Tick:
		if !s.now.Before(s.deadline()) {
			s.rejected("", "no key was pressed")
		}
	case AgentLost:
		s.rejected("", "hung up")
	case PlaceOver:
		s.enter(Waiting)
		s.placeLostWaiting(ev.Reason)
	case Cancel:
		s.cancel(ev)
	case Postpone:
		return s.postpone(ev)
	case Recovered:
		s.enter(Waiting)
		s.recoverWaiting(ev) // an agent who is still there is asked anew
	case PhoneRings, PickedUp:
		s.late(ev)
	case Due, AgentTook, Ended: // told again, or an echo
	default:
		return s.refuse(ev, "an agent is asked about it")
	}
	return nil
}

// show asks the agent who took the place what they want to do about it.
func (s *step) show() {
	s.enter(Shown)
	s.note(NoteShown, nil)
	s.emit(Preview{})
}

func (s *step) previewed(ev Previewed) error {
	switch ev.Answer {
	case PreviewAccept:
		s.notePreviewed(ev.Agent, ev.Answer, "")
		s.cb.Rejected = 0
		s.enter(Waiting)
		s.call(0, true)
	case PreviewPostpone:
		s.notePreviewed(ev.Agent, ev.Answer, "")
		s.enter(Waiting)
		s.cb.Postponed++
		s.pauseFor(s.p.RetryAfter, "postponed")
	case PreviewReject:
		s.rejected(ev.Agent, "")
	default:
		return s.refuse(ev, "there is no answer \""+string(ev.Answer)+"\"")
	}
	return nil
}

// rejected gives the place to another agent, or lets the promise wait when
// enough of them did not want it.
func (s *step) rejected(agent, why string) {
	s.notePreviewed(agent, PreviewReject, why)
	s.enter(Waiting)
	if s.cb.Rejected++; s.cb.Rejected >= maxRejected {
		s.pauseFor(s.p.RetryAfter, "rejected_by_agents")
		return
	}
	s.releaseAgent()
	s.backIntoLine()
}

// pauseFor lets the promise wait; its place rests and keeps its time.
func (s *step) pauseFor(pause time.Duration, after string) {
	s.releaseAgent()
	s.emit(RestPlace{})
	s.cb.Rejected = 0
	s.pause(s.now.Add(pause))
	s.noteRetry(after, pause, false)
}

func (s *step) notePreviewed(agent string, answer PreviewAnswer, why string) {
	data := map[string]any{"answer": string(answer), "after_s": seconds(s.now.Sub(s.cb.Since))}
	if agent != "" {
		data["agent"] = agent
	}
	if why != "" {
		data["why"] = why
	}
	s.note(NotePreviewed, data)
}
