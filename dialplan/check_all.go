package dialplan

import (
	"fmt"
	"slices"

	"github.com/linekeeper/linekeeper/callers"
)

// CheckAll finds faults between documents: a name or a number that two of them
// claim, and queues that the switch does not have. Queues are the names that
// the switch knows; nil when they are not known, and then they are not checked.
// The error is an ErrorList.
func CheckAll(docs []*Document, queues []string) error {
	var errs ErrorList
	fail := func(d *Document, m mark, hint, format string, args ...any) {
		errs = append(errs, &Error{
			File: d.File, Line: max(m.line, 1), Col: max(m.col, 1), Msg: fmt.Sprintf(format, args...), Hint: hint,
		})
	}
	names, numbers := map[string]string{}, map[string]string{}
	for _, d := range docs {
		for _, m := range d.marks["hotline"] {
			if other, ok := names[m.value]; ok {
				fail(d, m, "", "hotline %q is also in %s", m.value, other)
				continue
			}
			names[m.value] = d.File
		}
		for _, m := range d.marks["number"] {
			number := m.value
			if e164, ok := callers.Normalize(number, d.Country); ok && number[0] == '+' {
				number = e164
			}
			if other, ok := numbers[number]; ok && other != d.Hotline {
				fail(d, m, "", "number %q also belongs to hotline %q", m.value, other)
				continue
			}
			numbers[number] = d.Hotline
		}
		for _, m := range d.marks["queue"] {
			if queues != nil && !slices.Contains(queues, m.value) {
				fail(d, m, DidYouMean(m.value, queues), "the switch has no queue %q", m.value)
			}
		}
	}
	return errs.asError()
}
