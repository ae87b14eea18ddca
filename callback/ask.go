package callback

import (
	"fmt"
	"strings"
	"time"
)

// Request asks for a promise. The controller fills it in; ID and PlaceID are of
// its choosing.
type Request struct {
	ID       string // letters, digits, "-", "_" and ".", at most 64: it becomes part of a channel id
	Number   string // E.164
	Queue    string
	Hotline  string
	Language string
	Name     string
	Account  string
	Priority int
	Reason   string // "in_line", "operator"
	CallID   string // the call in which it is asked for, "" outside of one
	PlaceID  string
	PlaceAt  time.Time // the time that the place counts from; zero stands for now
	Position int       // place in line when asked, from 1, for the journal; 0 when unknown
}

// Rule is the rule by which a request is refused.
type Rule string

// The rules, in the order they are looked at.
const (
	RuleRequest   Rule = "request"   // something is missing, or the id is unfit
	RuleNumber    Rule = "number"    // the number is not E.164
	RulePrefix    Rule = "prefix"    // no allowed prefix fits the number
	RuleDuplicate Rule = "duplicate" // the same number was promised a call from the same queue already
)

// Refusal says why a request is not granted and what would change that.
type Refusal struct {
	Rule       Rule
	Message    string // what is wrong, in plain words
	Remedy     string // what to do about it
	ExistingID string // for RuleDuplicate: the promise that stands
}

// Ask turns a request into a promise, or says which rule forbids it. open are
// the promises that may be duplicates; closed ones among them do not matter.
// The controller saves the promise, and only then tells the caller about it and
// hands the place over.
func Ask(req Request, p Policy, open []Callback, now time.Time) (Callback, *Refusal) {
	if r := p.refuse(req, open); r != nil {
		return Callback{}, r
	}
	placeAt := req.PlaceAt
	if placeAt.IsZero() {
		placeAt = now
	}
	return Callback{
		ID: req.ID, Number: req.Number, Queue: req.Queue, Hotline: req.Hotline,
		Language: req.Language, Name: req.Name, Account: req.Account,
		Priority: req.Priority, Reason: req.Reason, CallID: req.CallID, PlaceID: req.PlaceID,
		AskedAt: now, PlaceAt: placeAt, State: Waiting, Since: now,
	}, nil
}

func (p Policy) refuse(req Request, open []Callback) *Refusal {
	switch {
	case !validID(req.ID):
		return &Refusal{
			Rule:    RuleRequest,
			Message: fmt.Sprintf("%q cannot be the id of a callback", req.ID),
			Remedy:  "use 1 to 64 letters, digits, dots, dashes and underscores",
		}
	case req.Queue == "" || req.PlaceID == "":
		return &Refusal{
			Rule:    RuleRequest,
			Message: "a callback needs a queue and a place in it",
			Remedy:  "name the queue",
		}
	case !ValidNumber(req.Number):
		return &Refusal{
			Rule:    RuleNumber,
			Message: fmt.Sprintf("%q is not an international number", req.Number),
			Remedy:  "write + with the country code and the number, 8 to 15 digits in all, without spaces",
		}
	case !p.Allows(req.Number):
		return &Refusal{
			Rule:    RulePrefix,
			Message: fmt.Sprintf("%s begins with none of the prefixes that may be called (%s)", req.Number, prefixList(p.Prefixes)),
			Remedy:  "add a prefix of this number to the prefixes of the callback policy",
		}
	}
	for _, cb := range open {
		if cb.Open() && cb.Number == req.Number && cb.Queue == req.Queue {
			return &Refusal{
				Rule:       RuleDuplicate,
				Message:    fmt.Sprintf("%s has been promised a call from %s already", req.Number, req.Queue),
				Remedy:     "nothing to do: callback " + cb.ID + " stands; cancel it first to ask anew",
				ExistingID: cb.ID,
			}
		}
	}
	return nil
}

// validID allows what is safe inside a channel id and in a URL.
func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		if !isAlnum(id[i]) && id[i] != '-' && id[i] != '_' && id[i] != '.' {
			return false
		}
	}
	return true
}

// AskedNote returns the journal's entry about a promise that was just made.
func AskedNote(cb Callback, req Request) Note {
	data := map[string]any{
		"number": cb.Number, "queue": cb.Queue, "reason": cb.Reason, "place_at": stamp(cb.PlaceAt),
	}
	if cb.CallID != "" {
		data["call_id"] = cb.CallID
	}
	if req.Position > 0 {
		data["position"] = req.Position
	}
	return Note{Type: NoteAsked, CallbackID: cb.ID, At: cb.AskedAt, Data: data}
}

// RefusedNote returns the journal's entry about a request that was refused.
func RefusedNote(req Request, r Refusal, now time.Time) Note {
	data := map[string]any{
		"number": req.Number, "queue": req.Queue, "rule": string(r.Rule), "message": r.Message, "remedy": r.Remedy,
	}
	if req.CallID != "" {
		data["call_id"] = req.CallID
	}
	if r.ExistingID != "" {
		data["existing_id"] = r.ExistingID
	}
	return Note{Type: NoteRefused, CallbackID: req.ID, At: now, Data: data}
}

func prefixList(prefixes []string) string {
	if len(prefixes) == 0 {
		return "there are none"
	}
	return strings.Join(prefixes, ", ")
}
