package dialplan

import (
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/prompts"
)

// takes says whether a filter puts this kind of value into words. A text may be
// anything: it is read when there is one.
func takes(f prompts.FilterInfo, kind ValueKind) bool {
	wanted := map[ValueKind][]string{
		KindNumber: {"number", "amount", "duration"}, KindTime: {"date", "time"}, KindYesNo: {"truth"},
	}
	return kind == KindText || slices.ContainsFunc(wanted[kind], func(w string) bool { return slices.Contains(f.Takes, w) })
}

// filtersOf lists the filters for a kind of value, and all for KindAny.
func filtersOf(kind ValueKind) []string {
	var names []string
	for _, f := range prompts.Filters() {
		if kind == KindAny || takes(f, kind) {
			names = append(names, f.Name)
		}
	}
	return names
}

func filterHint(e *Expression) string { return "one of " + strings.Join(filtersOf(e.Kind), ", ") }

// check says what is wrong with a template's filter in a text of a language, ""
// when nothing is.
func (h hole) check(lang string) (msg, hint string) {
	kind := h.expr.Kind
	switch {
	case h.filter == "" && kind == KindYesNo:
		return "is yes or no", `write {{... ? "these words" : "those words"}}, or the filter yes_no`
	case h.filter == "" && kind == KindTime:
		return "is a time and needs a filter", filterHint(h.expr)
	case h.filter == "" && h.balance():
		return "needs a filter", "write {{caller.balance | money}}"
	case h.filter == "":
		return "", ""
	case !slices.Contains(filtersOf(KindAny), h.filter):
		hint = DidYouMean(h.filter, filtersOf(KindAny))
		if hint == "" {
			hint = filterHint(h.expr)
		}
		return "has an unknown filter", hint
	case !slices.Contains(filtersOf(kind), h.filter):
		return "gives " + kind.article() + ", which the filter " + h.filter + " does not take", filterHint(h.expr)
	case h.filter == "money" && kind == KindNumber && h.arg == "" && !h.balance():
		return "needs a currency", "like {{" + h.expr.Source + " | money RUB}}"
	}
	if err := prompts.CheckFilter(lang, h.filter, h.arg); err != nil {
		return "is wrong: " + err.Error(), ""
	}
	return "", ""
}

// balance says whether this is the balance as the directory has it, with its currency.
func (h hole) balance() bool {
	return h.expr.Source == "caller.balance" && (h.filter == "money" || h.filter == "")
}

// put puts a value into words, "" when there are none for it.
func (h hole) put(lang string, v any, c *call) string {
	name := h.filter
	switch {
	case name == "" && h.expr.Kind == KindNumber:
		name = "number"
	case name == "":
		text, _ := v.(string)
		return text
	case h.balance():
		v = *c.s.Caller.Balance
	}
	said, err := prompts.Filter(lang, name, prompts.AsOf{Value: v, Now: c.now.In(c.doc.Clock())}, h.arg)
	if err != nil {
		return "" // a text from elsewhere that is no number, no date
	}
	return said
}
