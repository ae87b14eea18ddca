package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// longestLine is the most bytes of one line.
const longestLine = 1 << 20

// Lines gives each line of a file that is not empty, without the spaces around
// it; the slice holds until each returns. Errors, those of each among them, begin
// with file and line, "day.jsonl:3: ", or with "line 3: " where file is "".
func Lines(file string, r io.Reader, each func(line []byte) error) error {
	place := func(n int) string {
		if file == "" {
			return fmt.Sprintf("line %d", n)
		}
		return fmt.Sprintf("%s:%d", file, n)
	}

	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := each(line); err != nil {
			return fmt.Errorf("%s: %w", place(n), err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("%s: longer than %d bytes", place(n+1), longestLine)
	} else if lines.Err() != nil {
		return fmt.Errorf("%s: cannot be read: %w", place(n+1), lines.Err())
	}
	return nil
}

// Read gives the entries of a file in the form in which `linekeeper journal
// --output json` prints them: one JSON object per line. Errors are as with
// Lines.
func Read(file string, r io.Reader, each func(Entry) error) error {
	return Lines(file, r, func(line []byte) error {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("not an entry of the journal in JSON: %w", err)
		}
		if e.At.IsZero() || e.Type == "" {
			return errors.New("an entry without type or time; write the file with: linekeeper journal --output json")
		}
		return each(e)
	})
}
