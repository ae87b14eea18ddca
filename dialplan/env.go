package dialplan

import (
	"maps"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// env is what expressions see of the call. What is for sure callers only is
// empty for others, whatever the document forgot to ask.
func (c *call) env() map[string]any {
	return map[string]any{
		"caller": c.callerEnv(), "call": c.callEnv(), "now": c.nowEnv(), "history": c.historyEnv(),
		"vars": c.varsEnv(), "args": c.argsEnv(c.node().Dialogue),
	}
}

func (c *call) callerEnv() map[string]any {
	who := c.s.Caller
	if who.Number == "" {
		who.Number = c.s.ANI
	}
	balance := 0.0
	if c.knowsBalance() {
		balance = who.Balance.Units()
	}
	fields := map[string]string{}
	if who.Assurance >= callers.AssuranceAnswer {
		fields = who.Fields
	}
	return map[string]any{
		"number": who.Number, "account": who.Account, "name": who.Name, "language": c.s.Language, "vip": who.VIP,
		"known": who.Known(), "assurance": who.Assurance.String(), "time_zone": who.TimeZone, "balance": balance,
		"fields": fields,
	}
}

func (c *call) callEnv() map[string]any {
	waited := 0
	if !c.s.WaitSince.IsZero() {
		waited = int(c.now.Sub(c.s.WaitSince).Seconds())
	}
	direction := "in"
	if c.s.Outbound {
		direction = "out"
	}
	return map[string]any{
		"hotline": c.doc.Hotline, "number": c.s.Dialled, "direction": direction, "queue": c.s.Queue,
		"waited_s": waited, "result": c.s.Outcome, "path": c.s.Path,
	}
}

// nowEnv is the time by the clocks of the hotline.
func (c *call) nowEnv() map[string]any {
	local := c.now.In(c.doc.Clock())
	return map[string]any{
		"hour": local.Hour(), "minute": local.Minute(), "date": local.Format(time.DateOnly), "at": local,
		"weekday": strings.ToLower(local.Format("Mon")),
	}
}

func (c *call) historyEnv() map[string]any {
	h := c.s.History
	return map[string]any{
		"calls_today": h.CallsToday, "calls_week": h.CallsWeek, "last_at": h.LastAt, "last_queue": h.LastQueue,
		"last_result": h.LastResult, "last_agent": h.LastAgent, "callbacks_open": h.CallbacksOpen,
		"callbacks_kept": h.CallbacksKept, "last_disposition": h.LastDisposition,
	}
}

func (c *call) varsEnv() map[string]any {
	env := make(map[string]any, len(c.doc.Vars))
	for name, v := range c.doc.Vars {
		env[name] = c.value(v)
	}
	return env
}

// Clock is the time zone of the hotline; UTC when it does not say.
func (d *Document) Clock() *time.Location {
	switch {
	case d.Zone != nil:
		return d.Zone
	case d.Hours != nil:
		return d.Hours.Location
	}
	return time.UTC
}

// eval computes an expression: a string, float64, bool or time.Time by its kind.
// One that fails for this call, such as a division by zero, is noted and counts
// as empty.
func (c *call) eval(e *Expression) any {
	v, err := e.run(c.env())
	if err != nil {
		c.note("expression.failed", map[string]any{"node": c.s.Node, "expression": e.Source})
		return e.Kind.zero()
	}
	return v
}

// holds says whether a condition is true.
func (c *call) holds(e *Expression) bool {
	yes, _ := c.eval(e).(bool)
	return yes
}

// value is what a variable holds, that of its kind for "not set" when it was not set.
func (c *call) value(v Variable) any {
	held, ok := c.s.Vars[v.Name]
	if v.Secret {
		held, ok = c.s.secrets.get(v.Name)
	}
	if ok {
		if is, fits := v.Kind.value(held); fits {
			return is
		}
	}
	return v.Kind.zero()
}

// has says whether a variable was set.
func (c *call) has(name string) bool {
	if c.doc.Vars[name].Secret {
		_, ok := c.s.secrets.get(name)
		return ok
	}
	_, ok := c.s.Vars[name]
	return ok
}

// setVar gives a variable a value: a string, float64, int, bool or time.Time. A
// text becomes what the variable is declared as. What does not fit, or is empty,
// takes its value away; ok is false when it did not fit.
func (c *call) setVar(name string, from any) (ok bool) {
	v, declared := c.doc.Vars[name]
	if !declared {
		return false // the document was changed under the call
	}
	value, ok := v.Kind.value(from)
	gone := !ok || isEmpty(value)
	if from == "" {
		ok, gone = true, true
	}
	switch {
	case v.Secret && gone:
		c.s.secrets = c.s.secrets.without(name)
	case v.Secret:
		c.s.secrets = c.s.secrets.with(name, value)
	case gone:
		delete(c.s.Vars, name)
	default:
		if c.s.Vars == nil {
			c.s.Vars = map[string]any{}
		}
		c.s.Vars[name] = saved(value)
	}
	return ok
}

// Carried is what a promise made in this state takes along to its call, by the
// name of the variable. It is a copy; nil when there is nothing.
func (d *Document) Carried(s State) map[string]any { return d.carry(s.Vars) }

// carry drops what does not go with a promise, or does not fit its variable any more.
func (d *Document) carry(vars map[string]any) map[string]any {
	var kept map[string]any
	for name, held := range vars {
		v, ok := d.Vars[name]
		if !ok || v.Secret || v.Private {
			continue
		}
		value, ok := v.Kind.value(held)
		if !ok {
			continue
		}
		if kept == nil {
			kept = map[string]any{}
		}
		kept[name] = saved(value)
	}
	return kept
}

// isEmpty says whether a value is none: no text, or no time.
func isEmpty(v any) bool {
	at, isTime := v.(time.Time)
	return v == "" || isTime && at.IsZero()
}

// secrets are values of secret variables. They live in memory only, behind a
// pointer, because fmt prints the fields of a struct whatever methods they have.
// They are never changed in place.
type secrets struct{ values map[string]any }

func (s *secrets) get(name string) (any, bool) {
	if s == nil {
		return nil, false
	}
	v, ok := s.values[name]
	return v, ok
}

func (s *secrets) with(name string, v any) *secrets {
	next := &secrets{values: map[string]any{}}
	if s != nil {
		next.values = maps.Clone(s.values)
	}
	next.values[name] = v
	return next
}

func (s *secrets) without(name string) *secrets {
	if s == nil {
		return nil
	}
	next := &secrets{values: maps.Clone(s.values)}
	delete(next.values, name)
	return next
}
