// Package journal is the form of the journal: its entries, and the lines in which
// they are kept in files. What types there are and what their data means is in
// docs/journal.md. The package is pure.
package journal

import "time"

// Entry is one entry of the journal. The keys of Data are those of its type; they
// come straight from a producer, or from JSON, and are best read by the methods.
type Entry struct {
	Seq      int64          `json:"seq"` // rising by the order of commits, never reused
	At       time.Time      `json:"at"`
	Type     string         `json:"type"` // "call.started", "place.taken"
	Call     string         `json:"call,omitempty"`
	Place    string         `json:"place,omitempty"`
	Callback string         `json:"callback,omitempty"`
	Queue    string         `json:"queue,omitempty"`
	Agent    string         `json:"agent,omitempty"`
	Data     map[string]any `json:"data,omitempty"`
}

// Text reads a text of Data, "" when there is none.
func (e Entry) Text(key string) string { s, _ := e.Data[key].(string); return s }

// Flag reads a yes or no of Data, false when there is none.
func (e Entry) Flag(key string) bool { b, _ := e.Data[key].(bool); return b }

// Number reads a number of Data; ok is false when there is none.
func (e Entry) Number(key string) (n float64, ok bool) { return number(e.Data[key]) }

func number(v any) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// Moment reads a time of Data; ok is false when there is none.
func (e Entry) Moment(key string) (at time.Time, ok bool) {
	switch v := e.Data[key].(type) {
	case time.Time:
		return v, !v.IsZero()
	case string:
		at, err := time.Parse(time.RFC3339Nano, v)
		return at, err == nil
	}
	return time.Time{}, false
}

// Texts reads a list of texts of Data.
func (e Entry) Texts(key string) []string {
	switch list := e.Data[key].(type) {
	case []string:
		return list
	case []any: // from JSON
		var all []string
		for _, v := range list {
			if s, ok := v.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// Maps reads a list of objects of Data.
func (e Entry) Maps(key string) []map[string]any {
	switch list := e.Data[key].(type) {
	case []map[string]any:
		return list
	case []any: // from JSON
		var all []map[string]any
		for _, v := range list {
			if m, ok := v.(map[string]any); ok {
				all = append(all, m)
			}
		}
		return all
	}
	return nil
}

// Levels reads the levels of skills by name: {"english": 5}.
func (e Entry) Levels(key string) map[string]int { return Levels(e.Data[key]) }

// Levels reads the levels of skills by name out of a value of Data.
func Levels(v any) map[string]int {
	levels := map[string]int{}
	switch v := v.(type) {
	case map[string]int:
		return v
	case map[string]any: // from JSON
		for name, level := range v {
			n, _ := number(level)
			levels[name] = int(n)
		}
	case []any: // from JSON, as records have them: [{"name": "english", "level": 5}]
		for _, one := range v {
			skill, _ := one.(map[string]any)
			if name, ok := skill["name"].(string); ok {
				n, _ := number(skill["level"])
				levels[name] = int(n)
			}
		}
	}
	return levels
}
