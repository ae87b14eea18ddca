package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// agent is somebody who takes calls.
type agent struct {
	talks []talk
	rung  *place            // for which it is being rung
	state string            // as last told
	queue string            // of that state
	told  map[string]string // the state by queue, to notice that it is told again
	took  bool
}

// talk is a place that an agent has.
type talk struct {
	place *place
	from  Ref
}

const (
	// overlap is how long two talks of an agent may seem to overlap, because
	// several parts of the daemon write.
	overlap = 2 * time.Second
	// unsettled is how long the end of a placeholder that was asked for just before
	// a gap in the connection may stay unnoticed.
	unsettled = 15 * time.Second
)

func (v *Verifier) agent(name string) *agent {
	a := v.agents[name]
	if a == nil {
		a = &agent{told: map[string]string{}}
		v.agents[name] = a
	}
	return a
}

// engage notes that an agent has a place; the name may be told late.
func (v *Verifier) engage(p *place, name string) {
	if name == "" || p.standing != inTalk || p.servedBy == name {
		return
	}
	if p.servedBy != "" { // told better
		v.disengage(p)
	}
	p.servedBy = name
	a := v.agent(name)
	if !a.took {
		a.took = true
		v.rep.Agents++
	}
	a.talks = append(a.talks, talk{p, p.served})
}

// disengage forgets that an agent has a place, and gives what it had.
func (v *Verifier) disengage(p *place) (had talk) {
	if a := v.agents[p.servedBy]; a != nil {
		a.talks = slices.DeleteFunc(a.talks, func(t talk) bool {
			if t.place == p {
				had = t
			}
			return t.place == p
		})
	}
	p.servedBy = ""
	return had
}

// letGo notes that an agent has a place no more, and holds that against the
// agent's other talks.
func (v *Verifier) letGo(p *place, e journal.Entry) {
	name := p.servedBy
	a := v.agents[name]
	if a == nil || p.standing != inTalk {
		return
	}
	this := v.disengage(p)
	_, talked := e.Data["talked_s"]
	unseen := e.Type == "place.left" && e.Text("reason") == "served" && !talked // it ended while the daemon was away
	for _, other := range a.talks {
		if !unseen {
			v.judgeTalks(name, this, other, e.At, refOf(e))
		}
	}
}

func (v *Verifier) judgeTalks(name string, a, b talk, until time.Time, end Ref) {
	if b.from.Seq < a.from.Seq {
		a, b = b, a
	}
	both := until.Sub(b.from.At)
	allowed := overlap
	if b.from.At.Sub(a.place.entered.At) < unsettled {
		allowed = unsettled
	}
	if both > allowed {
		v.fault(TwoCalls, fmt.Sprintf("agent %s had the places %s and %s at once, for %s",
			name, a.place.id, b.place.id, both.Round(time.Millisecond)), a.from, b.from, end)
	}
}

// checkAgents holds against each other what agents have at the end.
func (v *Verifier) checkAgents() {
	for name, a := range v.agents {
		for i, one := range a.talks {
			for _, other := range a.talks[i+1:] {
				if v.live > unsettled && v.at.Sub(one.from.At) > unsettled && v.at.Sub(other.from.At) > unsettled {
					v.judgeTalks(name, one, other, v.at, Ref{})
				}
			}
		}
	}
}

func (v *Verifier) callAgent(e journal.Entry) {
	if p := v.places[e.Place]; p != nil {
		v.engage(p, e.Agent)
	}
}

// agentState follows what agents do. The switch's mirror notes changes only, so a
// state that is told again is told by a new run of the daemon.
func (v *Verifier) agentState(e journal.Entry) {
	name := e.Agent
	if name == "" {
		name = e.Text("agent")
	}
	a, q := v.agent(name), v.queue(e.Queue)
	state := e.Text("state")
	told := state + " " + e.Text("reason")
	if !q.own && a.told[e.Queue] == told {
		v.restarted(q)
	}
	a.told[e.Queue], a.state, a.queue = told, state, e.Queue
}
