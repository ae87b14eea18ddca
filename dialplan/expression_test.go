package dialplan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
)

var testVars = map[string]Variable{
	"order": {Name: "order", Kind: KindText}, "total": {Name: "total", Kind: KindNumber},
	"ok": {Name: "ok", Kind: KindYesNo}, "due": {Name: "due", Kind: KindTime},
	"code": {Name: "code", Kind: KindNumber, Secret: true},
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	msk := time.FixedZone("MSK", 3*3600)
	anna := callers.Caller{
		Account: "1001", Name: "Anna", VIP: true, Assurance: callers.AssurancePIN, Language: "ru", TimeZone: "Asia/Omsk",
		Balance: &callers.Money{Minor: -12345, Currency: "RUB"}, Fields: map[string]string{"city": "Omsk"},
	}
	byNumber := anna
	byNumber.Assurance = callers.AssuranceANI
	for _, tc := range []struct {
		source string
		caller callers.Caller
		want   any
	}{
		{"1 + 2 * 3", anna, 7.0},
		{"caller.balance < 0 and caller.vip", anna, true},
		{"caller.balance", anna, -123.45},
		{"caller.balance", byNumber, 0.0},
		{"caller.fields.city", anna, "Omsk"},
		{`caller.fields["city"] + caller.fields.none`, anna, "Omsk"},
		{"caller.fields.city", byNumber, ""},
		{"caller.assurance", byNumber, "ani"},
		{`caller.name + "/" + caller.account + "/" + caller.number + "/" + caller.language + "/" + caller.time_zone`, byNumber, "Anna/1001/+79161234501/en/Asia/Omsk"},
		{"caller.known", callers.Caller{}, false},
		{"history.calls_today >= 2 ? 5 : 0", anna, 5.0},
		{`history.last_queue == "support" && history.last_result != "agent"`, anna, true},
		{"now.at - history.last_at < duration('2h')", anna, true},
		{"now.hour * 60 + now.minute", anna, 15*60 + 30.0},
		{`now.weekday in ["sat", "sun"]`, anna, false},
		{`now.weekday + " " + now.date`, anna, "mon 2026-11-23"},
		{`"menu" in call.path and call.direction == "in"`, anna, true},
		{"call.waited_s", anna, 90.0},
		{"-(caller.vip ? 5 : vars.total) * 2 + 1", anna, -9.0},
		{`call.number + call.hotline + call.queue + call.result`, anna, "600hsupportno_agents"},
		{"vars.total in 1..5", anna, true},
		{"vars.total in [1, 3]", anna, true},
		{"vars.total == 3", anna, true},
		{`vars.order startsWith "17" and len(vars.order) == 3`, anna, true},
		{`vars.order matches "^[0-9]+$"`, anna, true},
		{"int(vars.order) + 1", anna, 174.0},
		{`string(vars.total) + upper("x")`, anna, "3X"},
		{"vars.ok", anna, false},
		{"vars.due > now.at", anna, true},
		{"vars.code == 4711", anna, true},
		{"1 / 0 > 5 ? 1 : 0", anna, 1.0},
		{"1 / 0", anna, 0.0},
		{"int(vars.order + 'x')", anna, 0.0},
		{"call.path[7]", anna, ""},
	} {
		e, f := compile(tc.source, KindAny, newScope(testVars, nil))
		if f != nil {
			t.Errorf("%s: %+v", tc.source, *f)
			continue
		}
		c := &call{
			doc: &Document{Hotline: "h", Zone: msk, Vars: testVars},
			now: time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC),
		}
		c.s = State{
			Caller: tc.caller, ANI: "+79161234501", Language: "en", Dialled: "600", Queue: "support", Outcome: ResultNoAgents,
			Path: []string{"menu"}, WaitSince: c.now.Add(-90 * time.Second),
			History: callers.History{CallsToday: 2, LastAt: c.now.Add(-time.Hour), LastQueue: "support", LastResult: "abandoned"},
		}
		c.setVar("order", "173")
		c.setVar("total", 3)
		c.setVar("due", c.now.Add(time.Hour))
		c.setVar("code", "4711")
		if got := c.eval(e); !cmp.Equal(got, tc.want) {
			t.Errorf("%s is %v (%T), want %v", tc.source, got, got, tc.want)
		}
	}
}

func TestFaultsOfExpressions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		source string
		want   ValueKind
		fault  string
	}{
		{"", KindAny, "0: the expression is empty"},
		{"caller.nmae", KindText, `7: there is no caller.nmae (did you mean "caller.name"?)`},
		{"vars.odrer == '1'", KindYesNo, `5: there is no vars.odrer (did you mean "vars.order"?)`},
		{"vars.colour == '1'", KindYesNo, `5: there is no vars.colour (declare it under "vars" of the document)`},
		{"now.second", KindNumber, `4: there is no now.second (one of at, date, hour, minute, weekday)`},
		{"clr.name", KindText, `0: there is no "clr" (names begin with one of call, caller, history, now, vars)`},
		{"caler.name", KindText, `0: there is no "caler" (did you mean "caller"?)`},
		{"1 + vip", KindNumber, `4: there is no "vip" (did you mean "caller.vip"?)`},
		{"args.code", KindText, `0: there is no "args" (names begin with one of call, caller, history, now, vars)`},
		{"caller", KindAny, `0: "caller" alone is no value (write caller.NAME)`},
		{"caller[vars.order]", KindAny, `12: the name after "caller" must be written out (write caller.NAME)`},
		{"$env", KindAny, `0: there is no "$env" (names begin with one of call, caller, history, now, vars)`},
		{"caller.vip ?", KindAny, "11: unexpected token EOF"},
		{"caller.vip == 'x'", KindAny, "11: invalid operation: == (mismatched types bool and string)"},
		{"caller.name", KindNumber, `0: "caller.name" gives a text, and a number is needed here`},
		{"call.path", KindAny, `0: "call.path" gives nothing that can be said or kept (a text, a number, yes or no, a time)`},
		{"upper(caller.name", KindAny, "16: unexpected token EOF"},
		{"uper(caller.name)", KindAny, `0: there is no function "uper" (did you mean "upper"?)`},
		{"repeat('x', 1000)", KindAny, `0: there is no function "repeat" (one of abs, ceil, duration, float, floor, hasPrefix, hasSuffix, indexOf, int, len, lower, max, min, round, string, trim, trimPrefix, trimSuffix, upper)`},
		{"now.at.Local()", KindAny, "7: a value has no functions of its own"},
		{"let x = 'a' + 'b'; x + x", KindAny, `4: an expression cannot have parts of its own (write one expression; keep values by "set")`},
		{"vars.total in 1..100000000", KindAny, "15: a span needs two whole numbers, the lower one first, at most 10000 apart (like 1..5)"},
		{"{'a': 1}.a", KindAny, "0: an expression cannot go over lists"},
		{strings.Repeat("1+", 600) + "1", KindAny, "0: the expression is longer than 1000 characters"},
		{strings.Repeat("1+", 400) + "1", KindAny, "301: compilation failed: expression exceeds maximum allowed nodes"},
	} {
		e, f := compile(tc.source, tc.want, newScope(testVars, nil))
		if f == nil {
			t.Errorf("%q is taken, as %s", tc.source, e.Kind)
			continue
		}
		got := fmt.Sprintf("%d: %s", f.offset, f.msg)
		if f.hint != "" {
			got += " (" + f.hint + ")"
		}
		if got != tc.fault {
			t.Errorf("%q:\n got %s\nwant %s", tc.source, got, tc.fault)
		}
	}
}

// TestNoLoops: nothing that goes over lists gets in.
func TestNoLoops(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"all(1..9, # > 1)", "map(call.path, #)[0]", "count(1..9, true)", "reduce(1..9, #acc + #)", "sum([1, 2])",
		"filter(call.path, true)[0]", "sort([2, 1])[0]", "toJSON(caller)", "now()", "date('2026-01-01')", "call.path | first()",
	} {
		if e, f := compile(source, KindAny, newScope(nil, nil)); f == nil {
			t.Errorf("%q is taken, as %s", source, e.Kind)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 5, time.FixedZone("MSK", 3*3600))
	for _, tc := range []struct {
		name string
		from any
		want any
		ok   bool
	}{
		{"order", "017", "017", true},
		{"order", strings.Repeat("я", 600), strings.Repeat("я", 500), true},
		{"order", 5.0, "", false},
		{"total", "12.50", 12.5, true},
		{"total", 7, 7.0, true},
		{"total", "x", 0.0, false},
		{"total", "NaN", 0.0, false},
		{"total", "", 0.0, true},
		{"ok", "Yes", true, true},
		{"ok", "0", false, true},
		{"ok", "maybe", false, false},
		{"due", at, at, true},
		{"due", "2026-11-23", time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), true},
		{"due", "tomorrow", time.Time{}, false},
		{"code", "4711", 4711.0, true},
	} {
		c := &call{doc: &Document{Vars: testVars}}
		if ok := c.setVar(tc.name, tc.from); ok != tc.ok {
			t.Errorf("%s takes %v: %v", tc.name, tc.from, ok)
		}
		marshalled, err := json.Marshal(c.s)
		if err != nil {
			t.Fatal(err)
		}
		if tc.name == "code" && strings.Contains(string(marshalled)+fmt.Sprintf("%+v", c.s), "4711") {
			t.Errorf("a secret is saved: %s", marshalled)
		} else if tc.name != "code" { // all others outlive a restart
			c.s = State{}
			if err := json.Unmarshal(marshalled, &c.s); err != nil {
				t.Fatal(err)
			}
		}
		got := c.value(testVars[tc.name])
		if !cmp.Equal(got, tc.want, cmp.Comparer(time.Time.Equal)) {
			t.Errorf("%s is %v after %v, want %v", tc.name, got, tc.from, tc.want)
		}
	}
	c := &call{doc: &Document{Vars: testVars}}
	c.setVar("code", "1")
	before := c.s
	c.setVar("code", "2")
	if got := (&call{doc: c.doc, s: before}).value(testVars["code"]); got != 1.0 {
		t.Errorf("the state of before has %v", got)
	}
	if c.setVar("code", ""); c.has("code") {
		t.Error("a secret cannot be taken away")
	}
	if c.setVar("none", "x") {
		t.Error("a variable is set that there is not")
	}
}

// FuzzExpression: whatever is written is either refused with a place in it, or
// gives what it says, quickly and without a trace of anything else.
func FuzzExpression(f *testing.F) {
	for _, source := range []string{
		"caller.vip ? 10 : 0", `vars.order matches "^(a+)+$"`, "now.at - history.last_at < duration('2h')", "vars.total in 1..5",
		`caller.fields["x"] + 'y'`, "-(1 / 0) ** 2", "call.path[0]", "not (vars.ok or vars.due > now.at)", "((((", "a ?? b?.c", "1 | 2", "int('x')",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, fault := compile(source, KindAny, newScope(testVars, nil))
		if (e == nil) == (fault == nil) {
			t.Fatalf("expression %v with fault %v", e, fault)
		}
		if fault != nil {
			if fault.msg == "" || fault.offset < 0 || strings.Contains(fault.msg, "\n") {
				t.Fatalf("odd fault %+v", *fault)
			}
			return
		}
		c := &call{doc: &Document{Vars: testVars}, now: time.Unix(0, 0)}
		c.setVar("order", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")
		if v := c.eval(e); kindOf(reflect.TypeOf(v)) != e.Kind {
			t.Fatalf("%q gives %v, which is no %s", source, v, e.Kind)
		}
	})
}
