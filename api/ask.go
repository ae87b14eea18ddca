package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callback/window"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
)

// keyHeader may carry the key of a request instead of its field.
const keyHeader = "Idempotency-Key"

// addCallback answers 201 for a new promise, and 200 when the key was used for it
// before.
func (s *Server) addCallback(w http.ResponseWriter, r *http.Request) {
	asked, err := s.ask(r)
	if err != nil {
		writeError(w, err)
		return
	}
	status := http.StatusCreated
	if asked.Existing {
		status = http.StatusOK
	}
	write(w, status, asked)
}

func (s *Server) ask(r *http.Request) (Asked, error) {
	var body AddCallback
	if err := read(r, &body); err != nil {
		return Asked{}, err
	}
	switch key := r.Header.Get(keyHeader); {
	case key == "":
	case body.Key == "":
		body.Key = key
	case body.Key != key:
		return Asked{}, badRequest{errors.New("the key and the header Idempotency-Key are not the same; leave one of them out")}
	}
	n, notes, err := body.promise(time.Now())
	if err != nil {
		return Asked{}, err
	}
	asked, err := s.daemon.AddCallback(r.Context(), n)
	if err != nil {
		return Asked{}, err
	}
	return s.tell(r.Context(), asked, notes), nil
}

// promise reads what was filled in. now is what "from now on" means.
func (a AddCallback) promise(now time.Time) (n controller.NewCallback, notes []string, err error) {
	if a.Number == "" {
		return n, nil, badRequest{errors.New("the number to call is missing")}
	}
	wish, err := window.Read(a.When, a.TimeZone, now)
	if err != nil {
		var wrong *window.Error
		if errors.As(err, &wrong) {
			rule := callback.RuleRequest
			if wrong.Field == "time_zone" {
				rule = callback.RuleZone
			}
			err = &controller.RefusedError{Refusal: callback.Refusal{
				Rule: rule, Message: wrong.Field + ": " + wrong.Message, Remedy: wrong.Remedy,
			}}
		}
		return n, nil, err
	}
	return controller.NewCallback{
		Number: a.Number, Hotline: a.Hotline, Queue: a.Queue, Name: a.Name, Account: a.Account, Language: a.Language,
		Question: a.Question, Window: wish.Window, Zone: a.TimeZone, Campaign: a.Campaign, Priority: a.Priority, Key: a.Key,
	}, wish.Notes, nil
}

// tell says what can be said about the time of a promise. How the queue stands is
// an extra: without it the promise is made all the same.
func (s *Server) tell(ctx context.Context, asked controller.Asked, notes []string) Asked {
	cb := asked.Callback
	out := Asked{
		Callback: showCallback(cb), Existing: asked.Existing, PlannedAt: when(cb.NotBefore), Notes: append([]string{}, notes...),
	}
	if !cb.Open() || !cb.Placed {
		return out
	}
	v, err := s.daemon.Queue(ctx, cb.Queue)
	if err != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("how queue %s stands is not known now", cb.Queue))
		return out
	}
	for _, p := range v.Places {
		if p.CallbackID == cb.ID && p.State != queues.PlaceServed {
			shown := showPlace(p, v.At)
			out.Position, out.EWT = shown.Position, shown.EWT
		}
	}
	return out
}
