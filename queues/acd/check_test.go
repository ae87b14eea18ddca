package acd

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	ru := func(level int) []queues.Skill { return []queues.Skill{{Name: "ru", Level: level}} }
	base := func() Rules {
		agents := crew("ann", "bob")
		agents[0].Skills, agents[1].Skills = ru(5), ru(7)
		return Rules{Queues: []Queue{{Name: "a"}, {Name: "b"}, {Name: "c"}}, Agents: agents}
	}
	for name, c := range map[string]struct {
		change func(*Rules)
		errs   []string
	}{
		"nothing": {func(*Rules) {}, nil},
		"names": {func(r *Rules) { r.Queues[1].Name = "a"; r.Agents[1].ID = "ann" }, []string{
			"queue a: there are two queues of this name; rename one of them",
			"agent ann: there are two agents with this id; rename one of them",
		}},
		"missing": {func(r *Rules) { r.Queues[0].Name, r.Agents[0].ID, r.Agents[1].Phone = "", "", "" }, []string{
			"agents: agent 1 has no id; give it one", "agent bob, phone: it has no phone; name one, such as PJSIP/101", "queues: a queue has no name; name it",
		}},
		"phones": {func(r *Rules) { r.Agents[1].Phone = "PJSIP/ann" }, []string{
			"agent bob, phone: PJSIP/ann is also the phone of ann; give each a phone of its own",
		}},
		"levels": {func(r *Rules) {
			r.Agents[0].Skills = append(ru(11), ru(0)...)
			r.Queues[0].Tiers = []Tier{{Skills: ru(12)}, {After: 1, Skills: []queues.Skill{{Level: 1}}}}
		}, []string{
			"agent ann, skills: level 11 of ru is out of range; write 1 to 10",
			"agent ann, skills: level 0 of ru is out of range; write 1 to 10",
			"agent ann, skills: ru is listed twice; keep one level of it",
			"queue a, tiers: level 12 of ru is out of range; write 1 to 10",
			"queue a, tiers: a skill has no name; name it", "queue a, tiers: no agent serves it; give agents its skills or list it among their queues",
		}},
		"agents' queues": {func(r *Rules) {
			r.Agents[0].Queues = []string{"a", "a", "x"}
			r.Queues[1].Tiers = []Tier{{Skills: ru(9)}}
			r.Agents[1].Queues = []string{"b"}
		}, []string{
			"agent ann, queues: a is listed twice; remove one",
			`agent ann, queues: there is no queue "x"; write one of these: a, b, c`,
			"agent bob, queues: it has the skills of no tier of b; give it skills of a tier, or take b from its queues",
			"queue b, tiers: no agent serves it; give agents its skills or list it among their queues",
			"queue c, tiers: no agent serves it; give agents its skills or list it among their queues",
		}},
		"an agent for nothing": {func(r *Rules) {
			for i := range r.Queues {
				r.Queues[i].Tiers = []Tier{{Skills: ru(6)}}
			}
		}, []string{"agent ann, skills: no queue has a tier for whose skills these are enough; give it skills of a tier of some queue"}},
		"limits": {func(r *Rules) {
			q := &r.Queues[0]
			q.Strategy, q.RingTimeout, q.AtOnce, q.MaxLength = "fastest", -time.Second, -1, -2
			q.RONAPause, q.WrapUp, q.MaxWait = -1, -1, -1
		}, []string{
			`queue a, strategy: there is no strategy "fastest"; write one of these: longest_idle, round_robin, fewest_calls, least_talk, ring_all, top_down, skill_best`,
			"queue a, ring_timeout: -1s is negative; write a time, or leave it out",
			"queue a, rona_pause: -1ns is negative; write a time, or leave it out",
			"queue a, wrap_up: -1ns is negative; write a time, or leave it out",
			"queue a, max_wait: -1ns is negative; write a time, or leave it out",
			"queue a, at_once: -1 is negative; write how many, or leave it out for no limit",
			"queue a, max_length: -2 is negative; write how many, or leave it out for no limit",
		}},
		"tiers": {func(r *Rules) {
			r.Queues[0].Tiers = []Tier{{After: time.Second, Skills: ru(5)}, {After: time.Second}, {After: 2 * time.Second, Skills: []queues.Skill{{Name: "latin", Level: 1}}}}
		}, []string{
			"queue a, tiers: the first tier begins after 1s; let it begin at 0, or nobody serves who has just come",
			"queue a, tiers: tier 2 begins after 1s, tier 1 after 1s; let each tier begin later than the one before",
			"queue a, tiers: nobody is left for tier 3, because tier 2 asks for no skill and has everybody; ask for skills in the earlier tier",
			"queue a, tiers: no agent has the skill latin; correct its name, or give it to an agent",
		}},
		"overflow": {func(r *Rules) {
			r.Queues[0].Overflow = []Overflow{{To: "a", After: 1}, {To: "x", After: 1}, {To: "b"}, {To: "c", After: -1}}
		}, []string{
			"queue a, overflow: rule 1 leads into the queue itself; name another queue",
			`queue a, overflow: rule 2: there is no queue "x" with engine linekeeper; write one of these: a, b, c`,
			"queue a, overflow: rule 3 has no condition; say when: after, length, ewt or no_agents",
			"queue a, overflow: rule 4 has a negative condition; write it without the minus, or leave it out",
		}},
		"a loop": {func(r *Rules) {
			r.Queues[0].Overflow = []Overflow{{To: "b", After: 1}}
			r.Queues[1].Overflow = []Overflow{{To: "c", After: 1}}
			r.Queues[2].Overflow = []Overflow{{To: "b", NoAgents: true}}
		}, []string{"queue b, overflow: it leads round in a circle: b, c, b; remove one of these overflows"}},
		"borrow": {func(r *Rules) {
			r.Queues[0].Borrow = &Borrow{}
			r.Queues[1].Borrow = &Borrow{From: []string{"b", "x", "a", "a"}, Above: time.Minute, Below: time.Hour, Keep: -1}
		}, []string{
			"queue a, borrow: it says from nobody; name the queues whose agents may be lent in from",
			"queue a, borrow: it does not say when to begin; write the expected wait in above, such as 3m",
			"queue b, borrow: it borrows from itself; name other queues",
			`queue b, borrow: there is no queue "x" with engine linekeeper; write one of these: a, b, c`,
			"queue b, borrow: a is listed twice; remove one",
			"queue b, borrow: it would end at a wait below 1h0m0s although it begins above 1m0s; let below be less than above",
			"queue b, borrow: keep is -1; write how many free agents the lending queue keeps, from 0",
		}},
		"pauses": {func(r *Rules) { r.Reasons = map[string]time.Duration{"": 1, "lunch": 0, "rona": 1} }, []string{
			"pauses: a reason has no name; name it",
			"pause lunch: an allowance of 0s allows nothing; write a time, or leave the reason out for no limit",
			"pause rona: this is the pause of agents who let it ring; set rona_pause of the queue instead",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := base()
			c.change(&r)
			var got []string
			for _, err := range r.Check() {
				got = append(got, err.Error())
			}
			want(t, "the faults", strings.Join(got, "\n"), strings.Join(c.errs, "\n"))
		})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	agents := crew("ann", "bob", "cid", "dan")
	agents[0].Queues = []string{"a", "b"}
	agents[1].Queues = []string{"c"}
	agents[2].Queues = []string{"d"}
	agents[3].Queues = []string{"f"}
	r := Rules{
		Queues: []Queue{
			{Name: "c", Overflow: []Overflow{{To: "d", NoAgents: true}}}, {Name: "a"}, {Name: "b"}, {Name: "d"},
			{Name: "e", Borrow: &Borrow{From: []string{"f"}, Above: 1}}, {Name: "f"},
		},
		Agents: agents, Reasons: map[string]time.Duration{"lunch": time.Hour},
	}
	var got []string
	for _, part := range r.Groups() {
		var words []string
		for _, q := range part.Queues {
			words = append(words, q.Name)
		}
		for _, a := range part.Agents {
			words = append(words, a.ID)
		}
		got = append(got, strings.Join(words, " "))
		want(t, "reasons", part.Reasons, r.Reasons)
	}
	want(t, "the parts", got, []string{"c d bob cid", "a b ann", "e f dan"})
	want(t, "nothing", len(Rules{}.Groups()), 0)
}
