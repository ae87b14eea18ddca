package verify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Entry is one entry of the journal; docs/journal.md describes its fields.
type Entry struct {
	Seq      int64          `json:"seq"`
	At       time.Time      `json:"at"`
	Type     string         `json:"type"`
	Call     string         `json:"call"`
	Place    string         `json:"place"`
	Callback string         `json:"callback"`
	Queue    string         `json:"queue"`
	Agent    string         `json:"agent"`
	Data     map[string]any `json:"data"`
}

// longestLine is the most bytes of one entry in a file.
const longestLine = 1 << 20

// Read adds the entries of a file in the form in which `linekeeper journal
// --output json` prints them, one JSON object per line; empty lines are passed
// over. Errors name the line.
func (v *Verifier) Read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("line %d: not an entry of the journal in JSON: %w", n, err)
		}
		if err := v.Add(e); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("line %d: longer than %d bytes", n+1, longestLine)
	} else if lines.Err() != nil {
		return fmt.Errorf("read the journal after line %d: %w", n, lines.Err())
	}
	return nil
}

// The journal's data comes from JSON, or straight from a producer.

func (e Entry) text(key string) string { s, _ := e.Data[key].(string); return s }

func (e Entry) flag(key string) bool { b, _ := e.Data[key].(bool); return b }

func (e Entry) number(key string) float64 { return number(e.Data[key]) }

func number(v any) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case int:
		return float64(n)
	case int64:
		return float64(n)
	}
	return 0
}

// moment reads a time; ok is false when there is none.
func (e Entry) moment(key string) (at time.Time, ok bool) {
	switch v := e.Data[key].(type) {
	case time.Time:
		return v, !v.IsZero()
	case string:
		at, err := time.Parse(time.RFC3339Nano, v)
		return at, err == nil
	}
	return time.Time{}, false
}

// names reads a list of texts.
func (e Entry) names(key string) []string {
	switch list := e.Data[key].(type) {
	case []string:
		return list
	case []any:
		var names []string
		for _, v := range list {
			if s, ok := v.(string); ok {
				names = append(names, s)
			}
		}
		return names
	}
	return nil
}

// skills reads levels by name: {"english": 5}, or a list of {"name", "level"}.
func skills(v any) map[string]int {
	levels := map[string]int{}
	switch v := v.(type) {
	case map[string]int:
		return v
	case map[string]any:
		for name, level := range v {
			levels[name] = int(number(level))
		}
	case []any:
		for _, one := range v {
			skill, _ := one.(map[string]any)
			if name, ok := skill["name"].(string); ok {
				levels[name] = int(number(skill["level"]))
			}
		}
	}
	return levels
}

// covers says whether levels are at least those that are needed.
func covers(has, needs map[string]int) bool {
	for name, level := range needs {
		if has[name] < level || has[name] == 0 {
			return false
		}
	}
	return true
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
