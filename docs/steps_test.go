package docs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/controller"
)

// TestStepsOfAPromise holds the numbered steps in the architecture to those of
// the controller.
func TestStepsOfAPromise(t *testing.T) {
	t.Parallel()
	var want strings.Builder
	for _, s := range controller.Steps() {
		fmt.Fprintf(&want, "| %d | `%s` | %s |\n", s, s, s.Sentence())
	}
	text := section(t, "docs/architecture.md", "### The steps of a promise")
	if !strings.Contains(text, want.String()) {
		t.Errorf("docs/architecture.md does not have the steps as controller.Steps has them:\n%s", want.String())
	}
}
