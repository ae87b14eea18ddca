package sources

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func client(t *testing.T, o ClientOptions) *Client {
	t.Helper()
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func question(t *testing.T, c *Client, o HTTPOptions) *HTTP {
	t.Helper()
	o.Name = "crm"
	h, err := NewHTTP(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// serve is a server whose answers are made by f.
func serve(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

func TestInputsAreEscapedWhereTheyStand(t *testing.T) {
	t.Parallel()
	nasty := `a/../b?c=d&e="f"\+% {x}` + "é"
	type seen struct{ Method, Path, Query, Header, Key, Kind, Body string }
	got := make(chan seen, 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- seen{r.Method, r.URL.Path, r.URL.Query().Get("q"), r.Header.Get("X-In"), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(b)}
		_, _ = io.WriteString(w, `{"ok":"yes"}`)
	})
	c := client(t, ClientOptions{})
	in := map[string]string{"v": nasty, "x": "never"}
	for _, tc := range []struct {
		name string
		o    HTTPOptions
		want seen
	}{
		{"path", HTTPOptions{URL: url + "/c/{v}/d"}, seen{Method: "GET", Path: "/c/" + nasty + "/d"}},
		{"query", HTTPOptions{URL: url + "/?q={v}"}, seen{Method: "GET", Path: "/", Query: nasty}},
		{"header", HTTPOptions{URL: url + "/", Headers: map[string]string{"X-In": "v={v}"}}, seen{Method: "GET", Path: "/", Header: "v=" + nasty}},
		{"secret", HTTPOptions{URL: url + "/", Secrets: map[string]string{"Authorization": "Bearer {v}"}}, seen{Method: "GET", Path: "/", Key: "Bearer {v}"}},
		{"json", HTTPOptions{URL: url + "/", JSON: map[string]any{"a": []any{"<{v}>", 1, true}, "q": "query { name }"}},
			seen{Method: "POST", Path: "/", Kind: "application/json", Body: `{"a":["<` + nasty + `>",1,true],"q":"query { name }"}`}},
		{"form", HTTPOptions{URL: url + "/", Method: "PUT", Form: map[string]string{"a": "{v}"}},
			seen{Method: "PUT", Path: "/", Kind: "application/x-www-form-urlencoded", Body: "a=" + nasty}},
	} {
		h := question(t, c, tc.o)
		rows, err := h.Fetch(t.Context(), in)
		if err != nil || len(rows) != 1 || rows[0]["ok"] != "yes" {
			t.Fatalf("%s: %v, %v", tc.name, rows, err)
		}
		is := <-got
		switch is.Kind {
		case "application/json":
			var a, b any
			if json.Unmarshal([]byte(is.Body), &a) != nil {
				t.Fatalf("%s: the body is %s", tc.name, is.Body)
			}
			want := map[string]any{"a": []any{"<" + nasty + ">", 1.0, true}, "q": "query { name }"}
			if b = want; !cmp.Equal(a, b) {
				t.Errorf("json: %s", cmp.Diff(b, a))
			}
			is.Body = tc.want.Body
		case "application/x-www-form-urlencoded":
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(is.Body))
			r.Header.Set("Content-Type", is.Kind)
			is.Body = "a=" + r.FormValue("a")
		}
		if diff := cmp.Diff(tc.want, is); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestInputsThatLeadElsewhereAreNotSent(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	c := client(t, ClientOptions{})
	path := question(t, c, HTTPOptions{URL: url + "/c/{v}/d"})
	for _, v := range []string{".", ".."} {
		if _, err := path.Fetch(t.Context(), map[string]string{"v": v}); err == nil || !strings.Contains(err.Error(), "another path") {
			t.Errorf("%q gives %v", v, err)
		}
	}
	header := question(t, c, HTTPOptions{URL: url, Headers: map[string]string{"X": "{v}"}})
	if _, err := header.Fetch(t.Context(), map[string]string{"v": "a\r\nEvil: 1"}); err == nil || !strings.Contains(err.Error(), "line break") {
		t.Errorf("a line break gives %v", err)
	}
	// /c/ may be the list of all customers: an empty input finds nobody.
	for _, in := range []map[string]string{{"v": ""}, {}, nil} {
		if rows, err := path.Fetch(t.Context(), in); rows != nil || err != nil {
			t.Errorf("an empty input gives %v, %v", rows, err)
		}
	}
}

func TestOptionalInputsMayBeEmpty(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"note": "<" + r.URL.Query().Get("note") + ">"})
	})
	h := question(t, client(t, ClientOptions{}), HTTPOptions{URL: url + "/?n={n}&note={note}", Optional: []string{"note"}})
	rows, err := h.Fetch(t.Context(), map[string]string{"n": "1"})
	if err != nil || len(rows) != 1 || rows[0]["note"] != "<>" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestThreeResultsOfARequest(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("id")
		switch r.URL.Path {
		case "/404":
			http.NotFound(w, r)
		case "/204":
			w.WriteHeader(http.StatusNoContent)
		case "/500":
			http.Error(w, "no "+id, http.StatusInternalServerError)
		case "/401":
			http.Error(w, "no "+id, http.StatusUnauthorized)
		case "/page":
			_, _ = io.WriteString(w, "<html>"+id)
		case "/two":
			_, _ = io.WriteString(w, `{} "`+id+`"`)
		case "/long":
			_, _ = io.WriteString(w, `"`+strings.Repeat(id, 1000)+`"`)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"a":"`+id)
		case "/away":
			http.Redirect(w, r, "http://other.example/"+id, http.StatusFound)
		case "/near":
			http.Redirect(w, r, "/end?id="+id, http.StatusFound)
		default:
			_, _ = io.WriteString(w, "\ufeff"+`{"a":"b"}`)
		}
	})
	c := client(t, ClientOptions{})
	for _, tc := range []struct {
		path      string
		redirects int
		rows      int
		want      string
	}{
		{"/", 0, 1, ""},
		{"/404", 0, 0, ""},
		{"/204", 0, 0, ""},
		{"/500", 0, 0, "it answered 500 Internal Server Error; see its log"},
		{"/401", 0, 0, "it answered 401 Unauthorized; check the user and password, token or key"},
		{"/page", 0, 0, "its answer is no JSON at byte"},
		{"/two", 0, 0, "goes on after the JSON"},
		{"/long", 0, 0, "its answer is longer than 1024 bytes"},
		{"/cut", 0, 0, "the connection broke"},
		{"/away", 0, 0, "it answered 302 Found; write the address it leads to"},
		{"/away", 3, 0, "it leads to another host"},
		{"/near", 0, 0, "it answered 302"},
		{"/near", 3, 1, ""},
	} {
		h := question(t, c, HTTPOptions{URL: url + tc.path + "?id={id}", MaxAnswer: 1024, Redirects: tc.redirects})
		rows, err := h.Fetch(t.Context(), map[string]string{"id": "445566"})
		if len(rows) != tc.rows || (err != nil) != (tc.want != "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s gives %v, %v; want %d rows, %q", tc.path, rows, err, tc.rows, tc.want)
		}
		quiet(t, err, "445566")
	}
}

// quiet fails when an error, or one that it wraps, holds a value.
func quiet(t *testing.T, err error, value string) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), value) {
			t.Errorf("an error holds an input: %v", err)
		}
	}
}

func TestASlowServerIsLeft(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drip" {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
		}
		<-release
	})
	t.Cleanup(func() { close(release) })
	c := client(t, ClientOptions{})
	for _, path := range []string{"/", "/drip"} {
		h := question(t, c, HTTPOptions{URL: url + path + "?id={id}", Timeout: 30 * time.Millisecond})
		begun := time.Now()
		_, err := h.Fetch(t.Context(), map[string]string{"id": "445566"})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second {
			t.Errorf("%s gives %v after %s", path, err, time.Since(begun))
		}
		quiet(t, err, "445566")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	h := question(t, c, HTTPOptions{URL: url})
	if _, err := h.Fetch(ended, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestADeadServerIsTold(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	h := question(t, client(t, ClientOptions{}), HTTPOptions{URL: "http://" + dead + "/secret-path/{id}?key=geheim"})
	_, err = h.Fetch(t.Context(), map[string]string{"id": "445566"})
	var told *Error
	if !errors.As(err, &told) || told.Source != "crm" || !strings.Contains(told.What, "refused") || told.Remedy == "" {
		t.Errorf("got %v", err)
	}
	quiet(t, err, "445566")
	quiet(t, err, "secret-path")
}

func TestTLSWithAnOwnAuthority(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"a":"b"}`) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of clients that do not trust it
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	trusted := question(t, client(t, ClientOptions{CA: ca}), HTTPOptions{URL: s.URL})
	if rows, err := trusted.Fetch(t.Context(), nil); err != nil || len(rows) != 1 {
		t.Errorf("with its authority: %v, %v", rows, err)
	}
	stranger := question(t, client(t, ClientOptions{}), HTTPOptions{URL: s.URL})
	if _, err := stranger.Fetch(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "name the file of its authority") {
		t.Errorf("without: %v", err)
	}
	clear := question(t, client(t, ClientOptions{}), HTTPOptions{URL: "https" + strings.TrimPrefix(serve(t, http.NotFound), "http")})
	if _, err := clear.Fetch(t.Context(), nil); err == nil {
		t.Error("a server without TLS answered over https")
	}
	for _, o := range []ClientOptions{{CA: filepath.Join(t.TempDir(), "none")}, {CA: os.Args[0]}, {Cert: ca}} {
		if _, err := NewClient(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

func TestFaultsOfAQuestion(t *testing.T) {
	t.Parallel()
	c := client(t, ClientOptions{})
	for _, tc := range []struct {
		o    HTTPOptions
		want string
	}{
		{HTTPOptions{URL: "crm"}, "url: it is no address"},
		{HTTPOptions{URL: "ftp://crm/geheim"}, "url: it is no address"},
		{HTTPOptions{URL: "http://{host}/"}, "an input in the host"},
		{HTTPOptions{URL: "http://u:geheim@crm/"}, "a user or a password"},
		{HTTPOptions{URL: "http://crm/#geheim"}, "a fragment"},
		{HTTPOptions{URL: "http://crm/geheim%zz"}, "check its escapes"},
		{HTTPOptions{URL: "http://crm", Method: "DELETE"}, `method: "DELETE" is not known`},
		{HTTPOptions{URL: "http://crm", Method: "GET", JSON: "x"}, "GET has no body"},
		{HTTPOptions{URL: "http://crm", JSON: "x", Form: map[string]string{"a": "b"}}, "leave one of them out"},
		{HTTPOptions{URL: "http://crm", JSON: map[any]any{1: 2}}, "which JSON does not know"},
		{HTTPOptions{URL: "http://crm", Headers: map[string]string{"a b": "c"}}, `"a b" is no name of a header`},
		{HTTPOptions{URL: "http://crm", Headers: map[string]string{"host": "c"}}, "is set by the request itself"},
		{HTTPOptions{URL: "http://crm", Secrets: map[string]string{"X": "geheim\n"}}, "control character"},
		{HTTPOptions{URL: "http://crm", Rows: "a..b"}, "rows: "},
		{HTTPOptions{URL: "http://crm", Fields: map[string]string{"n": "a."}}, "fields.n: "},
		{HTTPOptions{URL: "http://crm/{a}", Optional: []string{"b"}}, `"b" is optional but no input; inputs are a`},
		{HTTPOptions{URL: "http://crm", Redirects: 9}, "redirects: 9"},
	} {
		_, err := NewHTTP(c, tc.o)
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%+v gives %v, want %q and no secret", tc.o, err, tc.want)
		}
	}
	h := question(t, c, HTTPOptions{URL: "http://crm/{b}?x={a}", JSON: []any{"{c}{a}"}, Headers: map[string]string{"D": "{d}"}, Fields: map[string]string{"z": "", "y": ""}})
	if diff := cmp.Diff([][]string{{"a", "b", "c", "d"}, {"y", "z"}}, [][]string{h.Inputs(), h.Fields()}); diff != "" {
		t.Error(diff)
	}
}
