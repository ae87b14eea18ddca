package simulate

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Entry is an entry of the journal, as docs/journal.md describes it: of a real
// day or of a simulated one.
type Entry struct {
	At       time.Time      `json:"at"`
	Type     string         `json:"type"`
	Call     string         `json:"call,omitempty"`
	Place    string         `json:"place,omitempty"`
	Callback string         `json:"callback,omitempty"`
	Queue    string         `json:"queue,omitempty"`
	Agent    string         `json:"agent,omitempty"`
	Data     map[string]any `json:"data,omitempty"`
}

// noted is the entry that a note becomes.
func noted(n queues.Note) Entry {
	e := Entry{At: n.At, Type: n.Type, Place: n.PlaceID, Data: n.Data}
	e.Call, e.Callback, e.Queue, e.Agent = e.Text("call"), e.Text("callback"), e.Text("queue"), e.Text("agent")
	return e
}

// Text reads a text of Data, "" when there is none.
func (e Entry) Text(key string) string {
	s, _ := e.Data[key].(string)
	return s
}

// Number reads a number of Data; ok is false when there is none.
func (e Entry) Number(key string) (n float64, ok bool) {
	switch v := e.Data[key].(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// Moment reads a time of Data; ok is false when there is none.
func (e Entry) Moment(key string) (time.Time, bool) {
	switch v := e.Data[key].(type) {
	case time.Time:
		return v, true
	case string:
		t, err := time.Parse(time.RFC3339Nano, v)
		return t, err == nil
	}
	return time.Time{}, false
}

// Levels reads skills of Data: level by name.
func (e Entry) Levels(key string) []queues.Skill {
	var skills []queues.Skill
	switch v := e.Data[key].(type) {
	case map[string]int:
		for name, level := range v {
			skills = append(skills, queues.Skill{Name: name, Level: level})
		}
	case map[string]any: // from JSON
		for name, level := range v {
			f, _ := level.(float64)
			skills = append(skills, queues.Skill{Name: name, Level: int(f)})
		}
	}
	slices.SortFunc(skills, func(a, b queues.Skill) int { return cmp.Compare(a.Name, b.Name) })
	return skills
}

// Texts reads a list of texts of Data.
func (e Entry) Texts(key string) []string {
	switch v := e.Data[key].(type) {
	case []string:
		return v
	case []any: // from JSON
		var all []string
		for _, one := range v {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}
