package cli

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/cmd/linekeeper/doctor"
	"github.com/linekeeper/linekeeper/queues/verify"
)

func TestDocsNameEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if !cmd.HasSubCommands() && !strings.Contains(string(text), "`"+cmd.CommandPath()) {
			t.Errorf("docs/cli.md does not have %q", cmd.CommandPath())
		}
		for _, m := range regexp.MustCompile(`(?m)^ +(?:-., )?(--[a-z]+) `).FindAllStringSubmatch(cmd.LocalFlags().FlagUsages(), -1) {
			flags++
			if !regexp.MustCompile("[` ]" + m[1] + "[` ]").Match(text) {
				t.Errorf("docs/cli.md does not have %s of %q", m[1], cmd.CommandPath())
			}
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk((&env{}).root())
	if flags < 20 {
		t.Errorf("only %d flags were found", flags)
	}
}

func TestDocsNameEveryFieldOfFindings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/cli-json.md")
	if err != nil {
		t.Fatal(err)
	}
	for title, v := range map[string]any{
		"Import": importReport{}, "Refused row": refusedRow{}, "Import of callers": entryReport{}, "Refused caller": refusedEntry{}, "Finding of check": finding{}, "Finding of doctor": doctor.Finding{},
		"Text of prompts list": promptRow{}, "Finding of prompts check": promptFinding{}, "Result of prompts build": built{},
		"Row of ewt report": reportRow{}, "Row of ewt backtest": backtestRow{}, "Side of ewt backtest": backtestSide{},
		"Verification": verify.Report{}, "Fault": verify.Fault{}, "Entry": verify.Ref{},
		"Simulation": simJSON{}, "Result": simResultJSON{}, "Range": simRange{}, "Slot": simSlot{}, "Check": checkRow{},
		"Test": testReport{}, "Conversation": testedTalk{}, "Coverage": testedHotline{}, "Missed": missedPart{},
	} {
		_, rest, found := strings.Cut(string(text), "\n## "+title+"\n")
		section, _, _ := strings.Cut(rest, "\n## ")
		if !found {
			t.Errorf("docs/cli-json.md has no section %q", title)
			continue
		}
		var documented, coded []string
		for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(section, -1) {
			documented = append(documented, m[1])
		}
		for i := range reflect.TypeOf(v).NumField() {
			if name := reflect.TypeOf(v).Field(i).Tag.Get("json"); name != "" {
				coded = append(coded, name)
			}
		}
		if diff := cmp.Diff(coded, documented); diff != "" {
			t.Errorf("%s (-code +docs):\n%s", title, diff)
		}
	}
}
