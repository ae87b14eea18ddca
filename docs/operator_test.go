package docs_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts"
)

// What an operator dials is what the configuration has when it says nothing.
func TestCodesForOperators(t *testing.T) {
	t.Parallel()
	cfg, err := config.Parse("lk.yaml", []byte(`
asterisk: {ari: {password: x}, ami: {password: x}}
hotlines: lk.yaml
queues: {support: {}}
callbacks: {endpoint: "PJSIP/{number}@trunk"}
`))
	if err != nil {
		t.Fatal(err)
	}
	codes := cfg.AgentCodes
	want := map[string]string{
		codes.LogIn: "login", codes.LogOut: "logout", codes.Pause: "pause", codes.Unpause: "unpause", codes.Ready: "ready",
	}
	row := regexp.MustCompile("(?m)^\\| `(\\*[0-9]+)` \\|.*`linekeeper agent ([a-z]+) ")
	got := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(section(t, "docs/operator.md", "## When linekeeper gives you the calls"), -1) {
		got[m[1]] = m[2]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/operator.md (-code +document):\n%s", diff)
	}
}

// What the page quotes is what is said.
func TestWordsForOperators(t *testing.T) {
	t.Parallel()
	text := strings.Join(strings.Fields(read(t, "docs/operator.md")), " ")
	for _, said := range []string{
		prompts.Message("en", prompts.KeyEscalated),
		prompts.Brief{Title: "support", Name: "Ivan Petrov", Waited: 3 * time.Minute, Assurance: callers.AssurancePIN}.Whisper("en"),
		prompts.Brief{Title: "support", Name: "Ivan Petrov", Reason: "in_line", Waited: 4 * time.Minute, Assurance: callers.AssuranceANI}.Whisper("en"),
	} {
		if said == "" || !strings.Contains(text, `"`+said+`"`) {
			t.Errorf("docs/operator.md does not quote %q", said)
		}
	}
	for _, state := range api.AgentStates() {
		if !strings.Contains(section(t, "docs/operator.md", "### Agents"), "`"+state+"`") {
			t.Errorf("docs/operator.md does not explain the state %q of an agent", state)
		}
	}
}
