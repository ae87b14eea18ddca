package sources

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// HTTPOptions are a question to an HTTP server. In URL, Headers, JSON and Form, an
// input stands as its name in braces: {number}.
type HTTPOptions struct {
	Name      string            // for errors
	Method    string            // "": GET, or POST when there is a body
	URL       string            // http or https; inputs in the path or the query
	Headers   map[string]string // by name
	Secrets   map[string]string // headers whose values stay as they are, braces or not
	JSON      any               // body as encoding/json would decode it; inputs in its texts. nil: none
	Form      map[string]string // body as fields of a form, instead of JSON
	Optional  []string          // inputs that may be empty
	Rows      string            // path to the list of rows, or to the only one; "": the answer itself
	Fields    map[string]string // path in a row by field; none: its members that are text or number
	Timeout   time.Duration     // 0 stands for DefaultTimeout
	MaxAnswer int64             // bytes, unpacked; 0 stands for DefaultMaxAnswer. A longer one is an error
	MaxRows   int               // 0 stands for DefaultMaxRows
	Redirects int               // followed at most, and only to the same scheme, host and port
}

// HTTP is a question to an HTTP server. A status of 404 or 204, no list or an empty
// one, and null mean that there is nothing to be found.
type HTTP struct {
	o       HTTPOptions
	client  http.Client
	address address
	headers map[string]template
	body    body
	mapping mapping
	inputs  []string
}

var _ Source = (*HTTP)(nil)

// NewHTTP checks a question; nothing is sent. All faults come at once, joined.
func NewHTTP(c *Client, o HTTPOptions) (*HTTP, error) {
	h := &HTTP{o: o, headers: map[string]template{}, mapping: mapping{fields: map[string]path{}}}
	var faults []error
	fault := func(what string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", what, err))
		}
	}
	var err error
	h.address, err = parseAddress(o.URL)
	fault("url", err)
	fault("body", h.parseBody())
	fault("method", h.chooseMethod())
	fault("headers", h.parseHeaders())
	h.mapping.rows, err = parsePath(o.Rows)
	fault("rows", err)
	for _, name := range slices.Sorted(maps.Keys(o.Fields)) {
		h.mapping.fields[name], err = parsePath(o.Fields[name])
		fault("fields."+name, err)
	}
	h.inputs = inputs(h.address, h.headers, h.body)
	fault("optional", unused(h.inputs, o.Optional))
	if o.Redirects < 0 || o.Redirects > 5 {
		fault("redirects", fmt.Errorf("%d is outside of 0 to 5", o.Redirects))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	setDefaults(&h.o.Timeout, &h.o.MaxAnswer, &h.o.MaxRows)
	h.client = http.Client{Transport: c.transport, CheckRedirect: h.redirect}
	return h, nil
}

func setDefaults(timeout *time.Duration, answer *int64, rows *int) {
	if *timeout <= 0 {
		*timeout = DefaultTimeout
	}
	if *answer <= 0 {
		*answer = DefaultMaxAnswer
	}
	if *rows <= 0 {
		*rows = DefaultMaxRows
	}
}

// Inputs lists the names of the inputs.
func (h *HTTP) Inputs() []string { return h.inputs }

// Fields lists the fields of the mapping, nil without one.
func (h *HTTP) Fields() []string { return slices.Sorted(maps.Keys(h.o.Fields)) }

func (h *HTTP) parseBody() (err error) {
	if h.o.JSON != nil && len(h.o.Form) > 0 {
		return errors.New("it has json and form; leave one of them out")
	}
	if h.o.JSON != nil {
		h.body.json, err = parseJSON(h.o.JSON)
	}
	if len(h.o.Form) > 0 {
		h.body.form = map[string]template{}
	}
	for key, value := range h.o.Form {
		h.body.form[key] = parseTemplate(value)
	}
	return err
}

func (h *HTTP) chooseMethod() error {
	hasBody := h.o.JSON != nil || len(h.o.Form) > 0
	switch {
	case h.o.Method == "" && hasBody:
		h.o.Method = http.MethodPost
	case h.o.Method == "":
		h.o.Method = http.MethodGet
	case h.o.Method == http.MethodGet && hasBody:
		return errors.New("GET has no body; write POST, or put the inputs into the query")
	case !slices.Contains([]string{"GET", "POST", "PUT", "PATCH"}, h.o.Method):
		return fmt.Errorf("%q is not known; use GET, POST, PUT or PATCH", h.o.Method)
	}
	return nil
}

func (h *HTTP) parseHeaders() error {
	for _, m := range []map[string]string{h.o.Headers, h.o.Secrets} {
		for name, value := range m {
			switch {
			case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isToken(r) }):
				return fmt.Errorf("%q is no name of a header", name)
			case slices.Contains([]string{"Host", "Content-Length", "Transfer-Encoding", "Connection"}, http.CanonicalHeaderKey(name)):
				return fmt.Errorf("%s is set by the request itself; remove it", name)
			case !carries(value):
				return fmt.Errorf("%s has a line break or another control character", name)
			}
		}
	}
	for name, value := range h.o.Headers {
		h.headers[name] = parseTemplate(value)
	}
	return nil
}

// isToken is tchar of RFC 9110, 5.6.2.
func isToken(r rune) bool {
	return r > ' ' && r < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

// carries says whether a header can hold a value.
func carries(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
