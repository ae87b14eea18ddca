package dialplan

import (
	"slices"
	"testing"
	"time"
)

// TestClosedByOrder: an order counts before the hours, ends by itself, and sends
// calls where it says, or where they go outside of the hours.
func TestClosedByOrder(t *testing.T) {
	t.Parallel()
	const nodes = `
start: ask
nodes:
  ask: {hours: {open: day, closed: night}}
  day: {say: "Day.", hangup: true}
  night: {say: "Night.", hangup: true}
  alarm: {say: "Fire alarm.", hangup: true}
`
	const head = "hotline: h\nnumbers: [\"600\"]\nlanguage: en\n"
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		hours string
		order *Closing
		want  []string // nodes that are passed; none: the built-in sentence
	}{
		"no order":                      {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, nil, []string{"ask", "day"}},
		"an order":                      {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, &Closing{}, []string{"night"}},
		"an order that ends later":      {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, &Closing{Until: now.Add(time.Second)}, []string{"night"}},
		"an order that is over":         {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, &Closing{Until: now}, []string{"ask", "day"}},
		"an order with a node":          {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, &Closing{Node: "alarm"}, []string{"alarm"}},
		"of a node that is gone":        {`hours: {daily: "09:00-18:00", timezone: UTC, closed: night}`, &Closing{Node: "gone"}, []string{"night"}},
		"nodes decide by the hours":     {`hours: {daily: "09:00-18:00", timezone: UTC}`, &Closing{}, []string{"ask", "night"}},
		"outside the hours, a node":     {`hours: {daily: "01:00-02:00", timezone: UTC, closed: night}`, &Closing{Node: "alarm"}, []string{"alarm"}},
		"outside the hours, no order":   {`hours: {daily: "01:00-02:00", timezone: UTC, closed: night}`, nil, []string{"night"}},
		"outside the hours, it is over": {`hours: {daily: "01:00-02:00", timezone: UTC, closed: night}`, &Closing{Node: "alarm", Until: now}, []string{"night"}},
	} {
		doc, err := Parse("h.yaml", []byte(head+c.hours+nodes))
		if err != nil {
			t.Fatal(err)
		}
		before := doc.During(nil)
		s, _ := Step(doc.During(c.order), NewState(doc, "+79161234501"), Started{}, now)
		if !slices.Equal(s.Path, c.want) {
			t.Errorf("%s: the call passes %v, want %v", name, s.Path, c.want)
		}
		if before != doc || doc.closing != nil {
			t.Errorf("%s: the document itself has changed", name)
		}
	}
	doc, err := Parse("h.yaml", []byte(head+"start: day\nnodes: {day: {say: \"Day.\", hangup: true}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, actions := Step(doc.During(&Closing{}), NewState(doc, ""), Started{}, now)
	if len(s.Path) != 0 || s.Phase != PhaseLeaving || s.Outcome != ResultNoAgents {
		t.Errorf("without hours and nodes for it: %+v", s)
	}
	if !slices.ContainsFunc(actions, func(a Action) bool {
		n, ok := a.(Note)
		return ok && n.Type == "hours.closed" && n.Data["by_order"] == true
	}) {
		t.Errorf("the journal does not tell of the order: %v", actions)
	}
}
