package controller_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// Agents and places of the switch are not linekeeper's to order about, and what
// does not exist is said to be unknown.
func TestOrdersAboutTheSwitchsAgentsAreDenied(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").AnswerAfter(time.Second).TalkFor(10*time.Second).Login("support", 0)
		r.until("the daemon knows Anna", func() bool { return len(r.line().Agents) == 1 })
		agents, err := r.ctl.Agents(r.ctx())
		if err != nil || len(agents) != 1 || agents[0].ID != "PJSIP/101" {
			t.Errorf("agents: %v, %v", agents, err)
		}
		for _, do := range []controller.AgentAction{
			controller.AgentLogin, controller.AgentLogout, controller.AgentPause, controller.AgentUnpause, controller.AgentReady,
		} {
			for _, who := range []string{"PJSIP/101", "Anna"} {
				_, err := r.ctl.OrderAgent(r.ctx(), controller.AgentOrder{Agent: who, Do: do})
				var denied *controller.DeniedError
				if !errors.As(err, &denied) || !strings.Contains(denied.Message, "PJSIP/101") {
					t.Errorf("%s of %s gives %v", do, who, err)
				}
			}
		}
		if _, err := r.ctl.OrderAgent(r.ctx(), controller.AgentOrder{Agent: "nobody", Do: controller.AgentLogin}); !errors.Is(err, controller.ErrUnknownAgent) {
			t.Errorf("an unknown agent gives %v", err)
		}
		if err := r.ctl.Escalate(r.ctx(), "nix", "", "test"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown call gives %v", err)
		}
		if _, err := r.ctl.MovePlace(r.ctx(), "nix", "support", true, "test"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown place gives %v", err)
		}
		if _, err := r.ctl.MovePlace(r.ctx(), "nix", "nix", true, "test"); !errors.Is(err, controller.ErrUnknownQueue) {
			t.Errorf("an unknown queue gives %v", err)
		}
	})
}
