package queues

import "cmp"

// tell brings every waiting holder up to date: an Update when the number ahead or
// the quote changed, and Due when a promise's turn comes up.
func (l *Line) tell(t *turn) {
	if !l.restored.IsZero() {
		return
	}
	able := l.crew.able()
	pace := l.pace(t.now)
	l.walk(func(s *spot, _ *Joined, sum tally) {
		if s != nil && s.inFlight() {
			pace.behind--
		}
		if s == nil || !s.counts() {
			return
		}
		now := l.stand(able, s, sum.ahead)
		was := s.told
		s.told = now
		if !was.known || was.ahead != now.ahead || now.est.Known && was.able != now.able || was.quote != now.quote {
			t.do(Update{Place: s.Place, Ahead: now.ahead, Estimate: now.est, Able: now.able})
		}
		if !s.due && s.promise() && pace.comesUp(t, s, now) {
			s.due = true
			pace.flying++
			t.do(Due{
				Place: s.Place, Ahead: now.ahead, Estimate: now.est, Lead: l.lead, InFlight: pace.flying, Free: pace.free + pace.freeing,
			})
		}
	})
}

// stand gives how a place stands.
func (l *Line) stand(able int, s *spot, ahead int) told {
	est := s.est
	if l.crew.known && able == 0 {
		est = Estimate{} // also before the next estimates say so
	}
	return told{known: true, ahead: ahead, able: able, est: est, quote: FreshQuote(est, ahead)}
}

// estimated takes over new estimates. Estimates that follow a change of the line
// come a moment after it.
func (l *Line) estimated(t *turn, ev Estimated) {
	if ev.Queue != l.name {
		return
	}
	l.joining, l.spent = ev.Joining, false
	l.lead, l.freeing = cmp.Or(ev.Lead, l.settings.DialLead), ev.Freeing
	for _, s := range l.order {
		if est, ok := ev.Places[s.ID]; ok {
			s.est = est
			l.noteEstimated(t, s)
		}
	}
}

// guess gives a place that was just taken at the end of the line the estimate of
// one who joins, so that its caller need not wait for the next. It holds for the
// first who joins only.
func (l *Line) guess(t *turn, s *spot) {
	if l.spent || s.Priority != 0 || s.join.ahead < l.length() {
		return
	}
	s.est, l.spent = l.joining, true
	l.noteEstimated(t, s)
}

// length is how many stand before one who joins without priority.
func (l *Line) length() int {
	n := -1 // itself
	for _, s := range l.order {
		if s.counts() && s.Priority >= 0 {
			n++
		}
	}
	for _, f := range l.foreign {
		if f.Priority >= 0 {
			n++
		}
	}
	return n
}

// noteEstimated writes the first estimate of a place to the journal, where it is
// compared with what comes of it.
func (l *Line) noteEstimated(t *turn, s *spot) {
	if !s.join.known || s.join.est.Known || !s.est.Known || l.crew.known && l.crew.able() == 0 {
		return
	}
	s.join.est = s.est
	t.notePlace("place.estimated", s, map[string]any{
		"ahead": l.tallyOf(s).ahead, "mean_s": inSeconds(s.est.Mean), "low_s": inSeconds(s.est.Low), "high_s": inSeconds(s.est.High),
	})
}

// estimateData is an estimate as the journal shows it; nil when nothing is known.
func estimateData(e Estimate) map[string]any {
	if !e.Known {
		return nil
	}
	return map[string]any{
		"mean_s": inSeconds(e.Mean), "low_s": inSeconds(e.Low), "high_s": inSeconds(e.High),
	}
}
