package ari

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	if err := c.Hangup(ctx(t), "a b/ü?x&y=1", telephony.CauseBusy); err != nil {
		t.Fatal(err)
	}
	if err := c.SetVariable(ctx(t), "1.1", "X&y", "a+b c&d=\"e\""); err != nil {
		t.Fatal(err)
	}
	if err := c.Answer(ctx(t), ""); telephony.KindOf(err) != telephony.KindPermanent {
		t.Errorf("no id: %v", err)
	}
	s.Handle("GET /ari/channels/{id}/variable", aritest.Answer(200, `{"value":"v"}`))
	if v, err := c.Variable(ctx(t), "1.1", "F(a b+c)"); err != nil || v != "v" {
		t.Errorf("variable %q, %v", v, err)
	}
	want := []aritest.Request{
		{Method: "DELETE", Path: "/channels/a%20b%2F%C3%BC%3Fx&y=1", Query: "reason_code=17"},
		{Method: "POST", Path: "/channels/1.1/variable", Body: `{"value":"a+b c\u0026d=\"e\"","variable":"X\u0026y"}`},
		{Method: "GET", Path: "/channels/1.1/variable", Query: "variable=F%28a%20b%2Bc%29"},
	}
	if diff := cmp.Diff(want, s.Requests()); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsKeepAsterisksWordsAndAreClassified(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		kind   telephony.Kind
		words  string
	}{
		{404, `{"message":"Channel not found"}`, telephony.KindGone, "Channel not found (404)"},
		{410, ``, telephony.KindGone, "Gone (410)"},
		{404, `<html>not loaded</html>`, telephony.KindRetryable, "Not Found (404)"},
		{404, `{"message":"Resource not found"}`, telephony.KindRetryable, "Resource not found (404)"},
		{409, `{"message":"Channel not in Stasis application"}`, telephony.KindGone, "Channel not in Stasis application (409)"},
		{409, `{"message":"Recording not in session"}`, telephony.KindGone, "Recording not in session (409)"},
		{422, `{"message":"Channel not in Stasis application"}`, telephony.KindGone, "(422)"},
		{400, `{"message":"Channel not found"}`, telephony.KindGone, "(400)"},
		{400, `{"message":"Invalid endpoint specified"}`, telephony.KindPermanent, "Invalid endpoint specified (400)"},
		{403, `{"message":"Forbidden"}`, telephony.KindPermanent, "Forbidden (403)"},
		{409, `{"message":"Channel with given unique ID already exists"}`, telephony.KindExists, "(409)"},
		{412, `{"message":"Channel in invalid state"}`, telephony.KindPermanent, "(412)"},
		{500, `{"error":"Allocation failed"}`, telephony.KindRetryable, "Allocation failed (500)"},
		{503, strings.Repeat("x", 1<<20), telephony.KindRetryable, "Service Unavailable (503)"},
		{302, ``, telephony.KindPermanent, "Found (302)"},
	} {
		s := aritest.New(t)
		s.Handle("POST /ari/channels/{id}/answer", aritest.Answer(tt.status, tt.body))
		c := newClient(t, options(s))
		err := c.Answer(ctx(t), "1.1")
		var e *telephony.Error
		if !errors.As(err, &e) || e.Kind != tt.kind || e.Op != "answer 1.1" || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%d %.60s: %v (%v), want %v with %q", tt.status, tt.body, err, telephony.KindOf(err), tt.kind, tt.words)
		}
		if strings.Contains(err.Error(), aritest.Password) {
			t.Errorf("the password is in %v", err)
		}
	}
}

func TestSlowAnswerMeetsTheDeadline(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	var asked atomic.Bool
	s.Handle("POST /ari/channels/{id}/answer", func(_ http.ResponseWriter, r *http.Request) { asked.Store(true); <-r.Context().Done() })
	o := options(s)
	var c *Client
	var err error
	// A busy machine may not send the request in time, which is another matter.
	for o.RequestTimeout = 50 * time.Millisecond; !asked.Load(); o.RequestTimeout *= 2 {
		c = newClient(t, o)
		err = c.Answer(ctx(t), "1.1")
	}
	var timeout net.Error
	if telephony.KindOf(err) != telephony.KindRetryable || !telephony.IsUnanswered(err) || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("slow answer: %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.Answer(cancelled, "1.1"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNoConnectionIsRetryable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	c := newClient(t, Options{BaseURL: "http://" + address + "/ari", User: "lk", Password: "hunter2", App: "linekeeper"})
	err = c.Answer(ctx(t), "1.1")
	if telephony.KindOf(err) != telephony.KindRetryable || err == nil || telephony.IsUnanswered(err) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

func TestGoneAlreadyIsNotAnError(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("DELETE /ari/", aritest.Answer(404, `{"message":"Playback not found"}`))
	s.Handle("GET /ari/channels/{id}/variable", aritest.Answer(404, `{"message":"Provided variable was not found"}`))
	c := newClient(t, options(s))
	if err := c.Hangup(ctx(t), "1.1", telephony.CauseUnknown); err != nil {
		t.Error(err)
	}
	if err := c.StopPlay(ctx(t), "p"); err != nil {
		t.Error(err)
	}
	if err := c.Unbridge(ctx(t), "b"); err != nil {
		t.Error(err)
	}
	if v, err := c.Variable(ctx(t), "1.1", "X"); v != "" || err != nil {
		t.Errorf("variable %q, %v", v, err)
	}
	if got := s.Requests()[0].Query; got != "reason_code=16" {
		t.Errorf("hang-up with %s", got)
	}
	if err := c.Hangup(ctx(t), "1.1", 200); telephony.KindOf(err) != telephony.KindPermanent {
		t.Errorf("cause 200: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := Options{BaseURL: "http://127.0.0.1:8088/ari/", User: "u", Password: "p", App: "a"}
	if _, err := New(good); err != nil {
		t.Errorf("good options: %v", err)
	}
	_, err := New(Options{BaseURL: "http://u:hunter2@host/ari", App: "a,b", PingEvery: -1, MaxConns: -1})
	if err == nil {
		t.Fatal("bad options are accepted")
	}
	for _, want := range []string{"credentials", "User", "Password", "App", "PingEvery", "MaxConns"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not speak of %s: %v", want, err)
		}
	}
	for _, address := range []string{"", "127.0.0.1:8088", "ftp://h/ari", "http://h/ari?x=1", "http://u:hunter2@h:port/"} {
		o := good
		o.BaseURL = address
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("address %q: %v", address, err)
		}
	}
}
