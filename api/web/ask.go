package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callback/window"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// ask is POST /v1/callbacks.
func (s *Server) ask(r *http.Request) (int, any, error) {
	begun := time.Now()
	f, key, err := decode(r.Header.Get("Content-Type"), r.Header.Get("Idempotency-Key"), r.Body)
	if err != nil {
		return 0, nil, err
	}
	n, wish, err := s.promise(f, begun)
	if err != nil {
		return 0, nil, err
	}
	client := clientOf(r, s.o.Proxies)
	if err := s.admit(r.Context(), client, f.Challenge, begun); err != nil {
		return 0, nil, err
	}
	token := newToken(key, n.Number)
	n.Key = keyOf(token)
	if err := s.make(r.Context(), n, begun); err != nil {
		return 0, nil, err
	}
	out := Received{
		Status: statusReceived, Token: token, Confirm: "none", From: stamp(wish.Window.From), Until: stamp(wish.Window.Until),
		Notes: append([]string{}, wish.Notes...),
	}
	if s.o.Confirm != "" {
		out.Confirm = string(s.o.Confirm)
	}
	out.Message = text(s.language(n.Language), out.Confirm)
	if out.From == nil {
		out.Wait = s.wait(r.Context(), n.Queue)
	}
	return http.StatusAccepted, out, pause(r.Context(), begun.Add(settle))
}

// language is that in which a customer is answered.
func (s *Server) language(named string) string { return cmp.Or(named, s.o.Language) }

// pause waits for a time.
func pause(ctx context.Context, until time.Time) error {
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// promise reads a form. What it finds wrong depends on the form alone.
func (s *Server) promise(f Form, now time.Time) (controller.NewCallback, window.Answer, error) {
	n := controller.NewCallback{
		Number: f.Number, Name: f.Name, Question: f.Question, Language: f.Language, Zone: f.TimeZone,
		Reason: callback.ReasonWeb, Verify: s.o.Confirm,
	}
	var err error
	if n.Queue, err = oneOf("queue", f.Queue, s.o.Queues); err != nil {
		return n, window.Answer{}, err
	}
	if n.Hotline, err = oneOf("hotline", f.Hotline, s.o.Hotlines); err != nil {
		return n, window.Answer{}, err
	}
	if f.Number == "" {
		return n, window.Answer{}, &refusal{callback.RuleNumber, "the number to call is missing"}
	}
	number, ok := s.o.Daemon.NumberOf(n.Hotline, f.Number)
	if !ok {
		return n, window.Answer{}, &refusal{callback.RuleNumber, "this is no phone number; write + with the country code and the number"}
	}
	n.Number = number
	wish, err := window.Read(f.When, f.TimeZone, now)
	var wrong *window.Error
	if errors.As(err, &wrong) {
		err = &refusal{callback.RuleRequest, wrong.Error()}
	}
	n.Window = wish.Window
	return n, wish, err
}

// oneOf gives what a form names, or the first that it may name.
func oneOf(what, name string, allowed []string) (string, error) {
	switch {
	case name == "" && len(allowed) > 0:
		return allowed[0], nil
	case name == "" || slices.Contains(allowed, name):
		return name, nil
	}
	return "", &refusal{callback.RuleRequest, "forms cannot ask for the " + what + " \"" + clip(callback.PlainText(name)) + "\""}
}

// admit holds who asks against the limits and the challenge.
func (s *Server) admit(ctx context.Context, client netip.Addr, response string, now time.Time) error {
	s.mu.Lock()
	wait := s.addresses.allow(limitKey(client), now)
	s.mu.Unlock()
	if wait > 0 {
		return &later{http.StatusTooManyRequests, codeLimited, "Too many requests. Please try again later.", wait}
	}
	if s.o.Challenge == nil {
		return nil
	}
	err := s.o.Challenge.Verify(ctx, response, client)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrChallenge):
		return &fault{http.StatusForbidden, codeChallenge, "the challenge was not passed; please try again"}
	}
	s.o.Failed("the challenge of a form", err)
	if s.o.ChallengeOpen {
		return nil
	}
	return &later{http.StatusServiceUnavailable, codeUnavailable, "This cannot be done now. Please try again later.", time.Minute}
}

// make promises the call, unless something is known of the number that forbids it:
// then nothing happens, and nobody can tell.
func (s *Server) make(ctx context.Context, n controller.NewCallback, now time.Time) error {
	if err := s.room(ctx, now); err != nil {
		return err
	}
	s.mu.Lock()
	wait := s.numbers.allow(n.Number, now)
	s.mu.Unlock()
	if wait > 0 {
		s.results.WithLabelValues("number_limited").Inc()
		return nil
	}
	asked, err := s.o.Daemon.AddCallback(ctx, n)
	if err != nil {
		return publicly(err, s.language(n.Language))
	}
	if asked.Existing {
		return nil
	}
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	if s.o.Confirm == callback.VerifyByCode {
		s.send(n, asked.Callback)
	}
	return nil
}

// lookAgain is how old a count of the pending promises may be.
const lookAgain = 2 * time.Second

// room says whether forms may still ask for calls.
func (s *Server) room(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	fresh := now.Sub(s.lookedAt) < lookAgain && !s.lookedAt.IsZero()
	s.mu.Unlock()
	if !fresh {
		open, err := s.o.Daemon.Callbacks(ctx, store.CallbackFilter{Open: true, Reason: callback.ReasonWeb, Limit: s.o.Pending})
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.pending, s.lookedAt = len(open), now
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending >= s.o.Pending {
		return &later{http.StatusServiceUnavailable, codeBusy, "We have promised as many calls as we can keep. Please try again later.", 10 * time.Minute}
	}
	return nil
}

// wait is what somebody may expect who joined the queue now. Without it the form
// is received all the same.
func (s *Server) wait(ctx context.Context, queue string) *Wait {
	v, err := s.o.Daemon.Queue(ctx, queue)
	if err != nil || !v.Joining.Known {
		return nil
	}
	return &Wait{LowS: float64(int(v.Joining.Low.Seconds())), HighS: float64(int(v.Joining.High.Seconds()))}
}

func stamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
