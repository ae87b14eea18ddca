package dialplan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/linekeeper/linekeeper/prompts"
)

// CheckSkills finds skills that nobody has: such callers would wait for ever.
// The levels are, for every queue that is configured, the highest that an agent
// of it has, by skill; nil for a queue that the switch distributes, which knows
// no skills. The error is an ErrorList.
func CheckSkills(docs []*Document, levels map[string]map[string]int) error {
	var errs ErrorList
	for _, d := range docs {
		for _, m := range d.marks["skill"] {
			best, configured := levels[m.queue]
			if !configured {
				continue // CheckAll says so
			}
			fail := func(hint, format string, args ...any) {
				errs = append(errs, &Error{File: d.File, Line: m.line, Col: m.col, Msg: fmt.Sprintf(format, args...), Hint: hint})
			}
			if best == nil {
				fail(`give it "engine: linekeeper", or remove the skill`, "queue %q has the engine asterisk, which knows no skills", m.queue)
				continue
			}
			for _, skill := range namesOf(m.value) {
				switch has := best[skill]; {
				case has == 0:
					fail(DidYouMean(skill, slices.Sorted(maps.Keys(best))), "no agent of queue %q has the skill %q", m.queue, skill)
				case has < m.level:
					fail(fmt.Sprintf("the highest is %d", has), "no agent of queue %q has the skill %q at level %d", m.queue, skill, m.level)
				}
			}
		}
	}
	return errs.asError()
}

// namesOf gives the skills that a key stands for.
func namesOf(skill string) []string {
	if skill == SkillLanguage {
		return prompts.Languages()
	}
	return []string{skill}
}
