package asterisk_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
)

// patience bounds each wait for Asterisk; most take milliseconds.
const patience = 60 * time.Second

// feed keeps what arrives on a connection, so that a test can wait for it
// without caring whether it came before or after it began to wait.
type feed struct {
	mu      sync.Mutex
	items   []map[string]string
	raw     []string
	changed chan struct{}
}

func newFeed() *feed { return &feed{changed: make(chan struct{})} }

func (f *feed) add(raw string, item map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items, f.raw = append(f.items, item), append(f.raw, raw)
	close(f.changed)
	f.changed = make(chan struct{})
}

// find returns the first item that has all the wanted fields.
func (f *feed) find(want map[string]string) (item map[string]string, raw string, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
next:
	for i, item := range f.items {
		for key, value := range want {
			if item[key] != value {
				continue next
			}
		}
		return item, f.raw[i], nil
	}
	return nil, "", f.changed
}

func (f *feed) wait(t *testing.T, want map[string]string) (item map[string]string, raw string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		item, raw, changed := f.find(want)
		if item != nil {
			return item, raw
		}
		select {
		case <-changed:
		case <-deadline:
			f.mu.Lock()
			defer f.mu.Unlock()
			t.Fatalf("nothing with %v came; what came:\n%s", want, strings.Join(f.raw, "\n"))
		}
	}
}

// ari is the barest client of Asterisk's REST interface.
type ari struct {
	*feed
	a      *asterisk.Asterisk
	conn   *websocket.Conn
	closed chan struct{}
}

func dialARI(t *testing.T, a *asterisk.Asterisk) *ari {
	t.Helper()
	address := strings.Replace(a.ARIURL, "http", "ws", 1) + "/events?app=linekeeper&api_key=" + a.ARIUser + ":" + a.ARIPassword
	conn, _, err := websocket.Dial(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	c := &ari{feed: newFeed(), a: a, conn: conn, closed: make(chan struct{})}
	go func() {
		defer close(c.closed)
		for {
			_, raw, err := conn.Read(context.Background())
			if err != nil {
				return // the test closed it, or waits in vain and says so
			}
			var event map[string]any
			if err := json.Unmarshal(raw, &event); err != nil {
				t.Errorf("event %s: %v", raw, err)
				return
			}
			c.add(string(raw), flatten(event, "", map[string]string{}))
		}
	}()
	t.Cleanup(func() {
		_ = conn.CloseNow() // fails only when the test has closed it already
		<-c.closed
	})
	return c
}

// flatten turns {"channel": {"id": 1}} into {"channel.id": "1"}.
func flatten(from map[string]any, prefix string, to map[string]string) map[string]string {
	for key, value := range from {
		if inner, ok := value.(map[string]any); ok {
			flatten(inner, prefix+key+".", to)
			continue
		}
		to[prefix+key] = fmt.Sprint(value)
	}
	return to
}

func (c *ari) do(t *testing.T, method, path string, query url.Values, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.a.ARIURL+path+"?"+query.Encode(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(c.a.ARIUser, c.a.ARIPassword)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// place originates a placeholder: near leg id, far leg id-far.
func (c *ari) place(t *testing.T, id, queue string, variables map[string]string) {
	t.Helper()
	all := map[string]string{"LINEKEEPER_PLACE": "place-" + id}
	for name, value := range variables {
		all[name] = value
	}
	body, err := json.Marshal(map[string]any{"variables": all})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := c.do(t, http.MethodPost, "/channels", url.Values{
		"endpoint": {"Local/" + queue + "@linekeeper-queue/n"}, "app": {"linekeeper"}, "appArgs": {"place," + id},
		"channelId": {id}, "otherChannelId": {id + "-far"}, "callerId": {"Anna <+79161234567>"}, "timeout": {"-1"},
	}, string(body))
	if status != http.StatusOK {
		t.Fatalf("originate %s: %d %s", id, status, answer)
	}
}

// ami is the barest client of the manager interface.
type ami struct {
	*feed
	conn net.Conn
}

func dialAMI(t *testing.T, a *asterisk.Asterisk) *ami {
	t.Helper()
	conn, err := net.Dial("tcp", a.AMIAddr)
	if err != nil {
		t.Fatal(err)
	}
	c := &ami{feed: newFeed(), conn: conn}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.read()
	}()
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	c.send(t, "Action: Login", "Username: "+a.AMIUser, "Secret: "+a.AMIPassword, "ActionID: login")
	c.wait(t, map[string]string{"Response": "Success", "ActionID": "login"})
	return c
}

func (c *ami) read() {
	var raw strings.Builder
	item := map[string]string{}
	for lines := bufio.NewScanner(c.conn); lines.Scan(); {
		if line := strings.TrimRight(lines.Text(), "\r"); line != "" {
			key, value, _ := strings.Cut(line, ": ")
			item[key] = value
			raw.WriteString(line + "\r\n")
			continue
		}
		c.add(raw.String()+"\r\n", item)
		raw.Reset()
		item = map[string]string{}
	}
}

func (c *ami) send(t *testing.T, lines ...string) {
	t.Helper()
	if _, err := io.WriteString(c.conn, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}
