package callers

import "time"

// History is what is remembered of earlier calls of a caller, in numbers and words
// that a document can go by. Zero is that of somebody who never called. It is
// plain data, saved with the call.
type History struct {
	CallsToday      int       `json:"calls_today,omitempty"` // before this one, by the hotline's day
	CallsWeek       int       `json:"calls_week,omitempty"`  // in the seven days before this call
	LastAt          time.Time `json:"last_at,omitzero"`      // when the last call began
	LastQueue       string    `json:"last_queue,omitempty"`
	LastResult      string    `json:"last_result,omitempty"` // as `linekeeper call list` shows it
	LastAgent       string    `json:"last_agent,omitempty"`
	LastDisposition string    `json:"last_disposition,omitempty"` // what the agent said it was about
	CallbacksOpen   int       `json:"callbacks_open,omitempty"`   // promises that stand
	CallbacksKept   int       `json:"callbacks_kept,omitempty"`
}
