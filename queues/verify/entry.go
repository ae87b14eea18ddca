package verify

import (
	"fmt"
	"io"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Read adds the entries of a file in the form in which `linekeeper journal
// --output json` prints them, one JSON object per line; empty lines are passed
// over. Errors name the line.
func (v *Verifier) Read(r io.Reader) error {
	if err := journal.Read("", r, v.Add); err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	return nil
}

// number is a number of an entry, 0 when there is none.
func number(e journal.Entry, key string) float64 {
	n, _ := e.Number(key)
	return n
}

// covers says whether levels are at least those that are needed.
func covers(has, needs map[string]int) bool {
	for name, level := range needs {
		if has[name] < level || has[name] == 0 {
			return false
		}
	}
	return true
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
