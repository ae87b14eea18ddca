package backtest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// made plays a day of a queue with members who wrap up for 20 s and let one ring
// in twenty go, and writes its queue_log.
type made struct {
	rng   *rand.Rand
	lines []madeLine
	free  map[string]float64 // by member: from when it can be rung
	queue string
	talk  float64   // mean seconds
	gap   float64   // mean seconds between callers
	rung  []float64 // until when callers are rung who will be answered
}

type madeLine struct {
	at   float64
	text string
}

const madeBegin = 1_700_000_000

func (m *made) write(at float64, call, agent, event string, data ...any) {
	text := fmt.Sprintf("%d|%s|%s|%s|%s", madeBegin+int(at), call, m.queue, agent, event)
	for _, d := range data {
		text += fmt.Sprint("|", d)
	}
	m.lines = append(m.lines, madeLine{at, text})
}

type madeCall struct {
	id        string
	at, gives float64
	rung      float64 // until then it rings in vain
}

// day makes the log of so many seconds, one line each.
func (m *made) day(members int, seconds float64) []string {
	m.free = map[string]float64{}
	for i := range members {
		name := fmt.Sprint("PJSIP/", 101+i)
		m.write(0, "NONE", name, "ADDMEMBER", "")
		m.free[name] = 0
	}
	var line []madeCall
	next, n := m.rng.ExpFloat64()*m.gap, 0
	for now := 0.0; now < seconds; {
		name := m.firstFree()
		if len(line) == 0 || next <= max(m.free[name], now, line[0].rung) {
			now = next
			n++
			c := madeCall{id: fmt.Sprintf("%d.%d", madeBegin+int(now), n), at: now, gives: now + 400*m.rng.ExpFloat64()}
			line = append(line, c)
			m.rung = slices.DeleteFunc(m.rung, func(until float64) bool { return until <= now })
			m.write(now, c.id, "NONE", "ENTERQUEUE", "", "+79161234567", len(line)+len(m.rung))
			next += m.rng.ExpFloat64() * m.gap
			continue
		}
		c := line[0]
		line = line[1:]
		now = max(now, m.free[name], c.rung)
		if c.gives < now {
			m.write(c.gives, c.id, "NONE", "ABANDON", 1, 1, int(c.gives-c.at))
			continue
		}
		if m.rng.Float64() < 0.05 {
			m.write(now+15, c.id, name, "RINGNOANSWER", 15000)
			m.free[name] = now + 25
			c.rung = now + 15
			line = slices.Insert(line, 0, c)
			continue
		}
		rang := 2 + 6*m.rng.Float64()
		begin := now + rang
		m.rung = append(m.rung, begin)
		end := begin + m.talk*m.rng.ExpFloat64()
		m.write(begin, c.id, name, "CONNECT", int(begin-c.at), "1.1", int(rang))
		m.write(end, c.id, name, "COMPLETECALLER", int(begin-c.at), int(end-begin), 1)
		m.free[name] = end + 20
	}
	slices.SortStableFunc(m.lines, func(a, b madeLine) int { return cmp.Compare(a.at, b.at) })
	var out []string
	for _, l := range m.lines {
		out = append(out, l.text)
	}
	return out
}

func (m *made) firstFree() string {
	names := []string{}
	for name := range m.free {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.MinFunc(names, func(a, b string) int { return cmp.Compare(m.free[a], m.free[b]) })
}

func madeDay(seed uint64, members int, seconds float64) []string {
	m := made{rng: rand.New(rand.NewPCG(seed, 9)), queue: "support", talk: 180, gap: 206 / float64(members)}
	return m.day(members, seconds)
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }
