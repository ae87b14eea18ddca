package ami

import (
	"strings"
)

// Header is one line of a message.
type Header struct{ Key, Value string }

// Message is one message of Asterisk, or one action for it: its headers in
// order. Keys may repeat and are compared without regard to case.
type Message []Header

// NewAction makes an action from its name and pairs of key and value. Pairs
// with an empty value are left out; an odd last key is ignored.
func NewAction(name string, pairs ...string) Message {
	m := Message{{"Action", name}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			m = append(m, Header{pairs[i], pairs[i+1]})
		}
	}
	return m
}

// Get gives the first value of a key, or "".
func (m Message) Get(key string) string {
	for _, h := range m {
		if strings.EqualFold(h.Key, key) {
			return h.Value
		}
	}
	return ""
}

// All gives every value of a key, in order.
func (m Message) All(key string) []string {
	var values []string
	for _, h := range m {
		if strings.EqualFold(h.Key, key) {
			values = append(values, h.Value)
		}
	}
	return values
}

// Name is the event's type: "QueueCallerJoin". It is "" for a response.
func (m Message) Name() string { return m.Get("Event") }

// cleaner takes out what would end a line early.
var cleaner = strings.NewReplacer("\r", "", "\n", "", "\x00", "")

// encode writes a message as it goes over the wire.
func (m Message) encode() []byte {
	var b strings.Builder
	for _, h := range m {
		// A colon in a key would make the rest of it a value.
		b.WriteString(strings.ReplaceAll(cleaner.Replace(h.Key), ":", ""))
		b.WriteString(": ")
		b.WriteString(cleaner.Replace(h.Value))
		b.WriteString("\r\n")
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}
