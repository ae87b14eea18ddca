package share

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/telephony"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	name  = "00112233445566778899aabbccddeeff"
	month = 30 * 24 * time.Hour
)

// site is a server with one sound.
type site struct {
	*testing.T
	*Server
	url    string
	counts map[string]int
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, counts: map[string]int{}}
	var mu sync.Mutex
	s.Server = &Server{Dir: t.TempDir(), Count: func(result string) {
		mu.Lock()
		defer mu.Unlock()
		s.counts[result]++
	}}
	if err := os.WriteFile(filepath.Join(s.Dir, name+".wav"), []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Server)
	t.Cleanup(h.Close)
	s.url = h.URL
	s.Links = NewLinks(h.URL+"/behind/a/proxy/", []byte("a key of some length"), month)
	return s
}

func (s *site) address() string {
	return strings.TrimPrefix(string(s.Links.Media(name, time.Now())), "sound:")
}

// ask makes a request with headers and gives the answer with its body.
func (s *site) ask(method, url string, headers ...string) (*http.Response, string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, url, nil)
	if err != nil {
		s.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(body)
}

func TestServer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	resp, body := s.ask("GET", s.address())
	if resp.StatusCode != 200 || body != "0123456789" || resp.Header.Get("Content-Type") != "audio/x-wav" {
		t.Errorf("%s %q %v", resp.Status, body, resp.Header)
	}
	if cache := resp.Header.Get("Cache-Control"); !strings.HasPrefix(cache, "public, max-age=") || !strings.HasSuffix(cache, ", immutable") {
		t.Errorf("it is kept %q", cache)
	}
	tag := resp.Header.Get("ETag")
	if resp, body = s.ask("HEAD", s.address(), "If-None-Match", tag); resp.StatusCode != 304 || body != "" {
		t.Errorf("unchanged: %s %q", resp.Status, body)
	}
	if resp, body = s.ask("HEAD", s.address()); resp.StatusCode != 200 || resp.ContentLength != 10 || body != "" {
		t.Errorf("HEAD: %s, %d bytes", resp.Status, resp.ContentLength)
	}
	if resp, body = s.ask("GET", s.address(), "Range", "bytes=2-4"); resp.StatusCode != 206 || body != "234" {
		t.Errorf("a part: %s %q", resp.Status, body)
	}
	if resp, _ = s.ask("POST", s.address()); resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s", resp.Status)
	}
	if err := os.Remove(filepath.Join(s.Dir, name+".wav")); err != nil {
		t.Fatal(err)
	}
	if resp, _ = s.ask("GET", s.address()); resp.StatusCode != 404 {
		t.Errorf("gone: %s", resp.Status)
	}
	if diff := cmp.Diff(map[string]int{Given: 3, Same: 1, Missing: 1}, s.counts); diff != "" {
		t.Error(diff)
	}
}

func TestForgedAndOldAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	good := s.address()
	old := strings.TrimPrefix(string(s.Links.Media(name, time.Now().Add(-2*month))), "sound:")
	other := strings.TrimPrefix(string(NewLinks(s.url, []byte("another key"), month).Media(name, time.Now())), "sound:")
	probe, _ := s.Links.Probe(name, time.Now())
	for what, address := range map[string]string{
		"expired": old, "another key": other, "another name": strings.Replace(good, name, strings.Repeat("0", 32), 1),
		"a path": s.url + "/sounds/../../etc/passwd", "no signature": s.url + "/sounds/" + name + ".wav", "the root": s.url + "/",
		"the end moved": strings.Replace(good, "/sounds/1", "/sounds/2", 1), "another extension": strings.TrimSuffix(good, "wav") + "txt",
		"another kind": strings.Replace(good, "/sounds/", "/probe/", 1), "the same": strings.Replace(strings.TrimPrefix(string(probe), "sound:"), "/probe/", "/sounds/", 1),
	} {
		if resp, body := s.ask("GET", address); resp.StatusCode != 403 {
			t.Errorf("%s: %s %q", what, resp.Status, body)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	probe, seen := s.Links.Probe(name, time.Now())
	if resp, _ := s.ask("GET", s.url+seen); resp.StatusCode != 404 {
		t.Errorf("before: %s", resp.Status)
	}
	if resp, body := s.ask("GET", strings.TrimPrefix(string(probe), "sound:")); resp.StatusCode != 200 || body != probeWAV {
		t.Errorf("%s, %d bytes", resp.Status, len(body))
	}
	if resp, _ := s.ask("GET", s.url+seen); resp.StatusCode != 200 {
		t.Errorf("after: %s", resp.Status)
	}
}

// An address is good for its time at least, the same for most of that, and never
// shorter than the path that Asterisk gives the file.
func TestLinks(t *testing.T) {
	t.Parallel()
	l := NewLinks("http://a", []byte("key"), month)
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringMatching(`[0-9a-f]{32}`).Draw(rt, "name")
		now := time.Unix(rapid.Int64Range(1.6e9, 4e9).Draw(rt, "now"), 0)
		left := l.ends(name, now).Sub(now)
		if left < month-time.Second || left > 2*month {
			rt.Fatalf("good for %v", left)
		}
		later := now.Add(time.Duration(rapid.Int64Range(0, int64(left-month)).Draw(rt, "later")))
		if !l.ends(name, later).Equal(l.ends(name, now)) {
			rt.Fatalf("another address after %v, with %v left", later.Sub(now), left)
		}
		if m := l.Media(name, now); len(m) < 80 || strings.ContainsAny(string(m), ",&?") {
			rt.Fatalf("%s", m)
		}
	})
}

func TestKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".key")
	var wg sync.WaitGroup
	keys := make([]string, 8)
	for i := range keys {
		wg.Go(func() {
			key, err := Key(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = string(key)
		})
	}
	wg.Wait()
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 1 || len(keys[0]) < 40 {
		t.Errorf("%q", keys)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(path); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("got %v", err)
	}
}

// echo names a text's file like the text.
type echo struct{}

func (echo) File(_ context.Context, _, text string) (string, error) {
	if text == "" {
		return "", errors.New("nothing to say")
	}
	return text, nil
}

func TestSoundsAreFetchedOnceBeforeTheyArePlayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var fetched atomic.Int32
		d := NewDelivery(echo{}, NewLinks("http://a", nil, month), func(_ context.Context, m telephony.Media) error {
			time.Sleep(time.Second)
			fetched.Add(1)
			return nil
		}, func(err error) { t.Error(err) })
		var wg sync.WaitGroup
		began := time.Now()
		for range 20 {
			wg.Go(func() {
				if m, err := d.Media(t.Context(), "ru", name); err != nil || !strings.HasPrefix(string(m), "sound:http://a/sounds/") {
					t.Errorf("%s, %v", m, err)
				}
				if took := time.Since(began); took != time.Second {
					t.Errorf("it is told after %v", took)
				}
			})
		}
		wg.Wait()
		if n := fetched.Load(); n != 1 {
			t.Errorf("%d fetches", n)
		}
		if !d.Prepare(t.Context(), name) || fetched.Load() != 1 {
			t.Errorf("%d fetches after it is known to be there", fetched.Load())
		}
		if _, err := d.Media(t.Context(), "ru", ""); err == nil {
			t.Error("a text without a sound has a medium")
		}
	})
}

// A switch that cannot be asked is no reason to say nothing, and is asked again.
func TestFetchThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries, told := 0, 0
		d := NewDelivery(echo{}, NewLinks("http://a", nil, month), func(ctx context.Context, _ telephony.Media) error {
			if tries++; tries == 3 {
				<-ctx.Done()
				return ctx.Err()
			}
			return errors.New("not connected")
		}, func(error) { told++ })
		for range 2 {
			if m, err := d.Media(t.Context(), "ru", name); m == "" || err != nil {
				t.Errorf("%q, %v", m, err)
			}
		}
		if tries != 2 || told != 2 {
			t.Errorf("%d tries, %d were told", tries, told)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if m, err := d.Media(ctx, "ru", name); m == "" || err != nil {
			t.Errorf("%q, %v: a caller without patience", m, err)
		}
	})
}
