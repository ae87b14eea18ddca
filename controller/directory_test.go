package controller_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/chain"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// dead is a directory that never answers.
type dead struct{ people }

func (dead) ByNumber(ctx context.Context, _ string) ([]callers.Record, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (dead) ByAccount(ctx context.Context, _ string) (callers.Record, bool, error) {
	<-ctx.Done()
	return callers.Record{}, false, ctx.Err()
}

// failures are what the journal says of directories in the last call from a number,
// and how long that call took to go on.
func (r *rig) failures(number string) []string {
	r.t.Helper()
	calls, err := r.ctl.Calls(r.ctx(), store.CallFilter{Number: number, Limit: 1})
	r.must(err)
	events, err := r.ctl.Events(r.ctx(), store.EventFilter{Call: calls[0].ID})
	r.must(err)
	var found []string
	for _, e := range events {
		switch e.Type {
		case "directory.failed":
			found = append(found, fmt.Sprintf("%v %v %v", e.Data["directory"], e.Data["why"], e.Data["ms"]))
		case "identify":
			found = append(found, fmt.Sprintf("%v %v", e.Data["method"], e.Data["ok"]))
		}
	}
	return found
}

// A directory that does not answer costs its time-out and no more, until it rests;
// who is known to the next one is known, and who is not is a stranger who is served.
func TestDeadDirectoriesDelayNobody(t *testing.T) {
	var behind callers.Directory = people{}
	inBubbleWith(t, func(o *controller.Options) {
		c, err := chain.New(chain.Options{Budget: time.Second, Links: []chain.Link{
			{Name: "crm", Directory: dead{}, Timeout: 600 * time.Millisecond, Breaker: chain.Breaker{Failures: 2, Rest: time.Hour}},
			{Name: "file", Directory: behind},
		}})
		if err != nil {
			t.Fatal(err)
		}
		o.Directory = c
	}, nil, func(r *rig) {
		call := func(words string, want time.Duration, journal ...string) {
			t.Helper()
			began := time.Now()
			p := r.sim.Call(ivan, "600")
			r.hears(p, words)
			if took := time.Since(began); took < want || took > want+8*time.Second { // the greeting is read out meanwhile
				t.Errorf("%q after %v", words, took)
			}
			p.Hangup()
			r.result(ivan, dialplan.ResultIVR)
			if got := r.failures(ivan); !slices.Equal(got, journal) {
				t.Errorf("the journal says %q, want %q", got, journal)
			}
		}
		call("Balance one", 600*time.Millisecond, "crm timeout 600", "ani false")
		for account, r := range thePeople(t) {
			behind.(people)[account] = r
		}
		call("Ivan, good to hear you.", 600*time.Millisecond, "crm timeout 600", "ani true")
		call("Ivan, good to hear you.", 0, "crm resting 0", "ani true")
		want := map[string]float64{"crm timeout": 2, "crm resting": 1, "file found": 2, "file stranger": 1}
		if diff := cmp.Diff(want, r.lookups()); diff != "" {
			t.Errorf("look-ups (-want +counted):\n%s", diff)
		}
	})
}

// lookups are the numbers of look-ups by directory and result.
func (r *rig) lookups() map[string]float64 {
	r.t.Helper()
	families, err := r.ctl.Metrics().Registry.Gather()
	r.must(err)
	counted := map[string]float64{}
	for _, f := range families {
		if f.GetName() != "linekeeper_directory_lookups_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			counted[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[1].GetValue()] = m.GetCounter().GetValue()
		}
	}
	return counted
}
