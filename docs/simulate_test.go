package docs_test

import (
	"fmt"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// TestScenarioKeys wants each key of a scenario explained.
func TestScenarioKeys(t *testing.T) {
	t.Parallel()
	text := read(t, "docs/simulate.md")
	keys := 0
	source(t, "queues/simulate/scenario").inspect(func(n ast.Node) {
		field, ok := n.(*ast.Field)
		if !ok || field.Tag == nil {
			return
		}
		key := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("yaml")
		keys++
		// Keys stand alone between backquotes, or in a law that is shown.
		if !regexp.MustCompile("`" + key + "`|[{ ]" + key + ": ").MatchString(text) {
			t.Errorf("docs/simulate.md does not name the key %q", key)
		}
	})
	if keys < 50 {
		t.Errorf("only %d keys were found", keys)
	}
}

func TestScenarioExamples(t *testing.T) {
	t.Parallel()
	examples := 0
	for _, b := range blocks(read(t, "docs/simulate.md")) {
		if b.language != "yaml" {
			continue
		}
		examples++
		if _, err := scenario.Parse("docs/simulate.md", []byte(b.text)); err != nil {
			t.Errorf("an example is refused:\n%v", err)
		}
	}
	if examples == 0 {
		t.Error("docs/simulate.md shows no scenario")
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	var want []string
	for _, m := range simulate.Measures() {
		want = append(want, string(m))
	}
	slices.Sort(want)
	var explained []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(section(t, "docs/simulate.md", "## Figures"), -1) {
		explained = append(explained, codeWords(row[1])...)
	}
	slices.Sort(explained)
	if diff := cmp.Diff(want, explained); diff != "" {
		t.Errorf("docs/simulate.md does not explain the figures (-code +document):\n%s", diff)
	}
	if diff := cmp.Diff(want, firstColumn(section(t, "docs/cli-json.md", "## Figures"))); diff != "" {
		t.Errorf("docs/cli-json.md does not list the figures (-code +document):\n%s", diff)
	}
}

// TestCheckTable holds the column of the formulas to the code.
func TestCheckTable(t *testing.T) {
	t.Parallel()
	var want []string
	for _, c := range simulate.Checks() {
		formula := c.Formula()
		for _, m := range simulate.Checked() {
			value := fmt.Sprintf("%.2f %%", formula[m]*100)
			switch {
			case m == simulate.Abandoned && c.Queue.Patience == 0:
				continue
			case m == simulate.ASA:
				value = fmt.Sprintf("%.2f s", formula[m])
			}
			want = append(want, fmt.Sprintf("| %s | `%s` | %s |", c.Name, m, value))
		}
	}
	text := section(t, "docs/simulate.md", "### Checked against Erlang")
	got := regexp.MustCompile(`(?m)^\| Erlang [^|]*\|[^|]*\|[^|]*\|`).FindAllString(text, -1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the table of docs/simulate.md is not of the queues that are checked (-code +document):\n%s", diff)
	}
	if strings.Contains(text, "| no |") {
		t.Error("a figure of the table is outside of its range")
	}
}
