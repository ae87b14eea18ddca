package dialplan

import (
	"maps"
	"slices"
	"time"

	"github.com/expr-lang/expr/types"

	"github.com/linekeeper/linekeeper/callers"
)

// What expressions can speak of. The values are made in env.go.

var timeType = types.TypeOf(time.Time{})

var callerNames = types.Map{
	"number": types.String, "account": types.String, "name": types.String, "language": types.String,
	"vip": types.Bool, "known": types.Bool, "assurance": types.String, "time_zone": types.String,
	"balance": types.Float64, "fields": types.TypeOf(map[string]string{}),
}

var callNames = types.Map{
	"hotline": types.String, "number": types.String, "direction": types.String, "queue": types.String,
	"waited_s": types.Int, "result": types.String, "path": types.TypeOf([]string{}),
}

var nowNames = types.Map{
	"hour": types.Int, "minute": types.Int, "weekday": types.String, "date": types.String, "at": timeType,
}

var historyNames = types.Map{
	"calls_today": types.Int, "calls_week": types.Int, "last_at": timeType, "last_queue": types.String,
	"last_result": types.String, "last_agent": types.String, "callbacks_open": types.Int,
	"callbacks_kept": types.Int, "last_disposition": types.String,
}

// typeOf is how expressions see a kind of value.
func typeOf(kind ValueKind) types.Type {
	switch kind {
	case KindNumber:
		return types.Float64
	case KindYesNo:
		return types.Bool
	case KindTime:
		return timeType
	}
	return types.String
}

// scope is what the expressions of the main part, or of one dialogue, can name.
type scope map[string]types.Map

// newScope has the variables of the document and the parameters of a dialogue,
// which are nil in the main part.
func newScope(vars map[string]Variable, params map[string]ValueKind) scope {
	names := types.Map{}
	for name, v := range vars {
		names[name] = typeOf(v.Kind)
	}
	s := scope{"caller": callerNames, "call": callNames, "now": nowNames, "history": historyNames, "vars": names}
	if params != nil {
		args := types.Map{}
		for name, kind := range params {
			args[name] = typeOf(kind)
		}
		s["args"] = args
	}
	return s
}

func (s scope) env() types.Map {
	env := types.Map{}
	for name, group := range s {
		env[name] = group
	}
	return env
}

func (s scope) groups() []string { return slices.Sorted(maps.Keys(s)) }

func (s scope) fields(group string) []string { return slices.Sorted(maps.Keys(s[group])) }

// functions are those of the expression language that are quick whatever they
// are given. What goes over lists or makes texts longer is not among them.
var functions = []string{
	"abs", "ceil", "duration", "float", "floor", "hasPrefix", "hasSuffix", "indexOf", "int", "len", "lower",
	"max", "min", "round", "string", "trim", "trimPrefix", "trimSuffix", "upper",
}

// guards are how sure a caller must be to be told something, for a number can be
// spoofed.
var guards = map[string]callers.Assurance{
	"caller.balance": callers.AssurancePIN, "caller.fields": callers.AssuranceAnswer, "caller.account": callers.AssuranceAnswer,
}

// unspokenToo are those by which not even conditions go for others.
var unspokenToo = []string{"caller.balance", "caller.fields"}
