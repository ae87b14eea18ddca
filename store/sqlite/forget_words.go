package sqlite

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/store"
)

// words puts an alias in place of what tells who a person is.
type words struct {
	person store.Forgettable
	alias  string
	names  []string         // and other numbers that records of the person have
	out    *store.Forgotten // gets the names of recordings
}

// personal are the keys of a person's own records whose values are taken away: what
// was collected, what a directory gave, and what was typed or said freely.
var personal = []string{"vars", "args", "fields", "balance", "digits", "note"}

// within are further ones, by the object that they stand in: elsewhere the same word
// means something else, such as the question of a survey.
var within = map[string][]string{
	"state": {"question", "history"},
	"about": {"question"},
}

// named are those whose values become the alias whatever they are: the number may be
// another one from which the account called.
var named = []string{"account", "ani"}

// recorded are those that name recordings on the switch.
var recorded = []string{"recording", "message"}

// digits is the number as it stands in channels, too, without its plus.
func (w *words) digits() string { return strings.TrimPrefix(w.person.Number, "+") }

// needles are what a record holds that has to do with the person.
func (w *words) needles() []any {
	var all []any
	if w.person.Number != "" {
		all = append(all, w.digits())
	}
	if w.person.Account != "" {
		all = append(all, `"`+w.person.Account+`"`)
	}
	return all
}

// rewrite gives the JSON of a record without the person. Own says that the record is
// the person's, not one that only mentions them.
func (w *words) rewrite(data string, own bool) (text string, changed bool, err error) {
	dec := json.NewDecoder(strings.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return "", false, err
	}
	if own {
		w.learn(v)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(w.value("", v, own)); err != nil {
		return "", false, err
	}
	text = strings.TrimSuffix(out.String(), "\n")
	return text, text != data, nil
}

// learn takes name and numbers out of a call, a promise or a place: an account calls
// from other numbers, too. They are replaced in the person's own records only.
func (w *words) learn(v any) {
	root, _ := v.(map[string]any)
	state, _ := root["state"].(map[string]any)
	caller, _ := state["caller"].(map[string]any)
	add := func(word string) {
		if word != "" && word != w.alias && !slices.Contains(w.names, word) {
			w.names = append(w.names, word)
		}
	}
	for _, name := range []any{root["name"], caller["name"]} {
		name, _ := name.(string)
		add(name)
	}
	for _, number := range []any{root["number"], state["ani"], state["number"], caller["number"]} {
		if number, is := number.(string); is && strings.HasPrefix(number, "+") && len(number) > 8 && !w.dialled(root, number) {
			add(number)
			add(number[1:])
		}
	}
}

// dialled says whether a number is that of the hotline.
func (w *words) dialled(root map[string]any, number string) bool {
	return root["direction"] == "in" && root["number"] == number
}

func (w *words) value(key string, v any, own bool) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if own && (slices.Contains(personal, name) || slices.Contains(within[key], name)) {
				delete(v, name)
				continue
			}
			v[name] = w.value(name, inner, own)
		}
	case []any:
		for i, inner := range v {
			v[i] = w.value(key, inner, own)
		}
	case string:
		return w.text(key, v, own)
	}
	return v
}

func (w *words) text(key, s string, own bool) string {
	switch {
	case s == "":
		return s
	case own && slices.Contains(recorded, key):
		if !slices.Contains(w.out.Recordings, s) {
			w.out.Recordings = append(w.out.Recordings, s)
		}
	case own && slices.Contains(named, key), w.person.Account != "" && s == w.person.Account && (key == "account" || key == "key"):
		return w.alias
	}
	if own && key == "key" && w.person.Account != "" { // chosen by a CRM, often from the account
		s = strings.ReplaceAll(s, w.person.Account, w.alias)
	}
	if w.person.Number != "" {
		s = strings.ReplaceAll(strings.ReplaceAll(s, w.person.Number, w.alias), w.digits(), w.alias)
	}
	for _, name := range w.names {
		if own {
			s = strings.ReplaceAll(s, name, w.alias)
		}
	}
	return s
}
