package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callers/csvfile"
	"github.com/linekeeper/linekeeper/callers/table"
)

// entriesAtOnce is how many rows are sent at once: answers may have to be hashed, and
// the daemon's own answer must come in time.
const entriesAtOnce = 100

// refusedEntry is a row of a list of callers that came to nothing.
type refusedEntry struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Message string `json:"message"`
}

// entryReport is what became of a list of callers.
type entryReport struct {
	Rows    int            `json:"rows"`
	Added   int            `json:"added"`
	Changed int            `json:"changed"`
	Same    int            `json:"same"`
	Removed int            `json:"removed"`
	Refused []refusedEntry `json:"refused"`
}

func (e *env) callerImportCmd() *cobra.Command {
	var replace bool
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Write a list of callers into linekeeper's own table", Args: exactly("a FILE"),
		Long: `Write a list of callers into linekeeper's own table: CSV with the columns of a file
of callers (docs/configuration.md). What the list has no column for stays as it is,
and so does a PIN whose column is empty. The rows that were refused are the answer,
with line and column; they keep no other row out. The same file can be imported
again. With --replace, callers who are not on the list are removed, unless a row was
refused.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := e.importEntries(cmd.Context(), args[0], replace)
			if err != nil {
				return err
			}
			if err := e.answerEntries(report); err != nil {
				return err
			}
			if len(report.Refused) > 0 {
				return errProblems
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&replace, "replace", false, "remove callers who are not on the list")
	return cmd
}

func (e *env) importEntries(ctx context.Context, path string, replace bool) (entryReport, error) {
	report := entryReport{Refused: []refusedEntry{}}
	data, err := os.ReadFile(path)
	if err != nil {
		return report, fmt.Errorf("open the list: %w", err)
	}
	rows, faults, err := csvfile.List(path, data)
	if err != nil {
		return report, err
	}
	for _, f := range faults {
		report.Refused = append(report.Refused, refusedEntry{f.Line, f.Column, f.Err.Error()})
	}
	c := e.client()
	defer c.Close()
	report.Rows = len(rows) + len(faults)
	run, begun, told := rand.Text(), time.Now(), time.Time{}
	done := 0
	for batch := range slices.Chunk(rows, entriesAtOnce) {
		var send []api.EntryRow
		for _, r := range batch {
			send = append(send, api.EntryRow(r))
		}
		results, err := c.ImportEntries(ctx, run, send)
		if err != nil {
			return report, fmt.Errorf("%w; import the same file again to go on: what is in the table stays", err)
		}
		for _, r := range results {
			report.count(r)
		}
		if done += len(batch); time.Since(told) > time.Second || done == len(rows) {
			told = time.Now()
			e.say("%d of %s: %d added, %d changed, %d the same, %d refused; %.0f rows/s", done+len(faults), plural(report.Rows, "row"),
				report.Added, report.Changed, report.Same, len(report.Refused), float64(done)/max(time.Since(begun).Seconds(), 0.001))
		}
	}
	switch {
	case replace && len(report.Refused) > 0:
		e.say("nobody was removed, because rows were refused: they may be callers who are in the table; correct them and import again")
	case replace && report.Rows > 0:
		if report.Removed, err = c.PruneEntries(ctx, run); err != nil {
			return report, err
		}
		e.say("%s removed", plural(report.Removed, "caller"))
	}
	return report, nil
}

func (r *entryReport) count(res api.EntryResult) {
	switch table.Status(res.Status) {
	case table.Added:
		r.Added++
	case table.Changed:
		r.Changed++
	case table.Same:
		r.Same++
	default:
		r.Refused = append(r.Refused, refusedEntry{res.Line, res.Column, res.Message})
	}
}

// answerEntries gives the refused rows.
func (e *env) answerEntries(report entryReport) error {
	slices.SortStableFunc(report.Refused, func(a, b refusedEntry) int { return cmp.Compare(a.Line, b.Line) })
	switch {
	case e.output == outJSON:
		return e.writeJSON(report)
	case len(report.Refused) == 0:
		return nil
	}
	return writeRows(e, e.stdout, report.Refused, []column[refusedEntry]{
		{"LINE", func(r refusedEntry) cell { return number(r.Line) }},
		{"COLUMN", func(r refusedEntry) cell { return text(r.Column) }},
		{"MESSAGE", func(r refusedEntry) cell { return text(r.Message) }},
	})
}
