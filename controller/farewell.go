package controller

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/telephony"
)

// farewellTimeout is how long the last words to an agent may take: if their end
// is not told, the agent is let go anyway.
const farewellTimeout = 15 * time.Second

// farewell tells the agent who waited in vain for the customer that nobody
// comes, and hangs up after it. It runs in the promises' mailbox.
func (c *Controller) farewell(p *promise) {
	if p.agentLeg == "" {
		return
	}
	leg := telephony.ChannelID(p.agentLeg)
	id := telephony.PlaybackID(fmt.Sprintf("%s%s-bye-%d", prefixPlay, p.cb.ID, len(p.cb.Attempts)))
	held, lang := p.told, p.cb.Language
	words := prompts.Message(lang, prompts.KeyAgentCustomerLost)
	if p.shown == p.agentLeg && p.cb.State != callback.Dialling {
		words = prompts.Released(lang)
	}
	c.main.post(func() { c.farewells[id] = leg })
	c.wg.Go(func() {
		for _, id := range held {
			_ = c.onSwitch("stop speech", func(ctx context.Context) error { return c.opts.Switch.StopPlay(ctx, telephony.PlaybackID(id)) })
		}
		media, err := c.media(lang, words, nil)
		if err == nil {
			err = c.onSwitch("tell the agent", func(ctx context.Context) error {
				return c.opts.Switch.Play(ctx, leg, id, media)
			})
		}
		if err != nil {
			c.log.Warn("the agent is let go without a word", zap.Error(err))
			c.main.post(func() { c.farewellSaid(id) })
			return
		}
		time.AfterFunc(farewellTimeout, func() { c.main.post(func() { c.farewellSaid(id) }) })
	})
}

// farewellSaid hangs up on the agent, once. It runs in the main mailbox.
func (c *Controller) farewellSaid(id telephony.PlaybackID) {
	leg, ok := c.farewells[id]
	if !ok {
		return
	}
	delete(c.farewells, id)
	c.hangupLater(leg)
}

// saysFarewell says whether an agent on this leg is being told goodbye. It runs
// in the main mailbox.
func (c *Controller) saysFarewell(leg telephony.ChannelID) bool {
	for _, l := range c.farewells {
		if l == leg {
			return true
		}
	}
	return false
}
