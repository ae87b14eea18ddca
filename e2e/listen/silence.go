package listen

import "time"

// silences lists every stretch without sound from the answer to the end, but
// pauses within speech.
func (h *hearing) silences() []Silence {
	var all []Silence
	quiet, after := time.Duration(0), "the answer"
	for _, f := range h.frames {
		if f.sources == still {
			continue
		}
		at, name := h.since(h.onset(f)), h.name(f)
		if at-quiet >= briefest {
			all = h.silence(all, Span{quiet, at}, after, name)
		}
		quiet, after = max(quiet, h.since(f.at+f.n)), name
	}
	if end := h.Ended.Sub(h.Accepted); end-quiet >= briefest {
		all = h.silence(all, Span{quiet, end}, after, "the end")
	}
	return all
}

func (h *hearing) silence(all []Silence, at Span, after, before string) []Silence {
	s := Silence{Span: at, After: after, Before: before}
	for _, key := range h.Keys {
		if k := key.Sub(h.Accepted); k > at.From && k < at.To {
			s.Caller = k - at.From
		}
	}
	s.Within = after == "music" && before == "music" && at.To-at.From < torn
	for _, p := range h.found {
		if p.From <= at.From && at.To <= p.To {
			if p.Holes+briefest/4 < at.To-at.From {
				return all // a pause of the speaker
			}
			s.Within = true
		}
	}
	return append(all, s)
}

// torn is how long music may be gone without anybody having stopped it.
const torn = time.Second

// name says what sounds in a frame.
func (h *hearing) name(f heard) string {
	for _, p := range h.found {
		if f.from >= p.from && f.from < p.to {
			return p.Text
		}
	}
	switch {
	case f.sources&music != 0:
		return "music"
	case f.sources&party != 0:
		return "a voice"
	}
	return "a sound"
}
