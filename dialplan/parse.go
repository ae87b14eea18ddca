package dialplan

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

var documentKeys = []string{
	"hotline", "title", "numbers", "language", "country", "timezone", "hours", "callback", "queue_defaults", "vars", "dialogues",
	"operator", "language_by", "start", "nodes",
}

// Parse reads a hotline document (YAML). The error is an ErrorList of all its
// faults, each with file, line and column, and the document is nil then. What
// looks wrong but works is in Document.Warnings.
func Parse(file string, src []byte) (*Document, error) {
	p := &parser{doc: &Document{
		File: file, Version: Version(src), Source: src, Country: "RU", Nodes: map[string]*Node{},
		marks: map[string][]mark{}, texts: map[textKey]sentences{},
		Callback: CallbackPolicy{
			RetryAfter: 5 * time.Minute, MaxAttempts: 2,
			RingTimeout: 30 * time.Second, ConfirmTimeout: 15 * time.Second,
		},
	}}
	p.lines, p.scope = strings.Split(string(src), "\n"), newScope(nil, nil)
	if root := p.load(src); root != nil {
		p.document(root)
	}
	if len(p.errs) > 0 {
		return nil, p.errs.asError()
	}
	if p.check(); len(p.errs) > 0 {
		return nil, p.errs.asError()
	}
	p.doc.Warnings.sort()
	return p.doc, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// load reads the one YAML document of the source.
func (p *parser) load(src []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var root, second yaml.Node
	err := decoder.Decode(&root)
	switch {
	case errors.Is(err, io.EOF), err == nil && len(root.Content) == 0:
		p.failAt(1, 1, "", "the document is empty")
		return nil
	case err != nil:
		line, msg := yamlFault(err, src)
		p.failAt(line, 1, "", "this is no YAML: %s", msg)
		return nil
	}
	if err := decoder.Decode(&second); err == nil {
		p.fail(&second, "one file holds one hotline", "a second document begins here")
	}
	return root.Content[0]
}

// yamlFault finds the line that a message of the YAML library means.
func yamlFault(err error, src []byte) (line int, msg string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, msg = 1, m[2]
	lineOf := func(offset int) int { return 1 + bytes.Count(src[:max(offset, 0)], []byte("\n")) }
	if n, err := strconv.Atoi(m[1]); err == nil {
		line = n
		if strings.HasPrefix(msg, "did not find expected") {
			line++ // the library counts from 0 here and from 1 elsewhere
		}
	} else if anchor := strings.Split(msg, "'"); strings.HasPrefix(msg, "unknown anchor") && len(anchor) == 3 {
		line = lineOf(bytes.Index(src, []byte("*"+anchor[1])))
	} else if valid := bytes.ToValidUTF8(src, nil); len(valid) != len(src) {
		same := 0
		for same < len(valid) && valid[same] == src[same] {
			same++
		}
		line = lineOf(same)
	}
	return line, msg
}

func (p *parser) document(root *yaml.Node) {
	f, ok := p.mapping(root, "a hotline document", documentKeys)
	if !ok {
		return
	}
	for _, key := range []string{"hotline", "numbers", "language", "start", "nodes"} {
		if !p.has(root, key) {
			p.fail(root, "", "%q is missing", key)
		}
	}
	doc := p.doc
	// The language comes first: texts that name none are in it.
	if v, ok := f["language"]; ok {
		doc.Language, _ = p.oneOf(v.value, "language", prompts.Languages())
	}
	if v, ok := f["country"]; ok {
		if doc.Country, ok = p.scalar(v.value, quoted(v)); ok && !callers.KnownRegion(doc.Country) {
			p.fail(v.value, `two letters of ISO 3166, like "RU"`, "unknown country %q", doc.Country)
		}
	}
	if v, ok := f["hotline"]; ok {
		doc.Hotline = p.name(v)
		p.mark("hotline", v.value)
	}
	if v, ok := f["title"]; ok {
		doc.Title = p.text(v, nil)
	}
	if v, ok := f["numbers"]; ok {
		doc.Numbers = p.numbers(v)
	}
	if v, ok := f["timezone"]; ok {
		doc.Zone = p.zone(v)
	}
	if v, ok := f["vars"]; ok {
		p.declare(v)
	}
	if v, ok := f["hours"]; ok {
		doc.Hours, doc.Closed = p.hotlineHours(v)
	}
	if v, ok := f["callback"]; ok {
		p.callbackPolicy(v)
	}
	defaults := queueDefaults{announce: Announce{Every: 45 * time.Second, Position: true}}
	if v, ok := f["queue_defaults"]; ok {
		if q, ok := p.mapping(v.value, quoted(v), []string{"announce", "offer_callback"}); ok {
			defaults = p.waitSettings(q, defaults)
		}
	}
	if v, ok := f["start"]; ok {
		doc.Start = p.node(v)
	}
	if v, ok := f["operator"]; ok {
		doc.Operator = p.operator(v)
	}
	if v, ok := f["language_by"]; ok {
		doc.LanguageBy = p.languageBy(v)
	}
	var dialogues []field
	if v, ok := f["dialogues"]; ok {
		dialogues = p.dialogueHeads(v)
	}
	if v, ok := f["nodes"]; ok {
		p.nodes(v, dialogues, defaults)
	}
}

// has says whether a key is there at all, also one that was refused for another fault.
func (p *parser) has(mapping *yaml.Node, key string) bool {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return true
		}
	}
	return false
}

func (p *parser) numbers(f field) []string {
	items, ok := p.list(f.value, quoted(f))
	if ok && len(items) == 0 && len(f.value.Content) == 0 {
		p.fail(f.value, "", "a hotline needs a number")
	}
	var numbers []string
	for _, item := range items {
		number := p.number(item, p.doc.Country)
		if slices.Contains(numbers, number) {
			p.fail(item, "", "number %q is here twice", number)
		}
		numbers = append(numbers, number)
	}
	return numbers
}

func (p *parser) callbackPolicy(f field) {
	known := []string{"prefixes", "retry_after", "max_attempts", "ring_timeout", "confirm_timeout", "campaign", "abandoned", "mode"}
	c, ok := p.mapping(f.value, quoted(f), known)
	if !ok {
		return
	}
	policy := &p.doc.Callback
	if v, ok := c["prefixes"]; ok {
		items, _ := p.list(v.value, quoted(v))
		for _, item := range items {
			if !prefixPattern.MatchString(item.Value) {
				p.fail(item, `write it like "+7"`, "%q is no prefix of an international number", item.Value)
				continue
			}
			policy.Prefixes = append(policy.Prefixes, item.Value)
		}
	}
	if v, ok := c["retry_after"]; ok {
		policy.RetryAfter = p.duration(v, false)
	}
	if v, ok := c["max_attempts"]; ok {
		policy.MaxAttempts = p.integer(v, 1, 10)
	}
	if v, ok := c["ring_timeout"]; ok {
		policy.RingTimeout = p.duration(v, false)
	}
	if v, ok := c["confirm_timeout"]; ok {
		policy.ConfirmTimeout = p.duration(v, false)
	}
	if v, ok := c["campaign"]; ok {
		policy.Campaign = p.campaign(v)
	}
	if v, ok := c["abandoned"]; ok {
		policy.Abandoned = p.abandoned(v)
	}
	if v, ok := c["mode"]; ok {
		policy.Mode, _ = p.oneOf(v.value, "mode", []string{"customer_first", "agent_first", "preview"})
	}
}

// campaignPattern is what callback.Request takes as the name of a campaign.
var campaignPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (p *parser) campaign(f field) string {
	if !campaignPattern.MatchString(f.value.Value) {
		p.fail(f.value, "use letters, digits, dots, dashes and underscores, like spring-2027", "%q is no name of a campaign", f.value.Value)
		return ""
	}
	return f.value.Value
}

// text reads a text in the hotline's language or a mapping of texts by
// language. There can be templates where a caller hears it: on is the node then,
// else nil.
func (p *parser) text(f field, on *Node) Text {
	text := Text{}
	if f.value.Kind == yaml.ScalarNode {
		p.sentence(f.value, p.doc.Language, on)
		text[p.doc.Language] = strings.TrimSpace(f.value.Value)
		return text
	}
	languages, ok := p.entries(f.value, quoted(f))
	if !ok {
		return text
	}
	for _, l := range languages {
		if lang, ok := p.oneOf(l.key, "language", prompts.Languages()); ok {
			if v, ok := p.scalar(l.value, "a text"); ok {
				p.sentence(l.value, lang, on)
				text[lang] = v
			}
		}
	}
	if p.doc.Language != "" && !p.has(f.value, p.doc.Language) {
		p.fail(f.value, "", "the text has no %q, the language of this hotline", p.doc.Language)
	}
	return text
}
