package simulate

import (
	"cmp"
	"slices"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// noted is the entry that a note becomes.
func noted(n queues.Note) journal.Entry {
	e := journal.Entry{At: n.At, Type: n.Type, Place: n.PlaceID, Data: n.Data}
	e.Call, e.Callback, e.Queue, e.Agent = e.Text("call"), e.Text("callback"), e.Text("queue"), e.Text("agent")
	return e
}

// Skills reads skills of an entry's data, sorted by name.
func Skills(e journal.Entry, key string) []queues.Skill {
	var skills []queues.Skill
	for name, level := range e.Levels(key) {
		skills = append(skills, queues.Skill{Name: name, Level: level})
	}
	slices.SortFunc(skills, func(a, b queues.Skill) int { return cmp.Compare(a.Name, b.Name) })
	return skills
}
