package config

import (
	"encoding/base64"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/sources"
)

// Lookup is a question to another system that the lookup nodes of hotlines ask.
// It has either HTTP or SQL.
type Lookup struct {
	HTTP    *HTTPSource   `yaml:"http"`
	SQL     *SQLSource    `yaml:"sql"`
	Timeout time.Duration `yaml:"timeout"` // 0: sources.DefaultTimeout
}

// HTTPSource is a request whose answer is JSON; see sources.HTTPOptions.
type HTTPSource struct {
	URL       Secret            `yaml:"url"` // of some systems it has a token in its path
	Method    string            `yaml:"method"`
	Headers   map[string]string `yaml:"headers"`
	Secrets   map[string]Secret `yaml:"secrets"` // headers that nobody may see
	User      string            `yaml:"user"`
	Password  Secret            `yaml:"password"`
	Token     Secret            `yaml:"token"` // sent as "Authorization: Bearer"
	CA        string            `yaml:"ca"`
	Cert      string            `yaml:"cert"`
	Key       string            `yaml:"key"`
	JSON      any               `yaml:"json"`
	Form      map[string]string `yaml:"form"`
	Optional  []string          `yaml:"optional"`
	Rows      string            `yaml:"rows"`
	Fields    map[string]string `yaml:"fields"`
	Redirects int               `yaml:"redirects"`
	MaxAnswer int64             `yaml:"max_answer"`
	MaxConns  int               `yaml:"max_conns"`
}

// SQLSource is a query; see sources.SQLOptions and sources.DatabaseOptions.
type SQLSource struct {
	URL      Secret   `yaml:"url"`
	Password Secret   `yaml:"password"`
	CA       string   `yaml:"ca"`
	Query    string   `yaml:"query"`
	Optional []string `yaml:"optional"`
	MaxConns int      `yaml:"max_conns"`
}

// Open makes a source of a lookup; nothing is asked yet. The caller calls closer
// when the source is needed no more. All faults come joined, each with the key that
// it is about before a colon.
func (l Lookup) Open(name string) (s sources.Source, closer func(), err error) {
	switch {
	case (l.HTTP == nil) == (l.SQL == nil):
		return nil, nil, fmt.Errorf("write either http or sql")
	case l.Timeout < 0 || l.Timeout > time.Minute:
		return nil, nil, fmt.Errorf("timeout: %s is outside of 0 to 1m", l.Timeout)
	case l.HTTP != nil:
		return l.HTTP.open(name, l.Timeout)
	}
	return l.SQL.open(name, l.Timeout)
}

func (h *HTTPSource) open(name string, timeout time.Duration) (sources.Source, func(), error) {
	client, err := sources.NewClient(sources.ClientOptions{CA: h.CA, Cert: h.Cert, Key: h.Key, MaxConns: h.MaxConns})
	if err != nil {
		return nil, nil, err
	}
	secrets, err := h.secrets()
	if err != nil {
		return nil, nil, err
	}
	address, err := h.URL.Reveal()
	if err != nil {
		return nil, nil, fmt.Errorf("url: %w", err)
	}
	s, err := sources.NewHTTP(client, sources.HTTPOptions{
		Name: name, Method: h.Method, URL: address, Headers: h.Headers, Secrets: secrets, JSON: h.JSON, Form: h.Form,
		Optional: h.Optional, Rows: h.Rows, Fields: h.Fields, Timeout: timeout, MaxAnswer: h.MaxAnswer, Redirects: h.Redirects,
	})
	if err != nil {
		return nil, nil, err
	}
	return s, client.Close, nil
}

// secrets are the headers that nobody is to read.
func (h *HTTPSource) secrets() (map[string]string, error) {
	headers := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(h.Secrets)) {
		value, err := h.Secrets[name].Reveal()
		if err != nil {
			return nil, fmt.Errorf("secrets: %w", err)
		}
		headers[name] = value
	}
	password, err := h.Password.Reveal()
	if err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	token, err := h.Token.Reveal()
	switch {
	case err != nil:
		return nil, fmt.Errorf("token: %w", err)
	case token != "" && h.User != "":
		return nil, fmt.Errorf("token: there is a user, too; leave one of them out")
	case token != "":
		headers["Authorization"] = "Bearer " + token
	case h.User != "":
		headers["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(h.User+":"+password))
	}
	return headers, nil
}

func (q *SQLSource) open(name string, timeout time.Duration) (sources.Source, func(), error) {
	address, err := q.URL.Reveal()
	if err != nil {
		return nil, nil, fmt.Errorf("url: %w", err)
	}
	password, err := q.Password.Reveal()
	if err != nil {
		return nil, nil, fmt.Errorf("password: %w", err)
	}
	db, err := sources.OpenDatabase(sources.DatabaseOptions{URL: address, Password: password, CA: q.CA, MaxConns: q.MaxConns})
	if err != nil {
		return nil, nil, err
	}
	closer := func() { _ = db.Close() } // it only read
	s, err := sources.NewSQL(db, sources.SQLOptions{Name: name, Query: q.Query, Optional: q.Optional, Timeout: timeout})
	if err != nil {
		closer()
		return nil, nil, err
	}
	return s, closer, nil
}

// files are the paths of a lookup, for resolve.
func (l Lookup) files() []*string {
	switch {
	case l.HTTP != nil:
		return []*string{&l.HTTP.CA, &l.HTTP.Cert, &l.HTTP.Key}
	case l.SQL != nil:
		return []*string{&l.SQL.CA}
	}
	return nil
}

func (l Lookup) withoutFiles() Lookup {
	if l.HTTP != nil {
		h := *l.HTTP
		h.CA, h.Cert, h.Key = "", "", ""
		l.HTTP = &h
	}
	if l.SQL != nil {
		q := *l.SQL
		q.CA = ""
		l.SQL = &q
	}
	return l
}

// in takes the path of a SQLite file from the folder of the configuration.
func (q *SQLSource) in(dir string) {
	const scheme = "sqlite:"
	if file, ok := strings.CutPrefix(string(q.URL), scheme); ok && file != "" && !filepath.IsAbs(file) {
		q.URL = Secret(scheme + filepath.Join(dir, file))
	}
}

// lookups checks the questions of lookup nodes. The paths in them are not those of
// files yet, see resolve: whoever opens the sources finds files that are not there.
func (c *checker) lookups() {
	for _, name := range slices.Sorted(maps.Keys(c.Lookups)) {
		key := "lookups." + name
		if !hookName.MatchString(name) {
			c.fail(key, "%q is no name for a lookup; use at most 64 letters, digits, _ and -", name)
		}
		l := c.Lookups[name]
		_, closer, err := l.withoutFiles().Open(name)
		if err == nil {
			closer()
			continue
		}
		inner := key
		switch {
		case l.HTTP != nil && l.SQL == nil:
			inner += ".http"
		case l.SQL != nil && l.HTTP == nil:
			inner += ".sql"
		}
		for _, err := range parts(err) {
			what, rest, found := strings.Cut(err.Error(), ": ")
			at := inner + "." + what
			if what == "timeout" {
				at = key + "." + what
			}
			if !found || strings.Contains(what, " ") {
				c.fail(inner, "%w", err)
				continue
			}
			c.fail(at, "%s", rest)
		}
	}
}

// Shape is what lookup nodes must say to ask a lookup, and may take from its answer.
// It is empty for one that cannot be opened, which is a fault of its own.
func (l Lookup) Shape(name string) dialplan.Shape {
	s, closer, err := l.withoutFiles().Open(name)
	if err != nil {
		return dialplan.Shape{}
	}
	defer closer()
	return dialplan.Shape{Inputs: s.Inputs(), Fields: s.Fields()}
}

func parts(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
