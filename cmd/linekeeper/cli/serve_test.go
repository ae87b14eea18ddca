package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/cmd/linekeeper/doctor"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony/ami/amitest"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

const hotlineText = `hotline: support
numbers: ["600"]
language: en
callback: {prefixes: ["+7"]}
start: help
nodes:
  help: {queue: support}
`

// configure writes a configuration for scripted servers and gives its path.
func configure(t *testing.T, more string) string {
	t.Helper()
	asterisk, manager := aritest.New(t), amitest.New(t)
	asterisk.Handle("GET /ari/asterisk/info", aritest.Answer(http.StatusOK, `{"system":{"version":"22.10.1"}}`))
	manager.Handle("QueueStatus", func(amitest.Request) []string {
		return []string{
			amitest.Message("Response: Success", "EventList: start"),
			amitest.Message("Event: QueueParams", "Queue: support"),
			amitest.Message("Event: QueueMember", "Queue: support", "Name: Anna", "Location: PJSIP/101", "Status: 1", "Paused: 0"),
			amitest.Message("Event: QueueStatusComplete", "EventList: Complete"),
		}
	})
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("support.yaml", hotlineText)
	write("linekeeper.yml", fmt.Sprintf(`asterisk:
  ari: {url: %q, user: %q, password: %q}
  ami: {address: %q, user: %q, password: %q}
hotlines: support.yaml
queues: {support: {}}
voice: {engine: marks}
callbacks: {endpoint: "PJSIP/{number}@trunk", prefixes: ["+7"]}
log: {level: error}
%s`, asterisk.URL, aritest.User, aritest.Password, manager.Addr, amitest.User, amitest.Secret, more))
	return filepath.Join(dir, "linekeeper.yml")
}

// serving runs "serve" until the test ends and gives its ready line and socket.
func serving(t *testing.T, file string) (ready, socket string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan int, 1)
	go func() {
		e := &env{stdout: io.Discard, stderr: w, now: time.Now}
		done <- e.run(ctx, []string{"serve", "--config", file}, nil)
		_ = w.Close()
	}()
	lines := bufio.NewScanner(r)
	if !lines.Scan() {
		t.Fatalf("no ready line: %v", lines.Err())
	}
	ready = lines.Text()
	var rest bytes.Buffer
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(&rest, r)
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != ExitOK {
			t.Errorf("serve ends with %d", code)
		}
		<-drained
		if rest.Len() > 0 {
			t.Errorf("it said:\n%s", rest.String())
		}
	})
	return ready, filepath.Join(filepath.Dir(file), "linekeeper.sock")
}

func TestServe(t *testing.T) {
	t.Parallel()
	ready, socket := serving(t, configure(t, "listen: 127.0.0.1:0\n"))
	m := regexp.MustCompile(`^linekeeper .* is up: 1 hotline, 1 queue, Asterisk at .*, socket .*linekeeper.sock, metrics (http://\S+/metrics)$`).FindStringSubmatch(ready)
	if m == nil {
		t.Fatalf("ready line: %s", ready)
	}
	c := api.NewClient(socket)
	defer c.Close()
	// The feed tells of Anna at a time of its own: the journal says when.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := c.Journal(ctx, api.JournalFilter{Follow: true, Type: "agent.state"}, func(ev api.Event) error {
		if ev.Data["agent"] == "PJSIP/101" {
			cancel()
		}
		return nil
	})
	if err == nil || ctx.Err() == nil {
		t.Fatalf("the journal ended: %v", err)
	}
	agents, err := c.Agents(t.Context(), "support")
	if err != nil || len(agents) != 1 || agents[0].Name != "Anna" || agents[0].State != "idle" {
		t.Errorf("agents: %+v, %v", agents, err)
	}
	cb, err := c.AddCallback(t.Context(), api.AddCallback{Number: "8 916 123-45-67"})
	if err != nil || cb.Number != "+79161234567" || cb.Queue != "support" {
		t.Errorf("added: %+v, %v", cb, err)
	}
	story, err := c.Why(t.Context(), cb.ID[len(cb.ID)-6:])
	if err != nil || len(story.Story) == 0 || !strings.Contains(story.Story[0], "+79161234567") {
		t.Errorf("why: %+v, %v", story, err)
	}
	resp, err := http.Get(m[1])
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if resp.Body.Close() != nil || err != nil || !strings.Contains(string(body), "linekeeper_callbacks") {
		t.Errorf("metrics: %s, %v", body, err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// A file that changes is read anew; one with a fault leaves the hotline as it is.
func TestServeReloads(t *testing.T) {
	t.Parallel()
	file := configure(t, "")
	quiet, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// What is refused is an error in the log.
	if err := os.WriteFile(file, bytes.Replace(quiet, []byte("level: error"), []byte("level: fatal"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, socket := serving(t, file)
	c := api.NewClient(socket)
	defer c.Close()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), "support.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var seen []string
	err = c.Journal(ctx, api.JournalFilter{Follow: true, Since: time.Now().Add(-time.Hour), Type: "hotline."}, func(ev api.Event) error {
		seen = append(seen, ev.Type)
		switch len(seen) {
		case 1: // the first version, by the start
			write(strings.Replace(hotlineText, "hotline: support", "hotline: suport\nnxet: x", 1))
		case 2:
			write(hotlineText + "  lost: {hangup: true}\n")
		default:
			cancel()
		}
		return nil
	})
	if want := "hotline.loaded hotline.refused hotline.loaded"; !errors.Is(ctx.Err(), context.Canceled) || strings.Join(seen, " ") != want {
		t.Fatalf("the journal has %q, want %q, and ended with %v", seen, want, err)
	}
	list, err := c.Hotlines(t.Context())
	if err != nil || len(list) != 1 || list[0].State != "current" || list[0].Version != dialplan.Version([]byte(hotlineText+"  lost: {hangup: true}\n")) {
		t.Errorf("hotlines: %+v, %v", list, err)
	}
}

func TestServeSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	file := configure(t, "callers: {csv: callers.csv}\n")
	dir := filepath.Dir(file)
	for name, text := range map[string]string{
		"support.yaml": strings.ReplaceAll(hotlineText, "queue: support", "queue: suport"),
		"callers.csv":  "account,name\nx,Ivan\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stderr bytes.Buffer
	e := &env{stdout: io.Discard, stderr: &stderr, now: time.Now}
	if code := e.run(t.Context(), []string{"serve", "--config", file}, nil); code != ExitError {
		t.Errorf("ends with %d", code)
	}
	for _, want := range []string{`the switch has no queue "suport" (did you mean "support"?)`, "callers.csv:2: column account"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("no %q in:\n%s", want, stderr.String())
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "linekeeper.db")); err == nil {
		t.Error("a database was made although nothing can start")
	}
}

func TestDoctorCommand(t *testing.T) {
	t.Parallel()
	file := configure(t, "")
	_, socket := serving(t, file)
	var stdout, stderr bytes.Buffer
	e := &env{stdout: &stdout, stderr: &stderr, now: time.Now}
	// The scripted servers answer next to nothing of what doctor asks.
	if code := e.run(t.Context(), []string{"doctor", "--config", file, "-o", "json"}, nil); code != ExitProblems {
		t.Errorf("ends with %d: %s", code, stderr.String())
	}
	var found []doctor.Finding
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	status := map[string]doctor.Status{}
	for _, f := range found {
		if status[f.What] != doctor.Fail {
			status[f.What] = f.Status
		}
	}
	for what, want := range map[string]doctor.Status{
		"hotlines": doctor.OK, "ami": doctor.OK, "voice": doctor.OK, "database": doctor.OK, "modules": doctor.Fail, "application linekeeper": doctor.OK,
	} {
		if status[what] != want {
			t.Errorf("%s is %q, want %q", what, status[what], want)
		}
	}
	if !strings.Contains(stdout.String(), "held by the linekeeper that answers on "+socket) {
		t.Error("doctor does not see the daemon that runs")
	}
	stdout.Reset()
	e = &env{stdout: &stdout, stderr: &stderr, now: time.Now, tty: true}
	e.run(t.Context(), []string{"doctor", "--config", file}, nil)
	if !strings.HasPrefix(stdout.String(), "ok    hotlines: 1 hotline, 1 number, 1 queue\n") || !strings.Contains(stdout.String(), "\n      -> ") {
		t.Errorf("on a terminal:\n%s", stdout.String())
	}
}
