package dialplan

import "github.com/linekeeper/linekeeper/callers"

// speak goes on in another language, and keeps to it: the record of a caller who
// is found later does not change it, and a promise has it for its call.
func (c *call) speak(language, by string) {
	if language != c.s.Language {
		c.note("language.chosen", map[string]any{"language": language, "by": by})
	}
	c.s.Language, c.s.LanguageKept = language, true
}

// speakByCountry begins in the language of the country that the number of the
// call is from. The record of the caller may still change it.
func (c *call) speakByCountry() {
	if len(c.doc.LanguageBy) == 0 || c.s.ANI == "" {
		return
	}
	lang := c.doc.LanguageBy[callers.Region(c.s.ANI)]
	if lang == "" {
		lang = c.doc.LanguageBy[otherCountries]
	}
	if lang != "" && lang != c.s.Language {
		c.s.Language = lang
		c.note("language.chosen", map[string]any{"language": lang, "by": "country"})
	}
}
