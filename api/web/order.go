package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// cancelByToken is POST /v1/callbacks/{token}/cancel. A token of nobody is
// cancelled like any other: it may be that of a form which came to nothing.
func (s *Server) cancelByToken(r *http.Request) (int, any, error) {
	begun := time.Now()
	cb, err := s.byToken(r)
	if err == nil {
		_, _, err = s.o.Daemon.CancelCallback(r.Context(), cb.ID, callback.ByCustomer, "on the web page")
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, nil, err
	}
	done := Done{Status: statusCancelled, Message: text(s.languageOf(r), statusCancelled)}
	return http.StatusOK, done, pause(r.Context(), begun.Add(settle))
}

// byToken finds the promise of a token; store.ErrNotFound when there is none.
func (s *Server) byToken(r *http.Request) (callback.Callback, error) {
	if err := s.mayOrder(r); err != nil {
		return callback.Callback{}, err
	}
	return s.o.Daemon.CallbackByKey(r.Context(), keyOf(r.PathValue("token")))
}

// mayOrder holds an order against its limit, and its token against slips.
func (s *Server) mayOrder(r *http.Request) error {
	s.mu.Lock()
	wait := s.orders.allow(limitKey(clientOf(r, s.o.Proxies)), time.Now())
	s.mu.Unlock()
	if wait > 0 {
		return &later{http.StatusTooManyRequests, codeLimited, "Too many requests. Please try again later.", wait}
	}
	if !wellFormed(r.PathValue("token")) {
		return &fault{http.StatusNotFound, codeNotFound, "there is no such token; look for a slip in it"}
	}
	return nil
}

// languageOf is that which a page asks to be answered in.
func (s *Server) languageOf(r *http.Request) string { return s.language(r.URL.Query().Get("language")) }

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// confirm is POST /v1/callbacks/{token}/confirm, with the code that the owner of
// the number was sent.
func (s *Server) confirm(r *http.Request) (int, any, error) {
	code, err := readCode(r)
	if err != nil {
		return 0, nil, err
	}
	if err := s.mayOrder(r); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	id, right := s.codes.try(keyOf(r.PathValue("token")), code, time.Now())
	s.mu.Unlock()
	wrong := &fault{
		http.StatusUnprocessableEntity, codeWrongCode,
		"This is not the code, or it is older than 15 minutes, or it was tried too often. Please ask for the call again.",
	}
	if !right {
		return 0, nil, wrong
	}
	_, err = s.o.Daemon.VerifyCallback(r.Context(), id, string(callback.VerifyByCode))
	var denied *controller.DeniedError
	if errors.As(err, &denied) { // closed meanwhile
		return 0, nil, wrong
	}
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, Done{Status: statusConfirmed, Message: text(s.languageOf(r), statusConfirmed)}, nil
}

// readCode takes the code from JSON or from the field of a form.
func readCode(r *http.Request) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, 1024))
	if err != nil {
		return "", badRequest("the body could not be read")
	}
	code := ""
	if m := regexp.MustCompile(`^\s*(?:\{\s*"code"\s*:\s*"([0-9]*)"\s*\}|code=([0-9]*))\s*$`).FindSubmatch(data); m != nil {
		code = string(m[1]) + string(m[2])
	}
	if !sixDigits.MatchString(code) {
		return "", badRequest(`send {"code": "123456"}: the six digits of the message`)
	}
	return code, nil
}

// send brings a code to the owner of a number, beside the answer: how long that
// takes would tell that there is something to send. A promise whose code cannot be
// sent is cancelled, so that the customer may ask again.
func (s *Server) send(n controller.NewCallback, cb callback.Callback) {
	s.mu.Lock()
	code, ok := s.codes.issue(n.Key, cb.ID, time.Now())
	s.mu.Unlock()
	s.wg.Go(func() {
		err := errors.New("too many codes are open")
		if ok {
			err = s.deliver(Code{Number: cb.Number, Code: code, Language: cb.Language, Callback: cb.ID})
		}
		if err == nil {
			s.results.WithLabelValues("code_sent").Inc()
			return
		}
		s.results.WithLabelValues("code_failed").Inc()
		s.o.Failed("send a code", err)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), sendTimeout)
		defer cancel()
		if _, _, err := s.o.Daemon.CancelCallback(ctx, cb.ID, callback.ByService, "the code could not be sent"); err != nil {
			s.o.Failed("cancel a callback whose code could not be sent", err)
		}
	})
}

func (s *Server) deliver(c Code) error {
	ctx, cancel := context.WithTimeout(s.ctx, sendTimeout)
	defer cancel()
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	case <-ctx.Done():
		return fmt.Errorf("send a code: %w", ctx.Err())
	}
	return s.o.SendCode(ctx, c)
}
