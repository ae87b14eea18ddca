package scenario

import (
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/queues/simulate"
)

// law is how long something takes: "never", a duration, or {NAME: MEAN, ...}.
type law struct{ simulate.Law }

var laws = []string{"fixed", "exponential", "lognormal", "weibull", "empirical"}

// written is a law as a mapping.
type written struct {
	Fixed       *time.Duration  `yaml:"fixed"`
	Exponential *time.Duration  `yaml:"exponential"`
	Lognormal   *time.Duration  `yaml:"lognormal"`
	Weibull     *time.Duration  `yaml:"weibull"`
	Empirical   []time.Duration `yaml:"empirical"`
	CV          *float64        `yaml:"cv"`    // of lognormal
	Shape       *float64        `yaml:"shape"` // of weibull
}

func (l *law) read(r *reader, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		s, _ := r.word(n)
		if s == "never" {
			l.Law = simulate.Never{}
			return
		}
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 || d > longest {
			r.fail(n, "write never, a duration like 45s, or a law like {exponential: 3m}", "%q is no law", s)
			return
		}
		l.Law = simulate.Fixed(d.Seconds())
		return
	}
	var w written
	before := len(r.faults)
	r.structure(n, reflect.ValueOf(&w).Elem(), "law")
	if len(r.faults) > before {
		return
	}
	l.Law = r.lawOf(n, w)
}

// lawOf gives the one law that is written.
func (r *reader) lawOf(n *yaml.Node, w written) simulate.Law {
	var found []simulate.Law
	add := func(mean *time.Duration, make func(seconds float64) simulate.Law) {
		if mean != nil {
			if *mean == 0 {
				r.fail(n, "write 0s alone for what takes no time", "the mean of a law must be above 0")
			}
			found = append(found, make(mean.Seconds()))
		}
	}
	parameter := func(p *float64, of bool, key string, otherwise float64) float64 {
		switch {
		case p != nil && !of:
			r.fail(n, "cv is of lognormal, shape is of weibull", "%q does not belong to this law", key)
		case p != nil && !(*p >= 0.05 && *p <= 20):
			r.fail(n, "write a number from 0.05 to 20", "%s is %g", key, *p)
		case p != nil:
			return *p
		}
		return otherwise
	}
	cv := parameter(w.CV, w.Lognormal != nil, "cv", 1)
	shape := parameter(w.Shape, w.Weibull != nil, "shape", 1)
	add(w.Fixed, func(s float64) simulate.Law { return simulate.Fixed(s) })
	add(w.Exponential, func(s float64) simulate.Law { return simulate.Exponential(s) })
	add(w.Lognormal, func(s float64) simulate.Law { return simulate.Lognormal{Mean: s, CV: cv} })
	add(w.Weibull, func(s float64) simulate.Law { return simulate.Weibull{Mean: s, Shape: shape} })
	if w.Empirical != nil {
		var seen simulate.Empirical
		for _, d := range w.Empirical {
			seen = append(seen, d.Seconds())
		}
		found = append(found, seen)
	}
	if len(found) != 1 {
		r.fail(n, "name one of "+strings.Join(laws, ", "), "this names %d laws", len(found))
		return simulate.Fixed(0)
	}
	return found[0]
}
