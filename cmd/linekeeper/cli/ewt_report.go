package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/forecast/backtest"
)

// reportedDays is how far back a report looks when nothing else is said.
const reportedDays = 7

// reportRow is how the estimates of one queue did; docs/cli-json.md.
type reportRow struct {
	Queue      string   `json:"queue"`
	Hour       *int     `json:"hour"`
	Scored     int      `json:"scored"`
	MeanWaitS  *float64 `json:"mean_wait_s"`
	BiasS      *float64 `json:"bias_s"`
	MAES       *float64 `json:"mae_s"`
	RMSES      *float64 `json:"rmse_s"`
	Inside     *float64 `json:"inside"`
	HungUp     int      `json:"hung_up"`
	Elsewhere  int      `json:"elsewhere"`
	Quotes     int      `json:"quotes"`
	QuotesHeld int      `json:"quotes_held"`
	QuotesLate int      `json:"quotes_late"`
}

func (e *env) ewtReportCmd() *cobra.Command {
	var since, queue string
	cmd := &cobra.Command{
		Use: "report [FILE]", Short: "Compare the estimates that were made with the waits that came", Args: cobra.MaximumNArgs(1),
		Long: `Compare the first estimate of each place with the wait that came, by queue and
hour of the day, and the minutes that callers were told with what came after.
It reads the journal of the daemon, of the last seven days without --since, or a
FILE as "linekeeper journal --output json" writes it ("-": standard input).
Callers who hung up are counted but not scored: how long they would have waited
nobody knows. The wait of a promise ends when an agent is there.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := e.since(since)
			if err != nil {
				return err
			}
			r := backtest.NewReport(queue, time.Local)
			if len(args) == 1 {
				err = readJournal(args[0], cmd.InOrStdin(), func(entry journal.Entry) error {
					if !entry.At.Before(from) {
						r.Observe(entry)
					}
					return nil
				})
			} else {
				if since == "" {
					from = e.now().AddDate(0, 0, -reportedDays)
				}
				err = e.journalSince(cmd.Context(), from, r)
			}
			if err != nil {
				return err
			}
			return e.reportRows(r.Rows())
		},
	}
	cmd.Flags().StringVar(&since, "since", "", sinceHelp)
	cmd.Flags().StringVar(&queue, "queue", "", "only this queue")
	return cmd
}

func (e *env) journalSince(ctx context.Context, from time.Time, r *backtest.Report) error {
	c := e.client()
	defer c.Close()
	return c.Journal(ctx, api.JournalFilter{Since: from}, func(ev api.Event) error {
		r.Observe(ev)
		return nil
	})
}

func (e *env) reportRows(found []backtest.Row) error {
	rows := make([]reportRow, 0, len(found))
	for _, f := range found {
		row := reportRow{
			Queue: f.Queue, Scored: f.Score.N(), HungUp: f.HungUp, Elsewhere: f.Elsewhere,
			Quotes: f.Quotes, QuotesHeld: f.Held, QuotesLate: f.Late,
		}
		if hour := f.Hour; hour != backtest.AllDay {
			row.Hour = &hour
		}
		if f.Score.N() > 0 {
			row.MeanWaitS, row.BiasS, row.MAES = tenths(f.Score.MeanWait()), tenths(f.Score.Bias()), tenths(f.Score.MAE())
			row.RMSES, row.Inside = tenths(f.Score.RMSE()), thousandths(f.Score.Inside())
		}
		rows = append(rows, row)
	}
	return list(e, rows, "no estimates", []column[reportRow]{
		{"QUEUE", func(r reportRow) cell { return text(r.Queue) }},
		{"HOUR", func(r reportRow) cell { return hour(r.Hour) }},
		{"SCORED", func(r reportRow) cell { return number(r.Scored) }},
		{"MEAN WAIT", func(r reportRow) cell { return spanOf(r.MeanWaitS) }},
		{"BIAS", func(r reportRow) cell { return signed(r.BiasS) }},
		{"MAE", func(r reportRow) cell { return spanOf(r.MAES) }},
		{"RMSE", func(r reportRow) cell { return spanOf(r.RMSES) }},
		{"IN RANGE", func(r reportRow) cell { return share(r.Inside) }},
		{"HUNG UP", func(r reportRow) cell { return number(r.HungUp) }},
		{"ELSEWHERE", func(r reportRow) cell { return number(r.Elsewhere) }},
		{"QUOTES", func(r reportRow) cell { return number(r.Quotes) }},
		{"HELD", func(r reportRow) cell { return part(r.QuotesHeld, r.Quotes) }},
		{"LATE", func(r reportRow) cell { return part(r.QuotesLate, r.Quotes) }},
	})
}

// hour shows an hour of the day; all of them without one.
func hour(h *int) cell {
	if h == nil {
		return cell{"all", "all"}
	}
	return cell{fmt.Sprintf("%02d:00", *h), strconv.Itoa(*h)}
}

// The cells of figures that are not known show a dash.

func spanOf(seconds *float64) cell {
	if seconds == nil {
		return text("")
	}
	return span(*seconds)
}

// signed shows seconds with their sign: "+12s".
func signed(seconds *float64) cell {
	if seconds == nil {
		return text("")
	}
	sign := "+"
	if *seconds < 0 {
		sign = "-"
	}
	return cell{sign + human(math.Abs(*seconds)), span(*seconds).plain}
}

// share shows a share of 1 in per cent.
func share(of *float64) cell {
	if of == nil {
		return text("")
	}
	return cell{fmt.Sprintf("%.0f %%", 100**of), strconv.FormatFloat(*of, 'f', -1, 64)}
}

// part shows so many of so many, in per cent; the number for programs.
func part(n, of int) cell {
	if of == 0 {
		return cell{"-", "0"}
	}
	return cell{fmt.Sprintf("%.0f %%", 100*float64(n)/float64(of)), strconv.Itoa(n)}
}

func tenths(v float64) *float64      { return rounded(v, 10) }
func thousandths(v float64) *float64 { return rounded(v, 1000) }

func rounded(v, by float64) *float64 {
	v = math.Round(v*by) / by
	if v == 0 {
		v = 0 // no minus
	}
	return &v
}
