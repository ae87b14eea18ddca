package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// query reads typed parameters and remembers the first that is wrong.
type query struct {
	r   *http.Request
	err error
}

func (q *query) text(name string) string { return q.r.URL.Query().Get(name) }

func (q *query) number(name string) int {
	v := q.text(name)
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		q.fail("%s=%q is not a whole number from 0", name, v)
	}
	return n
}

func (q *query) flag(name string) bool {
	v := q.text(name)
	if v == "" {
		return false
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		q.fail("%s=%q is neither true nor false", name, v)
	}
	return b
}

func (q *query) time(name string) time.Time {
	v := q.text(name)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		q.fail("%s=%q is not a time like 2026-01-31T09:00:00Z", name, v)
	}
	return t
}

// e164 reads a phone number in the one form in which numbers are stored:
// another spelling would find nothing and look as if there were nothing.
func (q *query) e164(name string) string {
	v := q.text(name)
	if v != "" && !callback.ValidNumber(v) {
		q.fail("%s=%q is not an international number like +79161234567", name, v)
	}
	return v
}

func (q *query) oneOf(name string, known []string) string {
	v := q.text(name)
	if v != "" && !slices.Contains(known, v) {
		q.fail("%s=%q is none of %s", name, v, strings.Join(known, ", "))
	}
	return v
}

// someOf reads several words, with commas between them or each by itself.
func (q *query) someOf(name string, known []string) []string {
	var words []string
	for _, v := range q.r.URL.Query()[name] {
		for word := range strings.SplitSeq(v, ",") {
			if word = strings.TrimSpace(word); word == "" {
				continue
			}
			if !slices.Contains(known, word) {
				q.fail("%s=%q is none of %s", name, word, strings.Join(known, ", "))
			}
			words = append(words, word)
		}
	}
	return words
}

func (q *query) fail(format string, args ...any) {
	if q.err == nil {
		q.err = badRequest{fmt.Errorf(format, args...)}
	}
}

// maxBody is the size of a request body at most, in bytes.
const maxBody = 64 << 10

// read decodes a body; no body at all leaves into as it is.
func read(r *http.Request, into any) error {
	err := strict(http.MaxBytesReader(nil, r.Body, maxBody), into)
	if err != nil && !errors.Is(err, io.EOF) {
		return badRequest{fmt.Errorf("the body is not the JSON that is wanted: %w", err)}
	}
	return nil
}

// strict decodes one JSON value with known fields only and nothing after it. It
// gives io.EOF when there is none.
func strict(r io.Reader, into any) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}
