package web

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/prompts"
)

// Received is the answer to a form that may be one: 202, whether a call is
// promised or something is known of the number that forbids it.
type Received struct {
	Status  string     `json:"status"`  // received
	Message string     `json:"message"` // for the customer, in the language of the form
	Token   string     `json:"token"`   // to cancel or confirm by
	Confirm string     `json:"confirm"` // none, call, code: how the owner of the number is asked
	From    *time.Time `json:"from"`    // as it was understood, UTC; null: now
	Until   *time.Time `json:"until"`   // likewise; null: open
	Wait    *Wait      `json:"wait"`    // of somebody who joined the queue now; null for a later time, or when it cannot be known
	Notes   []string   `json:"notes"`   // what was taken for a local time that the clocks show twice or never
}

// Wait is the range that 80 % of waits fall into, in seconds.
type Wait struct {
	LowS  float64 `json:"low_s"`
	HighS float64 `json:"high_s"`
}

// Done is the answer to a cancel and to a right code.
type Done struct {
	Status  string `json:"status"` // cancelled, confirmed
	Message string `json:"message"`
}

// Error is the body of every answer that is not 2xx.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Rule    string `json:"rule,omitempty"` // with refused: number, prefix, type, zone, request
}

// The codes of errors.
const (
	codeBadRequest  = "bad_request" // the request itself is wrong
	codeRefused     = "refused"     // a field cannot be taken, or numbers like this are not called
	codeOrigin      = "origin"      // pages of this origin may not ask
	codeChallenge   = "challenge"   // the challenge was not passed
	codeLimited     = "limited"     // too many requests from this address; see Retry-After
	codeBusy        = "busy"        // too many calls are promised already; see Retry-After
	codeNotFound    = "not_found"   // no token of ours, or no such page
	codeWrongCode   = "wrong_code"  // not the code that was sent, or not any more
	codeUnavailable = "unavailable" // it cannot be done now
	statusReceived  = "received"    //
	statusCancelled = "cancelled"   //
	statusConfirmed = "confirmed"   //
)

// texts are what customers read, by language.
var texts = map[string]map[string]string{
	prompts.English: {
		"none":      "Thank you. If this number may be called and no call is promised to it yet, we will call.",
		"call":      "Thank you. If this number may be called and no call is promised to it yet, a short call asks you to press one.",
		"code":      "Thank you. If this number may be called and no call is promised to it yet, we send it a code.",
		"cancelled": "If a call was still to come, it will not be made.",
		"confirmed": "Thank you. We will call.",
		"number":    "We cannot call numbers like this one.",
	},
	prompts.Russian: {
		"none":      "Спасибо. Если на этот номер можно звонить и звонок ещё не обещан, мы позвоним.",
		"call":      "Спасибо. Если на этот номер можно звонить и звонок ещё не обещан, мы коротко позвоним и попросим нажать один.",
		"code":      "Спасибо. Если на этот номер можно звонить и звонок ещё не обещан, мы пришлём на него код.",
		"cancelled": "Если звонок ещё предстоял, его не будет.",
		"confirmed": "Спасибо. Мы позвоним.",
		"number":    "На такие номера мы не звоним.",
	},
}

// text says something in the language of a form, else in English.
func text(language, what string) string {
	if t, ok := texts[language][what]; ok {
		return t
	}
	return texts[prompts.English][what]
}

// personal are the rules whose word would tell something about the owner of a number.
var personal = map[callback.Rule]bool{
	callback.RuleDuplicate: true, callback.RuleDoNotCall: true, callback.RuleBlocked: true, callback.RuleNumberDay: true,
}

// publicly is what a refusal may tell a stranger: nil when it must look as if the
// request was received.
func publicly(err error, language string) error {
	var refused *controller.RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	r := refused.Refusal
	switch {
	case personal[r.Rule] || r.ExistingID != "":
		return nil
	case r.Rule == callback.RuleRequest || r.Rule == callback.RuleZone || r.Rule == callback.RuleNumber:
		return &refusal{r.Rule, r.Message + "; " + r.Remedy}
	case r.Rule == callback.RulePrefix || r.Rule == callback.RuleType:
		return &refusal{r.Rule, text(language, "number")}
	}
	return err // of the house: a store that is full, for instance
}

// refusal is what a stranger hears of a rule.
type refusal struct {
	rule    callback.Rule
	message string
}

func (r *refusal) Error() string { return r.message }

// later is an error that time heals.
type later struct {
	status  int
	code    string
	message string
	after   time.Duration
}

func (l *later) Error() string { return l.message }

// fail answers an error. Of what is wrong with the house, strangers hear nothing.
func fail(w http.ResponseWriter, err error) (result string) {
	var bad *fault
	var no *refusal
	var wait *later
	switch {
	case errors.As(err, &bad):
		write(w, bad.status, Error{Code: bad.code, Message: bad.message})
		return bad.code
	case errors.As(err, &no):
		write(w, http.StatusUnprocessableEntity, Error{Code: codeRefused, Message: no.message, Rule: string(no.rule)})
		return codeRefused
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.after.Seconds()))))
		write(w, wait.status, Error{Code: wait.code, Message: wait.message})
		return wait.code
	}
	write(w, http.StatusServiceUnavailable, Error{Code: codeUnavailable, Message: "This cannot be done now. Please try again later."})
	return codeUnavailable
}

func write(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the other end hung up; nobody is left to tell
}
