package hotline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// Numbers to call, see testdata/own. Queues sales and tech are linekeeper's own,
// queue support is Asterisk's.
const (
	sales     = "800"
	tech      = "801"
	english   = "802" // sales, to agents who speak English at level 2
	russian   = "803" // sales, in Russian, to agents who speak the caller's language
	viaSwitch = "804" // support
)

// setUpOwn opens a stage where Anna, Boris and Vera (101 to 103) are agents of
// linekeeper's own distribution, and Gleb and Dina (104, 105) are Asterisk's.
func setUpOwn(t *testing.T, change ...func(*stage.Options)) *rig {
	t.Helper()
	return setUp(t, func(o *stage.Options) {
		o.Hotlines = "testdata/own"
		o.Asterisk = asterisk.Options{Queues: []asterisk.Queue{
			{Name: "support", Timeout: 3, Members: []string{"PJSIP/104,0,Gleb", "PJSIP/105,0,Dina"}},
		}}
		for _, name := range []string{"101", "102", "103", "104", "105"} {
			o.Asterisk.Operators = append(o.Asterisk.Operators, asterisk.Account{Name: name, Password: "secret" + name})
		}
		o.Queues = map[string]stage.Keys{
			"sales": {"engine": "linekeeper"},
			"tech":  {"engine": "linekeeper"},
		}
		o.Agents = map[string]stage.Keys{
			"anna":  {"name": "Anna", "phone": "PJSIP/101", "skills": stage.Keys{"product": 5}, "queues": []string{"sales"}},
			"boris": {"name": "Boris", "phone": "PJSIP/102", "skills": stage.Keys{"product": 2, "english": 3}, "queues": []string{"sales"}},
			"vera":  {"name": "Vera", "phone": "PJSIP/103", "skills": stage.Keys{"english": 1, "ru": 4}, "queues": []string{"sales"}},
			// Never on duty: every queue and every skill that documents ask for must have somebody.
			"zoya": {"phone": "PJSIP/106", "skills": stage.Keys{"product": 5, "english": 5, "en": 5, "ru": 5}, "queues": []string{"sales", "tech"}},
		}
		for _, f := range change {
			f(o)
		}
	})
}

// accounts are the phones of the agents.
var accounts = map[string]string{"anna": "101", "boris": "102", "vera": "103"}

// onDuty registers an agent's phone, logs the agent in and waits until it can be
// rung. Who comes on duty first is free longest.
func (r *rig) onDuty(id string, ring softphone.Policy) *operator {
	r.Helper()
	o := r.phone(accounts[id], ring)
	r.cli("agent", "login", id)
	r.isAgent(id, "idle")
	return o
}

// cli runs a command that must succeed and gives what it prints.
func (r *rig) cli(args ...string) string {
	r.Helper()
	out, err := r.CLI(r.soon(), args...)
	r.must(err)
	return out
}

// dials dials a code and must hear the words.
func (o *operator) dials(code, words string) {
	o.r.Helper()
	heard, err := o.r.Code(o.r.soon(), o.Phone, code)
	o.r.must(err)
	if heard != words {
		o.r.Errorf("%s dials %s and hears %q, want %q", o.User(), code, heard, words)
	}
}

// duty shows an agent of linekeeper's own distribution.
func (r *rig) duty(id string) api.Agent {
	r.Helper()
	agents, err := r.Client.Agents(r.soon(), "")
	r.must(err)
	i := slices.IndexFunc(agents, func(a api.Agent) bool { return a.ID == id })
	if i < 0 {
		r.Fatalf("there is no agent %q among %+v", id, agents)
	}
	return agents[i]
}

// isAgent waits until an agent is in a state.
func (r *rig) isAgent(id, state string) api.Agent {
	r.Helper()
	var a api.Agent
	r.until(id+" is "+state, func() bool {
		a = r.duty(id)
		return a.State == state
	})
	return a
}

// place shows the place of a number in a queue; the zero Place if it has none.
func (r *rig) place(queue, number string) api.Place {
	r.Helper()
	for _, p := range r.queue(queue).Places {
		if p.Number == number {
			return p
		}
	}
	return api.Place{}
}

// keepsPlace waits until a number has a place in a queue and checks that it is
// the same one, of the same time.
func (r *rig) keepsPlace(queue, number string, before api.Place) api.Place {
	r.Helper()
	var p api.Place
	r.until(number+" stands in "+queue, func() bool {
		p = r.place(queue, number)
		return p.ID != ""
	})
	if p.ID != before.ID || !p.TakenAt.Equal(before.TakenAt) {
		r.Errorf("%s has place %s of %v in %s, had %s of %v", number, p.ID, p.TakenAt, queue, before.ID, before.TakenAt)
	}
	return p
}

// offered lists the agents who were rung for a place, in order.
func (r *rig) offered(place string) []string {
	r.Helper()
	var agents []string
	for _, ev := range r.journal("offer.made") {
		if ev.Place == place {
			agents = append(agents, text(ev.Data["agent"]))
		}
	}
	return agents
}

// isOver waits for the end of the only call that a phone has.
func (c *caller) isOver() {
	c.r.Helper()
	_, err := c.WaitEnded(c.r.soon())
	c.r.must(err)
}

// text is a string in the data of an entry, "" if it is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// about says whether a duration is at least what was asked for and not more than
// a busy machine may add.
func about(got, want time.Duration) bool {
	return got >= want-50*time.Millisecond && got < want+5*time.Second
}
