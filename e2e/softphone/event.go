package softphone

import (
	"fmt"
	"time"
)

// Kind says what an Event reports.
type Kind int

// The kinds of events, with the fields of Event that each fills besides At, Phone and Call.
const (
	Registered   Kind = iota + 1 // the server accepted the registration; Call is nil
	Unregistered                 // a renewal failed, it is tried again; Call is nil; Text says why
	Dialling                     // an outgoing call begins; Number
	RingingThere                 // the other side rings; Number
	RingingHere                  // an incoming call rings; Number and Name as displayed
	Answered                     // the call is up; Number
	Displayed                    // the display changed during the call; Number and Name
	Heard                        // a prompt was recognised; Code and Text
	Pressed                      // a key was pressed here; Text is the key
	KeyHeard                     // a key was pressed there; Text is the key
	ToneOn                       // a tone of Options.Listen has sounded for 200 ms; Hz
	ToneOff                      // that tone has stopped; Hz
	Talking                      // the phone's own tone starts; Hz
	Quiet                        // the phone's own tone stops; Hz
	Ended                        // the call is over; Text is its End in words
)

var kindNames = map[Kind]string{
	Registered: "registered", Unregistered: "registration lost", Dialling: "dials", RingingThere: "hears ringing",
	RingingHere: "rings", Answered: "answered", Displayed: "display shows", Heard: "hears", Pressed: "presses",
	KeyHeard: "hears key", ToneOn: "hears tone", ToneOff: "tone stopped", Talking: "talks", Quiet: "is quiet", Ended: "ended",
}

// String gives the kind as a phrase that a phone's name can stand in front of.
func (k Kind) String() string {
	if s, ok := kindNames[k]; ok {
		return s
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Event is one thing that happened to a phone, for narration and for records. Which fields are
// set depends on Kind.
type Event struct {
	At     time.Time
	Phone  string // Options.User
	Call   *Call
	Kind   Kind
	Number string
	Name   string
	Code   uint32
	Text   string
	Hz     float64
}

// String gives the event as one line without its time.
func (e Event) String() string {
	line := e.Phone + " " + e.Kind.String()
	switch {
	case e.Kind == Heard && e.Text == "":
		return fmt.Sprintf("%s mark %06x", line, e.Code)
	case e.Hz != 0:
		return fmt.Sprintf("%s of %g Hz", line, e.Hz)
	case e.Text != "":
		return fmt.Sprintf("%s %q", line, e.Text)
	case e.Name != "":
		return fmt.Sprintf("%s %s (%s)", line, e.Number, e.Name)
	case e.Number != "":
		return line + " " + e.Number
	}
	return line
}
