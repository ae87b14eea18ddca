package verify

import (
	"fmt"
	"slices"

	"github.com/linekeeper/linekeeper/journal"
)

// phase is where a promise stands, as its entries tell.
type phase string

const (
	unknown   phase = "" // entries are missing: anything may follow
	waits     phase = "waiting"
	shown     phase = "shown to an agent"
	dialling  phase = "being dialled"
	rings     phase = "ringing"
	answered  phase = "answered"
	confirmed phase = "confirmed"
	connected phase = "connected"
	held      phase = "held until somebody knows"
)

// follows says, for the types of entries that tell of a promise's own doings, which
// phases each may follow and to which it leads; "" stands for the same one. Entries
// about agents and places may come at any time.
var follows = map[string]struct {
	from []phase
	to   phase
}{
	"callback.delayed":    {[]phase{waits}, ""},
	"callback.due":        {[]phase{waits}, ""},
	"callback.retry":      {[]phase{waits}, ""},
	"callback.hastened":   {[]phase{waits}, ""},
	"callback.postponed":  {[]phase{waits}, waits},
	"callback.shown":      {[]phase{waits}, shown},
	"callback.previewed":  {[]phase{shown}, waits},
	"callback.dialling":   {[]phase{waits}, dialling},
	"callback.ringing":    {[]phase{dialling}, rings},
	"callback.answered":   {[]phase{dialling, rings}, answered},
	"callback.machine":    {[]phase{answered}, ""},
	"callback.confirmed":  {[]phase{answered}, confirmed},
	"callback.connected":  {[]phase{confirmed}, connected},
	"callback.attempt":    {[]phase{dialling, rings, answered, confirmed}, waits},
	"callback.uncertain":  {[]phase{waits}, ""}, // and then, by its policy, held
	"callback.resolved":   {[]phase{held}, waits},
	"callback.verified":   {[]phase{waits, held}, waits}, // the yes came another way than by the call that nobody knows of
	"callback.done":       {[]phase{waits, connected}, ""},
	"callback.given_up":   {[]phase{waits, held}, ""},
	"callback.cancelled":  {[]phase{waits, held}, ""},
	"callback.place_over": {nil, ""}, // whoever was shown the promise is not any more
}

// follow moves a promise on by an entry, or says that it cannot come now.
func (v *Verifier) follow(pr *promise, e journal.Entry) {
	is := pr.phase
	if pr.gaps != v.gaps {
		is, pr.gaps = unknown, v.gaps
	}
	rule, known := follows[e.Type]
	switch {
	case e.Type == "callback.recovered" && (is == waits || is == held || is == unknown):
		pr.phase = dialling // the attempt that nobody knew of goes on
		return
	case !known:
		return
	case is == unknown || rule.from == nil || slices.Contains(rule.from, is):
	case is == shown && slices.Contains(rule.from, waits):
		// The agent was gone when the daemon came back, which has no entry of its own.
		is = waits
	case e.Type == "callback.connected" && pr.connected.Seq != 0, e.Type == "callback.dialling" && (pr.underWay || pr.connected.Seq != 0):
		// has a rule of its own
	default:
		v.fault(WrongState, fmt.Sprintf("%s comes for a promise that is %s", e.Type, is), pr.asked, pr.last, refOf(e))
	}
	pr.phase = is
	switch {
	case e.Type == "callback.uncertain" && holds(e):
		pr.phase = held
	case e.Type == "callback.place_over" && is == shown:
		pr.phase = waits
	case rule.to != "":
		pr.phase = rule.to
	}
}
