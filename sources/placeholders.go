package sources

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// dialect is the SQL of one kind of database.
type dialect int

const (
	postgres dialect = iota
	mysql
	sqlite
)

// rewritten is a query as its driver wants it.
type rewritten struct {
	text  string
	names []string // of the arguments in their order; MySQL has one for each place
}

// inputs lists the names, each once.
func (r rewritten) inputs() []string {
	names := slices.Sorted(slices.Values(r.names))
	return slices.Compact(names)
}

// rewrite puts the placeholders of a driver in place of names like ":number". Texts,
// quoted names and comments stay as they are, and so do casts ("::") and assignments
// (":="). A query that is more than one statement is refused, and so are placeholders of
// the driver's own: they would be counted among ours.
func rewrite(d dialect, query string) (rewritten, error) {
	var out strings.Builder
	var r rewritten
	ended, some := false, false
	for at := 0; at < len(query); {
		c := query[at]
		if n, opaque, err := skip(d, query[at:]); err != nil {
			return rewritten{}, fmt.Errorf("at byte %d: %w", at, err)
		} else if n > 0 {
			if ended && !opaque {
				return rewritten{}, errors.New("it is more than one statement; write one")
			}
			some = some || !opaque
			out.WriteString(query[at : at+n])
			at += n
			continue
		}
		blank := c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
		switch {
		case c == ';':
			ended = true
		case ended && !blank:
			return rewritten{}, errors.New("it is more than one statement; write one")
		case !blank:
			some = true
		}
		switch {
		case c == ';': // some drivers do not want it
			at++
		case strings.HasPrefix(query[at:], "::"), strings.HasPrefix(query[at:], ":="):
			out.WriteString(query[at : at+2])
			at += 2
		case c == ':' && at+1 < len(query) && starts(query[at+1]):
			n := word(query[at+1:])
			out.WriteString(r.place(d, query[at+1:at+1+n]))
			at += 1 + n
		case foreign(d, query[at:]):
			return rewritten{}, fmt.Errorf("at byte %d: %q is a placeholder of the driver; write a name like :number", at, string(c))
		case starts(c):
			n := identifier(query[at:])
			out.WriteString(query[at : at+n])
			at += n
		default:
			out.WriteByte(c)
			at++
		}
	}
	if !some {
		return rewritten{}, errors.New("there is no query; write one, like SELECT name FROM customers WHERE phone = :number")
	}
	r.text = out.String()
	return r, nil
}

// place is what the driver wants for a name.
func (r *rewritten) place(d dialect, name string) string {
	if d == mysql {
		r.names = append(r.names, name)
		return "?"
	}
	n := slices.Index(r.names, name)
	if n < 0 {
		n = len(r.names)
		r.names = append(r.names, name)
	}
	if d == postgres {
		return "$" + strconv.Itoa(n+1)
	}
	return "?" + strconv.Itoa(n+1)
}

// foreign says whether a placeholder of the driver's own begins here. In PostgreSQL
// "?" is an operator, in MySQL "@" begins a variable.
func foreign(d dialect, s string) bool {
	next := byte(0)
	if len(s) > 1 {
		next = s[1]
	}
	switch d {
	case postgres:
		return s[0] == '$' && digit(next)
	case mysql:
		return s[0] == '?'
	}
	return s[0] == '?' || s[0] == '@' || s[0] == '$'
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// starts says whether a name may begin with a byte; those of UTF-8 are letters.
func starts(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

// word is the length of the name that s begins with.
func word(s string) int {
	n := 1
	for n < len(s) && (starts(s[n]) || digit(s[n])) {
		n++
	}
	return n
}

// identifier is the length of the word of SQL that s begins with: "$" is a part of it.
func identifier(s string) int {
	n := word(s)
	for n < len(s) && (s[n] == '$' || starts(s[n]) || digit(s[n])) {
		n++
	}
	return n
}

// skip is the length of a text, a quoted name or a comment at the beginning of s, 0
// when there is none. A comment is opaque: it says nothing to the database.
func skip(d dialect, s string) (n int, opaque bool, err error) {
	switch c := s[0]; {
	case strings.HasPrefix(s, "--") && (d != mysql || len(s) == 2 || s[2] <= ' '), c == '#' && d == mysql:
		if n = strings.IndexByte(s, '\n'); n < 0 {
			n = len(s)
		}
		return n, true, nil
	case strings.HasPrefix(s, "/*"):
		n, err = comment(d, s)
		return n, true, err
	case c == '\'' || c == '"' || c == '`' && d != postgres:
		n, err = quoted(s, 0, c, d == mysql && c != '`')
	case c == '[' && d == sqlite:
		if n = strings.IndexByte(s, ']') + 1; n == 0 {
			err = errors.New("a name in brackets is not closed")
		}
	case (c == 'E' || c == 'e') && d == postgres && strings.HasPrefix(s[1:], "'"):
		n, err = quoted(s, 1, '\'', true)
	case c == '$' && d == postgres:
		n, err = dollars(s)
	}
	return n, false, err
}

// quoted is the length of a text whose quote is at from. A quote in it is doubled or,
// where backslashes count, has one before it.
func quoted(s string, from int, quote byte, backslashes bool) (int, error) {
	for i := from + 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && backslashes:
			i++
		case s[i] == quote && i+1 < len(s) && s[i+1] == quote:
			i++
		case s[i] == quote:
			return i + 1, nil
		}
	}
	return 0, fmt.Errorf("a text or name in %c is not closed", quote)
}

// comment is the length of a /* comment */. Those of PostgreSQL may stand within each
// other. Those of MySQL that begin with ! are run, so that they are refused.
func comment(d dialect, s string) (int, error) {
	if d == mysql && (strings.HasPrefix(s, "/*!") || strings.HasPrefix(s, "/*M!")) {
		return 0, errors.New("a comment that MySQL runs; write it as plain SQL")
	}
	depth := 1
	for i := 2; i+1 < len(s); i++ {
		switch {
		case s[i] == '*' && s[i+1] == '/':
			if depth--; depth == 0 {
				return i + 2, nil
			}
			i++
		case d == postgres && s[i] == '/' && s[i+1] == '*':
			depth++
			i++
		}
	}
	return 0, errors.New("a comment is not closed")
}

// dollars is the length of a text in $$ or $tag$ of PostgreSQL; 0 when none begins.
func dollars(s string) (int, error) {
	end := 1
	if len(s) > 1 && starts(s[1]) {
		end += word(s[1:])
	}
	if end >= len(s) || s[end] != '$' {
		return 0, nil
	}
	tag := s[:end+1]
	n := strings.Index(s[len(tag):], tag)
	if n < 0 {
		return 0, fmt.Errorf("a text in %s is not closed", tag)
	}
	return 2*len(tag) + n, nil
}
