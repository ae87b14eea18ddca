package store

import (
	"context"
	"fmt"
	"strings"
)

// Forgettable is somebody who is to be forgotten: an account, a number (E.164) or both,
// and the name that records may have.
type Forgettable struct {
	Account string
	Number  string
	Name    string
}

// Forgotten is what became of the traces of a person. In calls, promises, places and
// the journal they bear the alias now, so that counts and waits stay true.
type Forgotten struct {
	Alias      string
	Entry      bool // there was one in the table of callers
	Calls      int
	Callbacks  int
	Places     int
	Events     int
	Recordings []string // names on the switch of what the person said
	Left       int      // traces that a search found afterwards; 0 unless something went wrong
}

// StandingError says that a person cannot be forgotten while something is under way.
type StandingError struct {
	Calls     []string // that last
	Callbacks []string // that are open
}

// Error names what stands in the way, and what to do.
func (e *StandingError) Error() string {
	if len(e.Calls) > 0 {
		return fmt.Sprintf("the caller is on the line (%s); forget them when the call is over", strings.Join(e.Calls, ", "))
	}
	return fmt.Sprintf("a call back was promised: %s; cancel it first with linekeeper callback cancel", strings.Join(e.Callbacks, ", "))
}

// Forgetter takes a person out of everything that is kept.
type Forgetter interface {
	// Forget removes the person from the table of callers and puts an alias in place
	// of account, number and name wherever they stand, and overwrites what stood on
	// the disk. It blocks commits for the time of one pass over what is found, and
	// with an old or large file for longer. It returns *StandingError while a call
	// lasts or a promise is open. Forgetting twice is not an error.
	Forget(ctx context.Context, p Forgettable) (Forgotten, error)
}
