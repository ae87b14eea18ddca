package controller

import (
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// offerEnd puts into a word why an agent's leg ended: what an own distribution
// needs to know of it.
func offerEnd(cause telephony.Cause) string {
	if why, ok := causeOffer[cause]; ok {
		return why
	}
	return queues.OfferFailed
}

// causeOffer reads what Asterisk makes of the answers of phones (486, 480, 603)
// and of its own failures to reach one.
var causeOffer = map[telephony.Cause]string{
	telephony.CauseNormal:           queues.OfferNoAnswer,
	telephony.CauseNoAnswer:         queues.OfferNoAnswer,
	telephony.CauseNoUserResponse:   queues.OfferNoAnswer,
	telephony.CauseBusy:             queues.OfferBusy,
	telephony.CauseRejected:         queues.OfferRejected,
	telephony.CauseSubscriberAbsent: queues.OfferUnreachable,
	telephony.CauseUnallocated:      queues.OfferUnreachable,
	telephony.CauseNoRoute:          queues.OfferUnreachable,
	telephony.CauseNetworkFailure:   queues.OfferUnreachable,
}

// phoneEvents turns what the switch tells of phones into what an own
// distribution understands.
func phoneEvents(ev telephony.QueueEvent) []queues.Event {
	phones := make([]queues.PhoneSeen, 0, len(ev.Phones))
	for _, p := range ev.Phones {
		phones = append(phones, queues.PhoneSeen{Phone: p.Phone, State: phoneState(p.Status)})
	}
	switch {
	case ev.Kind == telephony.QueueReset, ev.Kind == telephony.QueueLost: // lost: none is known, and all may be rung
		return []queues.Event{queues.PhonesSeen{Phones: phones}}
	case ev.Kind == telephony.PhoneChanged && len(phones) == 1:
		return []queues.Event{phones[0]}
	}
	return nil
}

func phoneState(s telephony.MemberStatus) queues.PhoneState {
	switch s {
	case telephony.MemberIdle:
		return queues.PhoneIdle
	case telephony.MemberInUse:
		return queues.PhoneInUse
	case telephony.MemberRinging:
		return queues.PhoneRinging
	case telephony.MemberUnavailable:
		return queues.PhoneOffline
	}
	return queues.PhoneUnknown
}
