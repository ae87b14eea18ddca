package softphone

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Party says who ended a call.
type Party string

// The parties that can end a call.
const (
	Us      Party = "us"      // this phone hung up, cancelled or rejected
	Them    Party = "them"    // the other side did
	Network Party = "network" // nobody: the signalling failed
)

// End says how a call ended.
type End struct {
	By Party
	// Status is the SIP status that ended the call before it was answered: 486 busy, 603 declined,
	// 487 cancelled, 480 unavailable and so on. It is 0 for an answered call.
	Status int
	// Cause is the Q.850 cause of the other side's Reason header (16 normal clearing, 17 busy), 0 if none.
	Cause int
	// Reason is a text for people.
	Reason string
}

// String gives the end in a few words.
func (e End) String() string {
	s := "by " + string(e.By)
	if e.Status != 0 {
		s += fmt.Sprintf(", SIP %d", e.Status)
	}
	if e.Cause != 0 {
		s += fmt.Sprintf(", cause %d", e.Cause)
	}
	if e.Reason != "" {
		s += ", " + e.Reason
	}
	return s
}

// EndedError is returned by every method that waits for something in a call when the call ends first.
type EndedError struct {
	Number string
	End    End
}

// Error says which call ended and how.
func (e *EndedError) Error() string {
	return fmt.Sprintf("call with %s ended %s", e.Number, e.End)
}

// endOf tells from the error of an INVITE how the call ended.
func endOf(err error) End {
	var refused *sipgo.ErrDialogResponse
	if errors.As(err, &refused) {
		end := End{By: Them, Status: refused.Res.StatusCode, Reason: refused.Res.Reason}
		readReason(refused.Res.GetHeader("Reason"), &end)
		return end
	}
	return End{By: Network, Reason: err.Error()}
}

// readReason takes cause and text from a Reason header (RFC 3326), if it is there.
func readReason(h sip.Header, end *End) {
	if h == nil {
		return
	}
	protocol, rest, _ := strings.Cut(h.Value(), ";")
	for _, param := range strings.Split(rest, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		switch {
		case strings.EqualFold(key, "cause") && strings.EqualFold(strings.TrimSpace(protocol), "Q.850"):
			if n, err := strconv.Atoi(value); err == nil {
				end.Cause = n
			}
		case strings.EqualFold(key, "text"):
			end.Reason = strings.Trim(value, `"`)
		}
	}
}
