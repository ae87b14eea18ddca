package prompts

import (
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Message gives the text of a standing message in a language (see Resolve),
// its arguments spoken in words. Keys list what arguments they want; an unknown
// key, or arguments of another kind or number, give "": a silent prompt is
// better than one that says something false.
func Message(lang string, key Key, args ...any) string {
	lang = Resolve(lang)
	speakers, ok := arguments[key]
	if !ok || len(speakers) != len(args) {
		return ""
	}
	values := make([]string, len(args))
	for i, speak := range speakers {
		if values[i], ok = speak(lang, args[i]); !ok {
			return ""
		}
	}
	return fill(catalogues[lang][variant(key, args, values)], values)
}

var catalogues = map[string]map[Key]string{Russian: catalogueRU, English: catalogueEN}

// speaker puts one argument into words; false when it is not of its kind.
type speaker func(lang string, arg any) (words string, ok bool)

var arguments = map[Key][]speaker{
	KeyQueuePosition:     {position},
	KeyQueueNext:         {},
	KeyWaitQuote:         {waitQuote},
	KeyStillWaiting:      {},
	KeyConnecting:        {},
	KeyAgentLeft:         {},
	KeyEscalated:         {},
	KeyClosed:            {},
	KeyNoAgents:          {},
	KeyQueueFull:         {},
	KeyWaitTooLong:       {},
	KeyTechnicalProblem:  {},
	KeyGoodbye:           {},
	KeyOfferCallback:     {phoneKey},
	KeyConfirmNumber:     {phoneNumber},
	KeyConfirmOwnNumber:  {phoneNumber},
	KeyEnterNumber:       {},
	KeyNumberInvalid:     {},
	KeyCallbackPromised:  {},
	KeyCallbackLater:     {later},
	KeyCallbackExists:    {},
	KeyCallbackRefused:   {},
	KeyCallbackGreeting:  {plainText, plainText},
	KeyVerifyGreeting:    {plainText},
	KeyPressOneToWant:    {},
	KeyVerifyThanks:      {},
	KeyMachineMessage:    {plainText},
	KeyPressOneToConnect: {},

	KeyCallbackSlot:        {slot},
	KeySlotSoon:            {},
	KeySlotOffer:           {slot, phoneKey},
	KeySlotOther:           {},
	KeySlotTaken:           {},
	KeyCallbackCancel:      {},
	KeyCallbackKept:        {},
	KeyCallbackCancelled:   {},
	KeyMessageInvite:       {},
	KeyMessageSilent:       {},
	KeyMessageReview:       {},
	KeyMessageReviewNeeded: {},
	KeyMessageMissing:      {},
	KeyMessageKept:         {},
	KeyOneMoment:           {},
	KeyTransferFailed:      {},
	KeyCutOffConsent:       {phoneKey},
	KeyCutOffConsentThanks: {},

	KeyAgentHoldOn:       {plainText, phoneNumber},
	KeyAgentCustomerLost: {},

	KeyWhisper:         {title, callerName, waited},
	KeyWhisperCallback: {title, callerName},

	KeyAgentLoggedIn:         {},
	KeyAgentLoggedOut:        {},
	KeyAgentPaused:           {},
	KeyAgentUnpaused:         {},
	KeyAgentReady:            {},
	KeyAgentAlreadyLoggedIn:  {},
	KeyAgentAlreadyLoggedOut: {},
	KeyAgentAlreadyPaused:    {},
	KeyAgentNotPaused:        {},
	KeyAgentNotInWrapUp:      {},
	KeyAgentPauseUsedUp:      {},
	KeyAgentLogInFirst:       {},
	KeyAgentNobodyThere:      {},
	KeyAgentUnknownPhone:     {},

	KeyEnterAccount:   {},
	KeyEnterPIN:       {},
	KeyWrongPIN:       {},
	KeyWhichAccount:   {},
	KeyEnterCode:      {},
	KeyEnterBirthDate: {},
	KeyDateInvalid:    {},
	KeyNoMatch:        {},
	KeyAskWhoCalls:    {},
	KeyYouEntered:     {plainText},
	KeyConfirmEntry:   {},
	KeyEntryShort:     {},
	KeyEntryWrong:     {},
	KeyNotUnderstood:  {},
	KeyNoInput:        {},
}

// variant chooses the catalogue entry that suits the arguments.
func variant(key Key, args []any, words []string) Key {
	switch key {
	case KeyQueuePosition:
		if args[0] == 0 {
			return KeyQueueNext
		}
	case KeyCallbackGreeting:
		if words[0] == "" {
			return keyGreetingUnnamed
		}
	case KeyAgentHoldOn:
		if words[0] == "" {
			return keyHoldOnUnnamed
		}
	case KeyWhisper:
		if words[2] == "" {
			return keyWhisperBrief
		}
	}
	return key
}

func position(lang string, arg any) (string, bool) {
	ahead, ok := arg.(int)
	if !ok || ahead < 0 {
		return "", false
	}
	n := int64(ahead) + 1
	if lang == Russian {
		return Ordinal(lang, n, Form{Gender: Neuter}), true // agrees with "место"
	}
	return Number(lang, n, Form{}), true
}

func waitQuote(lang string, arg any) (string, bool) {
	quote, ok := arg.(queues.Quote)
	return WaitQuote(lang, quote), ok
}

func phoneNumber(lang string, arg any) (string, bool) {
	number, ok := arg.(string)
	words := Phone(lang, number)
	return words, ok && words != ""
}

func plainText(_ string, arg any) (string, bool) {
	text, ok := arg.(string)
	return strings.TrimSpace(text), ok
}

// title is what a queue is called; without it there is nothing to whisper.
func title(lang string, arg any) (string, bool) {
	text, ok := plainText(lang, arg)
	return text, ok && text != ""
}

// callerName is short also for a caller without a name: the phone shows the
// number, and the caller waits while this is said.
func callerName(lang string, arg any) (string, bool) {
	name, ok := plainText(lang, arg)
	if name == "" {
		name = map[string]string{Russian: "имя неизвестно", English: "unknown caller"}[lang]
	}
	return name, ok
}

// waited is a wait that is over, to the nearest minute; "" for less than one.
func waited(lang string, arg any) (string, bool) {
	d, ok := arg.(time.Duration)
	if !ok || d < 0 {
		return "", false
	}
	if d < time.Minute {
		return "", true
	}
	return Duration(lang, d.Round(time.Minute), Accusative), true
}

func phoneKey(lang string, arg any) (string, bool) {
	key, ok := arg.(string)
	if !ok || len(key) != 1 {
		return "", false
	}
	switch key {
	case "*":
		return map[string]string{Russian: "звёздочку", English: "star"}[lang], true
	case "#":
		return map[string]string{Russian: "решётку", English: "the hash key"}[lang], true
	}
	n, err := strconv.ParseUint(key, 10, 8)
	return Number(lang, int64(n), Form{}), err == nil
}

// fill puts the values at {0}, {1} of a catalogue text.
func fill(text string, values []string) string {
	pairs := make([]string, 0, 2*len(values))
	for i, v := range values {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", v)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
