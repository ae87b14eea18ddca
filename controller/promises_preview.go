package controller

import (
	"fmt"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/telephony"
)

// The keys of a preview; * plays the customer's message, or says it all again.
const (
	keyCall   = '1'
	keyLater  = '2'
	keyPassOn = '3'
	keyListen = '*'
)

var previewKeys = map[rune]callback.PreviewAnswer{
	keyCall: callback.PreviewAccept, keyLater: callback.PreviewPostpone, keyPassOn: callback.PreviewReject,
}

// preview tells the agent who took the place what it is about, and takes their key.
// After a restart it may be asked for before the agent's leg is known; then it
// begins with the leg.
func (s *promises) preview(p *promise, l *line) {
	if p.agentLeg == "" || p.shown == p.agentLeg {
		return
	}
	p.shown = p.agentLeg
	s.tell(p, l, s.c.briefOf(p.cb).Preview(p.cb.Language))
	id, leg := p.cb.ID, p.agentLeg
	s.c.listen(leg, func(key rune) {
		s.on(id, func(p *promise) { s.previewKey(p, leg, key) }, nothing)
	})
}

// previewKey takes a key of the agent who is asked.
func (s *promises) previewKey(p *promise, leg string, key rune) {
	l := s.c.line(p.cb.Queue)
	if p.agentLeg != leg || p.cb.State != callback.Shown || l == nil {
		return
	}
	brief, lang := s.c.briefOf(p.cb), p.cb.Language
	switch answer := previewKeys[key]; {
	case answer != "":
		s.c.listen(leg, nil)
		s.hush(p, l)
		s.step(p, callback.Previewed{Answer: answer, Agent: p.agent})
	case key == keyListen && brief.Message:
		s.tell(p, l, "", telephony.RecordingMedia(p.cb.About.Message))
		s.tellMore(p, l, brief.Choice(lang))
	case key == keyListen:
		s.tell(p, l, brief.Preview(lang))
	default:
		s.tell(p, l, prompts.Message(lang, prompts.KeyNotUnderstood)+" "+brief.Choice(lang))
	}
}

// tell says something to the agent on the placeholder, instead of what is being
// said.
func (s *promises) tell(p *promise, l *line, text string, more ...telephony.Media) {
	s.hush(p, l)
	s.tellMore(p, l, text, more...)
}

// tellMore says something after what is being said.
func (s *promises) tellMore(p *promise, l *line, text string, more ...telephony.Media) {
	p.says++
	id := fmt.Sprintf("%s%s-agent-%d-%d", prefixPlay, p.cb.ID, len(p.cb.Attempts), p.says)
	p.told = append(p.told, id)
	l.tell(p.agentLeg, id, p.cb.Language, text, more...)
}

// hush stops what the agent hears.
func (s *promises) hush(p *promise, l *line) {
	for _, id := range p.told {
		l.hushAgent(p.agentLeg, id)
	}
	p.told = nil
}

// listen hands what an agent presses on a leg to f instead of taking it for an
// order; nil ends that, and so does the end of the leg.
func (c *Controller) listen(leg string, f func(key rune)) {
	c.main.post(func() {
		if f == nil {
			delete(c.listeners, telephony.ChannelID(leg))
			return
		}
		c.listeners[telephony.ChannelID(leg)] = f
	})
}
