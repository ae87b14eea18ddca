package callback

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// Request asks for a promise. The controller fills it in; ID and PlaceID are of
// its choosing.
type Request struct {
	ID                  string // letters, digits, "-", "_" and ".", at most 64: it becomes part of a channel id
	Number              string // E.164
	Queue               string
	Hotline             string
	Language            string
	Name                string
	Account             string
	Priority            int
	Reason              Reason
	CallID              string // the call in which it is asked for, "" outside of one
	PlaceID             string
	PlaceAt             time.Time // the time that the place counts from; zero stands for now
	KeepPlace           bool      // the line holds PlaceID already
	Window              Window
	Mode                Mode
	Zone, Campaign, Key string
	Verify              VerifyWay
	About               About
	Capacity, Taken     int  // how many promises the window may hold, 0 for any number, and how many it does
	Once, Lately        bool // for ReasonAbandoned: refused when the number had such a promise within a day
	Position            int  // place in line when asked, from 1, for the journal; 0 when unknown
}

// Refusal says why a request is not granted and what would change that.
type Refusal struct {
	Rule       Rule
	Message    string  // what is wrong, in plain words
	Remedy     string  // what to do about it
	ExistingID string  // for RuleDuplicate: the promise that stands
	Inputs     []Input // what the rule looked at; none where the message says it all
}

// Ask turns a request into a promise, or says which rule forbids it. open are
// the promises that may be duplicates; closed ones among them do not matter.
// A rule that only delays the call makes it a promise with NotBefore and
// DelayedBy. A window begins, and the place counts, from its first moment within
// the calling hours. The controller saves the promise, and only then tells the caller
// about it and hands the place over. Without KeepPlace, a promise that is not to
// be kept at once has no place yet: it is dormant.
func Ask(req Request, p Policy, open []Callback, now time.Time) (Callback, *Refusal) {
	if r := req.fault(); r != nil {
		return Callback{}, r
	}
	p = p.WithDefaults()
	first, d := p.lookWindow(req.Callee(), req.Window, now)
	if d.Refused() {
		return Callback{}, d.refusal()
	}
	if first.After(now) {
		req.Window.From = first
		p.Facts.Paused = Pause{} // which says nothing about another day
	}
	if d = p.onAsking(req.Callee(), first); d.Refused() {
		return Callback{}, d.refusal()
	}
	if r := req.duplicate(open); r != nil {
		return Callback{}, r
	}
	if r := req.fits(); r != nil {
		return Callback{}, r
	}
	placeAt := req.PlaceAt
	if placeAt.IsZero() {
		placeAt = first
	}
	notBefore, by := d.Until, d.Rule
	if notBefore.IsZero() && first.After(now) {
		notBefore = first
	}
	switch req.Verify {
	case VerifyByCall: // at once, if the rules allow it
		d := p.onAsking(req.Callee(), now)
		if notBefore, by = d.Until, d.Rule; by == "" {
			notBefore = now
		}
	case VerifyByCode:
		notBefore, by = now.Add(VerifyTimeout), ""
	}
	return Callback{
		ID: req.ID, Number: req.Number, Queue: req.Queue, Hotline: req.Hotline,
		Language: req.Language, Name: req.Name, Account: req.Account,
		Priority: req.Priority, Reason: req.Reason, CallID: req.CallID, PlaceID: req.PlaceID,
		Placed: req.Verify == "" && (req.KeepPlace || notBefore.IsZero() || d.Rule.endless()), Window: req.Window, Mode: req.Mode, Verify: req.Verify,
		About: req.About, Zone: req.Zone, Campaign: req.Campaign, Key: req.Key,
		AskedAt: now, PlaceAt: placeAt, State: Waiting, Since: now, NotBefore: notBefore, DelayedBy: by,
	}, nil
}

func (d Decision) refusal() *Refusal {
	return &Refusal{Rule: d.Rule, Message: d.Message, Remedy: d.Remedy, Inputs: d.Inputs}
}

// onAsking is Decide for a call that is not to be made at once: what is in
// flight now says nothing about it.
func (p Policy) onAsking(who Callee, now time.Time) Decision {
	p.Facts.InFlight, p.Facts.InCampaign = 0, 0
	return p.Decide(who, now)
}

// fault says what the request lacks.
func (r Request) fault() *Refusal {
	switch {
	case !validID(r.ID):
		return &Refusal{
			Rule:    RuleRequest,
			Message: fmt.Sprintf("%q cannot be the id of a callback", r.ID),
			Remedy:  "use 1 to 64 letters, digits, dots, dashes and underscores",
		}
	case r.Queue == "" || r.PlaceID == "":
		return &Refusal{
			Rule:    RuleRequest,
			Message: "a callback needs a queue and a place in it",
			Remedy:  "name the queue",
		}
	case !PlainWord(r.Campaign, MaxCampaign):
		return &Refusal{
			Rule:    RuleRequest,
			Message: fmt.Sprintf("%.80q cannot be the name of a campaign", r.Campaign),
			Remedy:  fmt.Sprintf("use at most %d letters, digits and signs of ASCII without blanks", MaxCampaign),
		}
	case !ValidNumber(r.Number):
		return &Refusal{
			Rule:    RuleNumber,
			Message: fmt.Sprintf("%q is not an international number", r.Number),
			Remedy:  "write + with the country code and the number, 8 to 15 digits in all, without spaces",
		}
	}
	if r.Zone == "" {
		return nil
	}
	if _, err := callers.LoadZone(r.Zone); err != nil {
		return &Refusal{Rule: RuleZone, Message: err.Error(), Remedy: zoneRemedy, Inputs: []Input{{"zone", fmt.Sprintf("%.80q", r.Zone)}}}
	}
	return nil
}

// duplicate finds the promise that the same customer has from the same queue.
func (r Request) duplicate(open []Callback) *Refusal {
	for _, cb := range open {
		same := cb.Number == r.Number || cb.Account != "" && cb.Account == r.Account
		if !cb.Open() || cb.Queue != r.Queue || !same {
			continue
		}
		whose := r.Number
		if cb.Number != r.Number {
			whose = "account " + r.Account
		}
		return &Refusal{
			Rule:       RuleDuplicate,
			Message:    fmt.Sprintf("%s has been promised a call from %s already, at %s", whose, r.Queue, cb.Number),
			Remedy:     "nothing to do: callback " + cb.ID + " stands; cancel it first to ask anew",
			ExistingID: cb.ID,
		}
	}
	return nil
}

// fits says what leaves no room for one more promise.
func (r Request) fits() *Refusal {
	switch {
	case r.Capacity > 0 && r.Taken >= r.Capacity:
		return &Refusal{
			Rule:    RuleSlotFull,
			Message: fmt.Sprintf("%d of %d calls are promised from %s at that time already", r.Taken, r.Capacity, r.Queue),
			Remedy:  "choose another time, or raise the capacity of the hotline's slots",
			Inputs:  []Input{{"from", stamp(r.Window.From)}, {"until", stamp(r.Window.Until)}, {"taken", fmt.Sprint(r.Taken)}, {"capacity", fmt.Sprint(r.Capacity)}},
		}
	case r.Once && r.Lately:
		return &Refusal{
			Rule:    RuleOnce,
			Message: fmt.Sprintf("%s was called back after hanging up in line within the last 24 hours", r.Number),
			Remedy:  `nothing to do: who calls again can ask for a call; "once: false" of the hotline lifts it`,
		}
	}
	return nil
}

// OpenAt says whether no rule objects to a call that begins at a later time, as far
// as is known now.
func (p Policy) OpenAt(who Callee, at time.Time) bool {
	p.Facts.Paused = Pause{}
	return p.onAsking(who, at).Allowed()
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
		"number": cb.Number, "queue": cb.Queue, "reason": string(cb.Reason), "place_at": stamp(cb.PlaceAt), "call_id": cb.CallID,
		"mode": string(cb.Mode), "verify": string(cb.Verify), "campaign": cb.Campaign, "key": cb.Key, "zone": cb.Zone,
	}
	for key, value := range data {
		if value == "" {
			delete(data, key)
		}
	}
	if !cb.Window.From.IsZero() {
		data["window_from"] = stamp(cb.Window.From)
	}
	if !cb.Window.Until.IsZero() {
		data["window_until"] = stamp(cb.Window.Until)
	}
	if cb.Dormant() {
		data["not_before"] = stamp(cb.NotBefore)
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
	if req.Reason != "" {
		data["reason"] = string(req.Reason)
	}
	if req.Campaign != "" {
		data["campaign"] = req.Campaign
	}
	if len(r.Inputs) > 0 {
		data["inputs"] = inputs(r.Inputs)
	}
	id := req.ID
	if r.ExistingID != "" {
		data["existing_id"] = r.ExistingID
		id = r.ExistingID // it is part of that promise's story
	}
	return Note{Type: NoteRefused, CallbackID: id, At: now, Data: data}
}

// DelayedNote returns the journal's entry about a promise whose call must not be
// made at once, and false for one that Ask did not delay. p is that of Ask.
func DelayedNote(cb Callback, p Policy) (Note, bool) {
	if cb.DelayedBy == "" {
		return Note{}, false
	}
	at := cb.AskedAt
	if cb.Verify == "" {
		at = later(at, cb.Window.From)
	}
	d := p.onAsking(cb.Callee(), at)
	return delayedNote(cb, d, cb.AskedAt), d.Delayed()
}

func delayedNote(cb Callback, d Decision, now time.Time) Note {
	data := map[string]any{
		"number": cb.Number, "queue": cb.Queue, "rule": string(d.Rule), "not_before": stamp(d.Until), "message": d.Message,
		"remedy": d.Remedy, "inputs": inputs(d.Inputs),
	}
	return Note{Type: NoteDelayed, CallbackID: cb.ID, At: now, Data: data}
}
