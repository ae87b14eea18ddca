package docs_test

import (
	"regexp"
	"slices"
	"testing"
)

// The variables that the page lists are those that the code sets.
func TestVariablesForScreens(t *testing.T) {
	t.Parallel()
	names := func(text, form string) []string {
		var all []string
		for _, m := range regexp.MustCompile(form).FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
		slices.Sort(all)
		return all
	}
	code := names(read(t, "controller/brief.go"), `"__(LINEKEEPER_[A-Z]+)"`)
	page := names(section(t, "docs/deployer.md", "## What agents see"), "(?m)^\\| `(LINEKEEPER_[A-Z]+)`")
	if len(code) == 0 || !slices.Equal(code, page) {
		t.Errorf("docs/deployer.md lists %v, and the code sets %v", page, code)
	}
}
