package verify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/journal"
)

// model is a small queue that keeps every rule and writes a journal of it. With
// own it distributes as linekeeper does, else as the switch.
type model struct {
	t        *rapid.T
	own      bool
	now      time.Time
	entries  []journal.Entry
	line     []*holder            // best first, not served yet
	talking  map[string]*holder   // by agent
	ringing  map[string]*holder   // by agent
	since    map[string]time.Time // since when an agent rings
	made     int
	behind   map[string]*holder // by the place that was served before it
	services [][2]int           // entries of the offer and the service of places that passed others behind them
}

// holder is somebody who holds a place.
type holder struct {
	place, call, callback string
	priority, attempts    int
	taken                 time.Time
	away                  bool // resting, or a promise without its customer
	entered               time.Time
}

func (m *model) write(typ string, h *holder, data map[string]any) int {
	e := journal.Entry{Seq: int64(len(m.entries) + 1), At: m.now, Type: typ, Queue: "support", Data: map[string]any{}}
	if h != nil {
		e.Place, e.Call, e.Callback = h.place, h.call, h.callback
	}
	for k, v := range data {
		if k == "agent" {
			e.Agent, _ = v.(string)
		}
		e.Data[k] = v
	}
	m.entries = append(m.entries, e)
	return len(m.entries) - 1
}

func (m *model) sort() {
	slices.SortFunc(m.line, func(a, b *holder) int {
		switch {
		case a.priority != b.priority:
			return b.priority - a.priority
		case !a.taken.Equal(b.taken):
			return a.taken.Compare(b.taken)
		}
		return strings.Compare(a.place, b.place)
	})
}

func (m *model) join() {
	m.made++
	h := &holder{place: fmt.Sprintf("p%03d", m.made), call: fmt.Sprintf("c%03d", m.made), priority: rapid.IntRange(0, 1).Draw(m.t, "priority"), taken: m.now}
	m.take(h)
}

func (m *model) take(h *holder) {
	m.write("place.taken", h, map[string]any{"priority": h.priority, "taken_at": h.taken.Format(time.RFC3339Nano)})
	m.line = append(m.line, h)
	m.sort()
	m.enter(h)
}

func (m *model) enter(h *holder) {
	h.away, h.entered = false, m.now
	if !m.own || h.callback != "" {
		m.write("place.entered", h, nil)
	}
}

// pick chooses somebody in line.
func (m *model) pick(ok func(*holder) bool) *holder {
	fit := slices.DeleteFunc(slices.Clone(m.line), func(h *holder) bool { return !ok(h) || m.rung(h) != "" })
	if len(fit) == 0 {
		return nil
	}
	return rapid.SampledFrom(fit).Draw(m.t, "who")
}

func (m *model) rung(h *holder) string {
	for agent, other := range m.ringing {
		if other == h {
			return agent
		}
	}
	return ""
}

func (m *model) drop(h *holder) {
	m.line = slices.DeleteFunc(m.line, func(o *holder) bool { return o == h })
}

func (m *model) abandon(h *holder) {
	m.drop(h)
	m.write("place.left", h, map[string]any{"reason": "abandoned"})
	m.write("call.ended", h, map[string]any{"result": "abandoned"})
}

// convert makes the place a promise, whose customer is away.
func (m *model) convert(h *holder) {
	h.callback, h.away = "b"+h.place[1:], true
	m.write("callback.asked", h, map[string]any{"place_at": h.taken.Format(time.RFC3339Nano)})
	call := h.call
	h.call = ""
	m.write("place.converted", h, map[string]any{"call": call})
	if !m.own {
		m.write("place.rest", h, map[string]any{"reason": "asked"})
	}
	m.write("call.ended", &holder{call: call}, map[string]any{"result": "callback"})
}

// dial calls the customer of a promise.
func (m *model) dial(h *holder) {
	h.attempts++
	m.write("callback.dialling", h, map[string]any{"attempt": h.attempts, "of": 3})
	m.pass(3 * time.Second)
	if h.attempts < 3 && rapid.IntRange(0, 2).Draw(m.t, "busy") == 0 {
		m.write("callback.attempt", h, map[string]any{"attempt": h.attempts, "outcome": "busy"})
		return
	}
	m.write("callback.answered", h, map[string]any{"attempt": h.attempts})
	m.write("callback.confirmed", h, map[string]any{"attempt": h.attempts})
	h.call = "k" + h.place[1:]
	m.enter(h)
	m.pass(3 * time.Second)
}

func (m *model) pass(d time.Duration) { m.now = m.now.Add(d) }

// distribute rings free agents, the best place first.
func (m *model) distribute() {
	for _, h := range m.line {
		if h.away || m.rung(h) != "" {
			continue
		}
		for _, agent := range []string{"anna", "boris"} {
			if m.talking[agent] == nil && m.ringing[agent] == nil {
				m.ringing[agent], m.since[agent] = h, m.now
				m.write("offer.made", h, map[string]any{"agent": agent})
				break
			}
		}
	}
}

func (m *model) answer(agent string) {
	h := m.ringing[agent]
	delete(m.ringing, agent)
	m.write("offer.ended", h, map[string]any{"agent": agent, "why": "answered"})
	m.drop(h)
	m.talking[agent] = h
	at := m.write("place.served", h, map[string]any{"agent": agent})
	m.noteSwap(h, agent, at)
	if h.callback != "" {
		m.write("callback.connected", h, map[string]any{"agent": agent, "attempt": h.attempts})
	}
}

// noteSwap remembers a service that another place stood behind for long, in line
// and not being rung: served in its stead, it would have overtaken.
func (m *model) noteSwap(h *holder, agent string, at int) {
	for _, o := range m.line {
		if !o.away && o.callback == "" && h.callback == "" && m.rung(o) == "" && o.priority == h.priority && o.taken.After(h.taken) && m.now.Sub(o.entered) > 10*time.Second {
			for offer := at; offer >= 0; offer-- {
				if m.entries[offer].Type == "offer.made" && m.entries[offer].Place == h.place {
					if m.entries[offer].At.Sub(o.entered) > 5*time.Second {
						m.behind[h.place] = o
						m.services = append(m.services, [2]int{offer, at})
					}
					return
				}
			}
		}
	}
}

func (m *model) finish(agent string) {
	h := m.talking[agent]
	delete(m.talking, agent)
	m.write("place.left", h, map[string]any{"agent": agent, "reason": "served", "talked_s": 20})
	if h.callback != "" {
		m.write("callback.done", h, nil)
	}
	m.write("call.ended", h, map[string]any{"result": "agent"})
}

func (m *model) step() {
	m.pass(time.Duration(rapid.IntRange(0, 8000).Draw(m.t, "ms")) * time.Millisecond)
	for _, agent := range []string{"anna", "boris"} {
		if m.ringing[agent] != nil && m.now.Sub(m.since[agent]) > time.Minute {
			m.answer(agent) // no phone rings for ever
		}
	}
	agent := rapid.SampledFrom([]string{"anna", "boris"}).Draw(m.t, "agent")
	switch what := rapid.IntRange(0, 9).Draw(m.t, "what"); {
	case what < 3:
		m.join()
	case what < 6 && m.ringing[agent] != nil:
		m.answer(agent)
	case what < 7 && m.talking[agent] != nil:
		m.finish(agent)
	case what == 7:
		if h := m.pick(func(h *holder) bool { return h.callback == "" }); h != nil {
			m.abandon(h)
		}
	case what == 8:
		if h := m.pick(func(h *holder) bool { return h.callback == "" }); h != nil {
			m.convert(h)
		}
	case what == 9:
		if h := m.pick(func(h *holder) bool { return h.away }); h != nil {
			m.dial(h)
		}
	}
	m.distribute()
}

// legal draws a history in which every rule is kept.
func legal(t *rapid.T) *model {
	m := &model{t: t, own: rapid.Bool().Draw(t, "own"), now: start, talking: map[string]*holder{}, ringing: map[string]*holder{}, since: map[string]time.Time{}, behind: map[string]*holder{}}
	if m.own {
		m.write("queue.opened", nil, map[string]any{"engine": "linekeeper"})
		for _, agent := range []string{"anna", "boris"} {
			m.write("agent.opened", nil, map[string]any{"agent": agent, "skills": map[string]any{}})
		}
	}
	for range rapid.IntRange(1, 120).Draw(t, "steps") {
		m.step()
	}
	for range 10 { // so that nothing is under way any more
		m.pass(5 * time.Second)
		m.write("node.entered", &holder{call: "other"}, nil)
	}
	return m
}

func TestLegalHistoriesHaveNoFault(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := legal(t)
		if err := proveDrawn(t, m.entries).Err(); err != nil {
			t.Fatal(err)
		}
	})
}

func proveDrawn(t rapid.TB, entries []journal.Entry) Report {
	v := New(Options{})
	for _, e := range entries {
		if err := v.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return v.Done()
}

// TestOneSwappedServiceIsFound serves, once, the place behind in another's stead.
func TestOneSwappedServiceIsFound(t *testing.T) {
	t.Parallel()
	swaps := 0
	rapid.Check(t, func(t *rapid.T) {
		m := legal(t)
		if len(m.services) == 0 {
			return
		}
		swaps++
		s := rapid.SampledFrom(m.services).Draw(t, "service")
		first := m.entries[s[1]].Place
		for i := s[0]; i <= s[1]; i++ {
			if e := &m.entries[i]; e.Place == first {
				e.Place, e.Call = m.behind[first].place, m.behind[first].call
			}
		}
		r := proveDrawn(t, m.entries)
		if !slices.ContainsFunc(r.Faults, func(f Fault) bool { return f.Rule == Overtaken }) {
			t.Fatalf("entry %d was swapped, and nothing is found: %v %v", s[1]+1, r, r.Err())
		}
	})
	if swaps == 0 {
		t.Error("no history had a service to swap")
	}
}

// TestOneVanishedPlaceIsFound takes the end of one place out of the journal.
func TestOneVanishedPlaceIsFound(t *testing.T) {
	t.Parallel()
	vanished := 0
	rapid.Check(t, func(t *rapid.T) {
		m := legal(t)
		var ends []int
		for i, e := range m.entries {
			if e.Type == "place.left" {
				ends = append(ends, i)
			}
		}
		if len(ends) == 0 {
			return
		}
		vanished++
		i := rapid.SampledFrom(ends).Draw(t, "end")
		place := m.entries[i].Place
		m.entries = slices.Delete(m.entries, i, i+1)
		if rapid.Bool().Draw(t, "without a trace") {
			for i := range m.entries {
				m.entries[i].Seq = int64(i + 1)
			}
		}
		r := proveDrawn(t, m.entries)
		if !slices.ContainsFunc(r.Faults, func(f Fault) bool { return f.Rule == Vanished && f.Entries[0].Place == place }) {
			t.Fatalf("place %s vanished, and nothing is found: %v %v", place, r, r.Err())
		}
	})
	if vanished == 0 {
		t.Error("no history had a place that ended")
	}
}
