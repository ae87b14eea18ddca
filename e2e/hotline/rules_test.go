package hotline_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// TestRulesBeforeADial has each kind of rule say no, or not yet, to a real dial.
func TestRulesBeforeADial(t *testing.T) {
	t.Parallel()
	const listed, night, often, foreign = "+79160000091", "+79160000092", "+79160000093", "+12125550100"
	list := filepath.Join(t.TempDir(), "do-not-call.txt")
	if err := os.WriteFile(list, []byte("8 (916) 000-00-91 # asked to be left alone\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hour := time.Now().UTC().Hour()
	span := fmt.Sprintf("%02d:00-%02d:00", hour, (hour+4)%24) // open here, and closed a third of the world away
	r := setUp(t, func(o *stage.Options) {
		o.Callbacks.More = stage.Keys{
			"do_not_call": list, "caps": stage.Keys{"number_day": 1}, "max_attempts": 3, "retry_after": "1s",
			"hours": stage.Keys{"weekdays": span, "weekends": span, "timezone": "UTC"},
		}
	})
	ask := func(number, zone string) (api.Asked, error) {
		return r.Client.AddCallback(r.soon(), api.AddCallback{Number: number, Hotline: "direct", TimeZone: zone})
	}
	refused := func(number, rule, remedy string) {
		t.Helper()
		_, err := ask(number, "Etc/UTC")
		var no *api.Error
		if !errors.As(err, &no) || no.Rule != rule || !strings.Contains(err.Error(), remedy) {
			t.Errorf("%s is answered %v (%+v), want rule %s", number, err, no, rule)
		}
	}
	refused(listed, "do_not_call", "remove it from the list")
	refused(foreign, "prefix", "add a prefix")
	_, err := ask(night, "Etc/GMT-8")
	r.must(err)
	refused(night, "duplicate", "stands")
	_, err = ask(second, "Etc/GMT-8")
	r.must(err)

	// One dial of a day is made, and the next one waits for tomorrow.
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	_, err = ask(often, "Etc/UTC")
	r.must(err)
	busy := trunk.ring()
	if got := busy.Dialled(); got != often {
		t.Errorf("%s was dialled, want %s", got, often)
	}
	r.must(busy.Reject(r.soon(), 486))

	// Who is served by a call of their own is not called back.
	c := r.calls(second, direct)
	r.talk(c, anna.ring())
	c.hangsUp()

	rules := map[string]string{}
	r.until("all are settled", func() bool {
		for _, cb := range r.promises() {
			rules[cb.Number] = cb.State + " " + cb.DelayedBy
			if len(cb.Attempts) > 0 && cb.Number != often {
				t.Fatalf("dialled %s: %+v", cb.Number, cb.Attempts)
			}
		}
		return rules[often] == "waiting number_day" && strings.HasPrefix(rules[second], "cancelled")
	})
	if rules[night] != "waiting hours" || len(rules) != 3 {
		t.Errorf("the promises are %v", rules)
	}

	var told []string
	for _, ev := range r.journal("callback.refused") {
		told = append(told, fmt.Sprint(ev.Data["rule"]))
	}
	if got := strings.Join(told, " "); got != "do_not_call prefix duplicate" {
		t.Errorf("the journal has the refusals %q", got)
	}
}
