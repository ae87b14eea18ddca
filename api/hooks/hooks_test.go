package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// receiver takes messages, unless it is told to be away.
type receiver struct {
	mu   sync.Mutex
	away bool
	got  []Body
	ids  []string
}

func (r *receiver) Send(_ context.Context, m Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return errors.New("away")
	}
	var b Body
	if err := json.Unmarshal(m.Body, &b); err != nil {
		return err
	}
	r.got, r.ids = append(r.got, b), append(r.ids, m.ID)
	return nil
}

func (r *receiver) reasons() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.got {
		n, _ := b.Event.Data["n"].(float64)
		all = append(all, fmt.Sprintf("%s %v", b.Event.Type, n))
	}
	return all
}

func (r *receiver) set(away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = away
}

func database(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	db, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// happens writes an entry about the promise b1.
func happens(t *testing.T, db *sqlite.Store, typ string, n int) {
	t.Helper()
	err := db.Commit(context.Background(), store.Batch{Events: []store.Event{{At: time.Now(), Type: typ, Callback: "b1", Data: map[string]any{"n": n}}}})
	if err != nil {
		t.Fatal(err)
	}
}

// run sends to hooks until stop is called.
func run(t *testing.T, db Journal, reg *prometheus.Registry, all ...Hook) (stop func()) {
	t.Helper()
	r, err := New(Options{Journal: db, Hooks: all, Registry: reg})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func value(t *testing.T, reg *prometheus.Registry, name, hook string) float64 {
	t.Helper()
	all, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == hook {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return 0
}

func TestEachEntryInOrderAcrossRestarts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	synctest.Test(t, func(t *testing.T) {
		db := database(t, path)
		if err := db.Commit(context.Background(), store.Batch{Callbacks: []callback.Callback{{ID: "b1", Number: "+79161234567", State: callback.GivenUp}}}); err != nil {
			t.Fatal(err)
		}
		happens(t, db, "callback.given_up", 0) // before there was a hook
		r, reg := &receiver{}, prometheus.NewRegistry()
		hook := Hook{Name: "crm", On: []string{"callback.given_up", "queue."}, Send: r}
		stop := run(t, db, reg, hook)
		synctest.Wait()
		happens(t, db, "callback.given_up", 1)
		happens(t, db, "callback.given_up_not", 2)
		happens(t, db, "queue.joined", 3)
		time.Sleep(2 * poll)
		synctest.Wait()
		r.set(true)
		happens(t, db, "callback.given_up", 4)
		happens(t, db, "callback.given_up", 5)
		time.Sleep(time.Hour)
		synctest.Wait()
		if failed := value(t, reg, "linekeeper_hook_failed_total", "crm"); failed < 10 || failed > 1000 {
			t.Errorf("%v tries failed within an hour", failed)
		}
		if behind := value(t, reg, "linekeeper_hook_behind_seconds", "crm"); behind < 3000 {
			t.Errorf("the hook is %v s behind", behind)
		}
		stop()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = database(t, path)
		happens(t, db, "callback.given_up", 6)
		r.set(false)
		reg = prometheus.NewRegistry()
		stop = run(t, db, reg, hook)
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []string{"callback.given_up 1", "queue.joined 3", "callback.given_up 4", "callback.given_up 5", "callback.given_up 6"}
		if got := r.reasons(); !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
		if cb := r.got[0].Callback; cb == nil || cb.ID != "b1" || cb.Number != "+79161234567" || cb.State != "given_up" || r.got[0].Hook != "crm" {
			t.Errorf("the first is %+v of %+v", r.got[0], cb)
		}
		if r.ids[0] != "crm-2" {
			t.Errorf("the first delivery is %q", r.ids[0])
		}
		if sent := value(t, reg, "linekeeper_hook_sent_total", "crm"); sent != 3 {
			t.Errorf("%v were sent in the second run", sent)
		}
		if behind := value(t, reg, "linekeeper_hook_behind_seconds", "crm"); behind != 0 {
			t.Errorf("the hook is %v s behind in the end", behind)
		}
		stop()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADeadReceiverDelaysNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	synctest.Test(t, func(t *testing.T) {
		db := database(t, path)
		dead, alive, reg := &receiver{away: true}, &receiver{}, prometheus.NewRegistry()
		happens(t, db, "callback.asked", 0)
		stop := run(t, db, reg,
			Hook{Name: "dead", On: []string{"callback."}, Send: dead, GiveUp: time.Hour}, Hook{Name: "alive", On: []string{"callback."}, Send: alive})
		synctest.Wait()
		for n := 1; n <= 3*page; n++ {
			happens(t, db, "callback.asked", n)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := len(alive.reasons()); got != 3*page {
			t.Errorf("%d were sent to who listens, want %d", got, 3*page)
		}
		// After an hour the first entry is passed over.
		time.Sleep(time.Hour + 6*time.Minute)
		dead.set(false)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := dead.reasons(); len(got) != 3*page-1 || got[0] != "callback.asked 2" || value(t, reg, "linekeeper_hook_skipped_total", "dead") != 1 {
			t.Errorf("%d were sent to who was away, the first %q", len(got), got[:min(1, len(got))])
		}
		stop()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// faulty is a journal that fails for a while.
type faulty struct {
	*sqlite.Store
	mu    sync.Mutex
	fails int
}

func (f *faulty) Events(ctx context.Context, filter store.EventFilter) ([]store.Event, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails > 0 {
		f.fails--
		return nil, errors.New("disk on fire")
	}
	return f.Store.Events(ctx, filter)
}

func TestAJournalThatCannotBeReadIsTriedAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	synctest.Test(t, func(t *testing.T) {
		db := &faulty{Store: database(t, path)}
		happens(t, db.Store, "callback.asked", 0)
		r := &receiver{}
		stop := run(t, db, prometheus.NewRegistry(), Hook{Name: "h", On: []string{"callback."}, Send: r})
		synctest.Wait()
		db.mu.Lock()
		db.fails = 5
		db.mu.Unlock()
		happens(t, db.Store, "callback.asked", 1)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if got := r.reasons(); !slices.Equal(got, []string{"callback.asked 1"}) {
			t.Errorf("sent %q", got)
		}
		stop()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	body := []byte(`{"hook":"crm"}`)
	type seen struct {
		header http.Header
		body   string
	}
	got := make(chan seen, 1)
	hang := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /ok", func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got <- seen{r.Header, string(text)}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("POST /moved", http.RedirectHandler("/ok", http.StatusTemporaryRedirect))
	mux.HandleFunc("POST /no", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "secret words", http.StatusTeapot) })
	mux.HandleFunc("POST /hang", func(http.ResponseWriter, *http.Request) { <-hang })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	defer close(hang)
	defer plain.CloseIdleConnections()
	if err := (&HTTP{URL: srv.URL + "/ok", Secret: "s3"}).Send(t.Context(), Message{ID: "crm-7", Body: body}); err != nil {
		t.Fatal(err)
	}
	s := <-got
	if s.body != string(body) || s.header.Get(HeaderID) != "crm-7" || s.header.Get("Content-Type") != "application/json" ||
		s.header.Get(HeaderSignature) != Sign("s3", s.header.Get(HeaderTimestamp), body) || len(s.header.Get(HeaderSignature)) != 64 {
		t.Errorf("the receiver got %q with %v", s.body, s.header)
	}
	if Sign("key", "1", []byte("x")) == Sign("key", "2", []byte("x")) {
		t.Error("a signature can be used at another time")
	}
	for path, want := range map[string]string{"/moved": "307", "/no": "418", "/hang": "deadline"} {
		err := (&HTTP{URL: srv.URL + path, Timeout: 50 * time.Millisecond}).Send(t.Context(), Message{Body: body})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s gives %v", path, err)
		}
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "take")
	text := "#!/bin/sh\nif [ \"$1\" = fail ]; then echo \"no way\" >&2; exit 3; fi\nif [ \"$1\" = hang ]; then exec sleep 60; fi\ncat > \"$1\"\nprintf %s \"$LINEKEEPER_DELIVERY\" >> \"$1\"\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out; touch evil $(id)")
	m := Message{ID: "crm-7", Body: []byte(`{"a":1}`)}
	if err := (&Command{Argv: []string{script, out}}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || string(got) != `{"a":1}crm-7` {
		t.Errorf("the command got %q, %v", got, err)
	}
	if err := (&Command{Argv: []string{script, "fail"}}).Send(t.Context(), m); err == nil || !strings.Contains(err.Error(), "exit status 3: no way") {
		t.Errorf("a failure gives %v", err)
	}
	if err := (&Command{Argv: []string{script, "hang"}, Timeout: 50 * time.Millisecond}).Send(t.Context(), m); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one that hangs gives %v", err)
	}
	if err := (&Command{Argv: []string{filepath.Join(dir, "none")}}).Send(t.Context(), m); err == nil {
		t.Error("a missing command gives no error")
	}
}
