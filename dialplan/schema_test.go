package dialplan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := dialplan.Schema()
	if err != nil {
		t.Fatal(err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("hotline.json", root); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("hotline.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor does.
func asJSON(t testing.TB, src []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		return nil
	}
	text, err := json.Marshal(withTextKeys(v))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// withTextKeys makes keys texts: those of a menu are numbers in YAML.
func withTextKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = withTextKeys(value)
		}
	case map[any]any:
		out := map[string]any{}
		for key, value := range v {
			if day, ok := key.(time.Time); ok { // which editors read as the text that it is
				key = day.Format(time.DateOnly)
			}
			out[fmt.Sprint(key)] = withTextKeys(value)
		}
		return out
	case []any:
		for i, value := range v {
			v[i] = withTextKeys(value)
		}
	}
	return v
}

// Every document that parses fits: those of the demo, the examples and the tests.
func TestDocumentsFitTheSchema(t *testing.T) {
	t.Parallel()
	s := schema(t)
	var files []string
	for _, pattern := range []string{
		"../demo/hotlines/*.yaml", "../examples/*/*.yaml", "../examples/*/*/*.yaml", "../e2e/*/testdata/*/*.yaml", "../*/testdata/*.yaml", "testdata/*/*.yaml", "testdata/*.yaml",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	fitted := 0
	for _, file := range slices.Compact(files) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dialplan.Parse(file, src); err != nil {
			continue // no hotline document, or a faulty one
		}
		fitted++
		if err := s.Validate(asJSON(t, src)); err != nil {
			t.Errorf("%s does not fit: %v", file, err)
		}
	}
	if fitted < 5 {
		t.Errorf("only %d documents were found", fitted)
	}
}

// What the documents of the parser's own tests show, the schema must agree with:
// texts in Go files that parse fit it.
func TestDocumentsOfTheTestsFitTheSchema(t *testing.T) {
	t.Parallel()
	s, fitted := schema(t), 0
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range strings.Split(string(src), "`") {
			if i%2 == 0 || !strings.Contains(text, "nodes:") {
				continue
			}
			if _, err := dialplan.Parse(file, []byte(text)); err != nil {
				continue
			}
			fitted++
			if err := s.Validate(asJSON(t, []byte(text))); err != nil {
				t.Errorf("in %s, a document does not fit: %v\n%s", file, err, text)
			}
		}
	}
	if fitted == 0 {
		t.Error("no document was found")
	}
}

// Keys that the parser does not have do not fit, wherever they stand.
func TestWrongKeysDoNotFitTheSchema(t *testing.T) {
	t.Parallel()
	s := schema(t)
	const good = `hotline: h
numbers: ["600"]
language: en
title: {en: "H"}
hours: {daily: "09:00-21:00", timezone: Europe/Moscow, closed: bye}
callback: {prefixes: ["+7"], abandoned: {after: 30s, consent: always}}
queue_defaults: {announce: {every: 30s}}
start: menu
nodes:
  menu: {menu: "One.", keys: {1: help}, otherwise: back}
  help: {queue: support, offer_callback: {after: 20s, message: {longest: 30s}}, if_longer: {than: 5m, next: back}}
  back: {callback: {queue: support, slots: {capacity: 2, hours: {daily: "10:00-12:00", timezone: Europe/Moscow}}}, next: clock}
  clock: {hours: {open: bye, closed: bye}}
  bye: {say: "Bye.", hangup: true}
`
	if err := s.Validate(asJSON(t, []byte(good))); err != nil {
		t.Fatalf("the document does not fit: %v", err)
	}
	for _, place := range []string{
		"hotline: h", "daily: \"09", "prefixes:", "consent:", "announce:", "every:", "menu: \"One", "queue: support, offer",
		"after: 20s", "longest:", "than:", "queue: support, slots", "capacity:", "daily: \"10", "open:", "say:",
	} {
		bad := strings.Replace(good, place, "nonsense: x, "+place, 1)
		if strings.HasPrefix(place, "hotline") {
			bad = "nonsense: x\n" + good
		}
		_, wrong := dialplan.Parse("h.yaml", []byte(bad))
		if wrong == nil || !strings.Contains(wrong.Error(), "nonsense") {
			t.Errorf("the parser takes a wrong key before %q: %v", place, wrong)
		}
		if err := s.Validate(asJSON(t, []byte(bad))); err == nil {
			t.Errorf("the schema takes a wrong key before %q", place)
		}
	}
}

// Behind every key something is known to stand.
func TestSchemaKnowsTheValuesOfAllKeys(t *testing.T) {
	t.Parallel()
	text, err := dialplan.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	seen := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		m, _ := v.(map[string]any)
		for key, below := range m {
			walk(path+"/"+key, below)
		}
		properties, _ := m["properties"].(map[string]any)
		for key, value := range properties {
			seen++
			if shape, ok := value.(map[string]any); !ok || len(shape) == 0 {
				t.Errorf("%s: anything may stand behind %q", path, key)
			}
		}
		list, _ := v.([]any)
		for i, below := range list {
			walk(fmt.Sprint(path, "/", i), below)
		}
	}
	walk("", root)
	if seen < 150 {
		t.Errorf("only %d keys were found", seen)
	}
}

// Wrong values that the parser refuses where they stand do not fit either.
func TestWrongValuesDoNotFitTheSchema(t *testing.T) {
	t.Parallel()
	s := schema(t)
	src, err := os.ReadFile("testdata/all.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ good, bad string }{
		{"hotline: all", "hotline: 1all"},
		{"language: en", "language: fr"},
		{"operator: {key: 0,", "operator: {key: \"#\","},
		{"other: en}", "other: fr}"},
		{"other: en}", "moon: en}"},
		{"12-31: \"09:00-12:00\"", "12-31: \"nine\""},
		{"2026-12-24: closed", "2026-12-24: shut"},
		{"total: number", "total: float"},
		{"code: text}", "code: word}"},
		{"start: say", "begin: say"},
		{"{language: ru}", "{language: fr}"},
		{"{repeat: true}", "{repeat: often}"},
		{"tries: 2", "tries: some"},
		{"digits: 8, gives: answer", "digits: 8, gives: trust"},
		{"{ask: birth_date", "{ask: birth_date, code: 4"},
		{"pin, {operator:", "pin, {operators:"},
		{"digits: 4-8", "digits: 4 to 8"},
		{"end: \"*\"", "end: 1"},
		{"secret: no", "secret: never"},
		{"readback: money RUB", "readback: coins"},
		{"if: vars.total > 100", "if: []"},
		{", then: refund}", "}"},
		{"set: {ok: caller.vip", "set: {1: caller.vip"},
		{"wait: 5s", "wait: soon"},
		{"call: confirm", "call: [confirm]"},
		{"with: {code: vars.order}", "with: [code]"},
		{"return: \"true\"", "return: [true]"},
		{"lookup: orders", "lookup: orders of today"},
		{"into: {total: sum}", "into: total"},
		{"timeout: 3s", "timeout: three"},
		{"longest: 2m", "longest: long"},
		{"hook: desk", "hook: [desk]"},
		{"{agent: olga}", "{agent: olga, sip: \"sip:a@b.example\"}"},
		{"{context: old-menu, extension: s, priority: 1}", "{context: old-menu, extension: s, priority: first}"},
		{"\"sip:help@pbx.example.com\"", "\"help@pbx.example.com\""},
		{"keys: 1-5", "keys: one"},
		{"{name: score, ask:", "{name: score, says:"},
		{"require: answer", "require: ani"},
		{"english: 2", "english: good"},
	} {
		if strings.Count(string(src), c.good) == 0 {
			t.Errorf("the document has no %q", c.good)
			continue
		}
		bad := strings.Replace(string(src), c.good, c.bad, 1)
		if _, err := dialplan.Parse("all.yaml", []byte(bad)); err == nil {
			t.Errorf("the parser takes %q", c.bad)
		}
		if s.Validate(asJSON(t, []byte(bad))) == nil {
			t.Errorf("the schema takes %q", c.bad)
		}
	}
}
