package erlang

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.6g, published is %.6g", what, got, want)
	}
}

// The published tables of Erlang B list the load at which so many lines lose so
// many calls; 8.108 is the worked example of the calculator of erlang.com.
func TestBAgainstTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines         int
		load, blocked float64
	}{
		{1, 0.0101, 0.01}, {5, 1.361, 0.01}, {10, 4.461, 0.01}, {15, 8.108, 0.01}, {20, 12.031, 0.01},
		{100, 84.064, 0.01}, {10, 6.216, 0.05}, {30, 21.932, 0.02},
	} {
		near(t, "blocking", B(c.lines, c.load), c.blocked, 0.0001)
	}
	near(t, "without load", B(3, 0), 0, 0)
	near(t, "without lines", B(0, 2), 1, 0)
}

// Worked examples that are widely printed: 360 calls in half an hour of 4 minutes
// for 55 agents, target 15 s; and 200 calls an hour of 3 minutes for 14 agents,
// target 20 s.
func TestCAgainstWorkedExamples(t *testing.T) {
	t.Parallel()
	q := Queue{Agents: 55, Rate: 0.2, Handle: 240}
	near(t, "load", q.Load(), 48, 1e-9)
	near(t, "waiting", q.Waiting(), 0.239, 0.0005)
	near(t, "ASA", q.ASA(), 8.2, 0.05)
	near(t, "within 15 s", q.Within(15), 0.846, 0.0005)

	q = Queue{Agents: 14, Rate: 200.0 / 3600, Handle: 180}
	near(t, "waiting", q.Waiting(), 0.174, 0.0005)
	near(t, "ASA", q.ASA(), 7.8, 0.05)
	near(t, "within 20 s", q.Within(20), 0.888, 0.0005)
	near(t, "occupancy", q.Occupancy(), 0.714, 0.0005)
	if n, ok := q.AgentsFor(0.8, 20, 100); n != 14 || !ok {
		t.Errorf("80/20 takes %d agents, %v, published is 14", n, ok)
	}
}

// The comparison of Erlang C and Erlang A in O. Garnett, A. Mandelbaum and
// M. Reiman, "Designing a call center with impatient customers", M&SOM 4(3),
// 2002: 48 calls a minute, one minute each, 50 agents, patience of two minutes.
func TestAAgainstGarnettMandelbaumReiman(t *testing.T) {
	t.Parallel()
	c := Queue{Agents: 50, Rate: 0.8, Handle: 60}
	near(t, "Erlang C: wait", c.Wait(), 20.8, 0.05)
	near(t, "Erlang C: utilisation", c.Occupancy(), 0.96, 0.0005)
	a := c
	a.Patience = 120
	near(t, "Erlang A: abandonment", a.Abandonment(), 0.031, 0.0005)
	near(t, "Erlang A: wait", a.Wait(), 3.7, 0.05)
	near(t, "Erlang A: queue", a.Rate*a.Wait(), 3, 0.05)
	near(t, "Erlang A: utilisation", a.Occupancy(), 0.93, 0.0005)
}

// The formulas must agree with the balance of the birth and death process, which
// is solved here without them.
func TestAAgainstBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := Queue{
			Agents: rapid.IntRange(1, 60).Draw(t, "agents"), Handle: 100,
			Patience: rapid.Float64Range(10, 1000).Draw(t, "patience"),
		}
		q.Rate = float64(q.Agents) / q.Handle * rapid.Float64Range(0.3, 1.6).Draw(t, "rho")
		total, wait, queue, weight := 0.0, 0.0, 0.0, 1.0
		states := 4*q.Agents + int(4*q.Rate*q.Patience) + 200
		scale := 0.0 // the logarithm of weight, which would overflow
		for pass := range 2 {
			log := 0.0
			for n := range states {
				if n > 0 {
					log += math.Log(q.Rate / (float64(min(n, q.Agents))/q.Handle + float64(max(0, n-q.Agents))/q.Patience))
				}
				if pass == 0 {
					scale = max(scale, log)
					continue
				}
				weight = math.Exp(log - scale)
				total += weight
				if n >= q.Agents {
					wait += weight
					queue += weight * float64(n-q.Agents)
				}
			}
		}
		for what, pair := range map[string][2]float64{
			"waiting":     {q.Waiting(), wait / total},
			"abandonment": {q.Abandonment(), queue / total / q.Patience / q.Rate},
			"all":         {q.Within(math.Inf(1)), 1 - q.Abandonment()},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-6 {
				t.Fatalf("%s of %+v is %.9f, the balance gives %.9f", what, q, pair[0], pair[1])
			}
		}
		// Over all callers, the wait is that of the served and that of those who hang up.
		if all, served := q.Wait(), q.ASA()*(1-q.Abandonment()); served > all+1e-6 {
			t.Fatalf("the served waited %.6f s of %.6f s in all", served, all)
		}
	})
}

func TestCIsAWithEndlessPatience(t *testing.T) {
	t.Parallel()
	c := Queue{Agents: 10, Rate: 0.045, Handle: 200}
	a := c
	a.Patience = 1e7
	near(t, "waiting", a.Waiting(), c.Waiting(), 1e-3)
	near(t, "ASA", a.ASA(), c.ASA(), c.ASA()*1e-3)
	near(t, "within 20 s", a.Within(20), c.Within(20), 1e-3)
}

func TestOverload(t *testing.T) {
	t.Parallel()
	q := Queue{Agents: 2, Rate: 0.02, Handle: 200}
	if q.Stable() || !math.IsInf(q.ASA(), 1) || q.Within(20) != 0 || q.Occupancy() != 1 || q.Waiting() != 1 {
		t.Errorf("a queue that never ends: %v s, %v within, occupancy %v", q.ASA(), q.Within(20), q.Occupancy())
	}
	if n, ok := q.AgentsFor(0.8, 20, 4); ok || n != 4 {
		t.Errorf("4 agents are not enough, said %d, %v", n, ok)
	}
}
