// Package window reads at what time a customer wants to be called: "now", or a
// window by the clock of the customer. It is pure: the time is an argument.
package window

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// MaxAhead is how far ahead a window may begin and end. What lies further ahead is more
// likely a slip of the finger than a wish.
const MaxAhead = 366 * 24 * time.Hour

// Wish is a time as people fill it in. Its zero value means now.
type Wish struct {
	From  string `json:"from,omitempty"`  // not before: RFC 3339, or local time without an offset: 2026-03-29T14:30
	Until string `json:"until,omitempty"` // and by then, likewise
}

// Now says that the wish is to be called as soon as the place comes up.
func (w Wish) Now() bool { return w == Wish{} }

// UnmarshalJSON takes "now", null, or an object with from and until; any other
// key is an error.
func (w *Wish) UnmarshalJSON(data []byte) error {
	*w = Wish{}
	var word string
	if json.Unmarshal(data, &word) == nil {
		if word == "now" || word == "" {
			return nil
		}
		return fmt.Errorf("when: %q is neither \"now\" nor an object with from and until", word)
	}
	type plain Wish
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode((*plain)(w)); err != nil {
		return errors.New("when: write \"now\", or an object with the texts from and until")
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (w Wish) MarshalJSON() ([]byte, error) {
	if w.Now() {
		return []byte(`"now"`), nil
	}
	type plain Wish
	return json.Marshal(plain(w))
}

// Error is what is wrong with a wish. Field is "from", "until" or "time_zone".
type Error struct {
	Field   string
	Message string // what is wrong, in plain words
	Remedy  string // what to write instead
}

func (e *Error) Error() string { return e.Field + ": " + e.Message + "; " + e.Remedy }

// Answer is what a wish means.
type Answer struct {
	Window callback.Window
	// Notes say in plain words what was taken for a local time that the clocks of
	// the zone do not show, or show twice.
	Notes []string
}

// Zone finds a time zone by its IANA name; "" gives nil. The error is an *Error.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, &Error{
			Field: "time_zone", Message: fmt.Sprintf("there is no time zone %q", clip(name)),
			Remedy: "write a name of the IANA list, such as Europe/Moscow or America/New_York",
		}
	}
	return loc, nil
}

// Read turns a wish into a window. Local times count by the clock of zone, an
// IANA name; with offsets in both times it may be "". A beginning that has passed
// means from now on. The error is an *Error.
func Read(w Wish, zone string, now time.Time) (Answer, error) {
	loc, err := Zone(zone)
	if err != nil {
		return Answer{}, err
	}
	r := reader{loc: loc, zone: zone, now: now}
	from, err := r.read("from", w.From, first)
	if err != nil {
		return Answer{}, err
	}
	until, err := r.read("until", w.Until, last)
	if err != nil {
		return Answer{}, err
	}
	if !from.After(now) {
		from = time.Time{}
	}
	switch {
	case until.IsZero():
	case !until.After(now):
		return Answer{}, &Error{"until", fmt.Sprintf("%s has passed", clip(w.Until)), "choose a time to come"}
	case !until.After(from):
		return Answer{}, &Error{"until", fmt.Sprintf("%s is not after %s", clip(w.Until), clip(w.From)), "let the window end after it begins"}
	}
	return Answer{Window: callback.Window{From: from, Until: until}, Notes: r.notes}, nil
}

// clip keeps what a stranger wrote short in a message.
func clip(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
