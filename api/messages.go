package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
	// RecordingURL is where ARI serves it, seen from its base address.
	RecordingURL string `json:"recording_url"`
}

// SurveyAnswer is what a caller pressed at a question of a survey node.
type SurveyAnswer struct {
	Node     string `json:"node"`
	Question string `json:"question"`
	Key      int    `json:"key"`
}

// messagesOf puts messages together from the journal, the newest first.
func (s *Server) messagesOf(ctx context.Context) ([]Message, error) {
	found := []Message{}
	err := s.each(ctx, store.EventFilter{Type: "message."}, func(ev store.Event) {
		word := func(key string) string { v, _ := ev.Data[key].(string); return v }
		switch ev.Type {
		case "message.left":
			length, _ := ev.Data["length_s"].(float64)
			found = append(found, Message{
				Recording: word("recording"), Call: ev.Call, At: ev.At.UTC(), From: word("from"), Account: word("account"),
				Hotline: word("hotline"), Node: word("node"), LengthS: length, RecordingURL: recordingURL(word("recording")),
			})
		case "message.done":
			for i := range found {
				if found[i].Recording == word("recording") {
					found[i].DoneAt, found[i].DoneBy = when(ev.At), word("by")
				}
			}
		}
	})
	slices.Reverse(found)
	return found, err
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

// findMessage finds a message by the name of its recording, or by a unique ending of it.
func (s *Server) findMessage(r *http.Request) (Message, error) {
	all, err := s.messagesOf(r.Context())
	if err != nil {
		return Message{}, err
	}
	id := r.PathValue("recording")
	exact := func(context.Context, string) (Message, error) {
		if i := slices.IndexFunc(all, func(m Message) bool { return m.Recording == id }); i >= 0 {
			return all[i], nil
		}
		return Message{}, fmt.Errorf("message %q: %w", id, store.ErrNotFound)
	}
	return find(r.Context(), "message", id, exact, func(m Message) string { return m.Recording }, func() ([]Message, error) { return all, nil })
}

func (s *Server) message(r *http.Request) (any, error) { return s.findMessage(r) }

// messageDone marks a message; it says which one, as it is now. Done twice is not an
// error.
func (s *Server) messageDone(r *http.Request) (any, error) {
	found, err := s.findMessage(r)
	if err != nil {
		return nil, err
	}
	if found.DoneAt == nil {
		if err := s.daemon.MessageDone(r.Context(), found.Recording, found.Call, callback.ByOperator); err != nil {
			return nil, err
		}
		now := time.Now().UTC()
		found.DoneAt, found.DoneBy = &now, callback.ByOperator
	}
	return found, nil
}

// answersOf lists what was answered in the surveys of a call.
func (s *Server) answersOf(ctx context.Context, call string) ([]SurveyAnswer, error) {
	entries, err := s.daemon.Events(ctx, store.EventFilter{Call: call, Type: "survey.answer"})
	if err != nil {
		return nil, err
	}
	var answers []SurveyAnswer
	for _, ev := range entries {
		answers = append(answers, answerOf(ev))
	}
	return answers, nil
}

// Messages lists what callers left, the newest first: those that nobody took care of,
// or all.
func (c *Client) Messages(ctx context.Context, all bool) ([]Message, error) {
	return get[[]Message](ctx, c, "/v1/messages", values{"all": flag(all)})
}

// Message finds one message; the end of its name will do.
func (c *Client) Message(ctx context.Context, recording string) (Message, error) {
	return get[Message](ctx, c, "/v1/messages/"+url.PathEscape(recording), nil)
}

// MessageDone says that somebody took care of a message; the end of its name will do.
func (c *Client) MessageDone(ctx context.Context, recording string) (Message, error) {
	return send[Message](ctx, c, http.MethodPost, "/v1/messages/"+url.PathEscape(recording)+"/done", struct{}{})
}
