package dialplan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Error is one fault of a document.
type Error struct {
	File    string // as it was given to Parse
	Line    int    // from 1
	Col     int    // from 1, in characters
	Msg     string
	Hint    string // what to do about it, "" when there is nothing to add
	Warning bool   // the document works, but hardly as meant
}

// Error prints the fault as editors understand it:
// `support.yaml:12:7: unknown key "nxet" (did you mean "next"?)`.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", e.File, e.Line, e.Col)
	if e.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		fmt.Fprintf(&b, " (%s)", e.Hint)
	}
	return b.String()
}

// ErrorList is all faults that were found, ordered by file, line and column.
type ErrorList []*Error

// Error prints one fault a line.
func (l ErrorList) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single fault.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// asError is nil for an empty list, so that no caller gets a non-nil error of nothing.
func (l ErrorList) asError() error {
	if len(l) == 0 {
		return nil
	}
	l.sort()
	return l
}

func (l ErrorList) sort() {
	slices.SortStableFunc(l, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Msg, b.Msg))
	})
}

// DidYouMean is a hint with the candidate that is nearest to what was written,
// or "" when none is near.
func DidYouMean(written string, candidates []string) string {
	if best := nearest(written, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// nearest is the candidate that was probably meant, "" when none is near.
func nearest(written string, candidates []string) string {
	// One slip in a short word, two in a longer one: more would guess.
	limit := 1
	switch n := utf8.RuneCountInString(written); {
	case n < 3:
		return ""
	case n >= 5:
		limit = 2
	}
	best := ""
	for _, c := range candidates {
		if d := distance(strings.ToLower(written), strings.ToLower(c)); d <= limit {
			best, limit = c, d-1
		}
	}
	return best
}

// distance is the number of inserted, lost, changed or swapped neighbouring
// letters between two words (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
