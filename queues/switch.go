package queues

import "cmp"

// goneReasons are the words of the switch (QUEUESTATUS) that end a place. All
// others, and none at all, mean that the placeholder was lost: a reload, a crash,
// or our own gap. A place that a tool withdrew did not leave by its caller's
// choice, and putting it back would fight the one who withdrew it.
var goneReasons = map[string]LeaveReason{
	"FULL":         LeftFull,
	"JOINEMPTY":    LeftNoAgents,
	"LEAVEEMPTY":   LeftNoAgents,
	"JOINUNAVAIL":  LeftNoAgents,
	"LEAVEUNAVAIL": LeftNoAgents,
	"TIMEOUT":      LeftTimeout,
	"WITHDRAW":     LeftFailed,
}

// current gives a place if the channel is its present placeholder: what happens
// to an older one is history.
func (l *Line) current(placeID, channel string) *spot {
	s := l.spots[placeID]
	if s == nil || channel == "" || s.Channel != channel {
		return nil
	}
	return s
}

func (l *Line) answered(t *turn, ev Answered) {
	s := l.current(ev.PlaceID, ev.Channel)
	if s == nil {
		// An agent took a placeholder that the place has no more, such as one whose
		// request was thought refused.
		if id, _, ours := ParseChannelID(ev.Channel); ours && id == ev.PlaceID {
			t.do(Withdraw{Channel: ev.Channel})
		}
		return
	}
	if !l.move(s, stepAnswer) {
		return
	}
	s.ServedAt = t.now
	s.retries, s.lost = 0, ""
	l.takenBy(s, cmp.Or(s.Agent, l.offerAnswered(t, s.Channel, "")))
	t.do(Save{s.Place}, Serve{Place: s.Place, Channel: s.Channel})
	if s.promise() && !s.due {
		s.due = true
		t.do(Due{Place: s.Place, Lead: l.lead, InFlight: l.pace(t.now).flying, Free: 1})
	}
	l.noteServed(t, s)
}

func (l *Line) noteServed(t *turn, s *spot) {
	data := map[string]any{"waited_s": inSeconds(s.ServedAt.Sub(s.TakenAt)), "entry": s.Entry}
	if s.join.known {
		data["ahead"] = s.join.ahead
		data["estimate"] = estimateData(s.join.est)
	}
	t.notePlace("place.served", s, data)
}

func (l *Line) gone(t *turn, ev Gone) {
	l.queueOut(ev.Channel) // also an old one
	l.offersOver(t, ev.Channel)
	s := l.current(ev.PlaceID, ev.Channel)
	if s == nil {
		return
	}
	l.dropChannel(t, s)
	if s.State == PlaceServed {
		l.end(t, s, LeftServed)
		return
	}
	reason, ends := goneReasons[ev.Status]
	switch {
	case !ends:
		l.retry(t, s, lostAs(ev.Status))
	case s.CallbackID != "" && reason != LeftFailed:
		l.putToRest(t, s, t.now.Add(l.settings.PromiseRetry), string(reason))
	default:
		l.end(t, s, reason)
	}
}

func lostAs(status string) string {
	if status == "" {
		return "lost"
	}
	return "lost: " + status
}

func (l *Line) refused(t *turn, ev Refused) {
	s := l.current(ev.PlaceID, ev.Channel)
	if s == nil || !s.State.inserted() {
		return
	}
	if ev.Retryable { // it may have got through although its reply did not
		t.do(Withdraw{Channel: ev.Channel})
	}
	l.dropChannel(t, s)
	why := "refused: " + ev.Err
	switch {
	case ev.Retryable:
		l.retry(t, s, why)
	case s.CallbackID != "":
		s.lost = why
		l.putToRest(t, s, t.now.Add(l.settings.PromiseRetry), why)
	default:
		l.end(t, s, LeftFailed)
	}
}
