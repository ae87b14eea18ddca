package prompts

import (
	"regexp"
	"slices"
	"strings"
)

// sayable are the built-in sentences for which there are recordings that say the
// same, and what these are. "{0}" stands for the pieces of the first argument.
var sayable = map[string]map[Key]string{
	English: {
		KeyQueuePosition: "queue-thereare {0}", KeyQueueNext: "queue-youarenext", KeyStillWaiting: "queue-thankyou",
		KeyConnecting: "pls-hold-while-try", KeyEscalated: "pls-hold-while-try",
		keyWaitLess:  "queue-holdtime queue-less-than digits/1 queue-minute",
		keyWaitAbout: "queue-holdtime {0}", keyWaitUpTo: "queue-holdtime queue-less-than {0}",
		keyWaitBrief: "queue-holdtime queue-less-than {1}", keyWaitFromTo: "queue-holdtime queue-less-than {1}",
		KeyClosed: "vm-nobodyavail please-try-call-later", KeyNoAgents: "vm-nobodyavail", KeyQueueFull: "sorry please-try-call-later",
		KeyWaitTooLong: "sorry vm-nobodyavail", KeyTechnicalProblem: "sorry please-try-call-later", KeyGoodbye: "vm-goodbye",
		KeyConfirmNumber: "vm-num-i-have {0} if-correct-press digits/1 vm-calldiffnum", KeyConfirmOwnNumber: "vm-num-i-have {0} if-correct-press digits/1",
		KeyEnterNumber: "privacy-prompt vm-then-pound", KeyNumberInvalid: "privacy-incorrect", KeyCallbackCancelled: "cancelled",
		KeyAgentLoggedIn: "agent-loginok", KeyAgentLoggedOut: "agent-loggedoff",
		KeyEnterPIN: "agent-pass", KeyWrongPIN: "vm-incorrect", KeyNotUnderstood: "pm-invalid-option", KeyNoInput: "vm-pls-try-again",
	},
	Russian: {
		KeyQueuePosition: "queue-thereare {0}", KeyQueueNext: "queue-youarenext", KeyStillWaiting: "queue-thankyou",
		KeyConnecting: "pls-hold-while-try", KeyEscalated: "pls-hold-while-try",
		keyWaitLess:  "queue-holdtime queue-less-than digits/1 queue-minute",
		keyWaitAbout: "queue-holdtime {0}", keyWaitUpTo: "queue-holdtime queue-less-than {0}",
		keyWaitBrief: "queue-holdtime queue-less-than {1}", keyWaitFromTo: "queue-holdtime queue-less-than {1}",
		KeyClosed: "vm-nobodyavail pls-try-call-later", KeyNoAgents: "vm-nobodyavail", KeyQueueFull: "im-sorry pls-try-call-later",
		KeyWaitTooLong: "im-sorry vm-nobodyavail", KeyTechnicalProblem: "im-sorry pls-try-call-later", KeyGoodbye: "vm-goodbye",
		KeyConfirmNumber: "vm-num-i-have {0} if-correct-press digits/1 vm-calldiffnum", KeyConfirmOwnNumber: "vm-num-i-have {0} if-correct-press digits/1",
		KeyEnterNumber: "privacy-prompt astcc-followed-by-the-pound-key", KeyNumberInvalid: "privacy-incorrect", KeyCallbackCancelled: "cancelled",
		KeyAgentLoggedIn: "agent-loginok", KeyAgentLoggedOut: "agent-loggedoff",
		KeyEnterPIN: "agent-pass", KeyWrongPIN: "im-sorry vm-pls-try-again", KeyNotUnderstood: "pm-invalid-option", KeyNoInput: "vm-pls-try-again",
	},
}

// Sayable lists the messages that Pieces can say in a language, in the order of
// Keys. KeyWaitQuote is there but for
// QuoteMoreThan: a range is told by its end, "less than four minutes".
func Sayable(lang string) []Key {
	var keys []Key
	for _, key := range Keys() {
		if _, ok := sayable[Resolve(lang)][key]; ok || key == KeyWaitQuote {
			keys = append(keys, key)
		}
	}
	return keys
}

// Sounds lists every core sound of a language that Pieces may name, sorted.
func Sounds(lang string) []string {
	lang = Resolve(lang)
	all := []string{}
	for _, sounds := range lexicon[lang].sounds {
		all = append(all, sounds...)
	}
	for _, sounds := range sayable[lang] {
		all = append(all, strings.Fields(placeholders.ReplaceAllString(sounds, ""))...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// recorded is a sentence of the catalogue as it is recognised.
type recorded struct {
	pattern *regexp.Regexp
	sounds  []string
}

var (
	placeholders = regexp.MustCompile(`\{\d\}`)
	quoted       = regexp.MustCompile(`\\\{\d\\\}`) // a placeholder after regexp.QuoteMeta
)

// recordings are the sentences by language, those with the most words first.
var recordings = func() map[string][]recorded {
	out := map[string][]recorded{}
	for lang, keys := range sayable {
		for key, sounds := range keys {
			text := regexp.QuoteMeta(halves.Replace(catalogues[lang][key]))
			pattern := `^` + quoted.ReplaceAllString(text, `([^.!?]+)`) + `(?:\s+|$)`
			out[lang] = append(out[lang], recorded{regexp.MustCompile(pattern), strings.Fields(sounds)})
		}
		slices.SortFunc(out[lang], func(a, b recorded) int { return len(b.pattern.String()) - len(a.pattern.String()) })
	}
	return out
}()

// sentencePieces says the sentence of the catalogue with which a text begins, and
// gives what comes after it.
func sentencePieces(lang, text string) (sounds []string, after string, ok bool) {
	for _, r := range recordings[lang] {
		m := r.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		for _, sound := range r.sounds {
			if !strings.HasPrefix(sound, "{") {
				sounds = append(sounds, sound)
				continue
			}
			said, ok := wordPieces(lang, m[1+int(sound[1]-'0')])
			if !ok {
				return nil, "", false
			}
			sounds = append(sounds, said...)
		}
		return sounds, text[len(m[0]):], true
	}
	return nil, "", false
}
