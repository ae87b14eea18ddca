package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// turn collects the commands of one Apply. A place or an agent that changes
// several times is saved once, where it changed first, as it is in the end: all
// of a turn is stored before any of it is carried out.
type turn struct {
	now    time.Time
	out    []queues.Command
	places []*spot
	agents []*agent
	by     map[*agent]string // who gave an order about an agent
}

func (t *turn) do(cmd queues.Command) { t.out = append(t.out, cmd) }

// save asks that a place is stored.
func (t *turn) save(s *spot) {
	if s.slot == 0 {
		t.do(nil)
		s.slot = int32(len(t.out))
		t.places = append(t.places, s)
	}
}

// saveAgent asks that what is kept of an agent is stored.
func (t *turn) saveAgent(a *agent) {
	if a.slot == 0 && !a.guest {
		t.do(nil)
		a.slot = len(t.out)
		t.agents = append(t.agents, a)
	}
}

// commands gives what was collected.
func (t *turn) commands() []queues.Command {
	for _, s := range t.places {
		t.out[s.slot-1] = queues.Save{Place: s.Place}
		s.slot = 0
	}
	for _, a := range t.agents {
		t.out[a.slot-1] = queues.SaveAgent{Duty: a.kept()}
		a.slot = 0
	}
	return t.out
}

// note writes to the journal.
func (t *turn) note(kind, placeID string, data map[string]any) {
	t.do(queues.Note{Type: kind, PlaceID: placeID, At: t.now, Data: data})
}

// notePlace writes about a place: its queue, and who holds it and serves it.
func (t *turn) notePlace(kind string, s *spot, data map[string]any) {
	data["queue"] = s.Queue
	for _, by := range []struct{ key, value string }{{"call", s.CallID}, {"callback", s.CallbackID}, {"agent", s.Agent}} {
		if _, said := data[by.key]; by.value != "" && !said {
			data[by.key] = by.value
		}
	}
	t.note(kind, s.ID, data)
}

// inSeconds gives a duration as the journal shows it, to the millisecond.
func inSeconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond)) / float64(time.Second)
}
