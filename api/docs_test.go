package api

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback/tally"
	"github.com/linekeeper/linekeeper/controller"
)

// The contract that people read and the one that is coded must not drift apart.
func TestDocsNameEveryField(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/cli-json.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([a-z_0-9]+)` \\|")
	sections := map[string][]string{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		for _, m := range row.FindAllStringSubmatch(body, -1) {
			sections[title] = append(sections[title], m[1])
		}
	}
	for _, v := range []any{
		Call{}, Message{}, SurveyAnswer{}, SurveyRow{}, Callback{}, Attempt{}, Cancelled{}, Story{}, Queue{}, Place{}, EWT{}, Agent{}, Event{}, Version{},
		CallbackStats{}, tally.Row{}, tally.Spread{}, Pause{}, PauseOrdered{}, Postponed{}, PostponeCallback{}, ResolveCallback{}, PauseCallbacks{}, Skill{}, Ordered{}, Moved{}, AddCallback{}, Asked{}, ImportRow{}, ImportResult{}, CancelCallback{}, OrderAgent{}, EscalateCall{}, Disposition{}, Closing{}, ClosingOrdered{}, CloseHotline{}, Card{}, CardCaller{}, History{}, DisposeCall{}, MovePlace{}, controller.Health{}, Error{}, CallerLock{}, Unlocked{}, EntryRow{}, EntryResult{}, Entry{}, KnownCaller{}, ForgetCaller{}, Forgotten{}, Hotline{}, Reloaded{}, LoadedHotline{}, RefusedHotline{},
	} {
		typ := reflect.TypeOf(v)
		var fields []string
		for i := range typ.NumField() {
			if typ.Field(i).Anonymous {
				continue // has a section of its own
			}
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			fields = append(fields, name)
		}
		title := typ.Name()
		if typ == reflect.TypeOf(tally.Row{}) {
			title = "Row of callback stats"
		}
		if typ == reflect.TypeOf(Entry{}) {
			title = "Entry of the table" // journals have entries, too
		}
		if typ == reflect.TypeOf(Event{}) {
			title = "Event" // the type has another name where it comes from
		}
		if diff := cmp.Diff(fields, sections[title]); diff != "" {
			t.Errorf("%s (-code +docs):\n%s", title, diff)
		}
	}
}

func TestDocsNameEveryWord(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/cli-json.md")
	if err != nil {
		t.Fatal(err)
	}
	words := slices.Concat(CallResults(), CallbackStates(), CallbackReasons(), StatsGroups(), AgentStates(), []string{
		CodeNotFound, CodeAmbiguous, CodeRefused, CodeDenied, CodeBadRequest, CodeUnavailable, CodeInternal,
	})
	for _, word := range words {
		if !strings.Contains(string(text), "`"+word+"`") {
			t.Errorf("docs/cli-json.md does not explain %q", word)
		}
	}
}
