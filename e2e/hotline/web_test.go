package hotline_test

import (
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api/hooks"
	"github.com/linekeeper/linekeeper/api/web"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// site is a stage with an endpoint for forms, and a server that plays the others: who
// sends codes, and who hears of promises.
type site struct {
	*rig
	address string
	codes   chan web.Code
	notices chan hooks.Body
}

const hookSecret = "between us"

func online(t *testing.T, confirm string) *site {
	t.Helper()
	s := &site{address: freePort(t), codes: make(chan web.Code, 10), notices: make(chan hooks.Body, 100)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /code", func(w http.ResponseWriter, r *http.Request) { take(t, w, r, s.codes) })
	mux.HandleFunc("POST /notice", func(w http.ResponseWriter, r *http.Request) { take(t, w, r, s.notices) })
	others := httptest.NewServer(mux)
	t.Cleanup(others.Close)
	extra := fmt.Sprintf("\nweb:\n  listen: %q\n  hotlines: [direct]\n  queues: [support]\n  per_ip: {hour: 100}\n  confirm: %s\n", s.address, confirm)
	if confirm == "code" {
		extra += fmt.Sprintf("  code: {url: %q, secret: %q}\n", others.URL+"/code", hookSecret)
	}
	extra += fmt.Sprintf("hooks:\n  crm: {on: [callback.given_up, callback.done, callback.cancelled], url: %q, secret: %q}\n", others.URL+"/notice", hookSecret)
	s.rig = setUp(t, func(o *stage.Options) { o.Extra += extra })
	return s
}

// freePort gives an address on which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // it was only asked for its number
	return l.Addr().String()
}

// take gives a message on, whose signature is right.
func take[T any](t *testing.T, w http.ResponseWriter, r *http.Request, to chan<- T) {
	body, err := io.ReadAll(r.Body)
	want := hooks.Sign(hookSecret, r.Header.Get(hooks.HeaderTimestamp), body)
	if err != nil || !hmac.Equal([]byte(want), []byte(r.Header.Get(hooks.HeaderSignature))) {
		t.Errorf("a message is not signed: %s, %v", body, err)
	}
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Errorf("%s: %v", body, err)
	}
	to <- v
	w.WriteHeader(http.StatusNoContent)
}

// post sends JSON to the endpoint and reads the answer.
func post[T any](s *site, path, body string, status int) (answer T) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.soon(), http.MethodPost, "http://"+s.address+path, strings.NewReader(body))
	s.must(err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	s.must(err)
	defer func() { _ = resp.Body.Close() }() // read to its end
	text, err := io.ReadAll(resp.Body)
	s.must(err)
	if resp.StatusCode != status {
		s.Fatalf("%s: %d %s, want %d", path, resp.StatusCode, text, status)
	}
	s.must(json.Unmarshal(text, &answer))
	return answer
}

// notice waits for what a hook tells of a promise.
func (s *site) notice(typ string) hooks.Body {
	s.Helper()
	select {
	case n := <-s.notices:
		if n.Event.Type != typ {
			s.Fatalf("the hook tells %+v, want %s", n.Event, typ)
		}
		return n
	case <-s.soon().Done():
		s.Fatalf("the hook does not tell %s", typ)
		return hooks.Body{}
	}
}

func TestAFormIsCalledBack(t *testing.T) {
	t.Parallel()
	s := online(t, "none")
	anna, trunk := s.operator("101", softphone.Ignore()), s.trunk()
	got := post[web.Received](s, "/v1/callbacks", `{"number":"8 (916) 000-00-01","name":"Pjotr","question":"Where is my parcel?","when":"now"}`, http.StatusAccepted)
	if got.Confirm != "none" || got.Token == "" {
		t.Errorf("the answer is %+v", got)
	}
	customer := trunk.ring()
	if number := customer.Dialled(); number != first {
		t.Errorf("%s was dialled, want %s", number, first)
	}
	s.must(customer.Answer(s.soon()))
	customer.hears("press one.")
	customer.presses("1")
	atAnna := anna.ring()
	if number := atAnna.RemoteNumber(); number != first {
		t.Errorf("the operator's phone shows %q, want the customer %q", number, first)
	}
	s.must(atAnna.Answer(s.soon()))
	s.talk(customer, atAnna)
	customer.hangsUp()
	cb := s.promiseIs("done")
	if cb.Reason != "web" || cb.Name != "Pjotr" || cb.Agent != "Anna" {
		t.Errorf("the promise is %+v", cb)
	}
	if n := s.notice("callback.done"); n.Hook != "crm" || n.Callback == nil || n.Callback.ID != cb.ID || n.Callback.State != "done" {
		t.Errorf("the hook tells %+v of %+v", n, n.Callback)
	}
}

func TestAFormForLaterIsCalledInItsWindow(t *testing.T) {
	t.Parallel()
	s := online(t, "none")
	s.operator("101", softphone.AutoAnswer(0))
	trunk := s.trunk()
	zone, err := time.LoadLocation("Asia/Yekaterinburg")
	s.must(err)
	from := time.Now().Add(8 * time.Second)
	local := from.In(zone).Format("2006-01-02T15:04:05")
	got := post[web.Received](s, "/v1/callbacks", `{"number":"`+second+`","when":{"from":"`+local+`"},"time_zone":"Asia/Yekaterinburg"}`, http.StatusAccepted)
	if got.From == nil || got.From.Unix() != from.Unix() || got.Wait != nil {
		t.Errorf("the answer is %+v, want from %v", got, from)
	}
	if q := s.queue("support"); q.Waiting != 0 {
		t.Errorf("%d wait before the window begins", q.Waiting)
	}
	// One who changed their mind.
	other := post[web.Received](s, "/v1/callbacks", `{"number":"`+third+`","when":{"from":"`+local+`"},"time_zone":"Asia/Yekaterinburg"}`, http.StatusAccepted)
	post[web.Done](s, "/v1/callbacks/"+other.Token+"/cancel", "", http.StatusOK)
	if n := s.notice("callback.cancelled"); n.Callback == nil || n.Callback.Number != third {
		t.Errorf("the hook tells %+v", n.Callback)
	}
	customer := trunk.ring()
	if number := customer.Dialled(); number != second || time.Now().Unix() < from.Unix() {
		t.Errorf("%s was dialled at %v, want %s from %v", number, time.Now(), second, from)
	}
	s.must(customer.Answer(s.soon()))
	customer.hears("press one.")
	customer.presses("9")
	s.notice("callback.cancelled")
}

func TestACodeConfirmsAForm(t *testing.T) {
	t.Parallel()
	s := online(t, "code")
	s.operator("101", softphone.AutoAnswer(0))
	trunk := s.trunk()
	got := post[web.Received](s, "/v1/callbacks", `{"number":"`+first+`"}`, http.StatusAccepted)
	var code web.Code
	select {
	case code = <-s.codes:
	case <-s.soon().Done():
		t.Fatal("no code is sent")
	}
	if got.Confirm != "code" || code.Number != first || code.Language != "en" || len(code.Code) != 6 {
		t.Errorf("the answer is %+v, the code %+v", got, code)
	}
	wrong := "000000"
	if code.Code == wrong {
		wrong = "000001"
	}
	post[web.Error](s, "/v1/callbacks/"+got.Token+"/confirm", `{"code":"`+wrong+`"}`, http.StatusUnprocessableEntity)
	select {
	case c := <-trunk.Incoming():
		t.Fatalf("%s is called before the code is given", c.Dialled())
	default:
	}
	post[web.Done](s, "/v1/callbacks/"+got.Token+"/confirm", `{"code":"`+code.Code+`"}`, http.StatusOK)
	customer := trunk.ring()
	if number := customer.Dialled(); number != first {
		t.Errorf("%s was dialled, want %s", number, first)
	}
	s.must(customer.Answer(s.soon()))
	customer.hears("press one.")
	customer.presses("1")
	s.until("the customer talks with the operator", func() bool { return s.promises()[0].State == "connected" })
	customer.hangsUp()
	s.notice("callback.done")
	// The code is a secret between the customer and the page.
	var log strings.Builder
	s.must(s.Logs(&log))
	journal, err := s.CLI(s.soon(), "journal", "-o", "json")
	s.must(err)
	for where, text := range map[string]string{"log": log.String(), "journal": journal} {
		if strings.Contains(text, "\""+code.Code+"\"") || strings.Contains(text, " "+code.Code+" ") || strings.Contains(text, got.Token) {
			t.Errorf("the %s tells the code or the token", where)
		}
	}
}

func TestACallConfirmsAForm(t *testing.T) {
	t.Parallel()
	s := online(t, "call")
	s.operator("101", softphone.AutoAnswer(0))
	trunk := s.trunk()
	post[web.Received](s, "/v1/callbacks", `{"number":"`+first+`"}`, http.StatusAccepted)
	asked := trunk.ring()
	s.must(asked.Answer(s.soon()))
	asked.hears("press one")
	if n := s.agent("101").Calls; n != 0 {
		t.Errorf("an operator took %d calls before the customer said yes", n)
	}
	_ = asked.Press(s.soon(), "1") // the call may be over before the key is
	asked.letGo()
	customer := trunk.ring()
	s.must(customer.Answer(s.soon()))
	customer.hears("press one")
	customer.presses("1")
	s.until("the customer talks with the operator", func() bool { return s.promises()[0].State == "connected" })
	customer.hangsUp()
	s.notice("callback.done")

	post[web.Received](s, "/v1/callbacks", `{"number":"`+second+`"}`, http.StatusAccepted)
	stranger := trunk.ring()
	s.must(stranger.Answer(s.soon()))
	stranger.hears("press nine")
	_ = stranger.Press(s.soon(), "9") // likewise
	if n := s.notice("callback.cancelled"); n.Callback == nil || n.Callback.Number != second {
		t.Errorf("the hook tells %+v", n.Callback)
	}
}

func TestAListIsImported(t *testing.T) {
	t.Parallel()
	s := online(t, "none")
	list := filepath.Join(t.TempDir(), "list.csv")
	later := time.Now().Add(2 * time.Hour).UTC().Format(time.RFC3339)
	rows := "number;name;from\n" + first + ";Pjotr;" + later + "\n+12125550100;Ann;\n8 916 000-00-02;Olga;" + later + "\n" + first + ";Pjotr;" + later + "\nnobody;;\n"
	s.must(os.WriteFile(list, []byte(rows), 0o600))
	for range 2 {
		out, err := s.CLI(s.soon(), "callback", "import", list, "--hotline", "direct", "--campaign", "spring", "-o", "json")
		if err == nil {
			t.Fatalf("refused rows are no fault: %s", out)
		}
		var refused struct {
			Refused []struct {
				Line int    `json:"line"`
				Rule string `json:"rule"`
			} `json:"refused"`
		}
		if at := strings.Index(out, "{"); at < 0 || json.Unmarshal([]byte(out[at:strings.LastIndex(out, "}")+1]), &refused) != nil {
			t.Fatalf("the answer is %s, %v", out, err)
		}
		if got := fmt.Sprint(refused.Refused); got != "[{3 prefix} {5 duplicate} {6 number}]" {
			t.Errorf("refused %s", got)
		}
	}
	if all := s.promises(); len(all) != 2 || all[0].Reason != "import" || all[0].Campaign != "spring" {
		t.Errorf("the promises are %+v", all)
	}
}
