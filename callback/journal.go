package callback

import (
	"fmt"
	"math"
	"time"
)

// The types of the journal's entries about a promise; why.go tells them as a
// story, and says by that which keys each has.
const (
	NoteAsked         = "callback.asked"
	NoteRefused       = "callback.refused"
	NoteDelayed       = "callback.delayed"
	NoteDue           = "callback.due"
	NoteDialling      = "callback.dialling"
	NoteRinging       = "callback.ringing"
	NoteAnswered      = "callback.answered"
	NoteConfirmed     = "callback.confirmed"
	NoteConnected     = "callback.connected"
	NoteAttempt       = "callback.attempt"
	NoteRetry         = "callback.retry"
	NoteDone          = "callback.done"
	NoteGivenUp       = "callback.given_up"
	NoteCancelled     = "callback.cancelled"
	NoteUncertain     = "callback.uncertain"
	NoteResolved      = "callback.resolved"
	NoteRecovered     = "callback.recovered"
	NoteAgentTook     = "callback.agent_took"
	NoteAgentLost     = "callback.agent_lost"
	NoteAgentReleased = "callback.agent_released"
	NotePlaceOver     = "callback.place_over"
	NoteVerified      = "callback.verified"
	NoteMachine       = "callback.machine"
	NoteShown         = "callback.shown"
	NotePreviewed     = "callback.previewed"
	NotePostponed     = "callback.postponed"
	NoteHastened      = "callback.hastened"
)

// stamp is a time as the journal's Data holds it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// seconds rounds a duration for the journal's Data.
func seconds(d time.Duration) int { return int(math.Round(d.Seconds())) }

// count writes a number with the fitting form of its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
