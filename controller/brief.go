package controller

import (
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues"
)

// What an agent learns of a customer: in words before the two talk, and in channel
// variables for the screen.

// The variables that the leg to an agent carries. The two underscores let the phone
// that Queue() rings inherit them.
const (
	varReason    = "__LINEKEEPER_REASON"    // "call", or how a callback was asked for
	varAssurance = "__LINEKEEPER_ASSURANCE" // none, ani, answer, pin
	varPath      = "__LINEKEEPER_PATH"      // nodes of the first call, with blanks between
	varWaited    = "__LINEKEEPER_WAITED"    // seconds in the first call
	varQuestion  = "__LINEKEEPER_QUESTION"  // as typed, without what a dialplan could take for its own
	varCallback  = "__LINEKEEPER_CALLBACK"  // id of the promise
	varMessage   = "__LINEKEEPER_MESSAGE"   // name of the recording
)

// displayOf is what the agent's screen may show of a promise.
func displayOf(cb callback.Callback) map[string]string {
	vars := map[string]string{varReason: string(cb.Reason), varCallback: cb.ID, varAssurance: cb.About.Assurance.String()}
	for name, value := range map[string]string{
		varPath: strings.Join(cb.About.Path, " "), varQuestion: harmless(cb.About.Question), varMessage: cb.About.Message,
	} {
		if value != "" {
			vars[name] = value
		}
	}
	if cb.About.WaitedS > 0 {
		vars[varWaited] = strconv.Itoa(int(cb.About.WaitedS))
	}
	return vars
}

// display is the same of a live caller.
func (k *call) display() map[string]string {
	vars := map[string]string{varReason: "call", varAssurance: k.rec.State.Caller.Assurance.String()}
	if q := k.rec.State.Question; q != "" {
		vars[varQuestion] = harmless(q)
	}
	return vars
}

// harmless takes out of what a stranger wrote whatever a dialplan evaluates or ends
// a text with.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("${}[]\"\\`", r) || r < ' ' {
			return -1
		}
		return r
	}, text)
}

// briefOf is what an agent is told of a promise.
func (c *Controller) briefOf(cb callback.Callback) prompts.Brief {
	return prompts.Brief{
		Title: c.opts.Conversations[cb.Queue].title(cb.Language), Name: cb.Name, Number: cb.Number, Reason: string(cb.Reason),
		Assurance: cb.About.Assurance, Waited: time.Duration(cb.About.WaitedS * float64(time.Second)), Path: cb.About.Path,
		Question: cb.About.Question != "", Message: cb.About.Message != "",
	}
}

// brief is what an agent is told of a live caller.
func (k *call) brief(p queues.Place) prompts.Brief {
	who := k.rec.State.Caller
	return prompts.Brief{
		Title: k.c.opts.Conversations[p.Queue].title(k.rec.State.Language), Name: who.Name, Waited: time.Since(p.TakenAt),
		Assurance: who.Assurance, Question: k.rec.State.Question != "",
	}
}
