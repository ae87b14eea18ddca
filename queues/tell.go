package queues

// tell brings every waiting holder up to date: an Update when the number ahead or
// the quote changed, and Due when a promise's turn comes up.
func (l *Line) tell(t *turn) {
	if !l.restored.IsZero() {
		return
	}
	agents := l.crew.state(t.now)
	l.walk(func(s *spot, _ *Joined, sum tally) {
		if s == nil || !s.counts() {
			return
		}
		now := l.stand(agents, s, sum)
		was := s.told
		s.told = now
		if !was.known || was.ahead != now.ahead || was.quote != now.quote {
			t.do(Update{Place: s.Place, Ahead: now.ahead, Estimate: now.est, Quote: now.quote})
		}
		if !s.due && s.promise() && l.comesUp(t, s, now) {
			s.due = true
			t.do(Due{Place: s.Place, Ahead: now.ahead})
		}
	})
}

// stand gives how a place stands, following on what its holder was last told.
func (l *Line) stand(agents State, s *spot, sum tally) told {
	agents.Ahead, agents.Promises = sum.ahead, sum.promises
	est := l.est.Estimate(agents)
	able := agents.Able()
	prev := s.told
	return told{
		known: true, ahead: sum.ahead, able: able, est: est,
		quote: NextQuote(prev.quote, prev.ahead, est, sum.ahead, able < prev.able),
	}
}

// standingOf gives how one place stands now.
func (l *Line) standingOf(t *turn, s *spot) told {
	return l.stand(l.crew.state(t.now), s, l.tallyOf(s))
}

// comesUp says whether it is time to dial a promise's customer: it is next, or
// will be soon. Nobody is dialled to wait for agents who are not there. Promises
// ahead that rest while their customers are dialled count as ahead, or all would
// be dialled at once.
func (l *Line) comesUp(t *turn, s *spot, now told) bool {
	if l.crew.known && now.able == 0 || t.now.Before(s.EnterAfter) {
		return false
	}
	return now.ahead == 0 || now.est.Known && now.est.Mean <= l.settings.DialLead
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
