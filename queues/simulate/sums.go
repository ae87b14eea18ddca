package simulate

// sums are the callers of one queue, or of all.
type sums struct {
	calls, served, hungUp, away, within, waiting, open int
	promised, kept, givenUp, connected, told, inside   int
	waited, longest, callback, bias                    float64 // seconds
}

// sum adds up the callers of a queue, "" for all.
func (m *Meter) sum(queue string) *sums {
	t := &sums{}
	for _, s := range m.order {
		if m.counts(s.queue, s.taken, queue) {
			t.spot(m, s)
		}
	}
	for _, v := range m.asked {
		if !m.counts(v.queue, v.asked, queue) {
			continue
		}
		t.promised++
		switch {
		case v.kept:
			t.kept++
		case v.up:
			t.givenUp++
		case v.connected.IsZero():
			t.open++
		}
		if !v.connected.IsZero() {
			t.connected++
			t.callback += v.connected.Sub(v.asked).Seconds()
		}
	}
	return t
}

func (t *sums) spot(m *Meter, s *spot) {
	t.calls++
	if s.how == stillWaits {
		t.open++
		return
	}
	waited := s.end.Sub(s.taken)
	t.longest = max(t.longest, waited.Seconds())
	switch s.how {
	case wasServed:
		t.served++
		t.waited += waited.Seconds()
		if waited <= m.w.Target {
			t.within++
		}
		if v := s.told; v != nil {
			t.told++
			t.bias += v.mean - waited.Seconds()
			if v.low <= waited.Seconds() && waited.Seconds() <= v.high {
				t.inside++
			}
		}
	case hungUp:
		t.hungUp++
	case turnedAway:
		t.away++
	default:
		return
	}
	if waited > 0 {
		t.waiting++
	}
}

func (t *sums) figures() Figures {
	f := Figures{
		Calls: float64(t.calls), Served: float64(t.served), HungUp: float64(t.hungUp), TurnedAway: float64(t.away),
		Promised: float64(t.promised), Kept: float64(t.kept), GivenUp: float64(t.givenUp), Unfinished: float64(t.open),
	}
	if all := float64(t.served + t.hungUp + t.away); all > 0 {
		f[Within], f[Waiting], f[Abandoned] = float64(t.within)/all, float64(t.waiting)/all, float64(t.hungUp)/all
	}
	if t.served > 0 {
		f[ASA] = t.waited / float64(t.served)
	}
	if t.told > 0 {
		f[ToldInside], f[ToldBias] = float64(t.inside)/float64(t.told), t.bias/float64(t.told)
	}
	if t.calls > 0 {
		f[Longest] = t.longest
	}
	if t.connected > 0 {
		f[CallbackIn] = t.callback / float64(t.connected)
	}
	return f
}

// course is the day in equal parts.
func (m *Meter) course() []Slot {
	if m.w.Slots <= 0 {
		return nil
	}
	slots := make([]Slot, m.w.Slots)
	length := m.w.To.Sub(m.w.From).Seconds() / float64(m.w.Slots)
	last := float64(m.w.Slots) * length
	for _, s := range m.order {
		if m.w.Queue != "" && s.queue != m.w.Queue {
			continue
		}
		from, end := s.taken.Sub(m.w.From).Seconds(), s.end.Sub(m.w.From).Seconds()
		if s.how == stillWaits {
			end = last
		}
		if from >= 0 && from < last {
			slot := &slots[int(from/length)]
			slot.Calls++
			switch s.how {
			case wasServed:
				slot.Counted++
				if s.end.Sub(s.taken) <= m.w.Target {
					slot.Within++
				}
			case hungUp, turnedAway:
				slot.Counted++
			}
		}
		for i := max(0, int(from/length)); i < len(slots); i++ {
			begin := float64(i) * length
			if begin >= end {
				break
			}
			slots[i].Length += max(0, min(end, begin+length)-max(from, begin)) / length
		}
	}
	return slots
}
