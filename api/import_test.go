package api

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
)

// importing is a daemon that promises even numbers, knows those that end with 4 and
// refuses odd ones; the earlier of two answers is often the later one to come.
func importing(most *atomic.Int64) *fake {
	var now atomic.Int64
	add := func(n controller.NewCallback) (controller.Asked, error) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		last := n.Number[len(n.Number)-1]
		if last%3 == 0 {
			time.Sleep(time.Millisecond)
		}
		if last%2 == 1 {
			return controller.Asked{}, &controller.RefusedError{Refusal: callback.Refusal{Rule: callback.RulePrefix, Message: "odd", Remedy: "even", ExistingID: "b0"}}
		}
		return controller.Asked{Callback: callback.Callback{ID: "b" + n.Number}, Existing: last == '4'}, nil
	}
	return &fake{addCallback: add, checkCallback: func(n controller.NewCallback) (controller.Asked, error) {
		if n.Reason != callback.ReasonImport {
			return controller.Asked{}, fmt.Errorf("the reason is %s", n.Reason)
		}
		asked, err := add(n)
		asked.Callback.ID = ""
		return asked, err
	}}
}

func TestImportAnswersInOrder(t *testing.T) {
	t.Parallel()
	var most atomic.Int64
	c := client(t, importing(&most))
	rows := make([]ImportRow, 2000)
	for i := range rows {
		rows[i] = ImportRow{Line: i + 2, AddCallback: AddCallback{Number: fmt.Sprintf("+7916%07d", i)}}
	}
	for _, dry := range []bool{false, true} {
		results, err := c.ImportCallbacks(t.Context(), rows, dry)
		if err != nil || len(results) != len(rows) {
			t.Fatalf("%d results, %v", len(results), err)
		}
		for i, got := range results {
			want := ImportResult{Line: i + 2, Status: ImportMade, Callback: "b" + rows[i].Number}
			if dry {
				want.Status, want.Callback = ImportChecked, ""
			}
			switch {
			case i%2 == 1:
				want = ImportResult{Line: i + 2, Status: ImportRefused, Callback: "b0", Rule: "prefix", Message: "odd", Remedy: "even"}
			case i%10 == 4:
				want.Status = ImportExisting
			}
			if got != want {
				t.Fatalf("row %d gives %+v, want %+v", i, got, want)
			}
		}
	}
	if n := most.Load(); n < 2 || n > 2*importAtOnce {
		t.Errorf("%d rows were under way at once", n)
	}
}

// TestImportDecidesInOrder: whichever row is looked up first, the one that stands
// first in the list is decided first; one that is no row keeps nobody waiting.
func TestImportDecidesInOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var decided []string
	rows := make([]ImportRow, 300)
	var want []string
	for i := range rows {
		rows[i].Line = i + 2
		if i%7 != 0 {
			rows[i].Number = fmt.Sprintf("+7916%07d", i)
			want = append(want, rows[i].Number)
		}
	}
	c := client(t, &fake{addCallback: func(n controller.NewCallback) (controller.Asked, error) {
		last := n.Number[len(n.Number)-1]
		if last%3 == 0 {
			time.Sleep(time.Millisecond) // it takes its time to be looked up
		}
		if last == '5' {
			n.Turn = nil // it comes to nothing before it is decided
		}
		if err := n.Turn.Wait(t.Context()); err != nil {
			return controller.Asked{}, err
		}
		mu.Lock()
		defer mu.Unlock()
		if last != '5' {
			decided = append(decided, n.Number)
		}
		return controller.Asked{Callback: callback.Callback{ID: "b" + n.Number}}, nil
	}})
	if results, err := c.ImportCallbacks(t.Context(), rows, false); err != nil || len(results) != len(rows) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	want = slices.DeleteFunc(want, func(number string) bool { return strings.HasSuffix(number, "5") })
	if diff := cmp.Diff(want, decided); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// Results come while rows are still being sent.
func TestImportStreams(t *testing.T) {
	t.Parallel()
	var most atomic.Int64
	srv := httptest.NewServer(New(importing(&most), prometheus.NewRegistry(), "").Handler())
	defer srv.Close()
	defer srv.Client().CloseIdleConnections()
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v1/callbacks/import", r)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan *http.Response, 1)
	go func() {
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Error(err)
		}
		answered <- resp
	}()
	if _, err := io.WriteString(w, "{\"number\":\"+79161234562\"}\n"); err != nil {
		t.Fatal(err)
	}
	resp := <-answered
	lines := bufio.NewScanner(resp.Body)
	next := func() (got ImportResult) {
		t.Helper()
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &got) != nil {
			t.Fatalf("the answer goes on with %q, %v", lines.Text(), lines.Err())
		}
		return got
	}
	if got := next(); got.Line != 1 || got.Status != ImportMade {
		t.Errorf("the first is %+v", got)
	}
	for _, bad := range []string{"", "{}", "{\"number\":\"+1\",\"x\":2}", "{\"number\":\"+1\",\"when\":{\"until\":\"1999-01-01T00:00:00Z\"}}", "{\"number\":\"+1\"} 5"} {
		if _, err := io.WriteString(w, bad+"\n"); err != nil {
			t.Fatal(err)
		}
		if got := next(); got.Status != ImportRefused || got.Rule != "request" || got.Message == "" || got.Remedy == "" {
			t.Errorf("%q gives %+v", bad, got)
		}
	}
	if _, err := io.WriteString(w, strings.Repeat("x", maxImportRow+1)); err != nil {
		t.Fatal(err)
	}
	if got := next(); got.Status != ImportRefused || !strings.Contains(got.Message, "too long") {
		t.Errorf("a long row gives %+v", got)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if lines.Scan() || resp.Body.Close() != nil {
		t.Errorf("the answer goes on with %q", lines.Text())
	}
}

func FuzzAddCallback(f *testing.F) {
	f.Add([]byte(`{"number":"+79161234567","when":{"from":"2026-03-29T02:30"},"time_zone":"Europe/Berlin","priority":3}`))
	f.Add([]byte(`{"number":"\u0000","name":"\u202e<x>\"","when":"now"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var body AddCallback
		if strict(bytes.NewReader(data), &body) != nil {
			return
		}
		n, _, err := body.promise(time.Unix(1774699200, 0))
		if err == nil && (n.Number != body.Number || n.Number == "") {
			t.Fatalf("%s gives %+v", data, n)
		}
		// What goes on to the switch and to phones is one plain line.
		for _, s := range []string{callback.PlainText(n.Name), callback.PlainText(n.Question)} {
			if strings.ContainsAny(s, "\r\n\x00\x1b\u202e") || !strings.EqualFold(s, strings.TrimSpace(s)) {
				t.Fatalf("%q stays", s)
			}
		}
		if s := callback.PlainText(n.Name); s != callback.PlainText(s) {
			t.Fatalf("%q becomes another text", s)
		}
		if _, err := callback.DialString("PJSIP/{number}@trunk", n.Number); err == nil && !callback.ValidNumber(n.Number) {
			t.Fatalf("%q reaches a dial string", n.Number)
		}
	})
}
