package scenario

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// clock is a time of day, since midnight.
type clock time.Duration

var clockForm = regexp.MustCompile(`^([0-9]{1,2}):([0-5][0-9])$`)

func (c *clock) read(r *reader, n *yaml.Node) {
	if s, ok := r.word(n); ok {
		if *c, ok = clockOf(s); !ok {
			r.fail(n, `write it in quotes, like "09:30"`, "%q is no time of day", s)
		}
	}
}

func clockOf(s string) (clock, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[1]) // digits, by the pattern
	minutes, _ := strconv.Atoi(m[2])
	at := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return clock(at), at <= 24*time.Hour
}

// String writes the time as in the document.
func (c clock) String() string {
	m := int(time.Duration(c) / time.Minute)
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

// span is "08:00-16:30".
type span struct{ from, to clock }

func (s *span) read(r *reader, n *yaml.Node) {
	if text, ok := r.word(n); ok {
		if *s, ok = spanOf(text); !ok {
			r.fail(n, `write it in quotes, like "08:00-16:30"`, "%q is no part of a day", text)
		}
	}
}

func spanOf(text string) (s span, ok bool) {
	from, to, _ := strings.Cut(text, "-")
	s.from, ok = clockOf(strings.TrimSpace(from))
	if !ok {
		return span{}, false
	}
	s.to, ok = clockOf(strings.TrimSpace(to))
	return s, ok && s.from < s.to
}

// share is a part of all: "30%" or 0.3.
type share float64

func (s *share) read(r *reader, n *yaml.Node) {
	text, ok := r.word(n)
	if !ok {
		return
	}
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f <= 1) {
		r.fail(n, "write it like 30%", "%q is no share", text)
		return
	}
	*s = share(f)
}

// target is "80/20".
type target Target

func (t *target) read(r *reader, n *yaml.Node) {
	if text, ok := r.word(n); ok {
		parsed, err := ParseTarget(text)
		if err != nil {
			r.fail(n, "write it like 80/20", "%q is no service level", text)
		}
		*t = target(parsed)
	}
}

// ParseTarget reads "80/20": 80 % of callers answered within 20 seconds.
func ParseTarget(text string) (Target, error) {
	percent, seconds, _ := strings.Cut(text, "/")
	p, err := strconv.ParseFloat(percent, 64)
	if err != nil || !(p > 0 && p <= 100) {
		return Target{}, fmt.Errorf("%q is no service level: write it like 80/20", text)
	}
	s, err := strconv.ParseFloat(seconds, 64)
	if err != nil || !(s >= 0 && s <= 86400) {
		return Target{}, fmt.Errorf("%q is no service level: write it like 80/20", text)
	}
	return Target{Share: p / 100, Within: time.Duration(s * float64(time.Second))}, nil
}

// rates are callers per hour: one number for the whole day, or by part of it.
type rates []rate

type rate struct {
	span
	perHour float64
}

func (all *rates) read(r *reader, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if s, ok := r.word(n); ok {
			*all = rates{{span{0, clock(24 * time.Hour)}, r.float(n, s)}}
		}
		return
	}
	r.entries(n, func(key, value *yaml.Node) {
		s, ok := spanOf(key.Value)
		if !ok {
			r.fail(key, `write it in quotes, like "08:00-16:30"`, "%q is no part of a day", key.Value)
			return
		}
		for _, other := range *all {
			if s.from < other.to && other.from < s.to {
				r.fail(key, "what comes besides is a burst", "%q overlaps with another part of the day", key.Value)
			}
		}
		if text, ok := r.word(value); ok {
			*all = append(*all, rate{s, r.float(value, text)})
		}
	})
}
