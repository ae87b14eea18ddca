package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// path leads into a JSON value: member names and positions in lists, from 0.
type path []string

// parsePath reads a path like "customer.name" or "items.0.total"; "" is the value
// itself.
func parsePath(s string) (path, error) {
	if s == "" {
		return nil, nil
	}
	p := path(strings.Split(s, "."))
	for _, step := range p {
		if step == "" {
			return nil, fmt.Errorf("%q is no path; write it like customer.name or items.0.total", s)
		}
	}
	return p, nil
}

// find follows a path. Where a member or a position does not exist, or is null, there
// is nothing: found is false. Walking into a text or a number is an error.
func (p path) find(v any) (value any, found bool, err error) {
	for i, step := range p {
		switch inner := v.(type) {
		case nil:
			return nil, false, nil
		case map[string]any:
			member, has := inner[step]
			if !has {
				return nil, false, nil
			}
			v = member
		case []any:
			n, err := strconv.ParseUint(step, 10, 31)
			if err != nil {
				return nil, false, fmt.Errorf("%s is a list; name a position in it, from 0", p[:i])
			}
			if n >= uint64(len(inner)) {
				return nil, false, nil
			}
			v = inner[n]
		default:
			return nil, false, fmt.Errorf("%s is a %s and has no members", p[:i], kind(v))
		}
	}
	return v, v != nil, nil
}

// String is the path as it is written.
func (p path) String() string {
	if len(p) == 0 {
		return "the answer"
	}
	return strings.Join(p, ".")
}

func kind(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "list"
	case string:
		return "text"
	case bool:
		return "truth value"
	case nil:
		return "null"
	}
	return "number"
}

// text writes a value that is no object and no list. Numbers stay as the answer has
// them.
func text(v any) (s string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// mapping makes rows of an answer.
type mapping struct {
	rows   path            // to the list of rows, or to the only one
	fields map[string]path // from a row; none: all its members that are text or number
}

var errNoField = errors.New("it has none of the fields; check the paths of rows and fields")

// read makes at most most rows. Its errors name paths and nothing of the answer.
func (m mapping) read(answer any, most int) ([]map[string]string, error) {
	v, found, err := m.rows.find(answer)
	if err != nil || !found {
		return nil, err
	}
	list, several := v.([]any)
	if !several {
		list = []any{v}
	}
	var rows []map[string]string
	for _, item := range list {
		if item == nil {
			continue
		}
		if len(rows) == most {
			break
		}
		row, err := m.row(item)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (m mapping) row(item any) (map[string]string, error) {
	row := map[string]string{}
	if len(m.fields) == 0 {
		object, is := item.(map[string]any)
		if !is {
			return nil, fmt.Errorf("a row is a %s and no object; name its fields", kind(item))
		}
		for name, v := range object {
			if s, plain := text(v); plain {
				row[name] = s
			}
		}
		return row, nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.fields)) {
		p := m.fields[name]
		v, found, err := p.find(item)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		if !found {
			continue
		}
		s, plain := text(v)
		if !plain {
			return nil, fmt.Errorf("field %s: %s is a %s; name one of its members", name, p, kind(v))
		}
		row[name] = s
	}
	if len(row) == 0 {
		return nil, errNoField
	}
	return row, nil
}
