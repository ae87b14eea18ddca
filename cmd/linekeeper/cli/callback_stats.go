package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback/tally"
	"github.com/linekeeper/linekeeper/journal"
)

func (e *env) callbackStatsCmd() *cobra.Command {
	var f api.StatsFilter
	var since, until string
	cmd := &cobra.Command{
		Use: "stats [FILE]", Short: "Count what became of promises", Args: cobra.MaximumNArgs(1),
		Long: `Count what became of promises that were asked for in a time, up to now: how many
were kept, and in time, how often was dialled, and who waited for whom. It reads
the journal of the daemon, or a FILE as "linekeeper journal --output json" writes
it ("-": standard input).

A promise is in time when customer and agent were connected by the end of its
window; without one, within the longest wait that the caller was told; without
that, within the first estimate of its place. BASIS says how many of each kind.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if f.Since, err = e.timeOf("--since", since); err != nil {
				return err
			}
			if f.Until, err = e.timeOf("--until", until); err != nil {
				return err
			}
			if f.By != "" && !slices.Contains(api.StatsGroups(), f.By) {
				return usagef("--by %q is none of %s", f.By, oneOf(api.StatsGroups()))
			}
			stats, err := e.stats(cmd, f, args)
			if err != nil {
				return err
			}
			return e.writeStats(stats)
		},
	}
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only promises asked for in this queue")
	cmd.Flags().StringVar(&since, "since", "", "only those asked for from this time on: 10m or 7d (ago), today, 15:04, 2006-01-02 or RFC 3339")
	cmd.Flags().StringVar(&until, "until", "", "only those asked for before this time, written likewise")
	cmd.Flags().StringVar(&f.By, "by", "", "a row for each "+strings.Join(api.StatsGroups(), ", "))
	cmd.Flags().StringVar(&f.Zone, "zone", "", "whose days are counted, like Europe/Moscow (default UTC)")
	return cmd
}

// stats asks the daemon, or counts in a file.
func (e *env) stats(cmd *cobra.Command, f api.StatsFilter, args []string) (api.CallbackStats, error) {
	if len(args) == 0 {
		return e.statsOfDaemon(cmd.Context(), f)
	}
	o := tally.Options{Queue: f.Queue, Since: f.Since, Until: f.Until, By: tally.By(f.By)}
	if f.Zone != "" {
		loc, err := time.LoadLocation(f.Zone)
		if err != nil {
			return api.CallbackStats{}, usagef("--zone %q is not known here: write an IANA name like Europe/Moscow", f.Zone)
		}
		o.Zone = loc
	}
	t, n := tally.New(o), 0
	last := time.Time{}
	err := readJournal(args[0], cmd.InOrStdin(), func(entry journal.Entry) error {
		t.Observe(entry)
		n, last = n+1, entry.At
		return nil
	})
	// A file is as old as its last entry, and so is what is overdue in it.
	return api.CallbackStats{Since: timeIf(f.Since), Until: timeIf(f.Until), By: f.By, Entries: n, Rows: t.Rows(last)}, err
}

func (e *env) statsOfDaemon(ctx context.Context, f api.StatsFilter) (api.CallbackStats, error) {
	c := e.client()
	defer c.Close()
	return c.CallbackStats(ctx, f)
}

func timeIf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (e *env) writeStats(s api.CallbackStats) error {
	switch {
	case e.output == outJSON:
		return e.writeJSON(s)
	case s.By == "":
		return record(e, s.Rows[0], statsColumns(s.Rows[0]))
	}
	head := column[tally.Row]{strings.ToUpper(s.By), func(r tally.Row) cell { return text(r.Group) }}
	return list(e, s.Rows, "no promises", append([]column[tally.Row]{head}, statsTable()...))
}

// statsTable is one line for each group.
func statsTable() []column[tally.Row] {
	count := func(head string, of func(tally.Row) int) column[tally.Row] {
		return column[tally.Row]{head, func(r tally.Row) cell { return number(of(r)) }}
	}
	return []column[tally.Row]{
		count("PROMISED", func(r tally.Row) int { return r.Promised }),
		count("OPEN", func(r tally.Row) int { return r.Open }),
		count("OVERDUE", func(r tally.Row) int { return r.Overdue }),
		count("KEPT", func(r tally.Row) int { return r.Kept }),
		count("IN TIME", func(r tally.Row) int { return r.InTime }),
		count("LATE", func(r tally.Row) int { return r.Late }),
		count("GIVEN UP", func(r tally.Row) int { return r.GivenUp }),
		count("CANCELLED", func(r tally.Row) int { return sum(r.Cancelled) }),
		count("MERGED", func(r tally.Row) int { return r.Merged }),
		count("REFUSED", func(r tally.Row) int { return sum(r.Refused) }),
		count("DIALLED", func(r tally.Row) int { return r.Dialled }),
		{"FIRST ANSWER", func(r tally.Row) cell { return mean(r.FirstAnswer) }},
		{"YES TO AGENT", func(r tally.Row) cell { return spread(r.YesToAgent) }},
		{"AGENT WAIT", func(r tally.Row) cell { return spread(r.AgentWait) }},
	}
}

// statsColumns are a line for each figure, with the parts of those that have some.
func statsColumns(r tally.Row) []column[tally.Row] {
	var all []column[tally.Row]
	add := func(head string, c cell) {
		all = append(all, column[tally.Row]{head, func(tally.Row) cell { return c }})
	}
	parts := func(head string, of map[string]int) {
		for _, name := range slices.Sorted(maps.Keys(of)) {
			add(head+" "+name, number(of[name]))
		}
	}
	add("PROMISED", number(r.Promised))
	add("KEPT", number(r.Kept))
	add("IN TIME", number(r.InTime))
	add("LATE", number(r.Late))
	for _, b := range []tally.Basis{tally.BasisWindow, tally.BasisQuote, tally.BasisEstimate, tally.BasisNone} {
		if n := r.Basis[b]; n > 0 {
			add("BASIS "+string(b), number(n))
		}
	}
	add("OPEN", number(r.Open))
	add("OVERDUE", number(r.Overdue))
	add("GIVEN UP", number(r.GivenUp))
	add("EXPIRED", number(r.Expired))
	parts("CANCELLED", r.Cancelled)
	add("POSTPONED", number(r.Postponed))
	add("MERGED", number(r.Merged))
	parts("REFUSED", r.Refused)
	parts("DELAYED", r.Delayed)
	add("DIALLED", number(r.Dialled))
	parts("ENDED", r.Outcomes)
	add("UNCERTAIN", number(r.Uncertain))
	add("FIRST ANSWER", mean(r.FirstAnswer))
	add("YES TO AGENT", spread(r.YesToAgent))
	add("AGENT WAIT", spread(r.AgentWait))
	return all
}

func sum(parts map[string]int) int {
	n := 0
	for _, v := range parts {
		n += v
	}
	return n
}

// mean shows the mean of numbers: "1.4".
func mean(s tally.Spread) cell {
	if s.N == 0 {
		return text("")
	}
	v := strconv.FormatFloat(s.Mean, 'f', -1, 64)
	return cell{v, v}
}

// spread shows seconds as "4s (9 of 10 within 12s)", and the median for programs.
func spread(s tally.Spread) cell {
	if s.N == 0 {
		return text("")
	}
	return cell{fmt.Sprintf("%s (9 of 10 within %s)", human(s.P50), human(s.P90)), strconv.FormatFloat(s.P50, 'f', -1, 64)}
}
