// Package docs_test holds the documents against the code: what a table, a
// diagram or an example says must be what the program does.
package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
)

// root is the folder of the module, seen from here.
const root = ".."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// section is the text of a document from a heading to the next of its level or
// a higher one.
func section(t *testing.T, path, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut("\n"+read(t, path), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %q", path, heading)
	}
	level := len(heading) - len(strings.TrimLeft(heading, "#"))
	next := regexp.MustCompile(fmt.Sprintf(`(?m)^#{1,%d} `, level))
	if at := next.FindStringIndex(rest); at != nil {
		rest = rest[:at[0]]
	}
	return rest
}

// block is a fenced block of a document.
type block struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^( *)```([a-z0-9-]*)\n(.*?)^ *```$")

// blocks lists the fenced blocks, those in lists too, without their indentation.
func blocks(text string) []block {
	var found []block
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		body := strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n")
		found = append(found, block{m[2], body[1:]})
	}
	return found
}

// firstColumn lists the code words in the first cells of all tables of a text.
func firstColumn(text string) []string {
	var words []string
	for _, m := range regexp.MustCompile("(?m)^\\| *`([^`]+)`").FindAllStringSubmatch(text, -1) {
		words = append(words, m[1])
	}
	slices.Sort(words)
	return words
}

// arrows reads a mermaid stateDiagram: "from --> to" with its labels, sorted.
func arrows(t *testing.T, text string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	line := regexp.MustCompile(`^\s*(\S+) --> (\S+?)(?:\s*:\s*(.*))?$`)
	for _, b := range blocks(text) {
		if b.language != "mermaid" {
			continue
		}
		for _, l := range strings.Split(b.text, "\n") {
			m := line.FindStringSubmatch(l)
			if m == nil || m[1] == "[*]" || m[2] == "[*]" {
				continue
			}
			labels := strings.Split(m[3], ", ")
			slices.Sort(labels)
			found[m[1]+" --> "+m[2]] = labels
		}
	}
	if len(found) == 0 {
		t.Fatal("there is no diagram")
	}
	return found
}

func TestDiagramOfCallbacks(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for _, tr := range callback.Transitions() {
		arrow := string(tr.From) + " --> " + string(tr.To)
		if tr.From != tr.To && !slices.Contains(want[arrow], tr.Event) {
			want[arrow] = append(want[arrow], tr.Event)
			slices.Sort(want[arrow])
		}
	}
	got := arrows(t, section(t, "docs/architecture.md", "### A promise"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the diagram of promises is not callback.Transitions (-code +diagram):\n%s", diff)
	}
}

func TestDiagramsOfPlacesAndAgents(t *testing.T) {
	t.Parallel()
	line, group := source(t, "queues"), source(t, "queues/acd")
	for _, d := range []struct {
		heading, file string
		table         map[string][]string
	}{
		{"### A place", "queues/line_states.go", line.table("states")},
		{"### A place in linekeeper's own distribution", "queues/acd/place_states.go", group.table("states", line)},
		{"### An agent of linekeeper's own distribution", "queues/acd/agent_states.go", group.table("agentStates", line)},
	} {
		if diff := cmp.Diff(d.table, arrows(t, section(t, "docs/architecture.md", d.heading))); diff != "" {
			t.Errorf("the diagram of %q is not the table in %s (-code +diagram):\n%s", d.heading, d.file, diff)
		}
	}
}

func TestJournalTypesAndKeys(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for _, folder := range []string{"dialplan", "queues", "queues/acd", "callback", "controller"} {
		for event, keys := range source(t, folder).events() {
			want[event] = union(want[event], keys)
		}
	}
	got := map[string][]string{}
	row := regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\|[^|]*\\|([^|]*)\\|")
	for _, m := range row.FindAllStringSubmatch(section(t, "docs/journal.md", "## Types"), -1) {
		got[m[1]] = union(nil, codeWords(m[2]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/journal.md is not what the code writes (-code +document):\n%s", diff)
	}
}

func TestConfigurationKeys(t *testing.T) {
	t.Parallel()
	want := yamlKeys(reflect.TypeFor[config.Config](), "")
	slices.Sort(want)
	got := firstColumn(section(t, "docs/configuration.md", "## Keys"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/configuration.md does not name the keys of the configuration (-code +document):\n%s", diff)
	}
}

// yamlKeys lists the keys of a struct as dotted paths; NAME stands for the key
// of a map. The items of a list, and maps of single values, have no path of their own.
func yamlKeys(typ reflect.Type, prefix string) []string {
	switch typ.Kind() {
	case reflect.Struct:
		var keys []string
		for i := range typ.NumField() {
			if name := typ.Field(i).Tag.Get("yaml"); name != "" {
				keys = append(keys, yamlKeys(typ.Field(i).Type, prefix+"."+name)...)
			}
		}
		return keys
	case reflect.Pointer, reflect.Slice:
		return yamlKeys(typ.Elem(), prefix)
	case reflect.Map:
		if typ.Elem().Kind() == reflect.Struct || strings.HasSuffix(prefix, ".pauses") {
			prefix += ".NAME"
		}
		return yamlKeys(typ.Elem(), prefix)
	}
	return []string{strings.TrimPrefix(prefix, ".")}
}

func TestConfigurationExamples(t *testing.T) {
	t.Parallel()
	examples := 0
	for _, path := range documents(t) {
		for _, b := range blocks(read(t, path)) {
			switch {
			case b.language != "yaml":
				continue
			case strings.HasPrefix(b.text, "queues:"): // only what it is about
				b.text = "hotlines: hotlines\n" + b.text
			case strings.HasPrefix(b.text, "callbacks:"), strings.HasPrefix(b.text, "web:"), strings.HasPrefix(b.text, "hooks:"),
				strings.HasPrefix(b.text, "callers:"), strings.HasPrefix(b.text, "voice:"):
				b.text = "hotlines: hotlines\nqueues: {support: {}}\n" + b.text
			case !strings.HasPrefix(b.text, "asterisk:"):
				continue
			}
			examples++
			// Passwords come from variables and files that are not here.
			text := regexp.MustCompile(`((?:password|secret): *)("[^"]*"|[^\s,}]+)`).ReplaceAllString(b.text, "${1}x")
			text = regexp.MustCompile(`"(?:env|file):[^"]*"`).ReplaceAllString(text, "x")
			if _, err := config.Parse(path, []byte(text)); err != nil {
				t.Errorf("an example is refused:\n%v", err)
			}
		}
	}
	if examples == 0 {
		t.Error("no document shows a configuration")
	}
}

func TestHotlineKeys(t *testing.T) {
	t.Parallel()
	code := source(t, "dialplan")
	text := read(t, "docs/flow-author.md")
	for _, list := range []string{"documentKeys", "nodeKeys", "anyNodeKeys", "dayKeys", "callerNames", "callNames", "nowNames", "historyNames", "functions", "valueKinds"} {
		words := code.strings(list)
		if len(words) == 0 {
			t.Errorf("dialplan has no %s any more", list)
		}
		for _, word := range words {
			if !strings.Contains(text, "`"+word+"`") && !strings.Contains(text, "`{{"+word+"}}`") {
				t.Errorf("docs/flow-author.md does not name %q of %s", word, list)
			}
		}
	}
}

func TestHotlineExamples(t *testing.T) {
	t.Parallel()
	examples := 0
	all := blocks(read(t, "docs/flow-author.md"))
	for i, b := range all {
		if b.language != "yaml" || !strings.HasPrefix(b.text, "hotline:") {
			continue
		}
		examples++
		doc, err := dialplan.Parse("support.yaml", []byte(b.text))
		said := ""
		switch {
		case err != nil:
			said = err.Error() + "\n"
		case len(doc.Warnings) > 0:
			said = doc.Warnings.Error() + "\n"
		}
		if said == "" {
			continue
		}
		// What is wrong with an example stands in the next block, where the
		// command shows it together with what it says besides.
		if i+1 == len(all) || !strings.Contains(all[i+1].text, said) {
			t.Errorf("an example of docs/flow-author.md gives:\n%s", said)
		}
	}
	if examples == 0 {
		t.Error("docs/flow-author.md shows no hotline")
	}
}

func TestMetricNames(t *testing.T) {
	t.Parallel()
	var want []string
	for _, folder := range []string{"controller", "api/web", "api/hooks", "cmd/linekeeper/cli"} {
		want = union(want, source(t, folder).matching(`^linekeeper_[a-z_]+$`))
	}
	got := firstColumn(section(t, "docs/deployer.md", "## Metrics"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/deployer.md does not name the metrics (-code +document):\n%s", diff)
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	want := source(t, "api").matching(`^(GET|POST) /`)
	got := firstColumn(read(t, "docs/api.md"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/api.md does not name the routes (-code +document):\n%s", diff)
	}
}

// quoted marks a block that is copied from a file of the repository.
var quoted = regexp.MustCompile("(?ms)^<!-- file: (\\S+) -->\n+```[a-z]*\n(.*?)^```$")

func TestQuotedFiles(t *testing.T) {
	t.Parallel()
	for _, path := range documents(t) {
		for _, m := range quoted.FindAllStringSubmatch(read(t, path), -1) {
			if text := read(t, m[1]); !strings.Contains(text, m[2]) {
				t.Errorf("%s quotes %s, which says otherwise (-file +document):\n%s", path, m[1], cmp.Diff(text, m[2]))
			}
		}
	}
}

// documents lists all markdown files of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != root || entry.Name() == "out"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			name, err := filepath.Rel(root, path)
			found = append(found, name)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
