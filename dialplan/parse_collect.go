package dialplan

import (
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/prompts"
)

// readbacks are the filters by which an entry can be read back, and the kinds of
// variables that they go with.
var readbacks = map[string][]ValueKind{
	"digits": {KindText, KindNumber}, "phone": {KindText}, "code": {KindText},
	"number": {KindNumber}, "money": {KindNumber}, "date": {KindTime, KindText},
}

// mostNumberDigits is how many digits a number keeps exactly.
const mostNumberDigits = 15

// collectNode reads a question that is answered by digits.
func (p *parser) collectNode(node *Node, f fields) {
	node.Text = p.text(f["collect"], node)
	p.needsNext(f, "collect")
	entry := Entry{Digits: Length{1, 32}, End: '#'}
	for _, key := range []string{"into", "digits"} {
		if _, ok := f[key]; !ok && !p.excused {
			p.fail(f["collect"].key, "", "collect needs %q", key)
		}
	}
	kind := KindAny
	if v, ok := f["into"]; ok {
		node.Into, kind = p.variable(v)
		if kind == KindYesNo {
			p.fail(v.value, "a menu asks for that", "digits are neither yes nor no")
		}
	}
	if v, ok := f["digits"]; ok {
		entry.Digits = p.length(v)
		switch {
		case kind == KindTime && entry.Digits != (Length{8, 8}):
			p.fail(v.value, "write digits: 8, for DDMMYYYY", "a date has eight digits")
		case kind == KindNumber && entry.Digits.Max > mostNumberDigits:
			p.fail(v.value, "take a variable of kind text", "a number has at most %d digits", mostNumberDigits)
		}
	}
	if v, ok := f["end"]; ok {
		if key, ok := p.key(v.value); ok && key != '#' && key != '*' {
			p.fail(v.value, `"#" or "*"`, "an entry cannot end with %q", string(key))
		} else if ok {
			entry.End = key
		}
	}
	if v, ok := f["secret"]; ok {
		entry.Secret = p.boolean(v)
	}
	if v, ok := f["readback"]; ok {
		entry.Readback = p.readback(v, kind, entry)
	}
	if v, ok := f["confirm"]; ok {
		entry.Confirm = p.boolean(v)
		if _, ok := f["readback"]; entry.Confirm && !ok {
			p.fail(v.key, "", `to confirm an entry, it must be read back: write "readback"`)
		}
	}
	if node.Into != "" {
		p.ways = append(p.ways, flow{to: "vars." + node.Into, secret: entry.Secret})
	}
	node.Entry = entry
}

func (p *parser) readback(f field, kind ValueKind, entry Entry) hole {
	written, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return hole{}
	}
	name, arg, _ := strings.Cut(written, " ")
	names := make([]string, 0, len(readbacks))
	for known := range readbacks {
		names = append(names, known)
	}
	slices.Sort(names)
	kinds, known := readbacks[name]
	switch {
	case !known:
		hint := DidYouMean(name, names)
		if hint == "" {
			hint = "one of " + strings.Join(names, ", ")
		}
		p.fail(f.value, hint, "unknown way to read back %q", name)
		return hole{}
	case entry.Secret:
		p.fail(f.key, "", "a secret is not read back")
	case kind != KindAny && !slices.Contains(kinds, kind):
		p.fail(f.value, "", "%s is not read back as %s", kind.article(), name)
	case name == "money" && arg == "":
		p.fail(f.value, "like money RUB", "money needs a currency")
	case name == "date" && entry.Digits != (Length{8, 8}):
		p.fail(f.value, "write digits: 8, for DDMMYYYY", "a date has eight digits")
	}
	for _, lang := range prompts.Languages() {
		if err := prompts.CheckFilter(lang, name, arg); err != nil {
			p.fail(f.value, "", "%q does not do in every language: %v", written, err)
			break
		}
	}
	return hole{filter: name, arg: strings.TrimSpace(arg)}
}
