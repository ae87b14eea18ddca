package ami

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ami/amitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of these tests.
const patience = 60 * time.Second

func options(s *amitest.Server) Options {
	return Options{
		Addr: s.Addr, User: amitest.User, Secret: amitest.Secret,
		BackoffBase: time.Millisecond, BackoffMax: 10 * time.Millisecond,
	}
}

// run runs a client until the test ends.
func run(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error)
	go func() { over <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-over; err != nil {
			t.Errorf("Run returned %v", err)
		}
	})
	return c
}

func next(t *testing.T, c *Client, want State) Event {
	t.Helper()
	select {
	case ev, ok := <-c.Events():
		if !ok || ev.State != want {
			t.Fatalf("event %+v, %v, want state %d", ev, ok, want)
		}
		return ev
	case <-time.After(patience):
		t.Fatalf("no event, want state %d; %+v", want, c.Stats())
	}
	panic("unreachable")
}

func connect(t *testing.T, s *amitest.Server, o Options) *Client {
	t.Helper()
	c := run(t, o)
	next(t, c, Connected)
	return c
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func event(name string, lines ...string) string {
	return amitest.Message(append([]string{"Event: " + name}, lines...)...)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	c := connect(t, s, options(s))
	login := s.AwaitRequests(t, "Login", 1)
	if login.Get("Secret") != "" || login.Get("Key") == "" || login.Get("Events") != "on" {
		t.Errorf("login %q", login)
	}
	if st := c.Stats(); !st.Connected || st.Version != "11.0.0" {
		t.Errorf("stats %+v", st)
	}
	o := options(s)
	o.PlainLogin = true
	connect(t, s, o)
	if login := s.AwaitRequests(t, "Login", 2); login.Get("Secret") != amitest.Secret {
		t.Errorf("plain login %q", login)
	}
}

func TestLoginOverTLS(t *testing.T) {
	t.Parallel()
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", web.TLS)
	if err != nil {
		t.Fatal(err)
	}
	s := amitest.Serve(t, l)
	o := options(s)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	o.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	connect(t, s, o)
	o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	c := run(t, o)
	if ev := next(t, c, Disconnected); !strings.Contains(ev.Err.Error(), "certificate") {
		t.Errorf("unknown certificate: %v", ev.Err)
	}
}

func TestRefusedLoginIsSaidOnceWithoutTheSecret(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	o := options(s)
	o.Secret = "hunter2"
	c := run(t, o)
	got := next(t, c, Disconnected).Err.Error()
	if !strings.Contains(got, "Authentication failed") || strings.Contains(got, "hunter2") {
		t.Errorf("reason %q", got)
	}
	s.AwaitRequests(t, "Login", 3)
	if n := c.Stats().Queued; n != 0 {
		t.Errorf("%d more events in one outage", n)
	}
}

func TestAnswersAndEventsDoNotMix(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("Echo", func(r amitest.Request) []string {
		return []string{
			event("Caused", "By: "+r.Get("Text")),
			amitest.Message("Response: Success", "Variable: "+r.Get("Text"), "Variable: b"),
		}
	})
	c := connect(t, s, options(s))
	ctx := testContext(t)
	errs := make(chan error)
	const n = 50
	for i := range n {
		go func() {
			m, err := c.Do(ctx, NewAction("Echo", "Text", fmt.Sprint(i)))
			if want := []string{fmt.Sprint(i), "b"}; err == nil && !cmp.Equal(m.All("Variable"), want) {
				err = fmt.Errorf("answer %v, want %v", m, want)
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for range n {
		if ev := next(t, c, Happened); ev.Message.Name() != "Caused" {
			t.Errorf("event %v", ev)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	end := "Complete"
	s.Handle("QueueStatus", func(r amitest.Request) []string {
		return []string{
			amitest.Message("Response: Success", "EventList: start"),
			event("QueueParams", "Queue: "+r.Get("Queue")), event("QueueMember", "Name: A", "Name: B"),
			event("QueueStatusComplete", "EventList: "+end, "ListItems: 2"),
		}
	})
	c := connect(t, s, options(s))
	got, err := c.QueueStatus(testContext(t), "support")
	if err != nil || len(got) != 2 {
		t.Fatalf("list %v, %v", got, err)
	}
	if got[0].Get("Queue") != "support" || !cmp.Equal(got[1].All("Name"), []string{"A", "B"}) {
		t.Errorf("list %v", got)
	}
	end = "cancelled"
	if _, err := c.QueueStatus(testContext(t), ""); telephony.KindOf(err) != telephony.KindRetryable || err == nil {
		t.Errorf("cancelled list: %v", err)
	}
	if _, err := c.QueueSummary(testContext(t), ""); err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("refused list: %v", err)
	}
	s.Send(t, event("Mark"))
	if ev := next(t, c, Happened); ev.Message.Name() != "Mark" {
		t.Errorf("an element of a list is in the stream: %v", ev)
	}
}

// A list that nobody waits for any more must not spill into the stream.
func TestLateListIsSwallowed(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("QueueStatus", func(amitest.Request) []string { return nil })
	o := options(s)
	o.ActionTimeout = 50 * time.Millisecond
	c := connect(t, s, o)
	if _, err := c.QueueStatus(testContext(t), ""); telephony.KindOf(err) != telephony.KindRetryable || err == nil {
		t.Errorf("no answer: %v", err)
	}
	id := "ActionID: " + s.AwaitRequests(t, "QueueStatus", 1).Get("ActionID")
	s.Send(t, amitest.Message("Response: Success", id, "EventList: start"), event("QueueParams", id),
		event("QueueStatusComplete", id, "EventList: Complete"), event("Mark"))
	if ev := next(t, c, Happened); ev.Message.Name() != "Mark" {
		t.Errorf("event %v", ev)
	}
}

func TestErrorsAreClassified(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	c := connect(t, s, options(s))
	for words, want := range map[string]telephony.Kind{
		"Unable to add interface: Already there":          telephony.KindExists,
		"Unable to add interface to queue: No such queue": telephony.KindGone,
		"Unable to remove interface: Not there":           telephony.KindGone,
		"Interface not found":                             telephony.KindGone,
		"No such queue":                                   telephony.KindGone,
		"No such command 'x'":                             telephony.KindPermanent,
		"Permission denied":                               telephony.KindPermanent,
		"":                                                telephony.KindPermanent,
	} {
		s.Handle("QueueAdd", func(amitest.Request) []string {
			return []string{amitest.Message("Response: Error", "Message: "+words)}
		})
		err := c.QueueAdd(testContext(t), "q", Member{Interface: "PJSIP/1"})
		if err == nil || telephony.KindOf(err) != want || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v (%v), want %v", words, err, telephony.KindOf(err), want)
		}
	}
	if _, err := c.Do(testContext(t), nil); telephony.KindOf(err) != telephony.KindPermanent {
		t.Errorf("empty action: %v", err)
	}
}

func TestHelpersSendWhatTheyPromise(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	ok := func(amitest.Request) []string {
		return []string{amitest.Message("Response: Success", "Output: one", "Output: two")}
	}
	for _, a := range []string{"QueueAdd", "QueueRemove", "QueuePause", "QueueWithdrawCaller", "Command", "CoreSettings", "CoreStatus"} {
		s.Handle(a, ok)
	}
	c := connect(t, s, options(s))
	ctx := testContext(t)
	lines, err := c.Command(ctx, "core show version")
	if diff := cmp.Diff([]string{"one", "two"}, lines); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	_, settings := c.CoreSettings(ctx)
	_, status := c.CoreStatus(ctx)
	for _, err := range []error{
		settings, status,
		c.QueueAdd(ctx, "q", Member{Interface: "PJSIP/1", Name: "A\r\nAction: x", Penalty: 2, Paused: true, Reason: "lunch"}),
		c.QueueRemove(ctx, "q", "PJSIP/1"), c.QueuePause(ctx, "", "PJSIP/1", false, ""),
		c.QueueWithdrawCaller(ctx, "q", "lk-1;2", "why"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	s.AwaitRequests(t, "QueueWithdrawCaller", 1)
	var got []string
	for _, r := range s.Requests() {
		if a := r.Get("Action"); strings.HasPrefix(a, "Queue") {
			got = append(got, strings.Join(append([]string{a}, r[2:]...), "|"))
		}
	}
	want := []string{
		"QueueAdd|Queue: q|Interface: PJSIP/1|MemberName: AAction: x|Penalty: 2|Paused: true|Reason: lunch",
		"QueueRemove|Queue: q|Interface: PJSIP/1", "QueuePause|Interface: PJSIP/1|Paused: false",
		"QueueWithdrawCaller|Queue: q|Caller: lk-1;2|WithdrawInfo: why",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReconnect(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("Hang", func(amitest.Request) []string { return nil })
	c := connect(t, s, options(s))
	answer := make(chan error)
	go func() {
		_, err := c.Do(testContext(t), NewAction("Hang"))
		answer <- err
	}()
	s.AwaitRequests(t, "Hang", 1)
	s.Send(t, event("Before"), "Event: Half\r\n")
	s.Break()
	next(t, c, Happened)
	next(t, c, Disconnected)
	next(t, c, Connected)
	if err := <-answer; telephony.KindOf(err) != telephony.KindRetryable || err == nil {
		t.Errorf("action when the connection broke: %v", err)
	}
	s.AwaitRequests(t, "Login", 2)
	s.Send(t, event("After"))
	if ev := next(t, c, Happened); ev.Message.Name() != "After" {
		t.Errorf("event %v", ev)
	}
	if st := c.Stats(); st.Reconnects != 1 {
		t.Errorf("stats %+v", st)
	}
}

func TestSilentPeerIsNoticed(t *testing.T) {
	t.Parallel()
	s := amitest.New(t)
	s.Handle("Ping", func(amitest.Request) []string { return nil })
	o := options(s)
	o.PingEvery, o.PingTimeout = 10*time.Millisecond, 20*time.Millisecond
	c := connect(t, s, o)
	if ev := next(t, c, Disconnected); !strings.Contains(ev.Err.Error(), "ping") {
		t.Errorf("reason %v", ev.Err)
	}
}

func TestSilentGreetingMeetsTheDeadline(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := run(t, Options{Addr: l.Addr().String(), User: "u", Secret: "s", ConnectTimeout: 20 * time.Millisecond})
	if ev := next(t, c, Disconnected); !strings.Contains(ev.Err.Error(), "deadline") {
		t.Errorf("reason %v", ev.Err)
	}
	if _, err := c.CoreStatus(testContext(t)); telephony.KindOf(err) != telephony.KindRetryable || err == nil {
		t.Errorf("without a connection: %v", err)
	}
}

func TestFloodIsKeptForALateConsumer(t *testing.T) {
	t.Parallel()
	const n = 100_000
	s := amitest.New(t)
	c := connect(t, s, options(s))
	var b strings.Builder
	for i := range n {
		b.WriteString(event("E", fmt.Sprintf("N: %d", i)))
	}
	s.Send(t, b.String())
	if _, err := c.Do(testContext(t), NewAction("Ping")); err != nil { // its answer comes after the flood
		t.Fatal(err)
	}
	if q := c.Stats().Queued; q != n {
		t.Errorf("%d events are queued", q)
	}
	for i := range n {
		if got := next(t, c, Happened).Message.Get("N"); got != fmt.Sprint(i) {
			t.Fatalf("event %d is %s", i, got)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	_, err := New(Options{Addr: "localhost", PingEvery: -1})
	if err == nil {
		t.Fatal("bad options are accepted")
	}
	for _, want := range []string{"Addr", "User", "Secret", "negative"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not speak of %s: %v", want, err)
		}
	}
	c, err := New(Options{Addr: "127.0.0.1:1", User: "u", Secret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if err := c.Run(context.Background()); err != nil {
		t.Errorf("Run after Close: %v", err)
	}
	if err := c.Run(context.Background()); err == nil {
		t.Error("Run may be called twice")
	}
}
