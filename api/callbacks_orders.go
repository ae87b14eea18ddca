package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// resolutions are what an operator can say of an uncertain attempt.
var resolutions = []struct {
	as      string
	outcome callback.Outcome
}{
	{"reached", callback.OutcomeConnected},
	{"failed", callback.OutcomeFailed},
	{"cancelled", callback.OutcomeCancelled},
}

// Resolutions are the words in ResolveCallback.As: the customer was talked with,
// was not reached, or wants no call any more.
func Resolutions() []string {
	words := make([]string, len(resolutions))
	for i, r := range resolutions {
		words[i] = r.as
	}
	return words
}

func (s *Server) postpone(r *http.Request) (any, error) {
	var body PostponeCallback
	if err := read(r, &body); err != nil {
		return nil, err
	}
	found, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	loc := s.daemon.CustomerClock(found)
	if body.Zone != "" {
		if loc, err = time.LoadLocation(body.Zone); err != nil {
			return nil, badRequest{fmt.Errorf("zone %q is not known here: write an IANA name like Europe/Moscow", body.Zone)}
		}
	}
	until, err := parseWhen(body.Until, time.Now(), loc)
	if err != nil {
		return nil, badRequest{err}
	}
	shown, err := s.orderCallback(r.Context(), found.ID, callback.Postpone{Until: until, Anew: body.Anew, By: callback.ByOperator, Why: body.Why})
	return Postponed{Callback: shown, Until: until.UTC(), Local: inWords(until, loc), Zone: loc.String()}, err
}

func (s *Server) retry(r *http.Request) (any, error) {
	found, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.orderCallback(r.Context(), found.ID, callback.Hasten{By: callback.ByOperator})
}

func (s *Server) resolve(r *http.Request) (any, error) {
	var body ResolveCallback
	if err := read(r, &body); err != nil {
		return nil, err
	}
	i := slices.Index(Resolutions(), body.As)
	if i < 0 {
		return nil, badRequest{fmt.Errorf("%q is none of %s", body.As, strings.Join(Resolutions(), ", "))}
	}
	found, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.orderCallback(r.Context(), found.ID, callback.Resolve{Outcome: resolutions[i].outcome, By: callback.ByOperator})
}

func (s *Server) orderCallback(ctx context.Context, id string, ev callback.Event) (Callback, error) {
	c, err := s.daemon.OrderCallback(ctx, id, ev)
	if err != nil {
		return Callback{}, err
	}
	return s.showOne(ctx, c)
}

func (s *Server) listPauses(r *http.Request) (any, error) {
	all, err := s.daemon.CallbackPauses(r.Context())
	return show(all, showPause), err
}

// pauseOrder is what PauseCallbacks and ResumeCallbacks of the daemon have in common.
type pauseOrder func(ctx context.Context, queue, by, why string) (callback.Pause, bool, error)

func orderPause(order pauseOrder) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var body PauseCallbacks
		if err := read(r, &body); err != nil {
			return nil, err
		}
		name := r.PathValue("name")
		if name == "" {
			return nil, badRequest{errors.New("the queue is missing")}
		}
		p, already, err := order(r.Context(), name, callback.ByOperator, body.Why)
		return PauseOrdered{Pause: showPause(p), Already: already}, err
	}
}
