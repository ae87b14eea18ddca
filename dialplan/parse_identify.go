package dialplan

import (
	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
)

// fewDigits is how long a code must be that is enough by itself: with a million
// customers, one guess in a hundred would hit one of eight digits.
const fewDigits = 8

// questionBirthDate is the one question that has built-in words.
const questionBirthDate = "birth_date"

var methods = []string{string(ByANI), string(ByPIN), string(ByCode), string(ByAnswer), string(ByOperator)}

func (p *parser) identifyNode(node *Node, f fields) {
	for _, item := range p.steps(f["identify"].value) {
		if step, ok := p.identifyStep(item); ok {
			node.Steps = append(node.Steps, step)
			p.stepOrder(item, node.Steps)
		}
	}
	// Next stands for both branches when the document does not care.
	_, next := f["next"]
	for _, branch := range []struct {
		key    string
		target *string
	}{{"known", &node.Known}, {"unknown", &node.Unknown}} {
		if _, ok := f[branch.key]; ok {
			continue
		}
		if !next && !p.excused {
			p.fail(f["identify"].key, "", `identify needs %q, or "next" for both outcomes`, branch.key)
		}
		*branch.target = node.Next
	}
	if node.Require > callers.AssuranceNone && len(node.Steps) > 0 && len(stepsFor(node.Steps, node.Require)) == 0 {
		p.fail(f["require"].value, "", "none of the steps of this identify makes as sure as %q", node.Require)
	}
}

// steps lists the steps of an identify node; a single one need not be in a list.
func (p *parser) steps(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	if len(n.Content) == 0 {
		p.fail(n, "ani, pin", "identify needs a method")
	}
	return n.Content
}

// stepOrder refuses steps that can never be reached or that come twice.
func (p *parser) stepOrder(at *yaml.Node, steps []IdentifyStep) {
	last := steps[len(steps)-1]
	for _, s := range steps[:len(steps)-1] {
		switch {
		case s.Method == ByOperator:
			p.fail(at, "", `"operator" is the last step: nothing can come after it`)
		case s.Method == last.Method && s.Question == last.Question:
			p.fail(at, "", "method %q is here twice", last.Method)
		}
	}
}

func (p *parser) identifyStep(n *yaml.Node) (IdentifyStep, bool) {
	if n.Kind == yaml.ScalarNode {
		name, ok := p.oneOf(n, "method", methods)
		switch Method(name) {
		case ByCode:
			p.fail(n, "write {code: {digits: 8}}", "a code needs its number of digits")
			return IdentifyStep{}, false
		case ByAnswer:
			p.fail(n, "write {ask: birth_date}", "there is no question to ask")
			return IdentifyStep{}, false
		case ByANI:
			return IdentifyStep{Method: ByANI, Gives: callers.AssuranceANI}, ok
		case ByPIN:
			return pinStep, ok
		}
		return IdentifyStep{Method: ByOperator}, ok
	}
	f, ok := p.mapping(n, "a step of identify", []string{"code", "ask", "digits", "format", "text", "operator"})
	if !ok {
		return IdentifyStep{}, false
	}
	var found []string
	for _, kind := range []string{"code", "ask", "operator"} {
		if _, ok := f[kind]; ok {
			found = append(found, kind)
		}
	}
	if len(found) != 1 {
		p.fail(n, `like ani, pin, {code: {digits: 8}}, {ask: birth_date} or operator`, "a step of identify is one method")
		return IdentifyStep{}, false
	}
	for _, key := range []string{"digits", "format", "text"} {
		if v, ok := f[key]; ok && found[0] != "ask" {
			p.fail(v.key, "", "%q does not belong here", key)
		}
	}
	switch found[0] {
	case "code":
		return p.codeStep(f["code"])
	case "ask":
		return p.askStep(f)
	}
	return IdentifyStep{Method: ByOperator, Text: p.text(f["operator"], nil)}, true
}

func (p *parser) codeStep(f field) (IdentifyStep, bool) {
	step := IdentifyStep{Method: ByCode, Gives: callers.AssuranceAnswer}
	c, ok := p.mapping(f.value, `"code"`, []string{"digits", "gives", "text"})
	if !ok {
		return step, false
	}
	if v, ok := c["digits"]; ok {
		if step.Digits = p.length(v); step.Digits.Min > 0 && step.Digits.Min < fewDigits {
			p.warnAt(v.value.Line, v.value.Column, "a code of %d digits can be guessed: whoever calls needs no account number for it", step.Digits.Min)
		}
	} else if !p.has(f.value, "digits") {
		p.fail(f.key, "write {code: {digits: 8}}", "a code needs its number of digits")
	}
	if v, ok := c["gives"]; ok {
		name, _ := p.oneOf(v.value, "assurance", requirable)
		step.Gives, _ = callers.ParseAssurance(name)
	}
	if v, ok := c["text"]; ok {
		step.Text = p.text(v, nil)
	}
	return step, true
}

func (p *parser) askStep(f fields) (IdentifyStep, bool) {
	step := IdentifyStep{Method: ByAnswer, Gives: callers.AssuranceAnswer, Question: p.name(f["ask"])}
	if step.Question == questionBirthDate {
		step.Format = FormatDate
	}
	if v, ok := f["format"]; ok {
		name, _ := p.oneOf(v.value, "format", []string{string(FormatDate)})
		step.Format = Format(name)
	}
	if step.Format == FormatDate {
		step.Digits = Length{8, 8}
	}
	if v, ok := f["digits"]; ok {
		if step.Digits = p.length(v); step.Format == FormatDate && step.Digits != (Length{8, 8}) {
			p.fail(v.value, "", "a date has 8 digits: day, month and year")
		}
	} else if step.Format == FormatAny {
		p.fail(f["ask"].key, `"digits: 4", or "format: date"`, "the answer needs its number of digits")
	}
	if v, ok := f["text"]; ok {
		step.Text = p.text(v, nil)
	} else if step.Question != questionBirthDate {
		p.fail(f["ask"].key, "", `question %q needs a "text"`, step.Question)
	}
	return step, true
}

// requirable are the levels that guard something: a number can be spoofed, so
// "ani" is none of them.
var requirable = []string{callers.AssuranceAnswer.String(), callers.AssurancePIN.String()}

func (p *parser) assurance(node *Node, f fields) {
	if v, ok := f["require"]; ok {
		name, _ := p.oneOf(v.value, "assurance", requirable)
		node.Require, _ = callers.ParseAssurance(name)
	}
	if v, ok := f["refused"]; ok {
		node.Refused = p.node(v)
		if _, ok := f["require"]; !ok {
			p.fail(v.key, "", `"refused" is for nodes with "require"`)
		}
	}
	asks := node.Require > callers.AssuranceNone || node.Kind == KindIdentify
	if v, ok := f["account_digits"]; ok {
		node.Account = p.length(v)
	}
	if v, ok := f["pin_digits"]; ok {
		node.PIN = p.length(v)
	}
	for _, key := range []string{"account_digits", "pin_digits"} {
		if v, ok := f[key]; ok && !asks {
			p.fail(v.key, "", `%q is for identify and nodes with "require"`, key)
		}
	}
}

// guards gives nodes with "require" the steps by which they ask: those of the
// first identify node that has any that make sure enough, else account and PIN.
func (p *parser) guards() {
	for _, name := range p.doc.Order {
		node := p.doc.Nodes[name]
		if node.Require == callers.AssuranceNone || node.Kind == KindIdentify {
			continue
		}
		node.Steps = []IdentifyStep{pinStep}
		for _, other := range p.doc.Order {
			if steps := stepsFor(p.doc.Nodes[other].Steps, node.Require); len(steps) > 0 && p.doc.Nodes[other].Kind == KindIdentify {
				node.Steps = steps
				break
			}
		}
	}
}

// stepsFor picks the steps that make sure enough.
func stepsFor(steps []IdentifyStep, enough callers.Assurance) []IdentifyStep {
	var picked []IdentifyStep
	for _, s := range steps {
		if s.Gives >= enough {
			picked = append(picked, s)
		}
	}
	return picked
}
