package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/forecast"
)

// replaySeed is that of the rollouts: a replay gives the same answers each time.
const replaySeed = 1

// longestLine is the most bytes of one event.
const longestLine = 1 << 20

func (e *env) ewtCmd() *cobra.Command {
	cmd := group("ewt", "Judge the estimates of the wait")
	cmd.AddCommand(&cobra.Command{
		Use: "replay", Short: "Read a queue's events and estimate the wait of each caller who joins", Args: cobra.NoArgs,
		Long: `Read the events of one queue from standard input, one JSON object per line in
the order of time, and estimate the wait of each caller who joins: a line
call,expected,low,high in seconds follows each join before the next event is
read. Low and high are the 10 % and 90 % quantiles. It begins without history.
The events are described in docs/estimates.md.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.replay(cmd.InOrStdin())
		},
	})
	cmd.AddCommand(e.ewtReportCmd(), e.ewtBacktestCmd())
	return cmd
}

// replay answers every join of the events at once, until they end.
func (e *env) replay(events io.Reader) error {
	f := forecast.New(replaySeed)
	return journal.Lines("", events, func(line []byte) error { return e.replayLine(f, line) })
}

func (e *env) replayLine(f *forecast.Forecaster, line []byte) error {
	var raw struct {
		forecast.Event
		At *float64 `json:"t"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return fmt.Errorf("not an event in JSON: %w", err)
	}
	if raw.At == nil {
		return errors.New("event without a time (t)")
	}
	ev := raw.Event
	ev.At = *raw.At
	if err := f.Apply(ev); err != nil {
		return err
	}
	if ev.Kind != forecast.Join {
		return nil
	}
	p, err := f.Forecast(ev.Call)
	if err != nil {
		return err
	}
	// One write, not buffered: who replays waits for this line.
	if _, err := fmt.Fprintf(e.stdout, "%s,%.3f,%.3f,%.3f\n", ev.Call, p.Mean, p.Low, p.High); err != nil {
		return fmt.Errorf("write the estimate of call %q: %w", ev.Call, err)
	}
	return nil
}
