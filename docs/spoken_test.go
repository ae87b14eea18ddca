package docs_test

import (
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/prompts"
)

const spokenValues = "docs/spoken-values.md"

// table gives the rows of the first table of a section, without its head. A bar
// of a cell is written "\|".
func table(t *testing.T, text string) [][]string {
	t.Helper()
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.ReplaceAll(line, `\|`, "\x00"))
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				break
			}
			continue
		}
		var cells []string
		for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|")), "`"))
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatal("there is no table")
	}
	return rows[2:]
}

// TestFilterTable holds the table of filters to prompts.Filters.
func TestFilterTable(t *testing.T) {
	t.Parallel()
	rows := table(t, section(t, spokenValues, "# Values in words"))
	filters := prompts.Filters()
	if len(rows) != len(filters) {
		t.Fatalf("%d filters are told, there are %d", len(rows), len(filters))
	}
	for i, f := range filters {
		want := strings.Join([]string{f.Name, strings.Join(f.Takes, ", "), f.Args, f.Doc}, " # ")
		if got := strings.Join(rows[i], " # "); got != want {
			t.Errorf("told: %s\n  is: %s", got, want)
		}
	}
}

// TestSpokenExamples says every example.
func TestSpokenExamples(t *testing.T) {
	t.Parallel()
	for _, row := range table(t, section(t, spokenValues, "## Examples")) {
		for i, lang := range prompts.Languages() {
			name, arg, _ := strings.Cut(row[1], " ")
			if got, err := prompts.Filter(lang, name, row[0], arg); got != row[2+i] || err != nil {
				t.Errorf("%s | %s is %q, %v; told is %q", row[0], row[1], got, err, row[2+i])
			}
		}
	}
	for _, row := range table(t, section(t, spokenValues, "## Cases and genders")) {
		before, rest, ok := strings.Cut(row[0], "{{v | ")
		filter, after, closed := strings.Cut(rest, "}}")
		if !ok || !closed {
			t.Errorf("%q has no template", row[0])
			continue
		}
		name, arg, _ := strings.Cut(filter, " ")
		words, err := prompts.Filter(prompts.Russian, name, row[1], arg)
		if got := before + words + after; got != row[2] || err != nil {
			t.Errorf("%s with %s is %q, %v; told is %q", row[0], row[1], got, err, row[2])
		}
	}
}

// TestNamedCurrencies: each currency that is told to have a name is not spelled.
func TestNamedCurrencies(t *testing.T) {
	t.Parallel()
	list, _, ok := strings.Cut(section(t, spokenValues, "## Money"), " have names")
	if !ok {
		t.Fatal("the currencies are not told")
	}
	codes := strings.Fields(strings.NewReplacer(",", "", " and ", " ").Replace(list[strings.Index(list, "RUB"):]))
	if len(codes) < 18 {
		t.Errorf("only %d currencies are told", len(codes))
	}
	for _, code := range codes {
		for _, lang := range prompts.Languages() {
			words, err := prompts.Filter(lang, "money", "5", code)
			if err != nil || strings.HasSuffix(words, prompts.Code(lang, code)) {
				t.Errorf("%s %s: %q, %v", lang, code, words, err)
			}
		}
	}
}
