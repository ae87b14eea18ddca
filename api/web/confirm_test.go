package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
)

func TestACodeConfirms(t *testing.T) {
	t.Parallel()
	sent := make(chan Code, 2)
	p := open(t, func(o *Options) {
		o.Confirm = callback.VerifyByCode
		o.SendCode = func(_ context.Context, c Code) error { sent <- c; return nil }
	})
	got := p.ask(mine).received(t)
	if got.Confirm != "code" || p.house.asked[0].Verify != callback.VerifyByCode {
		t.Errorf("%+v, asked %+v", got, p.house.asked)
	}
	code := <-sent
	if code.Number != "+79161234567" || code.Callback != "b1" || code.Language != "en" {
		t.Errorf("sent %+v", code)
	}
	path := "/v1/callbacks/" + got.Token + "/confirm"
	wrong := "000000"
	if code.Code == wrong {
		wrong = "000001"
	}
	bad := p.do(http.MethodPost, path, `{"code":"`+wrong+`"}`)
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, `"code":"wrong_code"`) {
		t.Errorf("a wrong code: %d %s", bad.status, bad.body)
	}
	// Whose number was never asked for gets the same words.
	if a := p.do(http.MethodPost, "/v1/callbacks/"+newToken("", "")+"/confirm", `{"code":"`+code.Code+`"}`); a.status != bad.status || a.body != bad.body {
		t.Errorf("another token: %d %s", a.status, a.body)
	}
	for _, body := range []string{``, `{"code":"12345"}`, `{"code":123456}`, `{"code":"123456","x":1}`, `code=12345x`} {
		if a := p.do(http.MethodPost, path, body); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := p.do(http.MethodPost, path+"?language=en", "code="+code.Code, "Content-Type", "application/x-www-form-urlencoded"); a.status != http.StatusOK || a.body != `{"status":"confirmed","message":"Thank you. We will call."}` {
		t.Errorf("the code: %d %s", a.status, a.body)
	}
	if len(p.house.verified) != 1 || p.house.verified[0] != "b1 code" {
		t.Errorf("verified %q", p.house.verified)
	}
}

func TestACodeThatCannotBeSentLetsAskAgain(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) {
		o.Confirm = callback.VerifyByCode
		o.SendCode = func(context.Context, Code) error { return errors.New("the gateway is away") }
	})
	p.ask(mine).received(t)
	deadline := time.Now().Add(10 * time.Second)
	for {
		p.house.mu.Lock()
		n := len(p.house.cancelled)
		p.house.mu.Unlock()
		if n == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the promise is not cancelled")
		}
		time.Sleep(time.Millisecond)
	}
	if got := p.house.cancelled[0]; got != "b1 served: the code could not be sent" {
		t.Errorf("cancelled %q", got)
	}
	if counted(t, p.reg, "code_failed") != 1 {
		t.Error("the failure is not counted")
	}
}

func TestACallThatIsOverCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	sent := make(chan Code, 1)
	p := open(t, func(o *Options) {
		o.Confirm = callback.VerifyByCode
		o.SendCode = func(_ context.Context, c Code) error { sent <- c; return nil }
		o.Daemon = overHouse{o.Daemon.(*house)}
	})
	got := p.ask(mine).received(t)
	if a := p.do(http.MethodPost, "/v1/callbacks/"+got.Token+"/confirm", `{"code":"`+(<-sent).Code+`"}`); a.status != 422 || !strings.Contains(a.body, "wrong_code") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// overHouse has closed every promise by the time that it is confirmed.
type overHouse struct{ *house }

func (overHouse) VerifyCallback(context.Context, string, string) (callback.Callback, error) {
	return callback.Callback{}, &controller.DeniedError{Message: "closed"}
}

// service is a challenge's service on a real socket.
func service(t *testing.T, answer func(secret, response, client string) (int, string)) *SiteVerify {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.ParseForm() != nil {
			http.Error(w, "post a form", http.StatusBadRequest)
			return
		}
		status, body := answer(r.PostForm.Get("secret"), r.PostForm.Get("response"), r.PostForm.Get("remoteip"))
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	client := srv.Client()
	t.Cleanup(func() { client.CloseIdleConnections(); srv.Close() })
	return &SiteVerify{URL: srv.URL, Secret: "s3", Client: client, MinScore: 0.5}
}

func TestSiteVerify(t *testing.T) {
	t.Parallel()
	s := service(t, func(secret, response, client string) (int, string) {
		switch {
		case secret != "s3" || client != "192.0.2.1":
			return 200, `{"success":false,"error-codes":["invalid-input-secret"]}`
		case response == "score":
			return 200, `{"success":true,"score":0.3}`
		case response == "good score":
			return 200, `{"success":true,"score":0.9}`
		case response == "broken":
			return 500, ``
		case response == "html":
			return 200, `<html>`
		case response == "good":
			return 200, `{"success":true,"hostname":"www.example.com"}`
		}
		return 200, `{"success":false,"error-codes":["invalid-input-response"]}`
	})
	client := netip.MustParseAddr("192.0.2.1")
	for response, want := range map[string]string{
		"good": "", "good score": "", "bad": "not passed", "": "not passed", "score": "not passed", "broken": "500", "html": "read the answer",
	} {
		err := s.Verify(t.Context(), response, client)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || errors.Is(err, ErrChallenge) != (want == "not passed")) {
			t.Errorf("%q gives %v", response, err)
		}
	}
	s.Secret = "other"
	if err := s.Verify(t.Context(), "good", client); err == nil || errors.Is(err, ErrChallenge) || !strings.Contains(err.Error(), "invalid-input-secret") {
		t.Errorf("a wrong secret of ours gives %v", err)
	}
}

func TestTheChallengeClosesTheForm(t *testing.T) {
	t.Parallel()
	away := make(chan struct{})
	s := service(t, func(_, response, _ string) (int, string) {
		if response == "hang" {
			<-away
		}
		return 200, fmt.Sprintf(`{"success":%v}`, response == "good")
	})
	defer close(away)
	s.Timeout = 50 * time.Millisecond
	for _, failOpen := range []bool{false, true} {
		p := open(t, func(o *Options) { o.Challenge, o.ChallengeOpen = s, failOpen })
		if a := p.ask(mine); a.status != http.StatusForbidden || !strings.Contains(a.body, `"code":"challenge"`) {
			t.Errorf("none: %d %s", a.status, a.body)
		}
		if a := p.ask(`{"number":"+79161234567","challenge":"bad"}`); a.status != http.StatusForbidden {
			t.Errorf("bad: %d %s", a.status, a.body)
		}
		p.ask("number=%2B79161234567&h-captcha-response=good", "Content-Type", "application/x-www-form-urlencoded").received(t)
		a := p.ask(`{"number":"+79161234568","challenge":"hang"}`)
		if failOpen && a.status != http.StatusAccepted || !failOpen && (a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "60") {
			t.Errorf("away, open %v: %d %s", failOpen, a.status, a.body)
		}
	}
}
