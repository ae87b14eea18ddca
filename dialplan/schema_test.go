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
		"../demo/hotlines/*.yaml", "../examples/*/*.yaml", "../examples/*/*/*.yaml", "../e2e/*/testdata/*/*.yaml", "../*/testdata/*.yaml", "testdata/*/*.yaml",
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
