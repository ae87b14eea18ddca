package controller_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// TestNothingIsLostInARandomDayOfAgents is TestNothingIsLostInARandomDay with
// linekeeper's own distribution: agents log in and out, pause, do not answer, send
// callers on, have private calls; supervisors move places.
func TestNothingIsLostInARandomDayOfAgents(t *testing.T) {
	for seed := range days() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			ownBubble(t, func(r *rig) {
				d := &day{rig: r, rnd: rand.New(rand.NewPCG(uint64(seed), 2)), own: true}
				d.work(60)
				d.evening()
				d.verify()
			})
		})
	}
}

var staff = []string{"anna", "boris", "vera"}

func (d *day) work(steps int) {
	for i := range staff {
		a := d.phone(fmt.Sprintf("20%d", i+1)).AnswerAfter(2 * time.Second).TalkFor(time.Duration(10+20*i) * time.Second)
		d.agents = append(d.agents, a)
		d.tryOrder(staff[i], controller.AgentLogin)
	}
	for range steps {
		one := d.rnd.IntN(len(staff))
		switch n := d.rnd.IntN(100); {
		case n < 45:
			d.newCaller()
		case n < 53:
			d.restart(time.Duration(d.rnd.IntN(8000)) * time.Millisecond)
		case n < 60:
			d.sim.Disconnect()
			time.Sleep(time.Duration(d.rnd.IntN(8000)) * time.Millisecond)
			d.sim.Reconnect()
		case n < 72:
			does := []controller.AgentAction{controller.AgentLogin, controller.AgentLogout, controller.AgentPause, controller.AgentUnpause, controller.AgentReady}
			d.tryOrder(staff[one], does[d.rnd.IntN(len(does))])
		case n < 76:
			d.agents[one].Hangup()
		case n < 80:
			d.agents[one].Miss(1)
		case n < 84:
			d.agents[one].Private(d.rnd.IntN(2) == 0)
		case n < 90:
			d.agents[one].Press("*2")
		case n < 94:
			d.moveSomebody()
		}
		time.Sleep(time.Duration(d.rnd.IntN(15000)) * time.Millisecond)
	}
}

// tryOrder gives an order that may be denied as things stand.
func (d *day) tryOrder(agent string, do controller.AgentAction) {
	d.t.Helper()
	_, err := d.ctl.OrderAgent(d.ctx(), controller.AgentOrder{Agent: agent, Do: do, By: "test"})
	var denied *controller.DeniedError
	if err != nil && !errors.As(err, &denied) {
		d.t.Fatal(err)
	}
}

func (d *day) moveSomebody() {
	to := map[string]string{"desk": "level2", "level2": "desk"}
	for from, to := range to {
		for _, p := range d.queueOf(from).Places {
			if p.State == queues.PlaceWaiting {
				_, err := d.ctl.MovePlace(d.ctx(), p.ID, to, d.rnd.IntN(2) == 0, "test")
				var denied *controller.DeniedError
				if err != nil && !errors.As(err, &denied) && !errors.Is(err, store.ErrNotFound) {
					d.t.Fatal(err)
				}
				return
			}
		}
	}
}

// allServe puts everybody on duty, so that the day can end.
func (d *day) allServe() {
	for i, a := range d.agents {
		a.Private(false)
		a.Miss(0)
		d.tryOrder(staff[i], controller.AgentLogin)
		d.tryOrder(staff[i], controller.AgentUnpause)
	}
}
