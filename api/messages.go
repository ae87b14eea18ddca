package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Message is what a caller left at a message node.
type Message struct {
	Recording string     `json:"recording"` // its name in the switch's recording folder, and its id here
	Call      string     `json:"call"`
	At        time.Time  `json:"at"`      // when it was stored
	From      string     `json:"from"`    // E.164, "" when withheld
	Account   string     `json:"account"` // "" for a stranger
	Hotline   string     `json:"hotline"`
	Node      string     `json:"node"`
	LengthS   float64    `json:"length_s"`
	DoneAt    *time.Time `json:"done_at"` // null until somebody took care of it
	DoneBy    string     `json:"done_by"`
}

// SurveyAnswer is what a caller pressed at a question of a survey node.
type SurveyAnswer struct {
	Node     string `json:"node"`
	Question string `json:"question"`
	Key      int    `json:"key"`
}

// messagesRead is how many entries about messages are looked through.
const messagesRead = 10_000

// messagesOf puts messages together from the journal, the newest first.
func (s *Server) messagesOf(ctx context.Context) ([]Message, error) {
	entries, err := s.daemon.Events(ctx, store.EventFilter{Type: "message.", Limit: messagesRead})
	if err != nil {
		return nil, err
	}
	found := []Message{}
	for _, ev := range entries {
		word := func(key string) string { v, _ := ev.Data[key].(string); return v }
		switch ev.Type {
		case "message.left":
			length, _ := ev.Data["length_s"].(float64)
			found = append(found, Message{
				Recording: word("recording"), Call: ev.Call, At: ev.At.UTC(), From: word("from"), Account: word("account"),
				Hotline: word("hotline"), Node: word("node"), LengthS: length,
			})
		case "message.done":
			for i := range found {
				if found[i].Recording == word("recording") {
					found[i].DoneAt, found[i].DoneBy = when(ev.At), word("by")
				}
			}
		}
	}
	slices.Reverse(found)
	return found, nil
}

func (s *Server) messages(r *http.Request) (any, error) {
	q := &query{r: r}
	all := q.flag("all")
	if q.err != nil {
		return nil, q.err
	}
	found, err := s.messagesOf(r.Context())
	if !all {
		found = slices.DeleteFunc(found, func(m Message) bool { return m.DoneAt != nil })
	}
	return found, err
}

// messageDone marks a message; it says which one, as it is now. Done twice is not an
// error.
func (s *Server) messageDone(r *http.Request) (any, error) {
	found, err := s.messagesOf(r.Context())
	if err != nil {
		return nil, err
	}
	id := r.PathValue("recording")
	i := slices.IndexFunc(found, func(m Message) bool { return strings.HasSuffix(m.Recording, id) })
	if i < 0 || len(id) < leastMessageID {
		return nil, badRequest{errors.New("there is no message " + id + "; see linekeeper message list")}
	}
	if found[i].DoneAt == nil {
		if err := s.daemon.MessageDone(r.Context(), found[i].Recording, found[i].Call, callback.ByOperator); err != nil {
			return nil, err
		}
		now := time.Now().UTC()
		found[i].DoneAt, found[i].DoneBy = &now, callback.ByOperator
	}
	return found[i], nil
}

// leastMessageID is how much of the end of a recording's name will do.
const leastMessageID = 4

// answersOf lists what was answered in the surveys of a call.
func (s *Server) answersOf(ctx context.Context, call string) ([]SurveyAnswer, error) {
	entries, err := s.daemon.Events(ctx, store.EventFilter{Call: call, Type: "survey.answer"})
	if err != nil {
		return nil, err
	}
	var answers []SurveyAnswer
	for _, ev := range entries {
		node, _ := ev.Data["node"].(string)
		question, _ := ev.Data["question"].(string)
		key, _ := ev.Data["key"].(float64)
		answers = append(answers, SurveyAnswer{Node: node, Question: question, Key: int(key)})
	}
	return answers, nil
}

// Messages lists what callers left, the newest first: those that nobody took care of,
// or all.
func (c *Client) Messages(ctx context.Context, all bool) ([]Message, error) {
	return get[[]Message](ctx, c, "/v1/messages", values{"all": flag(all)})
}

// MessageDone says that somebody took care of a message; the end of its name will do.
func (c *Client) MessageDone(ctx context.Context, recording string) (Message, error) {
	return send[Message](ctx, c, http.MethodPost, "/v1/messages/"+url.PathEscape(recording)+"/done", struct{}{})
}
