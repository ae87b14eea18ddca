package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// placeholder is where an input goes: its name in braces, with nothing between
// them. The braces of JSON and GraphQL have quotes or spaces there.
var placeholder = regexp.MustCompile(`\{[A-Za-z_][A-Za-z0-9_]*\}`)

// template is text with places for inputs.
type template struct {
	text  []string // one more than inputs
	names []string
}

func parseTemplate(s string) template {
	var t template
	from := 0
	for _, at := range placeholder.FindAllStringIndex(s, -1) {
		t.text = append(t.text, s[from:at[0]])
		t.names = append(t.names, s[at[0]+1:at[1]-1])
		from = at[1]
	}
	t.text = append(t.text, s[from:])
	return t
}

func (t template) fill(in map[string]string, escape func(string) string) string {
	var b strings.Builder
	for i, name := range t.names {
		b.WriteString(t.text[i])
		b.WriteString(escape(in[name]))
	}
	b.WriteString(t.text[len(t.names)])
	return b.String()
}

// address is the template of a URL. What stands before the path has no inputs.
type address struct {
	base  string // scheme and host
	path  template
	query template // without "?"
	bare  bool     // there is no query
}

// parseAddress reads a template. An address may be a secret, so its errors do not
// repeat it.
func parseAddress(text string) (address, error) {
	rest, query, hasQuery := strings.Cut(text, "?")
	scheme, rest, ok := strings.Cut(rest, "://")
	host, path, _ := strings.Cut(rest, "/")
	switch {
	case !ok || host == "" || scheme != "http" && scheme != "https":
		return address{}, errors.New("it is no address; write it like https://example.com/path")
	case placeholder.MatchString(host):
		return address{}, errors.New("it has an input in the host; inputs go into the path, the query, a header or the body")
	case strings.Contains(text, "#"):
		return address{}, errors.New("it has a fragment (#...), which is never sent; remove it, or write %23")
	case strings.Contains(host, "@"):
		return address{}, errors.New("it has a user or a password in it; write them under user and password")
	}
	a := address{base: scheme + "://" + host, path: parseTemplate("/" + path), query: parseTemplate(query), bare: !hasQuery}
	// The text around the inputs must be an address by itself.
	if _, err := url.Parse(a.base + a.path.fill(nil, plain) + "?" + a.query.fill(nil, plain)); err != nil {
		return address{}, errors.New("it is no address: check its escapes (%20 for a space)")
	}
	return a, nil
}

func plain(string) string { return "x" }

// fill makes the address. A segment of the path that inputs would make "." or ".."
// leads elsewhere: ok is false.
func (a address) fill(in map[string]string) (text string, ok bool) {
	path := a.path.fill(in, url.PathEscape)
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return "", false
		}
	}
	if a.bare {
		return a.base + path, true
	}
	return a.base + path + "?" + a.query.fill(in, url.QueryEscape), true
}

// body is what a request carries: JSON or the fields of a form.
type body struct {
	json any // strings are templates; nil for none
	form map[string]template
}

// parseJSON makes templates of all strings that are values. Keys stay as they are.
func parseJSON(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return parseTemplate(v), nil
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			var err error
			if list[i], err = parseJSON(item); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			var err error
			if object[key], err = parseJSON(member); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	if _, err := json.Marshal(v); err != nil {
		return nil, fmt.Errorf("the body has a %T, which JSON does not know; put it in quotes", v)
	}
	return v, nil
}

func fillJSON(v any, in map[string]string) any {
	switch v := v.(type) {
	case template:
		return v.fill(in, func(s string) string { return s })
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = fillJSON(item, in)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			object[key] = fillJSON(member, in)
		}
		return object
	}
	return v
}

// jsonInputs adds the inputs of a JSON value.
func jsonInputs(v any, add func(template)) {
	switch v := v.(type) {
	case template:
		add(v)
	case []any:
		for _, item := range v {
			jsonInputs(item, add)
		}
	case map[string]any:
		for _, member := range v {
			jsonInputs(member, add)
		}
	}
}

// fill makes the body and its type; both are empty for a request without one.
func (b body) fill(in map[string]string) (text, kind string, err error) {
	switch {
	case b.json != nil:
		out, err := json.Marshal(fillJSON(b.json, in))
		return string(out), "application/json", err
	case len(b.form) > 0:
		form := url.Values{}
		for key, t := range b.form {
			form.Set(key, t.fill(in, func(s string) string { return s }))
		}
		return form.Encode(), "application/x-www-form-urlencoded", nil
	}
	return "", "", nil
}

// inputs lists the names in all templates of a request.
func inputs(a address, headers map[string]template, b body) []string {
	var names []string
	add := func(t template) { names = append(names, t.names...) }
	add(a.path)
	add(a.query)
	for _, t := range headers {
		add(t)
	}
	for _, t := range b.form {
		add(t)
	}
	jsonInputs(b.json, add)
	slices.Sort(names)
	return slices.Compact(names)
}
