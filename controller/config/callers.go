package config

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// Callers says where caller records come from.
type Callers struct {
	CSV         string      `yaml:"csv"`    // path: short for one directory of kind csv, before the others
	Budget      Duration    `yaml:"budget"` // of a look-up in all directories
	Directories []Directory `yaml:"directories"`
	Lock        Lock        `yaml:"lock"`
}

// The kinds of directories.
const (
	DirectoryCSV   = "csv"   // a file
	DirectoryTable = "table" // in linekeeper's own database
	DirectorySQL   = "sql"   // another database
	DirectoryHTTP  = "http"  // a server that answers with JSON
)

// Directory is one directory of callers.
type Directory struct {
	Name    string   `yaml:"name"`
	Kind    string   `yaml:"kind"`
	Timeout Duration `yaml:"timeout"` // of one question
	Cache   Cache    `yaml:"cache"`
	Rest    Rest     `yaml:"rest"`
	// StandsIn lets it say who has an account or a code while one before it is silent.
	StandsIn bool `yaml:"stands_in"`

	File string `yaml:"file"` // csv: path

	URL      string            `yaml:"url"`      // sql: of the database
	Password Secret            `yaml:"password"` // sql: in place of one in the URL
	CA       string            `yaml:"ca"`       // path of the authorities that are trusted
	Cert     string            `yaml:"cert"`     // http: path of the client's certificate
	Key      string            `yaml:"key"`      // http: path of its key
	Headers  map[string]string `yaml:"headers"`  // http
	Secrets  map[string]Secret `yaml:"secrets"`  // http: headers that nobody may see
	MaxConns int               `yaml:"max_conns"`

	// Ask is what is asked by each of Questions.
	Ask     map[string]Question `yaml:"ask"`
	Columns map[string]string   `yaml:"columns"` // what the answer calls each column of a record
}

// Questions are what a record may be looked up by.
func Questions() []string { return []string{"number", "account", "code"} }

// Question is what a directory of kind sql or http is asked.
type Question struct {
	Query string `yaml:"query"` // sql

	Method string            `yaml:"method"` // http
	URL    string            `yaml:"url"`    // http
	JSON   any               `yaml:"json"`   // http: body
	Form   map[string]string `yaml:"form"`   // http: body
	Rows   string            `yaml:"rows"`   // http: path to the records in the answer
}

// Cache says what is remembered of a directory.
type Cache struct {
	Size     int       `yaml:"size"`
	Known    *Duration `yaml:"known"`    // age of records
	Stranger *Duration `yaml:"stranger"` // age of the answer that there is none
}

// Rest says when a directory that fails is left alone.
type Rest struct {
	After int      `yaml:"after"` // failures in a row
	For   Duration `yaml:"for"`   // at first; each failed try doubles it
}

// What is remembered of directories on other machines unless they say otherwise.
const (
	defaultKnown    = time.Minute
	defaultStranger = 20 * time.Second
)

// Ages are how long records and strangers are remembered: of what is in memory
// anyway not at all, unless it is said.
func (d Directory) Ages() (known, stranger time.Duration) {
	if d.Kind == DirectorySQL || d.Kind == DirectoryHTTP {
		known, stranger = defaultKnown, defaultStranger
	}
	return *cmp.Or(d.Cache.Known, &known), *cmp.Or(d.Cache.Stranger, &stranger)
}

// Asks says whether the directory is asked by one of Questions.
func (d Directory) Asks(by string) bool {
	_, asks := d.Ask[by]
	return asks || d.Kind == DirectoryCSV || d.Kind == DirectoryTable
}

// All are the directories in their order, with the one that "csv" stands for. Where
// none is named, it is linekeeper's own table.
func (c Callers) All() []Directory {
	switch {
	case c.CSV == "" && len(c.Directories) == 0:
		return []Directory{{Name: DirectoryTable, Kind: DirectoryTable}}
	case c.CSV == "":
		return c.Directories
	}
	return append([]Directory{{Name: "csv", Kind: DirectoryCSV, File: c.CSV}}, c.Directories...)
}

// KeyOf is the key of the directory at a position of All, "callers.directories.0".
func (c Callers) KeyOf(position int) string {
	if c.CSV != "" {
		if position == 0 {
			return "callers.csv"
		}
		position--
	}
	return fmt.Sprintf("callers.directories.%d", position)
}

// The limits of times.
const (
	leastBudget = 50 * time.Millisecond
	mostBudget  = 4 * time.Second // a caller hears nothing meanwhile
	oldestCache = time.Hour
)

var directoryName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,30}$`)

// directories checks who is asked about callers.
func (c *checker) directories() {
	const key = "callers"
	if b := c.Callers.Budget; b != 0 && (b < leastBudget || b > mostBudget) {
		c.fail(key+".budget", "%v is outside of %v to %v: a caller hears nothing meanwhile", b, leastBudget, mostBudget)
	}
	names := map[string]bool{}
	if c.Callers.CSV != "" {
		names["csv"] = true
	}
	tables := 0
	for i, d := range c.Callers.Directories {
		at := fmt.Sprintf("%s.directories.%d", key, i)
		switch {
		case !directoryName.MatchString(d.Name):
			c.fail(at+".name", "%q is no name; write a word of a-z, 0-9, _ and - that begins with a letter", d.Name)
		case names[d.Name]:
			c.fail(at+".name", "another directory is called %q; write another name", d.Name)
		}
		names[d.Name] = true
		if d.Kind == DirectoryTable {
			if tables++; tables == 2 {
				c.fail(at+".kind", "there is only one table; remove this directory")
			}
		}
		if d.StandsIn && i == 0 && c.Callers.CSV == "" {
			c.fail(at+".stands_in", "no directory is before it; remove this key")
		}
		c.directory(at, d)
	}
}

// keysOfKind are the keys of a directory that only some kinds have.
var keysOfKind = map[string][]string{
	DirectoryCSV:   {"file"},
	DirectoryTable: {},
	DirectorySQL:   {"url", "password", "ca", "max_conns", "ask", "columns"},
	DirectoryHTTP:  {"ca", "cert", "key", "headers", "secrets", "max_conns", "ask", "columns"},
}

var keysOfQuestion = map[string][]string{
	DirectorySQL:  {"query"},
	DirectoryHTTP: {"method", "url", "json", "form", "rows"},
}

func (c *checker) directory(at string, d Directory) {
	allowed, known := keysOfKind[d.Kind]
	if !known {
		c.fail(at+".kind", "%s", unknown("kind", d.Kind, []string{DirectoryCSV, DirectoryTable, DirectorySQL, DirectoryHTTP}))
		return
	}
	for _, key := range slices.Sorted(maps.Keys(c.lines)) {
		inner, is := strings.CutPrefix(key, at+".")
		if is && !strings.Contains(inner, ".") && !slices.Contains(allowed, inner) && !slices.Contains([]string{"name", "kind", "timeout", "cache", "rest", "stands_in"}, inner) {
			c.fail(key, "a directory of kind %s has no such key; remove it", d.Kind)
		}
	}
	c.times(at, d)
	switch d.Kind {
	case DirectoryCSV:
		if d.File == "" {
			c.fail(at+".file", "name the file")
		}
	case DirectorySQL:
		if d.URL == "" {
			c.fail(at+".url", "say where the database is, such as postgres://linekeeper@db.example.com/crm")
		}
		if u, err := url.Parse(d.URL); err == nil && u.User != nil {
			if _, has := u.User.Password(); has {
				c.fail(at+".url", "the password stands in it; write it under password, where it can be file: or env:")
			}
		}
		if _, err := d.Password.Reveal(); err != nil {
			c.fail(at+".password", "%w", err)
		}
		c.questions(at, d)
	case DirectoryHTTP:
		for _, name := range slices.Sorted(maps.Keys(d.Secrets)) {
			if _, err := d.Secrets[name].Reveal(); err != nil {
				c.fail(at+".secrets."+name, "%w", err)
			}
		}
		if (d.Cert == "") != (d.Key == "") {
			c.fail(at+".cert", "a certificate and its key belong together; name both")
		}
		c.questions(at, d)
	}
}

func (c *checker) times(at string, d Directory) {
	if d.Timeout != 0 && (d.Timeout < leastBudget || d.Timeout > mostBudget) {
		c.fail(at+".timeout", "%v is outside of %v to %v", d.Timeout, leastBudget, mostBudget)
	}
	for name, age := range map[string]*Duration{"known": d.Cache.Known, "stranger": d.Cache.Stranger} {
		if age != nil && (*age < 0 || *age > oldestCache) {
			c.fail(at+".cache."+name, "%v is outside of 0s to %v", *age, oldestCache)
		}
	}
	if d.Cache.Size < 0 || d.Cache.Size > 1_000_000 {
		c.fail(at+".cache.size", "%d is outside of 0 to 1000000", d.Cache.Size)
	}
	if d.Rest.After < 0 || d.Rest.After > 1000 {
		c.fail(at+".rest.after", "%d is outside of 1 to 1000", d.Rest.After)
	}
	if d.Rest.For != 0 && (d.Rest.For < time.Second || d.Rest.For > 10*time.Minute) {
		c.fail(at+".rest.for", "%v is outside of 1s to 10m", d.Rest.For)
	}
}

func (c *checker) questions(at string, d Directory) {
	if len(d.Ask) == 0 {
		c.fail(at+".ask", "say what is asked, by %s", strings.Join(Questions(), ", "))
	}
	for _, by := range slices.Sorted(maps.Keys(d.Ask)) {
		key, q := at+".ask."+by, d.Ask[by]
		switch {
		case !slices.Contains(Questions(), by):
			c.fail(key, "%s", unknown("question by", by, Questions()))
		case d.Kind == DirectorySQL && q.Query == "":
			c.fail(key+".query", "write the query")
		case d.Kind == DirectoryHTTP && q.URL == "":
			c.fail(key+".url", "write the address")
		}
		for _, written := range slices.Sorted(maps.Keys(c.lines)) {
			inner, is := strings.CutPrefix(written, key+".")
			if is && !strings.Contains(inner, ".") && !slices.Contains(keysOfQuestion[d.Kind], inner) {
				c.fail(written, "a question of kind %s has no such key; it has %s", d.Kind, strings.Join(keysOfQuestion[d.Kind], ", "))
			}
		}
	}
	for _, column := range slices.Sorted(maps.Keys(d.Columns)) {
		if err := callers.CheckColumn(column); err != nil {
			c.fail(at+".columns."+column, "%w", err)
		}
	}
	if len(d.Columns) > 0 && d.Columns["account"] == "" {
		c.fail(at+".columns", "say which column is the account; without an account there is no record")
	}
}
