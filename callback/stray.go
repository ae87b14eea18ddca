package callback

import "github.com/linekeeper/linekeeper/telephony"

// stale is about a leg of an earlier attempt. It must not live on unheard.
func (s *step) stale(ev Event, leg string) error {
	id, _, ok := ParseChannelID(leg)
	if !ok || id != s.cb.ID {
		return s.refuse(ev, "channel "+leg+" is not of this promise")
	}
	switch ev.(type) {
	case PhoneRings, PickedUp:
		s.emit(HangUpCustomer{Channel: leg, Why: OutcomeCancelled})
		return nil
	}
	return s.refuse(ev, "channel "+leg+" is of an earlier attempt")
}

func legOf(ev Event) string {
	switch ev := ev.(type) {
	case DialRefused:
		return ev.Channel
	case DialExists:
		return ev.Channel
	case PhoneRings:
		return ev.Channel
	case PickedUp:
		return ev.Channel
	case Accepted:
		return ev.Channel
	case Declined:
		return ev.Channel
	case NoKey:
		return ev.Channel
	case Machine:
		return ev.Channel
	case MessageLeft:
		return ev.Channel
	case Ended:
		return ev.Channel
	}
	return ""
}

// late is a sign of life from the last attempt's leg while none is under way.
// If nobody knew what became of that attempt, now somebody does.
func (s *step) late(ev Event) {
	if last, ok := s.cb.Last(); !ok || last.Outcome != OutcomeUnconfirmed {
		s.hangUp()
		return
	}
	state := telephony.StateRinging
	if _, up := ev.(PickedUp); up {
		state = telephony.StateUp
	}
	s.resume(Recovered{ChannelAlive: true, Channel: state, AgentThere: s.cb.AgentWaiting()})
}
