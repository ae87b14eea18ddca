package simulate_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/verify"
)

var paceDays = flag.Int("pace.days", 1, "days on which the rules of dialling are compared")

// callCentre is a busy day: more callers than agents can serve at once, and of
// those who wait for a minute half would rather be called back.
func callCentre(agents int, perHour float64) *simulate.Plan {
	const queue = "support"
	p := &simulate.Plan{
		Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), WarmUp: time.Hour, Length: 8 * time.Hour, Overtime: 4 * time.Hour,
		Rules: acd.Rules{Queues: []acd.Queue{{Name: queue, JoinEmpty: true, WrapUp: 15 * time.Second}}},
		Streams: []simulate.Stream{{
			Queue: queue, Talk: simulate.Lognormal{Mean: 180, CV: 0.7}, Patience: simulate.Exponential(400),
			Rates: []simulate.Rate{{To: 8 * time.Hour, PerHour: perHour}, {From: 2 * time.Hour, To: 3 * time.Hour, PerHour: perHour / 2}},
			Offer: &simulate.Offer{
				After: 60, Accept: 0.5, Answer: 0.75, Rings: simulate.Lognormal{Mean: 9, CV: 0.5}, Confirm: 0.9, Decides: simulate.Lognormal{Mean: 8, CV: 0.4},
				Policy: callback.Policy{Prefixes: []string{"+7"}, MaxAttempts: 2, RetryAfter: 5 * time.Minute, RingTimeout: 30 * time.Second},
			},
		}},
	}
	for i := range agents {
		id := fmt.Sprintf("a%02d", i+1)
		p.Rules.Agents = append(p.Rules.Agents, acd.Agent{ID: id, Phone: "SIM/" + id, Queues: []string{queue}})
		p.Staff = append(p.Staff, simulate.Worker{Agent: id, Duty: []simulate.Span{{To: 12 * time.Hour}}, Answer: simulate.Fixed(2)})
	}
	return p
}

// dialled is what was measured of one rule.
type dialled struct {
	rule              simulate.Dial
	toAgent           []float64 // seconds from the yes to the agent
	kept, given, lost int       // promises kept and given up, and customers who hung up after their yes
	agentWaits        float64   // seconds that agents were kept free, all together
	over              int       // dials beyond the bound
	dials             int
	liveWaits         []float64 // of live callers who were served
	faults            int
}

func (d *dialled) watch(t *testing.T, p *simulate.Plan, seed uint64) {
	yes := map[string]time.Time{}
	v := verify.New(verify.Options{})
	seq := int64(0)
	emit := func(e journal.Entry) {
		seq++
		e.Seq = seq
		if err := v.Add(e); err != nil {
			t.Fatal(err)
		}
		switch e.Type {
		case "callback.confirmed":
			yes[e.Callback] = e.At
		case "callback.connected":
			d.toAgent = append(d.toAgent, e.At.Sub(yes[e.Callback]).Seconds())
		case "callback.done":
			d.kept++
		case "callback.given_up":
			d.given++
		case "callback.attempt":
			if e.Text("outcome") == string(callback.OutcomeAbandoned) {
				d.lost++
			}
		case "callback.dialling":
			d.dials++
		case "callback.due":
			flying, known := e.Number("in_flight")
			free, _ := e.Number("expected_free")
			if known && flying > free && d.rule == simulate.DialPaced {
				d.over++
			}
		case "place.awaited":
			s, _ := e.Number("waited_s")
			d.agentWaits += s
		case "place.served":
			if s, ok := e.Number("waited_s"); ok && e.Callback == "" {
				d.liveWaits = append(d.liveWaits, s)
			}
		}
	}
	p.Dial = d.rule
	if err := simulate.Play(p, acd.New(p.Rules), seed, emit); err != nil {
		t.Fatal(err)
	}
	d.faults += len(v.Done().Faults)
}

func (d *dialled) quantile(q float64) float64 {
	slices.Sort(d.toAgent)
	if len(d.toAgent) == 0 {
		return 0
	}
	return d.toAgent[int(q*float64(len(d.toAgent)-1))]
}

// perKept is how long an agent waited for each promise that was kept.
func (d *dialled) perKept() float64 { return d.agentWaits / float64(max(d.kept, 1)) }

// TestPacing compares the rules on the same callers: see docs/callbacks.md, whose
// table is made with -v -pace.days=2.
func TestPacing(t *testing.T) {
	t.Parallel()
	for _, size := range []struct {
		agents  int
		perHour float64
	}{{2, 34}, {10, 180}} {
		if size.agents > 2 && *paceDays == 1 {
			continue // takes its time
		}
		t.Run(fmt.Sprintf("%d agents", size.agents), func(t *testing.T) {
			t.Parallel()
			var table strings.Builder
			found := map[simulate.Dial]*dialled{}
			for _, rule := range []simulate.Dial{simulate.DialNext, simulate.DialWhenFree, simulate.DialPaced, simulate.DialOracle} {
				d := &dialled{rule: rule}
				for day := range *paceDays {
					d.watch(t, callCentre(size.agents, size.perHour), uint64(day+1))
				}
				found[rule] = d
				fmt.Fprintf(&table, "| %d | %s | %.0f s | %.0f s | %.1f s | %d of %d | %d | %.1f s |\n", size.agents, rule,
					d.quantile(0.5), d.quantile(0.9), d.perKept(), d.kept, d.kept+d.given, d.lost, mean(d.liveWaits))
				if d.faults > 0 || d.over > 0 {
					t.Errorf("%s: %d faults of order, %d calls for which there was no agent", rule, d.faults, d.over)
				}
			}
			t.Logf("\n%s", table.String())
			next, free, paced := found[simulate.DialNext], found[simulate.DialWhenFree], found[simulate.DialPaced]
			if paced.kept < 20 {
				t.Fatalf("only %d promises were kept", paced.kept)
			}
			if paced.quantile(0.9) > next.quantile(0.9)/2 {
				t.Errorf("one customer in ten waits for %.0f s or longer, and by the old rule %.0f s", paced.quantile(0.9), next.quantile(0.9))
			}
			if paced.perKept() > free.perKept()*1.1 {
				t.Errorf("agents wait %.1f s for a customer, and %.1f s without estimates", paced.perKept(), free.perKept())
			}
		})
	}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}
