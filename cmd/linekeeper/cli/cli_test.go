package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	e := &env{started: true}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, ExitOK},
		{errors.New("x"), ExitError},
		{context.DeadlineExceeded, ExitError},
		{usagef("x"), ExitUsage},
		{&api.NotRunningError{}, ExitNotRunning},
		{&api.DeniedError{}, ExitNotRunning},
		{&api.Error{Code: api.CodeNotFound}, ExitNotFound},
		{&api.Error{Code: api.CodeAmbiguous}, ExitNotFound},
		{fmt.Errorf("w: %w", &api.Error{Code: api.CodeRefused}), ExitRefused},
		{&api.Error{Code: api.CodeDenied}, ExitRefused},
		{&api.Error{Code: api.CodeBadRequest}, ExitUsage},
		{&api.Error{Code: api.CodeInternal}, ExitError},
		{&api.Error{Code: api.CodeUnavailable}, ExitError},
		{errProblems, ExitProblems},
	} {
		if got := e.code(c.err); got != c.want {
			t.Errorf("%v gives %d, want %d", c.err, got, c.want)
		}
	}
	if got := (&env{}).code(errors.New("unknown flag")); got != ExitUsage {
		t.Errorf("a command line that is not understood gives %d", got)
	}
}

func TestHuman(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "0s", 0.4: "0s", 0.5: "1s", 59.4: "59s", 59.5: "1m00s", 125: "2m05s", 3599.6: "1h00m00s", 3725: "1h02m05s", 90000: "25h00m00s",
	} {
		if got := human(seconds); got != want {
			t.Errorf("%v s is %q, want %q", seconds, got, want)
		}
	}
}

func TestMomentLeavesOutToday(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	e := &env{now: func() time.Time { return now }}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{now.Add(-time.Hour), "11:00:00"},
		{now.Add(-24 * time.Hour), "2026-02-28 12:00:00"},
		{now.AddDate(-1, 0, 0), "2025-03-01 12:00:00"},
		{time.Time{}, "-"},
	} {
		if got := e.moment(c.at).human; got != c.want {
			t.Errorf("%v is shown as %q, want %q", c.at, got, c.want)
		}
	}
	if got := e.moment(time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.FixedZone("", 3600))).plain; got != "2026-01-02T02:04:05.006Z" {
		t.Errorf("programs get %q", got)
	}
	if got := e.momentOf(nil); got != text("") {
		t.Errorf("no time is %q", got)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	e := &env{now: func() time.Time { return now }}
	for s, want := range map[string]time.Time{
		"":                     {},
		"90m":                  now.Add(-90 * time.Minute),
		"7d":                   now.AddDate(0, 0, -7),
		"09:30":                time.Date(2026, 3, 1, 9, 30, 0, 0, time.Local),
		"09:30:15":             time.Date(2026, 3, 1, 9, 30, 15, 0, time.Local),
		"2026-02-01":           time.Date(2026, 2, 1, 0, 0, 0, 0, time.Local),
		"2026-02-01 10:00":     time.Date(2026, 2, 1, 10, 0, 0, 0, time.Local),
		"2026-02-01T10:00:00Z": time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC),
	} {
		if got, err := e.since(s); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
	if _, err := e.since("-5m"); err == nil {
		t.Error("a time to come is no error")
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	queue := func(places ...api.Place) []string { return lines(api.Queue{Name: "q", Places: places}) }
	a1, a2 := api.Place{ID: "a", State: "waiting", Position: 2, WaitedS: 1}, api.Place{ID: "a", State: "waiting", Position: 1, WaitedS: 2}
	b := api.Place{ID: "b", State: "waiting", Position: 1, Kind: "call", Number: "+7", Agent: "x\ty"}
	for _, c := range []struct {
		name        string
		before, now []string
		want        []string
	}{
		{"first look", nil, queue(b), []string{"place\tb\twaiting\t1\tcall\t+7\tx y"}},
		{"only time passed", queue(a1), queue(api.Place{ID: "a", State: "waiting", Position: 2, WaitedS: 9}), nil},
		{"one left, one moved up", queue(b, a1), queue(a2), []string{"place\tb\tgone", "place\ta\twaiting\t1\t\t\t"}},
		{"empty again", queue(b), queue(), []string{"place\tb\tgone"}},
	} {
		if diff := cmp.Diff(c.want, changes(c.before, c.now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWatcherDrawsAnewAndWritesJSONOnChange(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := &env{stdout: &out, output: outTable, now: time.Now}
	show := e.watcher()
	for range 2 {
		if err := show([]api.Queue{{Name: "q"}}); err != nil {
			t.Fatal(err)
		}
	}
	if want := strings.Repeat(redraw+"Queue q: 0 waiting\n", 2); out.String() != want {
		t.Errorf("drawn: %q", out.String())
	}
	out.Reset()
	e.output = outJSON
	show = e.watcher()
	for _, q := range []api.Queue{{Name: "q"}, {Name: "q", Waiting: 7}, {Name: "q", Agents: []api.Agent{{ID: "a"}}}} {
		if err := show([]api.Queue{q}); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Count(out.String(), "\n"); got != 2 {
		t.Errorf("%d lines for two changes:\n%s", got, out.String())
	}
}

// A document's own words come first, then the configuration, then defaults.
func TestPolicyOf(t *testing.T) {
	t.Parallel()
	parse := func(callback string) (*dialplan.Document, map[string]bool) {
		src := []byte("hotline: h\nnumbers: [\"600\"]\nlanguage: en\n" + callback + "start: bye\nnodes:\n  bye: {say: \"Bye.\", hangup: true}\n")
		doc, err := dialplan.Parse("h.yaml", src)
		if err != nil {
			t.Fatal(err)
		}
		return doc, written(src)
	}
	conf := config.Callbacks{
		Prefixes: []string{"+7"}, MaxAttempts: 5, RetryAfter: time.Hour, RingTimeout: 20 * time.Second,
		ConfirmTimeout: 9 * time.Second, AgentHold: 8 * time.Second, Uncertain: "hold",
		Types: []string{"mobile"}, Blocked: []string{"+7900"}, Caps: config.Caps{NumberDay: 3, InFlight: 9}, CutOff: time.Minute, Ahead: 60 * 24 * time.Hour,
	}
	for _, c := range []struct {
		name, callback string
		conf           config.Callbacks
		want           callback.Policy
	}{
		{"neither", "", config.Callbacks{}, callback.Policy{}.WithDefaults()},
		{"configuration", "", conf, callback.Policy{
			Prefixes: []string{"+7"}, MaxAttempts: 5, RetryAfter: time.Hour, RingTimeout: 20 * time.Second,
			ConfirmTimeout: 9 * time.Second, AgentHold: 8 * time.Second, Uncertain: callback.HoldForOperator, Types: []callback.NumberType{callback.TypeMobile},
			Blocked: []string{"+7900"}, Caps: callback.Caps{NumberDay: 3, InFlight: 9}, CutOff: time.Minute, Ahead: 60 * 24 * time.Hour,
			Mode: callback.CustomerFirst, Machine: callback.MachineHangUp,
		}},
		{"document", "callback: {prefixes: [\"+1\", \"+7916\"], max_attempts: 2, retry_after: 5m, confirm_timeout: 15s, mode: agent_first}\n", conf, callback.Policy{
			Prefixes: []string{"+7916"}, MaxAttempts: 2, RetryAfter: 5 * time.Minute, RingTimeout: 20 * time.Second,
			ConfirmTimeout: 15 * time.Second, AgentHold: 8 * time.Second, Uncertain: callback.HoldForOperator, Types: []callback.NumberType{callback.TypeMobile},
			Blocked: []string{"+7900"}, Caps: callback.Caps{NumberDay: 3, InFlight: 9}, CutOff: time.Minute, Ahead: 60 * 24 * time.Hour,
			Mode: callback.AgentFirst, Machine: callback.MachineHangUp,
		}},
	} {
		doc, said := parse(c.callback)
		if diff := cmp.Diff(c.want, policyOf(doc, said, c.conf)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestRunAllEndsTogether(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	waits := func(ctx context.Context) error { <-ctx.Done(); return nil }
	err := runAll(t.Context(), map[string]func(context.Context) error{
		"a": waits, "b": func(context.Context) error { return boom }, "c": waits,
	})
	if !errors.Is(err, boom) || err.Error() != "b: boom" {
		t.Errorf("gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := runAll(ctx, map[string]func(context.Context) error{"a": waits}); err != nil {
		t.Errorf("an ordinary end gives %v", err)
	}
}

func TestNotifySystemd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	t.Setenv("NOTIFY_SOCKET", path)
	if err := notifySystemd("READY=1"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	if n, err := conn.Read(buf); err != nil || string(buf[:n]) != "READY=1" {
		t.Errorf("systemd hears %q, %v", buf[:n], err)
	}
	t.Setenv("NOTIFY_SOCKET", path+"-none")
	if err := notifySystemd("READY=1"); err == nil {
		t.Error("a socket that is not there is no error")
	}
}

func TestLoggerRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	e := &env{stderr: io.Discard}
	for _, c := range []config.Log{{Level: "loud", Format: "json"}, {Level: "info", Format: "xml"}} {
		if _, err := e.logger(c); err == nil || !strings.Contains(err.Error(), "log.") {
			t.Errorf("%+v gives %v", c, err)
		}
	}
	var out bytes.Buffer
	e.stderr = &out
	log, err := e.logger(config.Log{Level: "warn", Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.Warn("loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.Contains(got, `"msg":"loud"`) {
		t.Errorf("logged: %s", got)
	}
}
