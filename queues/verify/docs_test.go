package verify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocsStateEveryRule holds the tables for supervisors against the constants.
func TestDocsStateEveryRule(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/journal.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## What verify proves\n")
	if !found {
		t.Fatal("docs/journal.md does not say what verify proves")
	}
	var documented, coded []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(section, -1) {
		documented = append(documented, m[1])
	}
	file, err := parser.ParseFile(token.NewFileSet(), "report.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && (typ.Name == "Rule" || typ.Name == "Pass") {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			coded = append(coded, name)
		}
		return true
	})
	slices.Sort(documented)
	slices.Sort(coded)
	if diff := cmp.Diff(coded, documented); diff != "" || len(coded) < 20 {
		t.Errorf("docs/journal.md (-code +docs):\n%s", diff)
	}
}
