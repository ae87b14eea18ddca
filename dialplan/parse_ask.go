package dialplan

import "time"

// The ways to ask for a call: what an offer and a callback node have beside the
// number, and what becomes of those who hang up.

// message reads how a caller says what it is about; "true" takes the defaults.
func (p *parser) message(f field) *Message {
	m := &Message{Longest: time.Minute}
	switch f.value.Value {
	case "true":
		return m
	case "false":
		return nil
	}
	keys, ok := p.mapping(f.value, quoted(f), []string{"longest", "required"})
	if !ok {
		return nil
	}
	if v, ok := keys["longest"]; ok {
		m.Longest = p.duration(v, false)
		if m.Longest > longestMessage {
			p.fail(v.value, "", "%s must be at most %s", quoted(v), longestMessage)
		}
	}
	if v, ok := keys["required"]; ok {
		m.Required = p.boolean(v)
	}
	return m
}

// longestMessage is as much as an operator will hear out.
const longestMessage = 10 * time.Minute

// slots reads the times that callers choose from.
func (p *parser) slots(f field) *Slots {
	s := &Slots{Days: 3, Length: time.Hour, Ahead: 30 * time.Minute, Offer: 3}
	keys, ok := p.mapping(f.value, quoted(f), []string{"days", "hours", "length", "capacity", "ahead", "offer"})
	if !ok {
		return nil
	}
	if v, ok := keys["days"]; ok {
		s.Days = p.integer(v, 1, 7)
	}
	if v, ok := keys["offer"]; ok {
		s.Offer = p.integer(v, 1, 7)
	}
	if v, ok := keys["ahead"]; ok {
		s.Ahead = p.duration(v, true)
	}
	if v, ok := keys["length"]; ok {
		s.Length = p.duration(v, false)
		if s.Length%time.Minute != 0 {
			p.fail(v.value, "like 30m or 1h", "%s must be whole minutes", quoted(v))
		}
	}
	if v, ok := keys["capacity"]; ok {
		s.Capacity = p.integer(v, 1, 10_000)
	} else if !p.has(f.value, "capacity") {
		p.fail(f.key, "how many calls one of them takes", `slots need "capacity"`)
	}
	if v, ok := keys["hours"]; ok {
		if days, ok := p.mapping(v.value, quoted(v), hoursKeys); ok {
			if s.Hours = p.hours(v.value, days); s.Hours == nil {
				p.fail(v.key, `like weekdays: "09:00-20:00"`, "the hours name no day")
			}
		}
	}
	return s
}

// abandoned reads who is called back after hanging up in line.
func (p *parser) abandoned(f field) *Abandoned {
	a := &Abandoned{After: 30 * time.Second, Once: true, Key: '5'}
	keys, ok := p.mapping(f.value, quoted(f), []string{"after", "consent", "once", "key"})
	if !ok {
		return nil
	}
	if v, ok := keys["after"]; ok {
		a.After = p.duration(v, true)
	}
	if v, ok := keys["consent"]; ok {
		word, _ := p.oneOf(v.value, "consent", []string{string(ConsentAlways), string(ConsentKnown), string(ConsentAsked)})
		a.Consent = Consent(word)
	} else if !p.has(f.value, "consent") {
		p.fail(f.key, "always, known, asked", `who is called without having asked for it? write "consent"`)
	}
	if v, ok := keys["once"]; ok {
		a.Once = p.boolean(v)
	}
	if v, ok := keys["key"]; ok {
		if key, ok := p.key(v.value); ok {
			a.Key = key
		}
		if a.Consent != ConsentAsked {
			p.fail(v.key, "", `"key" is for "consent: asked"`)
		}
	}
	return a
}

// ifLonger reads where callers are led who would wait too long.
func (p *parser) ifLonger(f field) IfLonger {
	keys, ok := p.mapping(f.value, quoted(f), []string{"than", "next"})
	if !ok {
		return IfLonger{}
	}
	for _, key := range []string{"than", "next"} {
		if !p.has(f.value, key) {
			p.fail(f.key, "", "%s needs %q", quoted(f), key)
		}
	}
	var l IfLonger
	if v, ok := keys["than"]; ok {
		l.Than = p.duration(v, false)
	}
	if v, ok := keys["next"]; ok {
		l.Next = p.node(v)
	}
	return l
}

// consentKeys finds offers whose key already means that the caller agrees to be
// called back.
func (p *parser) consentKeys() {
	rule := p.doc.Callback.Abandoned
	if rule == nil || rule.Consent != ConsentAsked {
		return
	}
	for _, name := range p.doc.Order {
		if n := p.doc.Nodes[name]; n.Kind == KindQueue && n.Offer.Key == rule.Key {
			p.failAt(n.line, n.col, `choose another "key" for "callback: abandoned"`,
				"key %q of node %q means both the offer and the consent to be called back", string(rule.Key), name)
		}
	}
}
