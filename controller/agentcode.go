package controller

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// Codes are the numbers that agents dial to say what they do: "*22" for login.
type Codes map[string]AgentAction

// codeTimeout is how long a call to a code may last in all.
const codeTimeout = 20 * time.Second

// agentDialled carries out what an agent asks for by dialling a code from the own
// phone, and says what came of it. It runs in the main mailbox.
func (c *Controller) agentDialled(ch telephony.Channel, code string) {
	c.codes++
	id := telephony.PlaybackID(fmt.Sprintf("%scode-%d", prefixPlay, c.codes))
	c.farewells[id] = ch.ID // whatever comes, the call ends
	done := func() { c.main.post(func() { c.farewellSaid(id) }) }
	time.AfterFunc(codeTimeout, done)
	c.wg.Go(func() {
		lang := c.agentLanguage()
		text := prompts.Message(lang, c.obey(telephony.PhoneOf(ch.Name), code))
		err := c.onSwitch("answer the agent", func(ctx context.Context) error { return c.opts.Switch.Answer(ctx, ch.ID) })
		if err == nil {
			err = c.playText(ch.ID, id, lang, text)
		}
		if err != nil {
			done()
		}
	})
}

// obey carries out a code and gives the words for what came of it.
func (c *Controller) obey(phone, code string) prompts.Key {
	ctx, cancel := context.WithTimeout(c.ctx, switchTimeout)
	defer cancel()
	do := c.opts.Codes[code] // the dialplan sends codes only; one that is not configured is no order
	agents, err := c.Agents(ctx)
	i := slices.IndexFunc(agents, func(a queues.Agent) bool { return a.Phone != "" && a.Phone == phone })
	if err != nil {
		c.log.Warn("an agent's order failed", zap.String("phone", phone), zap.Error(err))
		return prompts.KeyTechnicalProblem
	}
	if i < 0 {
		c.log.Warn("a code was dialled from a phone that is no agent's", zap.String("phone", phone), zap.String("code", code))
		c.store(store.Batch{Events: []store.Event{{
			At: time.Now(), Type: "call.refused", Data: map[string]any{"number": code, "why": "phone " + phone + " is no agent's"},
		}}})
		return prompts.KeyAgentUnknownPhone
	}
	agent, err := c.order(ctx, agents[i], AgentOrder{Agent: agents[i].ID, Do: do, By: "phone"})
	var denied *DeniedError
	switch {
	case err == nil:
		return doneKeys[do]
	case !errors.As(err, &denied):
		c.log.Warn("an agent's order failed", zap.String("agent", agents[i].ID), zap.String("code", code), zap.Error(err))
		return prompts.KeyTechnicalProblem
	case denied.Already:
		return alreadyKeys[do]
	case agent.State == queues.AgentOff:
		return prompts.KeyAgentLogInFirst
	}
	return deniedKeys[do]
}

// What an agent hears of an order.
var (
	doneKeys = map[AgentAction]prompts.Key{
		AgentLogin: prompts.KeyAgentLoggedIn, AgentLogout: prompts.KeyAgentLoggedOut, AgentPause: prompts.KeyAgentPaused,
		AgentUnpause: prompts.KeyAgentUnpaused, AgentReady: prompts.KeyAgentReady,
	}
	alreadyKeys = map[AgentAction]prompts.Key{
		AgentLogin: prompts.KeyAgentAlreadyLoggedIn, AgentLogout: prompts.KeyAgentAlreadyLoggedOut, AgentPause: prompts.KeyAgentAlreadyPaused,
		AgentUnpause: prompts.KeyAgentNotPaused, AgentReady: prompts.KeyAgentNotInWrapUp,
	}
	deniedKeys = map[AgentAction]prompts.Key{
		AgentLogin: prompts.KeyTechnicalProblem, AgentLogout: prompts.KeyAgentAlreadyLoggedOut, AgentPause: prompts.KeyAgentPauseUsedUp,
		AgentUnpause: prompts.KeyAgentNotPaused, AgentReady: prompts.KeyAgentNotInWrapUp,
	}
)

// agentLanguage is that in which agents who dial a code are answered.
func (c *Controller) agentLanguage() string {
	if c.opts.AgentLanguage != "" || len(c.opts.Hotlines) == 0 {
		return c.opts.AgentLanguage
	}
	return c.opts.Hotlines[0].Language
}

// playText speaks a text on a leg. It blocks while the text is rendered.
func (c *Controller) playText(leg telephony.ChannelID, id telephony.PlaybackID, lang, text string, more ...telephony.Media) error {
	media, err := c.media(lang, text, more)
	if err != nil {
		return err
	}
	return c.onSwitch("speak to an agent", func(ctx context.Context) error {
		return c.opts.Switch.Play(ctx, leg, id, media)
	})
}
