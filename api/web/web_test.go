package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a daemon in memory with one queue.
type house struct {
	mu        sync.Mutex
	asked     []controller.NewCallback
	byKey     map[string]callback.Callback
	refuse    map[string]error // by number
	cancelled []string
	verified  []string
	open      int // promises of forms that are there already
}

func (h *house) AddCallback(_ context.Context, n controller.NewCallback) (controller.Asked, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.refuse[n.Number]; err != nil {
		return controller.Asked{}, err
	}
	if cb, ok := h.byKey[n.Key]; ok {
		return controller.Asked{Callback: cb, Existing: true}, nil
	}
	h.asked = append(h.asked, n)
	cb := callback.Callback{ID: fmt.Sprintf("b%d", len(h.asked)), Number: n.Number, Language: "en", Verify: n.Verify, State: callback.Waiting}
	h.byKey[n.Key] = cb
	return controller.Asked{Callback: cb}, nil
}

func (h *house) CancelCallback(_ context.Context, id, by, why string) (callback.Callback, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cancelled = append(h.cancelled, id+" "+by+": "+why)
	return callback.Callback{ID: id}, false, nil
}

func (h *house) VerifyCallback(_ context.Context, id, by string) (callback.Callback, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.verified = append(h.verified, id+" "+by)
	return callback.Callback{ID: id}, nil
}

func (h *house) CallbackByKey(_ context.Context, key string) (callback.Callback, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	cb, ok := h.byKey[key]
	if !ok {
		return cb, store.ErrNotFound
	}
	return cb, nil
}

func (h *house) Callbacks(_ context.Context, f store.CallbackFilter) ([]callback.Callback, error) {
	if !f.Open || f.Reason != callback.ReasonWeb {
		return nil, fmt.Errorf("asked for %+v", f)
	}
	return make([]callback.Callback, min(h.open, f.Limit)), nil
}

func (h *house) NumberOf(_, number string) (string, bool) { return callers.Normalize(number, "RU") }

func (h *house) Queue(context.Context, string) (queues.View, error) {
	return queues.View{Joining: queues.Estimate{Known: true, Mean: time.Minute, Low: 30 * time.Second, High: 2 * time.Minute}}, nil
}

// page is a server on a real socket and what asks it.
type page struct {
	t     *testing.T
	house *house
	reg   *prometheus.Registry
	srv   *httptest.Server
}

func open(t *testing.T, change func(*Options)) *page {
	t.Helper()
	p := &page{t: t, house: &house{byKey: map[string]callback.Callback{}, refuse: map[string]error{}}, reg: prometheus.NewRegistry()}
	o := Options{
		Daemon: p.house, Queues: []string{"support", "sales"}, Origins: []string{"https://www.example.com"}, Registry: p.reg,
		Failed: func(what string, err error) { t.Logf("%s: %v", what, err) },
	}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	p.srv = httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		p.srv.Client().CloseIdleConnections()
		p.srv.Close()
		s.Close()
	})
	return p
}

// answerOf is what came back.
type answerOf struct {
	status int
	header http.Header
	body   string
}

func (a answerOf) received(t *testing.T) Received {
	t.Helper()
	var r Received
	if err := json.Unmarshal([]byte(a.body), &r); err != nil || a.status != http.StatusAccepted {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return r
}

func (p *page) do(method, path, body string, header ...string) answerOf {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.srv.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := p.srv.Client().Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answerOf{resp.StatusCode, resp.Header, strings.TrimSpace(string(text))}
}

func (p *page) ask(body string, header ...string) answerOf {
	p.t.Helper()
	return p.do(http.MethodPost, "/v1/callbacks", body, header...)
}

const mine = `{"number":"8 916 123-45-67","name":"Ivan"}`

func TestAFormBecomesAPromise(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	begun := time.Now()
	got := p.ask(`{"number":"8 916 123-45-67","name":"Ivan","question":"Where is it?","language":"en","queue":"sales"}`).received(t)
	if took := time.Since(begun); took < settle {
		t.Errorf("answered within %v, whose time may tell something", took)
	}
	if got.Status != "received" || got.Confirm != "none" || !wellFormed(got.Token) || got.From != nil || got.Wait == nil || *got.Wait != (Wait{30, 120}) ||
		!strings.HasPrefix(got.Message, "Thank you. If this number may be called") {
		t.Errorf("the answer is %+v", got)
	}
	if len(p.house.asked) != 1 {
		t.Fatalf("asked %+v", p.house.asked)
	}
	n := p.house.asked[0]
	if n.Number != "+79161234567" || n.Name != "Ivan" || n.Question != "Where is it?" || n.Queue != "sales" || n.Reason != callback.ReasonWeb || n.Priority != 0 {
		t.Errorf("asked %+v", n)
	}
	if strings.Contains(n.Key, got.Token) || n.Key != keyOf(got.Token) {
		t.Errorf("the token is stored as %q", n.Key)
	}
}

func TestAWindowOfAForm(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	from := time.Now().UTC().Truncate(time.Minute).Add(24 * time.Hour)
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ kind, body string }{
		{"application/json; charset=utf-8", `{"number":"+79161234567","when":{"from":"` + from.In(zone).Format("2006-01-02T15:04") + `"},"time_zone":"Europe/Moscow"}`},
		{"application/x-www-form-urlencoded", "number=%2B79161234568&when=window&from=" + from.In(zone).Format("2006-01-02T15:04") + "&until=&time_zone=Europe/Moscow&cf-turnstile-response=x"},
	} {
		got := p.ask(tc.body, "Content-Type", tc.kind).received(t)
		if got.From == nil || !got.From.Equal(from) || got.Until != nil || got.Wait != nil {
			t.Errorf("%s: %+v", tc.kind, got)
		}
	}
	for _, n := range p.house.asked {
		if !n.Window.From.Equal(from) || n.Zone != "Europe/Moscow" {
			t.Errorf("asked %+v", n)
		}
	}
	if got := p.ask("number=%2B79161234569&when=now&from=never", "Content-Type", "application/x-www-form-urlencoded").received(t); got.From != nil {
		t.Errorf("now: %+v", got)
	}
}

// What is known of a number must not show: the answers are the same but for
// the token, which is random.
func TestAnswersTellNothingOfANumber(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) { o.PerNumber = []Rate{{1, 24 * time.Hour}} })
	rule := func(r callback.Rule, id string) error {
		return &controller.RefusedError{Refusal: callback.Refusal{Rule: r, Message: "secret", Remedy: "secret", ExistingID: id}}
	}
	p.house.refuse["+79160000001"] = rule(callback.RuleDuplicate, "b9")
	p.house.refuse["+79160000002"] = rule(callback.RuleDoNotCall, "")
	p.house.refuse["+79160000003"] = rule(callback.RuleBlocked, "")
	shape := func(a answerOf) string {
		r := a.received(t)
		if !wellFormed(r.Token) {
			t.Errorf("the token is %q", r.Token)
		}
		return strings.ReplaceAll(a.body, r.Token, "TOKEN")
	}
	want := shape(p.ask(`{"number":"+79160000000"}`))
	for _, number := range []string{"+79160000000", "+79160000001", "+79160000002", "+79160000003"} {
		a := p.ask(`{"number":"` + number + `"}`)
		if got := shape(a); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
		cancelled := p.do(http.MethodPost, "/v1/callbacks/"+a.received(t).Token+"/cancel", "")
		if cancelled.status != http.StatusOK || !strings.Contains(cancelled.body, `"status":"cancelled"`) {
			t.Errorf("%s: cancelled as %d %s", number, cancelled.status, cancelled.body)
		}
	}
	if len(p.house.asked) != 1 || len(p.house.cancelled) != 0 {
		t.Errorf("asked %+v, cancelled %v", p.house.asked, p.house.cancelled)
	}
}

func TestOneKeyIsOneToken(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	const key = "6c1b9d0e-6f6e-4d2a-9a53-0d1f9d3f7a11"
	first := p.ask(mine, "Idempotency-Key", key).received(t)
	again := p.ask(mine, "Idempotency-Key", key).received(t)
	other := p.ask(`{"number":"+79161234568"}`, "Idempotency-Key", key).received(t)
	if first.Token != again.Token || first.Token == other.Token || len(p.house.asked) != 2 {
		t.Errorf("first %s, again %s, other %s, asked %+v", first.Token, again.Token, other.Token, p.house.asked)
	}
	if a := p.ask(mine, "Idempotency-Key", "short"); a.status != http.StatusBadRequest || !strings.Contains(a.body, "short enough to be guessed") {
		t.Errorf("a short key: %d %s", a.status, a.body)
	}
	if a := p.do(http.MethodPost, "/v1/callbacks/"+first.Token+"/cancel?language=ru", ""); a.status != http.StatusOK || !strings.Contains(a.body, "Если звонок") {
		t.Errorf("cancel: %d %s", a.status, a.body)
	}
	if len(p.house.cancelled) != 1 || p.house.cancelled[0] != "b1 customer: on the web page" {
		t.Errorf("cancelled %q", p.house.cancelled)
	}
	slip := "0" + first.Token[1:]
	if slip == first.Token {
		slip = "1" + first.Token[1:]
	}
	if a := p.do(http.MethodPost, "/v1/callbacks/"+slip+"/cancel", ""); a.status != http.StatusNotFound {
		t.Errorf("a slip: %d %s", a.status, a.body)
	}
}

func TestWhatFormsCannotAsk(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	p.house.refuse["+12125550100"] = &controller.RefusedError{Refusal: callback.Refusal{Rule: callback.RulePrefix, Message: "inner words", Remedy: "inner"}}
	p.house.refuse["+79160000009"] = &controller.RefusedError{Refusal: callback.Refusal{Rule: controller.RuleStore, Message: "disk full at /var/lib", Remedy: "inner"}}
	p.house.refuse["+79160000008"] = &controller.RefusedError{Refusal: callback.Refusal{Rule: callback.RuleRequest, Message: "the name has 101 characters", Remedy: "shorten it to 100"}}
	const form = "application/x-www-form-urlencoded"
	for _, tc := range []struct {
		kind, body string
		status     int
		want       string
	}{
		{"", `{"number":"+12125550100"}`, 422, `{"code":"refused","message":"We cannot call numbers like this one.","rule":"prefix"}`},
		{"", `{"number":"+12125550100","language":"ru"}`, 422, `На такие номера`},
		{"", `{"number":"+79160000008"}`, 422, `"message":"the name has 101 characters; shorten it to 100","rule":"request"`},
		{"", `{"number":"+79160000009"}`, 503, `{"code":"unavailable","message":"This cannot be done now. Please try again later."}`},
		{"", `{"number":"what"}`, 422, `"message":"this is no phone number; write + with the country code and the number","rule":"number"`},
		{"", `{}`, 422, `the number to call is missing`},
		{"", `{"number":"+79161234567","queue":"vip"}`, 422, `forms cannot ask for the queue \"vip\"`},
		{"", `{"number":"+79161234567","hotline":"vip"}`, 422, `forms cannot ask for the hotline \"vip\"`},
		{"", `{"number":"+79161234567","priority":9}`, 400, `unknown field`},
		{"", `{"number":"+79161234567"} x`, 400, `something follows`},
		{"", `{"number":"+79161234567","when":"soon"}`, 400, `neither`},
		{"", `{"number":"+79161234567","when":{"from":"2030-13-01T00:00"},"time_zone":"Europe/Moscow"}`, 422, `is not a time`},
		{"", strings.Repeat(" ", maxBody+1), 413, `more than 16384 bytes`},
		{"text/plain", mine, 415, `send application/json or`},
		{"multipart/form-data; boundary=x", mine, 415, `send application/json or`},
		{form, "number=1&number=2", 400, `comes more than once`},
		{form, "number=1&priority=2", 400, `there is no field \"priority\"`},
		{form, "number=%zz", 400, `the body is not a form`},
		{form, "number=%2B79161234567&when=later", 400, `write now or window`},
	} {
		kind := tc.kind
		if kind == "" {
			kind = "application/json"
		}
		if a := p.ask(tc.body, "Content-Type", kind); a.status != tc.status || !strings.Contains(a.body, tc.want) {
			t.Errorf("%.60s gives %d %s", tc.body, a.status, a.body)
		}
	}
	for path, want := range map[string]int{"/": 404, "/metrics": 404, "/v1/calls": 404, "/v1/callbacks/x/confirm": 404} {
		if a := p.do(http.MethodPost, path, ""); a.status != want {
			t.Errorf("POST %s gives %d", path, a.status)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if a := p.do(method, "/v1/callbacks", ""); a.status/100 != 4 {
			t.Errorf("%s gives %d %s", method, a.status, a.body)
		}
	}
	if len(p.house.asked) != 0 {
		t.Errorf("asked %+v", p.house.asked)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	a := p.do(http.MethodOptions, "/v1/callbacks", "", "Origin", "https://www.example.com", "Access-Control-Request-Method", "POST")
	if a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Origin") != "https://www.example.com" ||
		a.header.Get("Access-Control-Allow-Methods") != "POST" || !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "Idempotency-Key") || a.header.Get("Vary") != "Origin" {
		t.Errorf("a preflight: %d %v", a.status, a.header)
	}
	for _, origin := range []string{"https://evil.example", "http://www.example.com", "https://www.example.com.evil.example", "null"} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			a := p.do(method, "/v1/callbacks", mine, "Origin", origin)
			if a.status != http.StatusForbidden || a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s from %s: %d %v", method, origin, a.status, a.header)
			}
		}
	}
	if a := p.ask(mine, "Origin", "https://www.example.com"); a.status != http.StatusAccepted || a.header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("a page of ours: %d %v", a.status, a.header)
	}
	if n := counted(t, p.reg, "origin"); n != 8 {
		t.Errorf("counted %v refusals by origin", n)
	}
}

// counted is linekeeper_web_requests_total of a result.
func counted(t *testing.T, reg *prometheus.Registry, result string) (n float64) {
	t.Helper()
	all, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range all {
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if family.GetName() == "linekeeper_web_requests_total" && l.GetValue() == result {
					n += m.GetCounter().GetValue()
				}
			}
		}
	}
	return n
}

func TestLimitsOfAnAddressAndOfTheHouse(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) { o.PerIP, o.Pending = []Rate{{2, time.Hour}}, 3 })
	p.ask(mine).received(t)
	p.ask(`{"number":"+79161234568"}`).received(t)
	a := p.ask(`{"number":"+79161234569"}`)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "3600" || !strings.Contains(a.body, `"code":"limited"`) {
		t.Errorf("the third: %d %s %v", a.status, a.body, a.header)
	}
	full := open(t, func(o *Options) { o.Pending = 3 })
	full.house.open = 2
	full.ask(mine).received(t)
	if a := full.ask(`{"number":"+79161234568"}`); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "600" || !strings.Contains(a.body, `"code":"busy"`) {
		t.Errorf("when full: %d %s %v", a.status, a.body, a.header)
	}
}

func TestNewChecksItsOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Daemon: &house{}}, {Daemon: &house{}, Queues: []string{"q"}, Confirm: callback.VerifyByCode}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
