package main

// outcome is one thing that must stand in the journal at the end.
type outcome struct {
	name  string
	holds func(story) bool
}

// outcomes are what the play is for.
func outcomes() []outcome {
	return []outcome{
		{"Ivan is known by his number, and asked for his PIN before the balance", func(s story) bool {
			ivan := s.of(ivanNumber)
			return ivan.first("identify", "method", "ani", "ok", true) >= 0 &&
				ivan.first("identify", "method", "pin", "ok", true) > ivan.first("node.entered", "node", "balance") &&
				ivan.has("node.entered", "node", "balance")
		}},
		{"Ivan is served by the menu alone", func(s story) bool {
			return s.result(ivanNumber) == "ivr" && !s.inLine(ivanNumber)
		}},
		{"John finds no operator at work and gets the branch for that", func(s story) bool {
			john := s.of(johnNumber)
			return s.result(johnNumber) == "no_agents" && john.has("place.left", "reason", "no_agents") &&
				john.first("node.entered", "node", "night") > john.first("place.left")
		}},
		{"Maria is not known by number, errs once with her PIN, then is known", func(s story) bool {
			maria := s.of(mariaNumber)
			return maria.has("identify", "method", "ani", "ok", false) &&
				maria.count("identify", "method", "pin", "ok", false) == 1 &&
				maria.first("identify", "method", "pin", "ok", true) > maria.first("identify", "method", "pin", "ok", false)
		}},
		{"Maria is told position and wait, and talks with Anna", func(s story) bool {
			maria := s.of(mariaNumber)
			quoted := maria.first("wait.quoted", "ahead", 1.0)
			return quoted >= 0 && quoted < maria.first("call.connected") && s.talkedWith(mariaNumber, operatorName)
		}},
		{"Olga is told the wait before she is offered to be called back", func(s story) bool {
			olga := s.of(olgaNumber)
			quoted, offered := olga.first("wait.quoted"), olga.first("callback.offered")
			return quoted >= 0 && quoted < offered
		}},
		{"Olga confirms her own number and gets a promise for her place", func(s story) bool {
			return s.result(olgaNumber) == "callback" && s.of(olgaNumber).has("callback.confirmed_number", "own", true) &&
				s.promised(olgaNumber).has("place.converted")
		}},
		{"Petr, who was there before Olga, is served before her", func(s story) bool {
			return s.talkedWith(petrNumber, operatorName) && s.servedBefore(petrNumber, olgaNumber)
		}},
		{"Olga is dialled exactly once, and presses 1", func(s story) bool {
			return s.count("callback.dialling") == 1 && s.promised(olgaNumber).count("callback.dialling") == 1 &&
				s.promised(olgaNumber).count("callback.confirmed") == 1 && len(s.calls(olgaNumber, "callback")) == 1
		}},
		{"Olga is connected with Anna and the promise is kept", func(s story) bool {
			olga := s.promised(olgaNumber)
			return olga.has("callback.connected") && olga.has("callback.done", "agent", operatorName) // her name may come later than she
		}},
		{"Sergey, who came after Olga, is served after her", func(s story) bool {
			return s.talkedWith(sergeyNumber, operatorName) && s.servedBefore(olgaNumber, sergeyNumber)
		}},
		{"Nina, who was there before Maria, gives up waiting", func(s story) bool {
			return s.result(ninaNumber) == "abandoned" && s.of(ninaNumber).has("place.left", "reason", "abandoned")
		}},
		{"Nobody's call failed and nobody was refused", func(s story) bool {
			return s.has("call.ended") && !s.has("call.ended", "result", "failed") && !s.has("call.refused")
		}},
	}
}

// talkedWith says whether the caller from a number talked with this operator.
func (s story) talkedWith(number, operator string) bool {
	of := s.of(number)
	return s.result(number) == "agent" && of.has("call.connected") && of.named(operator)
}

// named says whether an entry bears the operator's name, which may be known only
// when the call is connected already.
func (s story) named(operator string) bool {
	for _, ev := range s {
		if ev.Agent == operator {
			return true
		}
	}
	return false
}

func (s story) servedBefore(first, second string) bool {
	a, b := s.servedAt(first), s.servedAt(second)
	return a > 0 && a < b
}

// judge prints how the journal answers to the outcomes.
func (p *playing) judge() error {
	s := p.journal.story()
	p.tell.print("\nExpected, and looked up in the journal:\n")
	var err error
	for _, o := range outcomes() {
		mark := p.tell.paint(good, "ok     ")
		if !o.holds(s) {
			mark, err = p.tell.paint(bad, "MISSING"), errOutcome
		}
		p.tell.print("  %s  %s\n", mark, o.name)
	}
	return err
}
