package main

import (
	"fmt"
	"math"
	"time"

	"github.com/linekeeper/linekeeper/api"
)

// teller puts entries of the journal into sentences, with the names of the cast
// in place of ids.
type teller struct {
	names    map[string]string // by number
	calls    map[string]string // names by id of the call, likewise the others
	places   map[string]string
	promises map[string]string
}

func newTeller() *teller {
	t := &teller{names: map[string]string{}, calls: map[string]string{}, places: map[string]string{}, promises: map[string]string{}}
	for _, who := range cast() {
		t.names[who.number] = who.name
	}
	return t
}

// tell gives one sentence, "" for what is not worth one.
func (t *teller) tell(ev api.Event) string {
	t.learn(ev)
	who := t.who(ev)
	for _, sentences := range []func(api.Event, string) string{ofCall, ofPlace, ofPromise} {
		if text := sentences(ev, who); text != "" {
			return text
		}
	}
	return ""
}

// learn remembers whose a call, a place or a promise is.
func (t *teller) learn(ev api.Event) {
	number := str(ev, "from")
	if ev.Type == "callback.asked" {
		number = str(ev, "number")
	}
	name := t.names[number]
	if name == "" {
		name = spaced(number) // somebody who is not of the cast
	}
	if name != "" {
		switch ev.Type {
		case "call.started":
			t.calls[ev.Call] = name
		case "callback.asked":
			t.promises[ev.Callback] = name
		}
	}
	if ev.Type == "place.taken" {
		t.places[ev.Place] = t.calls[ev.Call]
	}
}

func (t *teller) who(ev api.Event) string {
	for _, name := range []string{t.promises[ev.Callback], t.calls[ev.Call], t.places[ev.Place]} {
		if name != "" {
			return name
		}
	}
	return "somebody"
}

// ofCall tells what happens to a call.
func ofCall(ev api.Event, who string) string {
	switch ev.Type {
	case "call.started":
		if str(ev, "direction") == "in" {
			return fmt.Sprintf("%s: a call to hotline %s", who, str(ev, "hotline"))
		}
	case "identify":
		method := map[string]string{"ani": "the number", "pin": "account and PIN"}[str(ev, "method")]
		if ok, _ := ev.Data["ok"].(bool); ok {
			return fmt.Sprintf("%s: known by %s", who, method)
		}
		return fmt.Sprintf("%s: not known by %s", who, method)
	case "wait.quoted":
		if num(ev, "ahead") == 0 {
			return fmt.Sprintf("%s: told to be next in line", who)
		}
		return fmt.Sprintf("%s: told a wait of %s", who, minutes(num(ev, "low"), num(ev, "high")))
	case "callback.offered":
		return fmt.Sprintf("%s: offered to be called back", who)
	case "call.connected":
		return fmt.Sprintf("%s: connected with the operator, waited %s", who, span(ev, "waited_s"))
	case "call.ended":
		text := fmt.Sprintf("%s: call ended, result %s", who, str(ev, "result"))
		if num(ev, "talked_s") > 0 {
			text += ", talked " + span(ev, "talked_s")
		}
		return text
	case "agent.state":
		return ofAgent(ev)
	}
	return ""
}

// ofAgent tells of operators only whether they are at work.
func ofAgent(ev api.Event) string {
	name := map[string]string{"PJSIP/" + operatorAccount: operatorName, "PJSIP/" + colleagueID: colleague}[str(ev, "agent")]
	if name == "" || ev.Queue != "support" {
		return "" // each queue tells of the same people
	}
	switch str(ev, "state") {
	case "idle":
		return name + " is free"
	case "offline":
		return name + " is not at work"
	}
	return ""
}

// ofPlace tells what happens to a place in line.
func ofPlace(ev api.Event, who string) string {
	switch ev.Type {
	case "place.taken":
		return fmt.Sprintf("%s: place taken, %s in line", who, ordinal(int(num(ev, "ahead"))+1))
	case "place.estimated":
		return fmt.Sprintf("%s: expected to wait %s", who, minutes(math.Floor(num(ev, "low_s")/60), math.Ceil(num(ev, "high_s")/60)))
	case "place.served":
		return fmt.Sprintf("%s: taken by %s after %s in line", who, orWord(ev.Agent, "an operator"), span(ev, "waited_s"))
	case "place.converted":
		return fmt.Sprintf("%s: the place is kept for the callback", who)
	case "place.reentered":
		return fmt.Sprintf("%s: the place enters the queue again", who)
	case "place.left":
		switch str(ev, "reason") {
		case "abandoned":
			return fmt.Sprintf("%s: place given up after %s", who, span(ev, "waited_s"))
		case "no_agents":
			return fmt.Sprintf("%s: no operator is at work, so there is no line to wait in", who)
		case "served":
			return ""
		}
		return fmt.Sprintf("%s: place over (%s)", who, str(ev, "reason"))
	}
	return ""
}

// ofPromise tells what happens to a promise to call back.
func ofPromise(ev api.Event, who string) string {
	switch ev.Type {
	case "callback.asked":
		return fmt.Sprintf("%s: promised to call %s, %s in line", who, spaced(str(ev, "number")), ordinal(int(num(ev, "position"))))
	case "callback.refused":
		return fmt.Sprintf("%s: no callback: %s", who, str(ev, "message"))
	case "callback.due":
		return fmt.Sprintf("%s: the turn comes up, %.0f ahead", who, num(ev, "ahead"))
	case "callback.dialling":
		return fmt.Sprintf("%s: dialled at %s, attempt %.0f of %.0f", who, spaced(str(ev, "number")), num(ev, "attempt"), num(ev, "of"))
	case "callback.answered":
		return fmt.Sprintf("%s: picked up after %s", who, span(ev, "rang_s"))
	case "callback.confirmed":
		return fmt.Sprintf("%s: pressed 1, so it is no machine", who)
	case "callback.attempt":
		return fmt.Sprintf("%s: the attempt ended: %s", who, str(ev, "outcome"))
	case "callback.done":
		return fmt.Sprintf("%s: the promise is kept", who)
	case "callback.given_up", "callback.cancelled", "callback.uncertain", "callback.retry":
		return fmt.Sprintf("%s: %s", who, ev.Type)
	}
	return ""
}

func str(ev api.Event, key string) string {
	s, _ := ev.Data[key].(string)
	return s
}

func num(ev api.Event, key string) float64 {
	f, _ := ev.Data[key].(float64)
	return f
}

// span shows seconds of the journal.
func span(ev api.Event, key string) string {
	return (time.Duration(num(ev, key)*10) * time.Second / 10).Round(100 * time.Millisecond).String()
}

// minutes shows a quoted wait.
func minutes(low, high float64) string {
	switch {
	case high == 0 && low == 0:
		return "less than a minute"
	case high == 0:
		return fmt.Sprintf("more than %.0f min", low)
	case low == 0:
		return fmt.Sprintf("up to %.0f min", high)
	case low == high:
		return fmt.Sprintf("about %.0f min", low)
	}
	return fmt.Sprintf("%.0f to %.0f min", low, high)
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
