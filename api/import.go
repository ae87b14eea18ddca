package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
)

// ImportRow is one line of the body of POST /v1/callbacks/import.
type ImportRow struct {
	Line int `json:"line"` // of the list that it comes from, given back with the result
	AddCallback
}

// ImportResult is one line of the answer, in the order of the rows.
type ImportResult struct {
	Line     int    `json:"line"`
	Status   string `json:"status"`             // made, existing, checked, refused
	Callback string `json:"callback,omitempty"` // its id; with refused, of the one that stands in the way
	Rule     string `json:"rule,omitempty"`     // with refused, as in Error
	Message  string `json:"message,omitempty"`  // likewise
	Remedy   string `json:"remedy,omitempty"`   // likewise
}

// The words in ImportResult.Status.
const (
	ImportMade     = "made"     // promised now
	ImportExisting = "existing" // promised before, with the same key
	ImportChecked  = "checked"  // would be promised; in a dry run
	ImportRefused  = "refused"
)

const (
	importAtOnce = 128      // rows under way: so many are looked up at once and can share one write to disk
	maxImportRow = 64 << 10 // bytes
)

// importCallbacks reads rows and writes results as they come: a list of any length
// takes no memory.
func (s *Server) importCallbacks(w http.ResponseWriter, r *http.Request) {
	q := &query{r: r}
	dry := q.flag("dry_run")
	if q.err != nil {
		writeError(w, q.err)
		return
	}
	out := http.NewResponseController(w)
	_ = out.EnableFullDuplex() // where it cannot be, results come when the rows are read
	w.Header().Set("Content-Type", "application/x-ndjson")

	// Each row is a slot in the order of the results; the slot is filled beside.
	slots := make(chan chan ImportResult, importAtOnce)
	go func() {
		defer close(slots)
		lines := bufio.NewScanner(r.Body)
		lines.Buffer(make([]byte, 4<<10), maxImportRow)
		var turn *controller.Turn // the order of the list decides which row about a customer counts
		for n := 1; lines.Scan(); n++ {
			text := append([]byte{}, lines.Bytes()...)
			slot := make(chan ImportResult, 1)
			slots <- slot
			turn = controller.NewTurn(turn)
			go func(turn *controller.Turn) {
				slot <- s.importRow(r, text, n, dry, turn)
				turn.End()
			}(turn)
		}
		if err := lines.Err(); err != nil && r.Context().Err() == nil {
			slot := make(chan ImportResult, 1)
			slot <- ImportResult{Status: ImportRefused, Rule: string(callback.RuleRequest), Message: "the rows could not be read: " + err.Error(), Remedy: "send the rest again"}
			slots <- slot
		}
	}()
	enc, unsaid := json.NewEncoder(w), 0
	for slot := range slots {
		result := <-slot
		if r.Context().Err() != nil {
			continue // nobody listens; the rows under way end
		}
		_ = enc.Encode(result) // as above
		if unsaid++; unsaid == importAtOnce || len(slots) == 0 {
			_, unsaid = out.Flush(), 0
		}
	}
}

// importRow promises what one line asks for, when its turn has come.
func (s *Server) importRow(r *http.Request, text []byte, n int, dry bool, turn *controller.Turn) ImportResult {
	row := ImportRow{Line: n}
	err := strict(strings.NewReader(string(text)), &row)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return refusedRow(row.Line, badRequest{fmt.Errorf("the row is not the JSON that is wanted: %w", err)})
	}
	ask, _, err := row.promise(time.Now())
	if err != nil {
		return refusedRow(row.Line, err)
	}
	ask.Reason, ask.Turn = callback.ReasonImport, turn
	do, done := s.daemon.AddCallback, ImportMade
	if dry {
		do, done = s.daemon.CheckCallback, ImportChecked
	}
	asked, err := do(r.Context(), ask)
	switch {
	case err != nil:
		return refusedRow(row.Line, err)
	case asked.Existing:
		done = ImportExisting
	}
	return ImportResult{Line: row.Line, Status: done, Callback: asked.Callback.ID}
}

// refusedRow says why a row came to nothing.
func refusedRow(line int, err error) ImportResult {
	out := ImportResult{Line: line, Status: ImportRefused, Rule: string(callback.RuleRequest), Message: err.Error(), Remedy: "correct the row"}
	var refused *controller.RefusedError
	if errors.As(err, &refused) {
		f := refused.Refusal
		out.Rule, out.Message, out.Remedy, out.Callback = string(f.Rule), f.Message, f.Remedy, f.ExistingID
	}
	return out
}
