package dialplan

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// join takes a place in line.
func (c *call) join(node *Node) {
	if c.backInLine(node) {
		return
	}
	keep := node.KeepPlace && c.s.Ousted
	if !keep {
		c.s.WaitSince = c.now
	}
	c.s.Phase, c.s.Held, c.s.Joined, c.s.Lost, c.s.Ousted = PhaseWaiting, true, true, "", false
	c.s.Aside, c.s.Weighed, c.s.OfferSoon = "", false, false
	c.stand(node.Queue)
	c.s.Number = ""
	c.do(TakePlace{Queue: node.Queue, Priority: c.priority(node), Keep: keep, Skills: c.skills(node)})
	c.rest()
}

// stand begins a wait in a queue of which the caller has heard nothing yet.
func (c *call) stand(queue string) {
	c.unquoted(queue)
	c.s.HereSince, c.s.SaidAt, c.s.OfferedAt = c.now, time.Time{}, time.Time{}
	c.s.AgentName, c.s.Agents = "", 0
}

// unquoted forgets what was said of the wait in another queue.
func (c *call) unquoted(queue string) {
	c.s.Queue, c.s.Ahead, c.s.Estimate = queue, -1, queues.Estimate{}
	c.s.Quoted, c.s.QuotedAt, c.s.QuotedFor, c.s.Able = queues.Quote{}, 0, 0, 0
}

// skills is what the agent must have, with the caller's language filled in.
func (c *call) skills(node *Node) []queues.Skill {
	var skills []queues.Skill
	for _, s := range node.Skills {
		if s.Name == SkillLanguage {
			s.Name = c.s.Language
		}
		i, found := slices.BinarySearchFunc(skills, s.Name, func(has queues.Skill, name string) int {
			return strings.Compare(has.Name, name)
		})
		if !found {
			skills = slices.Insert(skills, i, s)
			continue
		}
		skills[i].Level = max(skills[i].Level, s.Level)
	}
	return skills
}

func (c *call) priority(node *Node) int {
	if by := node.Priority.By; by != nil {
		n, _ := c.eval(by).(float64)
		return int(math.Round(min(max(n, -highest), highest)))
	}
	if c.s.Caller.VIP {
		return node.Priority.VIP
	}
	return node.Priority.Normal
}

// hereSince also reads states that were saved before there was HereSince.
func (s *State) hereSince() time.Time {
	if s.HereSince.IsZero() {
		return s.WaitSince
	}
	return s.HereSince
}
