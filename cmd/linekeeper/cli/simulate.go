package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// simulation is one run of linekeeper simulate.
type simulation struct {
	*env
	ctx   context.Context
	stdin io.Reader

	journal, check, estimates      bool
	day, queue, agents, rules      string
	target, chart                  string
	seed                           uint64
	replications                   int
	seedChosen, replicationsChosen bool
}

func (e *env) simulateCmd() *cobra.Command {
	s := &simulation{env: e}
	cmd := &cobra.Command{
		Use: "simulate [SCENARIO.yaml | JOURNAL.jsonl]", Short: "Play a day through linekeeper's own distribution and measure it",
		Long: `Play a day through linekeeper's own distribution in virtual time and print what
comes of it: service level, waits, callers who hang up, occupancy, promises to
call back and how many are kept. The day is described in a scenario file, or
taken from the journal (--journal): of the running daemon, or of a file with the
lines of "linekeeper journal --output json". Several days are drawn; the ranges
hold with a confidence of 95 % (Student's t). docs/simulate.md explains it.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s.ctx, s.stdin = cmd.Context(), cmd.InOrStdin()
			s.seedChosen, s.replicationsChosen = cmd.Flags().Changed("seed"), cmd.Flags().Changed("replications")
			return s.run(strings.Join(args, ""))
		},
	}
	f := cmd.Flags()
	f.BoolVar(&s.journal, "journal", false, "play a day of the journal; the argument is a file with its lines (default: ask the daemon)")
	f.StringVar(&s.day, "day", "yesterday", "the day of the journal: yesterday, today or 2006-01-02")
	f.StringVar(&s.queue, "queue", "", "measure only the callers of this queue")
	f.StringVar(&s.agents, "agents", "", "a row for each number of agents: 8..16, or GROUP=8..16")
	f.StringVar(&s.rules, "rules", "", "serve the queues by the rules of this configuration, linekeeper.yaml")
	f.StringVar(&s.target, "target", "", "service level: 80/20 is 80 % within 20 seconds (default that of the scenario, else 80/20)")
	f.StringVar(&s.chart, "chart", "waiting", "what the chart shows: waiting, within or none")
	f.Uint64Var(&s.seed, "seed", 1, "another seed draws other days")
	f.IntVar(&s.replications, "replications", scenario.DefaultReplications, "how many days are drawn")
	f.BoolVar(&s.estimates, "estimates", false, "estimate each wait as the daemon does, and measure how true that was (takes much longer)")
	f.BoolVar(&s.check, "check", false, "compare simulated queues with Erlang's formulas")
	return cmd
}

func (s *simulation) run(file string) error {
	if !slices.Contains([]string{"waiting", "within", "none"}, s.chart) {
		return usagef("--chart %q is none of waiting, within, none", s.chart)
	}
	if s.replications < 1 || s.replications > 1000 {
		return usagef("--replications %d is not from 1 to 1000", s.replications)
	}
	switch {
	case s.check && (s.journal || file != ""):
		return usagef("--check has queues of its own and takes no file")
	case s.check:
		return s.compare()
	case s.journal:
		return s.runJournal(file)
	case file == "":
		return usagef("name a scenario file, or --journal")
	}
	return s.runScenario(file)
}

func (s *simulation) runScenario(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the scenario: %w", err)
	}
	sc, err := scenario.Parse(file, text)
	if err != nil {
		var found findings
		found.add(err)
		return s.report(found, "")
	}
	target := sc.Target
	if !s.seedChosen {
		s.seed = sc.Seed
	}
	if !s.replicationsChosen {
		s.replications = sc.Replications
	}
	if target, err = s.targetOr(target); err != nil {
		return err
	}
	rules, err := s.configured()
	if err != nil {
		return err
	}
	group, counts, err := s.agentsOf(sc)
	if err != nil {
		return err
	}
	shown := &simAnswer{Title: sc.Title, Target: target}
	for _, n := range counts {
		change := scenario.Change{Rules: rules}
		if n != nil {
			change.Counts = map[string]int{group: *n}
		}
		plan, err := sc.Plan(change)
		if err != nil {
			return s.planFault(err)
		}
		if err := s.knows(plan); err != nil {
			return err
		}
		if err := s.play(shown, plan, n); err != nil {
			return err
		}
	}
	return s.show(shown)
}

func (s *simulation) targetOr(otherwise scenario.Target) (scenario.Target, error) {
	if s.target == "" {
		return otherwise, nil
	}
	t, err := scenario.ParseTarget(s.target)
	if err != nil {
		return t, usagef("--target %v", err)
	}
	return t, nil
}

// configured gives the rules of --rules, nil for none.
func (s *simulation) configured() (*acd.Rules, error) {
	if s.rules == "" {
		return nil, nil
	}
	cfg, err := config.Load(s.rules)
	if err != nil {
		return nil, err
	}
	r := cfg.Rules()
	if len(r.Queues) == 0 {
		return nil, fmt.Errorf("%s: no queue has \"engine: linekeeper\", so there are no rules to play by", s.rules)
	}
	return &r, nil
}

// planFault says where a plan that cannot be played comes from.
func (s *simulation) planFault(err error) error {
	if s.rules != "" {
		return fmt.Errorf("%s does not fit (only queues with \"engine: linekeeper\" have rules): %w", s.rules, err)
	}
	return err
}

// knows wants the queue of --queue to be one of the plan's.
func (s *simulation) knows(p *simulate.Plan) error {
	var names []string
	for _, q := range p.Rules.Queues {
		names = append(names, q.Name)
	}
	if s.queue != "" && !slices.Contains(names, s.queue) {
		return usagef("--queue %q is none of %s", s.queue, oneOf(names))
	}
	return nil
}

// play draws the days of a plan, several at a time, and adds what was measured.
func (s *simulation) play(shown *simAnswer, p *simulate.Plan, agents *int) error {
	p.Rollouts = s.estimates
	shown.slot = slotOf(p.Length - p.WarmUp)
	shown.from = p.Start.Add(p.WarmUp)
	w := simulate.Window{
		From: p.Start.Add(p.WarmUp), To: p.Start.Add(p.Length), Target: shown.Target.Within, Queue: s.queue,
		Slots: int((p.Length - p.WarmUp + shown.slot - 1) / shown.slot),
	}
	days, err := s.draw(p, w, s.replications)
	if err != nil {
		return err
	}
	shown.Results = append(shown.Results, simResult{Agents: agents, Summary: simulate.Summarize(days, simulate.Level)})
	return nil
}

func (s *simulation) draw(p *simulate.Plan, w simulate.Window, n int) ([]simulate.Report, error) {
	days, errs := make([]simulate.Report, n), make([]error, n)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				m := simulate.NewMeter(w)
				errs[i] = simulate.Play(p, acd.New(p.Rules), s.seed*1_000_003+uint64(i), m.Add)
				days[i] = m.Report()
			}
		})
	}
	for i := range n {
		if s.ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	return days, errors.Join(append(errs, s.ctx.Err())...)
}

// slotOf is how long a column of the chart is, so that a day fits on a terminal.
func slotOf(length time.Duration) time.Duration {
	for _, slot := range []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute} {
		if length <= 72*slot {
			return slot
		}
	}
	return time.Hour
}
