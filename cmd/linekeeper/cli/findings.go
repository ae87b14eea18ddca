package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/linekeeper/linekeeper/callers/csvfile"
	"github.com/linekeeper/linekeeper/dialplan"
)

// finding is a fault of a file, as --output json shows it.
type finding struct {
	File     string `json:"file"`     // "" when it is not about one file
	Line     int    `json:"line"`     // from 1; 0 when not known
	Col      int    `json:"col"`      // from 1; 0 when not known
	Severity string `json:"severity"` // error, warning
	Message  string `json:"message"`
	Hint     string `json:"hint"` // what to do about it, may be ""

	line string // as it is printed
}

type findings []finding

var located = regexp.MustCompile(`^([^\s:]+):(?:(\d+):)?(?:(\d+):)? (.*)$`)

// add takes an error apart into one finding for each fault.
func (f *findings) add(err error) {
	if err == nil {
		return
	}
	var doc *dialplan.Error
	var csv *csvfile.Fault
	many, joined := err.(interface{ Unwrap() []error })
	switch {
	case joined:
		for _, one := range many.Unwrap() {
			f.add(one)
		}
	case errors.As(err, &doc):
		severity := "error"
		if doc.Warning {
			severity = "warning"
		}
		*f = append(*f, finding{doc.File, doc.Line, doc.Col, severity, doc.Msg, doc.Hint, err.Error()})
	case errors.As(err, &csv):
		message := csv.Err.Error()
		if csv.Column != "" {
			message = "column " + csv.Column + ": " + message
		}
		*f = append(*f, finding{csv.File, csv.Line, 0, "error", message, "", err.Error()})
	default:
		one := finding{Severity: "error", Message: err.Error(), line: err.Error()}
		if m := located.FindStringSubmatch(one.Message); m != nil {
			one.File, one.Message = m[1], m[4]
			one.Line, _ = strconv.Atoi(m[2]) // "" is 0: not known
			one.Col, _ = strconv.Atoi(m[3])
		}
		*f = append(*f, one)
	}
}

// report prints what was found and, when nothing is wrong, the summary.
func (e *env) report(found findings, summary string) error {
	wrong := 0
	for _, one := range found {
		if one.Severity == "error" {
			wrong++
		}
	}
	if e.output == outJSON {
		if err := e.writeJSON(append(findings{}, found...)); err != nil {
			return err
		}
	} else {
		for _, one := range found {
			if _, err := fmt.Fprintln(e.stdout, one.line); err != nil {
				return err
			}
		}
		if wrong == 0 {
			if _, err := fmt.Fprintf(e.stdout, "OK: %s\n", summary); err != nil {
				return err
			}
		}
	}
	if wrong > 0 {
		e.say("%s", plural(wrong, "error"))
		return errProblems
	}
	return nil
}
