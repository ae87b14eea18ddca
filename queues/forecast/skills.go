package forecast

import (
	"slices"
	"strconv"
	"strings"

	"github.com/linekeeper/linekeeper/queues"
)

// skills are the levels of an agent, by name of the skill.
type skills map[string]int

// needOf writes what a place asks for in one way, so that equal needs are equal
// strings: one "english:5" a line, sorted; "" when it asks
// for nothing.
func needOf(asked []queues.Skill) string {
	parts := make([]string, len(asked))
	for i, s := range asked {
		parts[i] = s.Name + ":" + strconv.Itoa(s.Level)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// meet says whether the skills are enough for a need.
func (s skills) meet(need string) bool {
	for need != "" {
		var one string
		one, need, _ = strings.Cut(need, "\n")
		at := strings.LastIndexByte(one, ':')
		level, err := strconv.Atoi(one[at+1:])
		if at < 0 || err != nil || s[one[:at]] < level {
			return false
		}
	}
	return true
}
