package config

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// fault is one thing that is wrong with a file.
type fault struct {
	file string
	line int    // from 1, 0 when there is no line to show
	key  string // "queues.support.engine", "" when the message names it
	err  error
}

// Error prints the fault as editors understand it.
func (f *fault) Error() string {
	where := f.file
	if f.line > 0 {
		where += ":" + strconv.Itoa(f.line)
	}
	if f.key != "" {
		where += ": " + f.key
	}
	return where + ": " + f.err.Error()
}

func (f *fault) Unwrap() error { return f.err }

// join puts faults in the order of the file.
func join(faults []*fault) error {
	slices.SortStableFunc(faults, func(a, b *fault) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = f
	}
	return errors.Join(errs...)
}

var (
	lineOf     = regexp.MustCompile(`^(?:yaml: )?line (\d+): ((?s:.*))$`)
	notFound   = regexp.MustCompile(`^field (\S+) not found in type config\.(\S+)$`)
	noDuration = regexp.MustCompile("^cannot unmarshal !!\\w+ `(.*)` into time\\.Duration$")
)

// located reads the yaml library's messages.
func located(file string, err error) []*fault {
	msgs := []string{err.Error()}
	var te *yaml.TypeError
	if errors.As(err, &te) {
		msgs = te.Errors
	}
	out := make([]*fault, 0, len(msgs))
	for _, msg := range msgs {
		f := &fault{file: file}
		text := strings.TrimPrefix(strings.TrimSpace(msg), "yaml: ")
		if m := lineOf.FindStringSubmatch(text); m != nil {
			f.line, _ = strconv.Atoi(m[1]) // digits, by the pattern
			text = m[2]
		}
		if m := notFound.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("unknown key %q in %q", m[1], strings.ToLower(m[2]))
			if hint := dialplan.DidYouMean(m[1], keysOf(reflect.TypeFor[Config](), m[2])); hint != "" {
				text += " (" + hint + ")"
			}
		}
		if m := noDuration.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("%q is no duration (write it like 45s or 5m)", m[1])
		}
		f.err = errors.New(text)
		out = append(out, f)
	}
	return out
}

// keysOf lists the keys of the struct that has this name, within another one.
func keysOf(typ reflect.Type, name string) []string {
	switch typ.Kind() {
	case reflect.Map, reflect.Slice, reflect.Pointer:
		return keysOf(typ.Elem(), name)
	case reflect.Struct:
	default:
		return nil
	}
	var keys, deeper []string
	for i := range typ.NumField() {
		field := typ.Field(i)
		if key := field.Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
			deeper = append(deeper, keysOf(field.Type, name)...)
		}
	}
	if typ.Name() == name {
		return keys
	}
	return deeper
}
