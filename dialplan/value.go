package dialplan

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
)

var (
	namePattern   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)
	queuePattern  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)
	numberPattern = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[0-9]{2,6})$`)
	prefixPattern = regexp.MustCompile(`^\+[0-9]{1,14}$`)
	// The expression that most priorities are, read without computing it.
	vipPattern = regexp.MustCompile(`^caller\.vip\s*\?\s*(-?\d{1,4})\s*:\s*(-?\d{1,4})$`)
)

// name reads the name of a hotline.
func (p *parser) name(f field) string {
	v, ok := p.scalar(f.value, quoted(f))
	if ok && !namePattern.MatchString(v) {
		p.fail(f.value, "letters, digits, _ and -, first a letter", "%q is no name", v)
	}
	return v
}

// node reads the name of a node that must exist.
func (p *parser) node(f field) string {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return ""
	}
	name := p.full(v)
	p.refs = append(p.refs, mention{f.value, name})
	return name
}

// queue reads the name of a queue on the switch.
func (p *parser) queue(f field) string {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return ""
	}
	if !queuePattern.MatchString(v) {
		p.fail(f.value, "letters, digits, _, . and -", "%q is no name of a queue", v)
		return ""
	}
	p.mark("queue", f.value)
	return v
}

// oneOf reads a word out of a fixed set.
func (p *parser) oneOf(n *yaml.Node, what string, known []string) (string, bool) {
	v, ok := p.scalar(n, what)
	if !ok {
		return "", false
	}
	if !slices.Contains(known, v) {
		hint := DidYouMean(v, known)
		if hint == "" {
			hint = "one of " + strings.Join(known, ", ")
		}
		p.fail(n, hint, "unknown %s %q", what, v)
		return "", false
	}
	return v, true
}

// duration reads "45s", "1m30s" between one second (or none, when zero is
// allowed) and a day.
func (p *parser) duration(f field, zeroToo bool) time.Duration {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(v)
	if err != nil {
		hint := "write it like 45s or 5m"
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			hint = "write " + strconv.Quote(v+"s")
		}
		p.fail(f.value, hint, "%q is no duration", v)
		return 0
	}
	if zeroToo && d == 0 {
		return 0
	}
	if d < time.Second || d > 24*time.Hour {
		p.fail(f.value, "", "%s must be between 1s and 24h, not %s", quoted(f), v)
		return 0
	}
	return d
}

// integer reads a whole number within limits.
func (p *parser) integer(f field, low, high int) int {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return low
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		p.fail(f.value, "", "%s must be a whole number, not %q", quoted(f), v)
		return low
	}
	if n < low || n > high {
		p.fail(f.value, "", "%s must be between %d and %d, not %d", quoted(f), low, high, n)
		return low
	}
	return n
}

// boolean reads true or false, which may also be written yes or no.
func (p *parser) boolean(f field) bool {
	v, ok := p.scalar(f.value, quoted(f))
	if ok && !slices.Contains([]string{"true", "false", "yes", "no"}, v) {
		p.fail(f.value, "", "%s must be true or false, not %q", quoted(f), v)
	}
	return v == "true" || v == "yes"
}

// key reads a key of the phone.
func (p *parser) key(n *yaml.Node) (rune, bool) {
	v := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || len(v) != 1 || !strings.Contains("0123456789*#", v) {
		p.fail(n, `one of 0 to 9, "*", "#"`, "%q is no key of a phone", v)
		return 0, false
	}
	return rune(v[0]), true
}

// length reads a number of digits: 4, or "4-12".
func (p *parser) length(f field) Length {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return Length{}
	}
	from, to, isRange := strings.Cut(v, "-")
	if !isRange {
		to = from
	}
	low, errLow := strconv.Atoi(strings.TrimSpace(from))
	high, errHigh := strconv.Atoi(strings.TrimSpace(to))
	if errLow != nil || errHigh != nil || low < 1 || high < low || high > 32 {
		p.fail(f.value, `write 4 or "4-12", at most 32`, "%s is %q, which is no number of digits", quoted(f), v)
	}
	return Length{Min: low, Max: high}
}

// number reads a called number.
func (p *parser) number(n *yaml.Node, country string) string {
	v := strings.TrimSpace(n.Value)
	if numberPattern.MatchString(v) {
		p.mark("number", n)
		return v
	}
	hint := "write it like +78005550101 or 600"
	if e164, ok := callers.Normalize(v, country); ok {
		hint = "write " + strconv.Quote(e164)
	}
	p.fail(n, hint, "%q is neither a full number nor an internal one", v)
	return v
}

// highest is the highest priority of a place, and -highest the lowest.
const highest = 9999

// priority reads 10, "caller.vip ? 10 : 0" or another expression.
func (p *parser) priority(f field, on *Node) Priority {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return Priority{}
	}
	if m := vipPattern.FindStringSubmatch(v); m != nil {
		vip, _ := strconv.Atoi(m[1]) // four digits at most
		normal, _ := strconv.Atoi(m[2])
		return Priority{Normal: normal, VIP: vip}
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		return Priority{By: p.expression(f, KindNumber, on)}
	case n < -highest || n > highest:
		p.fail(f.value, "", "a priority is between -%d and %d, not %d", highest, highest, n)
	}
	return Priority{Normal: n, VIP: n}
}

func quoted(f field) string { return strconv.Quote(f.key.Value) }
