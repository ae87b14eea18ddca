package scenario

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// reader turns YAML into a document and collects its faults.
type reader struct {
	file   string
	faults dialplan.ErrorList
	at     map[string]*yaml.Node
}

// own is a type that reads itself.
type own interface {
	read(r *reader, n *yaml.Node)
}

func (r *reader) fail(n *yaml.Node, hint, format string, args ...any) {
	r.failAt(n.Line, n.Column, hint, format, args...)
}

func (r *reader) failAt(line, col int, hint, format string, args ...any) {
	r.faults = append(r.faults, &dialplan.Error{
		File: r.file, Line: max(line, 1), Col: max(col, 1), Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?((?s:.*))`)

// yamlFault finds the line in a message of the YAML library.
func yamlFault(err error) (line int, msg string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1]) // "" is 0: not known
	if strings.HasPrefix(m[2], "did not find expected") {
		line++ // the library counts from 0 here and from 1 elsewhere
	}
	return line, m[2]
}

// read fills in what into points at.
func (r *reader) read(n *yaml.Node, into any) { r.value(n, reflect.ValueOf(into).Elem(), "") }

func (r *reader) value(n *yaml.Node, v reflect.Value, path string) {
	r.at[path] = n
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.fail(n, "write the value out", "a scenario cannot have YAML anchors")
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		r.fail(n, "write it, or leave the key out", "the value is missing")
		return
	}
	if self, ok := v.Addr().Interface().(own); ok {
		self.read(r, n)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, v.Elem(), path)
	case reflect.Struct:
		r.structure(n, v, path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		r.entries(n, func(key, value *yaml.Node) {
			one := reflect.New(v.Type().Elem()).Elem()
			r.value(value, one, path+"."+key.Value)
			v.SetMapIndex(reflect.ValueOf(key.Value), one)
		})
	case reflect.Slice:
		items := n.Content
		if n.Kind == yaml.ScalarNode {
			items = []*yaml.Node{n} // one alone
		} else if n.Kind != yaml.SequenceNode {
			r.fail(n, "each item begins with a dash", "this must be a list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			r.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		r.scalar(n, v)
	}
}

// structure reads a mapping whose keys are known.
func (r *reader) structure(n *yaml.Node, v reflect.Value, path string) {
	fields := map[string]reflect.Value{}
	var known []string
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		fields[key] = v.Field(i)
		known = append(known, key)
	}
	r.entries(n, func(key, value *yaml.Node) {
		field, ok := fields[key.Value]
		if !ok {
			r.fail(key, hintOf(key.Value, known), "unknown key %q", key.Value)
			return
		}
		r.value(value, field, strings.TrimPrefix(path+"."+key.Value, "."))
	})
}

func hintOf(written string, known []string) string {
	if hint := dialplan.DidYouMean(written, known); hint != "" {
		return hint
	}
	return "one of " + strings.Join(known, ", ")
}

// entries visits the keys of a mapping.
func (r *reader) entries(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "write key: value", "this must be a mapping")
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.fail(key, "", "a key must be a word")
			continue
		}
		if first := lines[key.Value]; first > 0 {
			r.fail(key, fmt.Sprintf("the first is on line %d", first), "key %q is here twice", key.Value)
			continue
		}
		lines[key.Value] = key.Line
		visit(key, value)
	}
}

// scalar reads a single value.
func (r *reader) scalar(n *yaml.Node, v reflect.Value) {
	s, ok := r.word(n)
	if !ok {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		if d, ok := r.duration(n, s); ok {
			v.SetInt(int64(d))
		}
	case v.Kind() == reflect.String:
		v.SetString(s)
	case v.Kind() == reflect.Int:
		whole, err := strconv.Atoi(s)
		if err != nil {
			r.fail(n, "", "%q is no whole number", s)
		}
		v.SetInt(int64(whole))
	case v.Kind() == reflect.Float64:
		v.SetFloat(r.float(n, s))
	case v.Kind() == reflect.Bool:
		if s != "true" && s != "false" {
			r.fail(n, "write true or false", "%q is neither yes nor no", s)
		}
		v.SetBool(s == "true")
	}
}

// word reads a single value as it is written.
func (r *reader) word(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		r.fail(n, "", "this must be a single value")
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

// longest is the longest time that a scenario may name.
const longest = 31 * 24 * time.Hour

func (r *reader) duration(n *yaml.Node, s string) (time.Duration, bool) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > longest {
		r.fail(n, "write it like 45s, 3m or 1h30m", "%q is no duration", s)
		return 0, false
	}
	return d, true
}

// float reads a number that is not negative.
func (r *reader) float(n *yaml.Node, s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0) || math.IsInf(f, 0) {
		r.fail(n, "", "%q is no number from 0 on", s)
		return 0
	}
	return f
}
