package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/queues/forecast/backtest"
)

// How a back-test talks about its work.
const (
	linesNamed    = 10              // bad lines that are named; the rest is counted
	progressEvery = 5 * time.Second // at most
	progressLines = 1000            // between looks at the clock
)

// backtestRow is how estimates of one queue would have done; docs/cli-json.md.
type backtestRow struct {
	Queue      string       `json:"queue"`
	Scored     int          `json:"scored"`
	HungUp     int          `json:"hung_up"`
	Elsewhere  int          `json:"elsewhere"`
	Unknown    int          `json:"unknown"`
	MeanWaitS  *float64     `json:"mean_wait_s"`
	Linekeeper backtestSide `json:"linekeeper"`
	AppQueue   backtestSide `json:"app_queue"`
	LessError  *float64     `json:"less_error"`
}

// backtestSide is one of the two estimators.
type backtestSide struct {
	BiasS  *float64 `json:"bias_s"`
	MAES   *float64 `json:"mae_s"`
	RMSES  *float64 `json:"rmse_s"`
	Near   *float64 `json:"near"`
	Inside *float64 `json:"inside"`
}

func (e *env) ewtBacktestCmd() *cobra.Command {
	return &cobra.Command{
		Use: "backtest FILE", Short: "Read a queue_log of Asterisk and see what estimates would have been worth", Args: cobra.ExactArgs(1),
		Long: `Read a queue_log file of any Asterisk ("-": standard input), estimate the wait of
each caller who joins, and compare it with the wait that came, beside what
app_queue's own hold time said at the same moment. No daemon is needed. Lines
that cannot be read are named and skipped. Callers who hung up are counted but not
scored. docs/estimates.md says what such a log does not tell.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.backtest(args[0], cmd.InOrStdin())
		},
	}
}

func (e *env) backtest(name string, stdin io.Reader) error {
	in, size, err := openInput(name, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	l := backtest.NewLog()
	read, bad, err := e.readLog(l, name, in, size)
	if err != nil {
		return err
	}
	l.Close()
	if bad > linesNamed {
		e.say("%s: %d more lines were skipped", name, bad-linesNamed)
	}
	if read == bad {
		return fmt.Errorf("%s: no line is one of a queue_log", name)
	}
	return e.backtestRows(l.Rows())
}

// readLog gives the number of lines, and of those that could not be read.
func (e *env) readLog(l *backtest.Log, name string, in io.Reader, size int64) (read, bad int, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	last, bytes := e.now(), int64(0)
	for lines.Scan() {
		read++
		bytes += int64(len(lines.Bytes())) + 1
		if line := lines.Text(); line == "" {
			continue
		} else if err := l.Add(line); err != nil {
			if bad++; bad <= linesNamed {
				e.say("%s:%d: %v; skipped", name, read, err)
			}
		}
		if read%progressLines == 0 && e.now().Sub(last) >= progressEvery {
			last = e.now()
			if size > 0 {
				e.say("%d lines read, %d %%", read, 100*bytes/size)
			} else {
				e.say("%d lines read", read)
			}
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return read, bad, fmt.Errorf("%s:%d: longer than %d bytes: is it a queue_log?", name, read+1, longestLine)
	} else if lines.Err() != nil {
		return read, bad, fmt.Errorf("read %s after line %d: %w", name, read, lines.Err())
	}
	return read, bad, nil
}

func (e *env) backtestRows(found []backtest.LogRow) error {
	rows := make([]backtestRow, 0, len(found))
	for _, f := range found {
		row := backtestRow{Queue: f.Queue, Scored: f.Ours.N(), HungUp: f.HungUp, Elsewhere: f.Elsewhere, Unknown: f.Unknown}
		if f.Ours.N() > 0 {
			row.MeanWaitS = tenths(f.Ours.MeanWait())
			row.Linekeeper, row.AppQueue = sideOf(f.Ours), sideOf(f.HoldTime)
			row.AppQueue.Inside = nil // it says no range
			if mae := f.HoldTime.MAE(); mae > 0 {
				row.LessError = thousandths(1 - f.Ours.MAE()/mae)
			}
		}
		rows = append(rows, row)
	}
	if e.output == outJSON {
		return e.writeJSON(rows)
	}
	return list(e, sides(rows), "no queue", []column[sided]{
		{"QUEUE", func(r sided) cell { return text(r.Queue) }},
		{"ESTIMATE", func(r sided) cell { return text(r.by) }},
		{"SCORED", func(r sided) cell { return number(r.Scored) }},
		{"HUNG UP", func(r sided) cell { return number(r.HungUp) }},
		{"MEAN WAIT", func(r sided) cell { return spanOf(r.MeanWaitS) }},
		{"BIAS", func(r sided) cell { return signed(r.side.BiasS) }},
		{"MAE", func(r sided) cell { return spanOf(r.side.MAES) }},
		{"RMSE", func(r sided) cell { return spanOf(r.side.RMSES) }},
		{"WITHIN 1 MIN", func(r sided) cell { return share(r.side.Near) }},
		{"IN RANGE", func(r sided) cell { return share(r.side.Inside) }},
		{"LESS ERROR", func(r sided) cell { return share(r.less) }},
	})
}

func sideOf(s backtest.Score) backtestSide {
	return backtestSide{
		BiasS: tenths(s.Bias()), MAES: tenths(s.MAE()), RMSES: tenths(s.RMSE()), Near: thousandths(s.Near()), Inside: thousandths(s.Inside()),
	}
}

// sided is one estimator's line of the table.
type sided struct {
	backtestRow
	by   string
	side backtestSide
	less *float64
}

func sides(rows []backtestRow) []sided {
	var out []sided
	for _, r := range rows {
		out = append(out, sided{r, "linekeeper", r.Linekeeper, r.LessError}, sided{r, "app_queue", r.AppQueue, nil})
	}
	return out
}
