package callback

import "time"

// Pause is an order to dial nobody for a queue. Promises keep their places and
// are made as before.
type Pause struct {
	Queue string    `json:"queue"`
	On    bool      `json:"on"` // false: it was lifted
	Since time.Time `json:"since"`
	By    string    `json:"by"`
	Why   string    `json:"why,omitempty"`
}
