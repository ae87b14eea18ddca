package prompts

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/currency"
)

// options are what a document writes behind the name of a filter. A filter takes
// out what it knows; what is left over is a fault.
type options struct {
	lang  string
	raw   string
	words []string
	fault error
}

var caseNames = []string{"nominative", "genitive", "dative", "accusative", "instrumental", "prepositional"}

var genderNames = []string{"masculine", "feminine", "neuter"}

// oneOf takes the first option that is among the names, and gives its index; -1
// when there is none.
func (o *options) oneOf(names ...string) int {
	for i, word := range o.words {
		if at := slices.Index(names, word); at >= 0 {
			o.words = slices.Delete(slices.Clone(o.words), i, i+1)
			return at
		}
	}
	return -1
}

func (o *options) has(name string) bool { return o.oneOf(name) == 0 }

// grammatical takes a case, and false when none is written.
func (o *options) grammatical() (Case, bool) {
	at := o.oneOf(caseNames...)
	if at >= 0 && o.lang == English && o.fault == nil {
		o.fault = fmt.Errorf("there are no cases in English: leave out %q", caseNames[at])
	}
	return Case(max(at, 0)), at >= 0
}

func (o *options) form() Form {
	c, _ := o.grammatical()
	at := o.oneOf(genderNames...)
	if at >= 0 && o.lang == English && o.fault == nil {
		o.fault = fmt.Errorf("there are no genders in English: leave out %q", genderNames[at])
	}
	return Form{Gender: Gender(max(at, 0)), Case: c}
}

// currency takes the code of a currency, "" when none is written.
func (o *options) currency() string {
	for i, word := range o.words {
		if len(word) == 3 && strings.ToUpper(word) == word {
			if _, err := currency.ParseISO(word); err != nil && o.fault == nil {
				o.fault = fmt.Errorf("%q is not a currency code of ISO 4217", word)
			}
			o.words = slices.Delete(slices.Clone(o.words), i, i+1)
			return word
		}
	}
	return ""
}

// problem is the first fault, or what no filter took.
func (o *options) problem(f FilterInfo) error {
	switch {
	case o.fault != nil:
		return fmt.Errorf("the filter %s: %w", f.Name, o.fault)
	case len(o.words) > 0 && f.Args == "":
		return fmt.Errorf("the filter %s takes no argument: leave out %q", f.Name, o.words[0])
	case len(o.words) > 0:
		return fmt.Errorf("the filter %s does not know %q; it takes %s", f.Name, o.words[0], f.Args)
	}
	return nil
}
