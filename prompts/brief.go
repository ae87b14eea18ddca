package prompts

import (
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// Brief is what an agent is told of a customer before the two talk. The zero
// value of a field says nothing, but for Assurance.
type Brief struct {
	Title     string // the queue's spoken name
	Name      string
	Number    string            // E.164
	Reason    string            // how the call was asked for, as callback.Reason has it; "" for a live caller
	Assurance callers.Assurance // how sure it is who that is
	Waited    time.Duration     // of a live caller until now, of a callback in the call in which it was asked for
	Path      []string          // nodes of that call, the oldest first
	Question  bool              // there is a question to be read, or to be asked
	Message   bool              // there is a message to be heard
}

// longestPath is how many nodes are told: the last ones say most.
const longestPath = 3

// Whisper is said to the agent while the customer waits to be connected, so it is
// short. It is "" without a title.
func (b Brief) Whisper(lang string) string {
	lang = Resolve(lang)
	if b.Reason == "" {
		text := Message(lang, KeyWhisper, b.Title, b.Name, b.Waited)
		if text == "" {
			return ""
		}
		if b.Question {
			return sentences(text, b.assurance(lang), briefs[lang].question)
		}
		return sentences(text, b.assurance(lang))
	}
	text := Message(lang, KeyWhisperCallback, b.Title, b.Name)
	if text == "" {
		return ""
	}
	return sentences(text, b.matter(lang))
}

// Calling is said to the agent who took the place of a promise while the customer
// is being called: they have the time.
func (b Brief) Calling(lang string) string {
	lang = Resolve(lang)
	return sentences(Message(lang, KeyAgentHoldOn, b.Name, b.Number), b.matter(lang), b.path(lang))
}

// Preview asks the agent who took the place of a promise what they want to do: 1
// calls, 2 puts it off, 3 passes it on, and * plays the message where there is one.
func (b Brief) Preview(lang string) string {
	lang = Resolve(lang)
	who := Phone(lang, b.Number)
	if name := strings.TrimSpace(b.Name); name != "" {
		who = name + ", " + briefs[lang].number + " " + who
	}
	return sentences(briefs[lang].callback+" "+who+".", b.matter(lang), b.path(lang), b.Choice(lang))
}

// Choice lists the keys of a preview.
func (b Brief) Choice(lang string) string {
	words := briefs[Resolve(lang)]
	if b.Message {
		return sentences(words.choice, words.star)
	}
	return words.choice
}

// Agreed is said to an agent who pressed 1 in a preview.
func Agreed(lang string) string { return briefs[Resolve(lang)].calling }

// Released is said to an agent who did not want to call, before the line is cut.
func Released(lang string) string { return briefs[Resolve(lang)].released }

// matter is what it is about.
func (b Brief) matter(lang string) string {
	words := briefs[lang]
	parts := []string{words.reasons[b.Reason], b.assurance(lang)}
	if time, _ := waited(lang, b.Waited); time != "" {
		parts = append(parts, words.waited+" "+time+".")
	}
	if b.Question {
		parts = append(parts, words.question)
	}
	if b.Message {
		parts = append(parts, words.message)
	}
	return sentences(parts...)
}

func (b Brief) assurance(lang string) string { return briefs[lang].assurances[b.Assurance] }

// path tells through which nodes the caller came, by their names.
func (b Brief) path(lang string) string {
	nodes := b.Path[max(0, len(b.Path)-longestPath):]
	if len(nodes) == 0 {
		return ""
	}
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = strings.ReplaceAll(n, "_", " ")
	}
	return briefs[lang].came + " " + strings.Join(names, ", ") + "."
}

// sentences puts those together that are not empty.
func sentences(parts ...string) string {
	said := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " ")
}

// briefing is the words of a Brief in one language.
type briefing struct {
	callback, number, waited, came, question, message string
	choice, star, calling, released                   string
	reasons                                           map[string]string
	assurances                                        map[callers.Assurance]string
}

var briefs = map[string]briefing{
	English: {
		callback: "A callback.", number: "number", waited: "Had waited", came: "Came by way of",
		question: "The question is on your display.", message: "There is a spoken message.",
		choice:  "To call, press one. For later, press two. To pass it on, press three.",
		star:    "To hear the message, press star.",
		calling: "We are calling the customer. Please hold on.", released: "Thank you. You may hang up.",
		reasons: map[string]string{
			"in_line": "Asked for it in line.", "instead": "Asked for it instead of waiting.", "abandoned": "Hung up while waiting.",
			"operator": "Asked for by a colleague.", "web": "Asked for it on the web site.", "import": "From a list.",
		},
		assurances: map[callers.Assurance]string{
			callers.AssuranceNone: "Not identified.", callers.AssuranceANI: "Known by the number.",
			callers.AssuranceAnswer: "Knew the answer to a question.", callers.AssurancePIN: "Identified by PIN.",
		},
	},
	Russian: {
		callback: "Обратный звонок.", number: "номер", waited: "Ожидание в очереди:", came: "Путь:",
		question: "Вопрос на экране.", message: "Есть голосовое сообщение.",
		choice:  "Чтобы позвонить, нажмите один. Чтобы отложить, нажмите два. Чтобы передать другому, нажмите три.",
		star:    "Чтобы прослушать сообщение, нажмите звёздочку.",
		calling: "Набираем клиента. Подождите, пожалуйста.", released: "Спасибо. Можно положить трубку.",
		reasons: map[string]string{
			"in_line": "Звонок заказан из очереди.", "instead": "Звонок заказан вместо ожидания.", "abandoned": "Звонок прервался в очереди.",
			"operator": "Звонок заказал сотрудник.", "web": "Звонок заказан на сайте.", "import": "Звонок из списка.",
		},
		assurances: map[callers.Assurance]string{
			callers.AssuranceNone: "Личность не подтверждена.", callers.AssuranceANI: "Узнали по номеру.",
			callers.AssuranceAnswer: "Знает ответ на вопрос.", callers.AssurancePIN: "Личность подтверждена кодом.",
		},
	},
}
