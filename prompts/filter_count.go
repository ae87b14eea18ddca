package prompts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// countFilter counts things whose forms the document gives: in English one and
// several, "call, calls", in Russian those after 1, 2 and 5, "звонок, звонка,
// звонков". The Russian first form may begin with "один", "одна", "одну" and so on:
// this tells gender and case where they cannot be seen. A fourth form is that
// after 0 and whole thousands, where it is another: "одному дню, дням, дням, дней".
func countFilter(lang string, o *options) valueSpeaker {
	w, c, err := countNoun(lang, o.raw)
	o.words, o.fault = nil, err
	return tell(trimmedNumber, func(d decimal) string {
		if d.fraction != "" && c != Nominative && c != Accusative {
			return "" // the forms lack "литра" of "двух целых пяти десятых литра"
		}
		return d.counting(lang, w, c)
	})
}

func countNoun(lang, arg string) (noun, Case, error) {
	forms := strings.Split(arg, ",")
	for i := range forms {
		if forms[i] = strings.Join(strings.Fields(forms[i]), " "); forms[i] == "" {
			return noun{}, 0, errForms[lang]
		}
	}
	if lang == English {
		if len(forms) != 2 {
			return noun{}, 0, errForms[lang]
		}
		return nounEN(forms[0], forms[1]), Nominative, nil
	}
	if len(forms) == 3 {
		forms = append(forms, forms[2])
	}
	if len(forms) != 4 {
		return noun{}, 0, errForms[lang]
	}
	one, rest, said := strings.Cut(forms[0], " ")
	form, ok := saidForm(one, forms[2])
	switch {
	case said && ok:
		forms[0] = rest
	case said && endsIn(one, "ый", "ий"): // "рабочий день"
	case said && endsIn(one, "ая", "яя"), endsIn(forms[0], "а", "я"):
		form.Gender = Feminine
	case said && endsIn(one, "ое", "ее"), endsIn(forms[0], "о", "е", "ё"):
		form.Gender = Neuter
	case endsIn(forms[0], "ь", "у", "ю", "ы", "и", "й"):
		return noun{}, 0, fmt.Errorf("the gender of %q cannot be seen: write \"один %s\", \"одна %s\" or another form of \"один\" before it", forms[0], forms[0], forms[0])
	}
	w := sameInAllCases(form.Gender, forms[0], forms[1], forms[2])
	if form.Case != Genitive {
		w.many[Genitive] = forms[3]
	}
	return w, form.Case, nil
}

var errForms = map[string]error{
	Russian: errors.New(`write the forms after 1, 2 and 5: "звонок, звонка, звонков"`),
	English: errors.New(`write the forms for one and for several: "call, calls"`),
}

// saidForm tells gender and case by a form of "один", and where that is the same
// in several cases by the ending of the plural.
func saidForm(one, many string) (Form, bool) {
	for gender, forms := range oneRU {
		for c, form := range forms {
			if form != one {
				continue
			}
			f := Form{Gender(gender), Case(c)}
			if f.Gender == Feminine && f.Case == Genitive {
				f.Case = pluralCase(many)
			}
			return f, true
		}
	}
	return Form{}, false
}

// pluralCase is the case of "одной", by the plural that goes with it.
func pluralCase(many string) Case {
	switch {
	case endsIn(many, "ам", "ям"):
		return Dative
	case endsIn(many, "ами", "ями"):
		return Instrumental
	case endsIn(many, "ах", "ях"):
		return Prepositional
	}
	return Genitive
}

func endsIn(word string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(word, e) })
}
