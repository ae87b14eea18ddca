package acd

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

var strategies = []Strategy{LongestIdle, RoundRobin, FewestCalls, LeastTalk, RingAll, TopDown, SkillBest}

// Defaults of a queue.
const (
	defaultRingTimeout = 20 * time.Second
	defaultDialLead    = 15 * time.Second
)

func (q Queue) withDefaults() Queue {
	q.Strategy = cmp.Or(q.Strategy, LongestIdle)
	q.RingTimeout = cmp.Or(q.RingTimeout, defaultRingTimeout)
	q.Settings.DialLead = cmp.Or(q.Settings.DialLead, defaultDialLead)
	q.Tiers = q.tiers()
	if q.Borrow != nil && q.Borrow.Below == 0 {
		b := *q.Borrow
		b.Below = b.Above / 2
		q.Borrow = &b
	}
	return q
}

func (q Queue) tiers() []Tier {
	if len(q.Tiers) == 0 {
		return []Tier{{}}
	}
	return q.Tiers
}

// tierOf gives the tier of this queue to which an agent belongs, from 0.
func (q Queue) tierOf(a Agent) (tier int, ok bool) {
	if len(a.Queues) > 0 && !slices.Contains(a.Queues, q.Name) {
		return 0, false
	}
	tier = slices.IndexFunc(q.tiers(), func(t Tier) bool { return covers(a.Skills, t.Skills) })
	return tier, tier >= 0
}

// covers says whether somebody with these skills meets all needs.
func covers(skills, needs []queues.Skill) bool {
	for _, need := range needs {
		if levelOf(skills, need.Name) < max(need.Level, lowestLevel) {
			return false
		}
	}
	return true
}

// levelOf is 0 for a skill that is not among them.
func levelOf(skills []queues.Skill, name string) int {
	for _, s := range skills {
		if s.Name == name {
			return s.Level
		}
	}
	return 0
}

// needsOf brings what a place asks for into the one form: sorted, each skill once
// at its highest level.
func needsOf(skills []queues.Skill) []queues.Skill {
	if len(skills) == 0 {
		return nil
	}
	needs := slices.Clone(skills)
	slices.SortFunc(needs, func(a, b queues.Skill) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(b.Level, a.Level))
	})
	return slices.CompactFunc(needs, func(a, b queues.Skill) bool { return a.Name == b.Name })
}

// keyOf is the same for the same needs in that form.
func keyOf(needs []queues.Skill) string {
	var b strings.Builder
	for _, s := range needs {
		b.WriteString(s.Name)
		b.WriteByte(0)
		b.WriteString(strconv.Itoa(s.Level))
		b.WriteByte(0)
	}
	return b.String()
}

// scoreOf is what SkillBest goes by: the sum of an agent's levels in the skills
// that a place and the tiers of its queue ask for.
func scoreOf(a Agent, q Queue, needs []queues.Skill) int {
	asked := slices.Clone(needs)
	for _, t := range q.Tiers {
		asked = append(asked, t.Skills...)
	}
	score := 0
	for _, s := range needsOf(asked) {
		score += levelOf(a.Skills, s.Name)
	}
	return score
}
