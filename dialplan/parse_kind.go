package dialplan

import (
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func (p *parser) sayNode(node *Node, f fields) {
	node.Text = p.text(f["say"], node)
	if v, ok := f["hangup"]; ok {
		node.Hangup = p.boolean(v)
	}
	_, next := f["next"]
	switch {
	case !next && !node.Hangup && !p.excused:
		p.fail(f["say"].key, "", `after its text a say node needs "next" or "hangup: true"`)
	case next && node.Hangup:
		p.fail(f["next"].key, "", `a say node has "next" or "hangup: true", not both`)
	}
}

func (p *parser) menuNode(node *Node, f fields) {
	node.Text = p.text(f["menu"], node)
	keys, ok := f["keys"]
	if !ok {
		if !p.excused {
			p.fail(f["menu"].key, "", `a menu needs "keys"`)
		}
		return
	}
	choices, ok := p.entries(keys.value, quoted(keys))
	if !ok {
		return
	}
	if len(keys.value.Content) == 0 {
		p.fail(keys.value, "", "a menu needs at least one key")
	}
	p.menuKeys(node, choices)
}

// queueDefaults is what a queue node has unless it says otherwise.
type queueDefaults struct {
	announce Announce
	offer    Offer
}

func (p *parser) queueNode(node *Node, f fields, defaults queueDefaults) {
	node.Queue = p.queue(f["queue"])
	if v, ok := f["skills"]; ok {
		node.Skills = p.skills(v, node.Queue)
	}
	if v, ok := f["keep_place"]; ok {
		node.KeepPlace = p.boolean(v)
	}
	if v, ok := f["priority"]; ok {
		node.Priority = p.priority(v, node)
	}
	if v, ok := f["priority_vip"]; ok && node.Priority.By != nil {
		p.fail(v.key, `write it into "priority": caller.vip ? 10 : ...`, "the priority is computed, so that this one never counts")
	} else if ok {
		node.Priority.VIP = p.integer(v, -9999, 9999)
	}
	if v, ok := f["if_longer"]; ok {
		node.Longer = p.ifLonger(v)
	}
	settings := p.waitSettings(f, defaults)
	node.Announce, node.Offer = settings.announce, settings.offer
}

// skills reads levels by skill.
func (p *parser) skills(f field, queue string) []queues.Skill {
	levels, ok := p.entries(f.value, quoted(f))
	if !ok {
		return nil
	}
	var skills []queues.Skill
	for _, l := range levels {
		name := l.key.Value
		if m := templatePattern.FindStringSubmatch(name); m != nil && m[0] == name {
			name = "{{" + spaced(m[1]) + "}}"
		}
		if name != SkillLanguage && !namePattern.MatchString(name) {
			p.fail(l.key, "letters, digits, _ and -, first a letter; or \""+SkillLanguage+"\"", "%q is no name of a skill", name)
		}
		skill := queues.Skill{Name: name, Level: p.integer(l, 1, 10)}
		skills = append(skills, skill)
		p.doc.marks["skill"] = append(p.doc.marks["skill"], mark{name, l.key.Line, l.key.Column, queue, skill.Level})
	}
	slices.SortFunc(skills, func(a, b queues.Skill) int { return strings.Compare(a.Name, b.Name) })
	return skills
}

// waitSettings reads what a queue node and queue_defaults have in common.
func (p *parser) waitSettings(f fields, settings queueDefaults) queueDefaults {
	if v, ok := f["announce"]; ok {
		if a, ok := p.mapping(v.value, quoted(v), []string{"every", "position"}); ok {
			if v, ok := a["every"]; ok {
				settings.announce.Every = p.duration(v, true)
			}
			if v, ok := a["position"]; ok {
				settings.announce.Position = p.boolean(v)
			}
		}
	}
	if v, ok := f["offer_callback"]; ok {
		settings.offer = p.offer(v)
	}
	return settings
}

func (p *parser) offer(f field) Offer {
	offer := Offer{After: 20 * time.Second, Key: '1', Number: []NumberSource{FromANI, FromAsk}}
	if f.value.Value == "false" { // switches a default off for one queue
		return Offer{}
	}
	o, ok := p.mapping(f.value, quoted(f), []string{"after", "over", "key", "every", "number", "message"})
	if !ok {
		return Offer{}
	}
	if v, ok := o["over"]; ok {
		offer.Over = p.duration(v, false)
	}
	if v, ok := o["after"]; ok {
		offer.After = p.duration(v, p.has(f.value, "over"))
	}
	if v, ok := o["message"]; ok {
		offer.Message = p.message(v)
	}
	if v, ok := o["every"]; ok {
		offer.Every = p.duration(v, true)
	}
	if v, ok := o["key"]; ok {
		if key, ok := p.key(v.value); ok {
			offer.Key = key
		}
	}
	if v, ok := o["number"]; ok {
		offer.Number = p.sources(v)
	}
	return offer
}

func (p *parser) callbackNode(node *Node, f fields) {
	c, ok := p.mapping(f["callback"].value, `"callback"`, []string{"queue", "number", "message", "slots"})
	if !ok {
		return
	}
	node.Number = []NumberSource{FromANI, FromAsk}
	if v, ok := c["queue"]; ok {
		node.Queue = p.queue(v)
	} else if !p.has(f["callback"].value, "queue") {
		p.fail(f["callback"].key, "", `a callback needs "queue"`)
	}
	if v, ok := c["number"]; ok {
		node.Number = p.sources(v)
	}
	if v, ok := c["message"]; ok {
		node.Message = p.message(v)
	}
	if v, ok := c["slots"]; ok {
		node.Slots = p.slots(v)
	}
}

func (p *parser) sources(f field) []NumberSource {
	items, ok := p.list(f.value, quoted(f))
	if !ok {
		return nil
	}
	var sources []NumberSource
	for _, item := range items {
		if v, ok := p.oneOf(item, "source of a number", []string{string(FromANI), string(FromAsk)}); ok {
			sources = append(sources, NumberSource(v))
		}
	}
	if len(f.value.Content) == 0 && len(items) == 0 {
		p.fail(f.value, "ani, ask", "the number must come from somewhere")
	}
	return sources
}

func (p *parser) hoursNode(node *Node, f fields) {
	h, ok := p.mapping(f["hours"].value, `"hours"`, append([]string{"open", "closed"}, hoursKeys...))
	if !ok {
		return
	}
	if v, ok := h["open"]; ok {
		node.Open = p.node(v)
	}
	if v, ok := h["closed"]; ok {
		node.Closed = p.node(v)
	}
	for _, branch := range []string{"open", "closed"} {
		if !p.has(f["hours"].value, branch) {
			p.fail(f["hours"].key, "", "hours needs %q", branch)
		}
	}
	if own := p.hours(f["hours"].value, h); own != nil {
		node.Hours = own
	} else if p.doc.Hours == nil {
		p.fail(f["hours"].key, `write "weekdays" and the like here, or "hours" for the hotline`, "there are no hours to go by")
	}
}
