package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callback/sheet"
	"github.com/linekeeper/linekeeper/callback/window"
)

// importBatch is how many rows are sent at once: an answer comes well within the
// time that the daemon has for it.
const importBatch = 1000

// refusedRow is a row of a list that came to nothing.
type refusedRow struct {
	Line    int    `json:"line"`
	Number  string `json:"number"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// importReport is what became of a list.
type importReport struct {
	Rows     int          `json:"rows"`
	Made     int          `json:"made"`
	Existing int          `json:"existing"`
	Checked  int          `json:"checked"`
	Refused  []refusedRow `json:"refused"`
}

// importer reads a list and sends it on.
type importer struct {
	e      *env
	client *api.Client
	dry    bool
	row    api.AddCallback // what the command line says for rows that say nothing
	keys   string          // beginning of the keys of rows that have none
	bytes  int64           // of the file
	read   int64           // of them

	batch  []api.ImportRow
	report importReport
	begun  time.Time
	told   time.Time
}

func (e *env) callbackImportCmd() *cobra.Command {
	im := &importer{e: e}
	var reportFile string
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Promise calls to everybody on a list", Args: exactly("a FILE"),
		Long: `Promise calls to everybody on a list: CSV in UTF-8 with a header (columns
number, queue, hotline, name, account, language, question, from, until,
time_zone, campaign, key, separated by semicolons, commas or tabs), or a JSON
object a line. The rows that were refused are the answer, with line, rule and
remedy. The same file can be imported again: what was promised stays one promise.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			im.client = e.client()
			defer im.client.Close()
			if err := im.run(cmd.Context(), args[0]); err != nil {
				return err
			}
			if err := im.answer(reportFile); err != nil {
				return err
			}
			if len(im.report.Refused) > 0 {
				return errProblems
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&im.dry, "dry-run", false, "say what the rules would refuse, and promise nothing")
	cmd.Flags().StringVar(&im.row.Queue, "queue", "", "queue of rows that name none")
	cmd.Flags().StringVar(&im.row.Hotline, "hotline", "", "hotline of rows that name none")
	cmd.Flags().StringVar(&im.row.Campaign, "campaign", "", "campaign of rows that name none")
	cmd.Flags().StringVar(&reportFile, "report", "", "write the refused rows to this file as CSV (or TSV, by its ending), not to standard output")
	return cmd
}

func (im *importer) run(ctx context.Context, path string) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the list: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if im.bytes, err = io.Copy(hash, file); err != nil {
		return fmt.Errorf("read the list: %w", err)
	}
	im.keys = "import-" + hex.EncodeToString(hash.Sum(nil)[:12]) + "-"
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the list: %w", err)
	}
	rows, err := sheet.New(io.TeeReader(file, im))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	im.begun, im.report.Refused = time.Now(), []refusedRow{}
	for {
		row, line, err := rows.Next()
		var bad *sheet.Fault
		switch {
		case errors.Is(err, io.EOF):
			return im.send(ctx)
		case errors.As(err, &bad):
			im.report.Rows++
			im.report.Refused = append(im.report.Refused, refusedRow{line, row.Number, string(callback.RuleRequest), bad.Message, bad.Remedy})
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		default:
			im.report.Rows++
			im.batch = append(im.batch, im.toRow(row, line))
		}
		if len(im.batch) == importBatch {
			if err := im.send(ctx); err != nil {
				return err
			}
		}
	}
}

// Write counts what was read, for the progress.
func (im *importer) Write(p []byte) (int, error) { im.read += int64(len(p)); return len(p), nil }

func (im *importer) toRow(r sheet.Row, line int) api.ImportRow {
	return api.ImportRow{Line: line, AddCallback: api.AddCallback{
		Number: r.Number, Hotline: cmp.Or(r.Hotline, im.row.Hotline), Queue: cmp.Or(r.Queue, im.row.Queue), Name: r.Name, Account: r.Account,
		Language: r.Language, Question: r.Question, When: window.Wish{From: r.From, Until: r.Until}, TimeZone: r.TimeZone,
		Campaign: cmp.Or(r.Campaign, im.row.Campaign), Key: cmp.Or(r.Key, im.keys+strconv.Itoa(line)),
	}}
}

// send has the batch promised, and says how far it is.
func (im *importer) send(ctx context.Context) error {
	results, err := im.client.ImportCallbacks(ctx, im.batch, im.dry)
	for i, r := range results {
		switch r.Status {
		case api.ImportMade:
			im.report.Made++
		case api.ImportExisting:
			im.report.Existing++
		case api.ImportChecked:
			im.report.Checked++
		default:
			im.report.Refused = append(im.report.Refused, refusedRow{r.Line, im.batch[min(i, len(im.batch)-1)].Number, r.Rule, r.Message, r.Remedy})
		}
	}
	im.batch = im.batch[:0]
	if err != nil {
		im.tell()
		return fmt.Errorf("%w; import the same file again to go on: what was promised stays one promise", err)
	}
	if time.Since(im.told) > time.Second || im.read == im.bytes {
		im.tell()
	}
	return nil
}

func (im *importer) tell() {
	im.told = time.Now()
	percent := int64(100)
	if im.bytes > 0 {
		percent = 100 * im.read / im.bytes
	}
	r := im.report
	speed := float64(r.Rows) / max(time.Since(im.begun).Seconds(), 0.001)
	done := plural(r.Made, "promise") + " made"
	if im.dry {
		done = fmt.Sprintf("%d would be promised", r.Checked)
	}
	im.e.say("%d %% read, %s: %s, %d known before, %d refused; %.0f rows/s", percent, plural(r.Rows, "row"), done, r.Existing, len(r.Refused), speed)
}

// answer gives the refused rows.
func (im *importer) answer(reportFile string) error {
	e, refused := im.e, im.report.Refused
	slices.SortStableFunc(refused, func(a, b refusedRow) int { return cmp.Compare(a.Line, b.Line) })
	if reportFile != "" {
		if err := writeReport(reportFile, refused); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	switch {
	case e.output == outJSON:
		return e.writeJSON(im.report)
	case reportFile != "" || len(refused) == 0:
		return nil
	}
	return writeRows(e, e.stdout, refused, []column[refusedRow]{
		{"LINE", func(r refusedRow) cell { return number(r.Line) }},
		{"NUMBER", func(r refusedRow) cell { return text(r.Number) }},
		{"RULE", func(r refusedRow) cell { return text(r.Rule) }},
		{"MESSAGE", func(r refusedRow) cell { return text(r.Message) }},
		{"REMEDY", func(r refusedRow) cell { return text(r.Remedy) }},
	})
}

func writeReport(path string, refused []refusedRow) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	if filepath.Ext(path) == ".tsv" {
		w.Comma = '\t'
	}
	if err := w.Write([]string{"line", "number", "rule", "message", "remedy"}); err != nil {
		return err
	}
	for _, r := range refused {
		if err := w.Write([]string{strconv.Itoa(r.Line), harmless(r.Number), r.Rule, harmless(r.Message), harmless(r.Remedy)}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// harmless keeps a spreadsheet from taking for a formula what a stranger wrote. A
// number with its plus stays as it is.
func harmless(s string) string {
	s = clean(s)
	if s != "" && (s[0] == '=' || s[0] == '@' || s[0] == '-' || s[0] == '+' && !callback.ValidNumber(s)) {
		return "'" + s
	}
	return s
}
