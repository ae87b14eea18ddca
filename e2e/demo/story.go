package main

import (
	"slices"

	"github.com/linekeeper/linekeeper/api"
)

// story is the journal, read for what became of people. Numbers are E.164.
type story []api.Event

// calls are the calls from a number, or to it when it was called back, in the
// order in which they began.
func (s story) calls(number, direction string) []string {
	var ids []string
	for _, ev := range s {
		if ev.Type == "call.started" && ev.Data["from"] == number && ev.Data["direction"] == direction {
			ids = append(ids, ev.Call)
		}
	}
	return ids
}

// of gives the entries about the only call from a number, none if there were
// several or none.
func (s story) of(number string) story {
	ids := s.calls(number, "in")
	if len(ids) != 1 {
		return nil
	}
	return s.where(func(ev api.Event) bool { return ev.Call == ids[0] })
}

// promised gives the entries about the only promise to a number.
func (s story) promised(number string) story {
	asked := s.where(func(ev api.Event) bool { return ev.Type == "callback.asked" && ev.Data["number"] == number })
	if len(asked) != 1 {
		return nil
	}
	return s.where(func(ev api.Event) bool { return ev.Callback == asked[0].Callback })
}

func (s story) where(keep func(api.Event) bool) story {
	var out story
	for _, ev := range s {
		if keep(ev) {
			out = append(out, ev)
		}
	}
	return out
}

// count says how many entries have a type and the given data (key, value, ...).
func (s story) count(kind string, data ...any) int {
	n := 0
	for _, ev := range s {
		if fits(ev, kind, data) {
			n++
		}
	}
	return n
}

func (s story) has(kind string, data ...any) bool { return s.count(kind, data...) > 0 }

// first is the index of the first entry of a type, -1 if there is none.
func (s story) first(kind string, data ...any) int {
	return slices.IndexFunc(s, func(ev api.Event) bool { return fits(ev, kind, data) })
}

// result is how the only call from a number ended, "" while it has not.
func (s story) result(number string) string {
	for _, ev := range s.of(number) {
		if ev.Type == "call.ended" {
			result, _ := ev.Data["result"].(string)
			return result
		}
	}
	return ""
}

// inLine says whether the caller from this number has taken a place.
func (s story) inLine(number string) bool { return s.of(number).has("place.taken") }

// servedAt is the position in the journal at which an operator took the place of
// somebody, -1 if nobody did.
func (s story) servedAt(number string) int64 {
	places := s.of(number).where(func(ev api.Event) bool { return ev.Type == "place.taken" })
	if len(places) != 1 {
		return -1
	}
	for _, ev := range s {
		if ev.Type == "place.served" && ev.Place == places[0].Place {
			return ev.Seq
		}
	}
	return -1
}

func fits(ev api.Event, kind string, data []any) bool {
	if ev.Type != kind {
		return false
	}
	for i := 0; i+1 < len(data); i += 2 {
		key, _ := data[i].(string)
		if ev.Data[key] != data[i+1] {
			return false
		}
	}
	return true
}
