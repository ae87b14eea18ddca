package crash_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

// relay stands between the daemon and ARI, behind a wire that can be cut, and can
// do harm to a request to dial a customer.
type relay struct {
	*stage.Wire
	queues *stage.Wire // to AMI
	proxy  *httputil.ReverseProxy
	server http.Server
	serves sync.WaitGroup

	mu    sync.Mutex
	harm  harm  // what happens to the next dial
	dials []ask // the requests to dial customers that Asterisk had, in order
}

// ask is one request to dial.
type ask struct {
	Channel  string `json:"channelId"`
	Endpoint string `json:"endpoint"`
	status   int    // of Asterisk's answer
}

// harm is done to one request. ask has Asterisk carry it out, as often as it is
// called, and gives the answer.
type harm func(w http.ResponseWriter, r *http.Request, ask func() *httptest.ResponseRecorder)

// relayed makes a relay for the ARI of a stage.
func relayed(t *testing.T) *relay {
	r := &relay{Wire: stage.NewWire(), queues: stage.NewWire(), harm: none}
	r.server.Handler = r
	t.Cleanup(func() {
		r.Close()
		r.queues.Close()
		if err := r.server.Close(); err != nil {
			t.Error(err)
		}
		r.serves.Wait()
	})
	return r
}

// listen is for stage.Options.ARIVia.
func (r *relay) listen(to string) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	r.proxy = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: to})
	r.proxy.Transport = &http.Transport{DisableKeepAlives: true}
	r.proxy.ErrorLog = log.New(io.Discard, "", 0)
	// What Asterisk does not answer, nobody does.
	r.proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	r.serves.Go(func() { _ = r.server.Serve(l) }) // until it is closed
	return r.Listen(l.Addr().String())
}

// does sets what happens to the next request to dial a customer, and forgets those
// that were made.
func (r *relay) does(h harm) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.harm, r.dials = h, nil
}

// asked gives the requests to dial customers that Asterisk had since.
func (r *relay) asked() []ask {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]ask(nil), r.dials...)
}

// ServeHTTP passes a request on.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost || !strings.HasSuffix(req.URL.Path, "/channels") {
		r.proxy.ServeHTTP(w, req)
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the daemon broke it off
	}
	var a ask
	if err := json.Unmarshal(body, &a); err != nil {
		panic(err)
	}
	carry := func(w http.ResponseWriter) {
		again := req.Clone(context.WithoutCancel(req.Context())) // it gets there, whatever becomes of the wire
		again.Body = io.NopCloser(bytes.NewReader(body))
		r.proxy.ServeHTTP(w, again)
	}
	if !strings.HasSuffix(a.Endpoint, "@trunk") {
		carry(w)
		return
	}
	r.mu.Lock()
	h := r.harm
	r.harm = none
	r.mu.Unlock()
	h(w, req, func() *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		carry(answer)
		a.status = answer.Code
		r.mu.Lock()
		defer r.mu.Unlock()
		r.dials = append(r.dials, a)
		return answer
	})
}

// The harms.

func none(w http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
	deliver(w, ask())
}

// cutAfter breaks the connection when Asterisk has dialled.
func cutAfter(_ http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
	ask()
	panic(http.ErrAbortHandler)
}

// cutBefore breaks it before Asterisk has heard of it.
func cutBefore(http.ResponseWriter, *http.Request, func() *httptest.ResponseRecorder) {
	panic(http.ErrAbortHandler)
}

// failsAfter says 500 although Asterisk has dialled.
func failsAfter(w http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
	ask()
	http.Error(w, `{"message":"Internal Server Error"}`, http.StatusInternalServerError)
}

// tooLate has Asterisk dial and keeps the answer until the daemon gives up.
func tooLate(_ http.ResponseWriter, r *http.Request, ask func() *httptest.ResponseRecorder) {
	ask()
	<-r.Context().Done()
}

// asksTwice loses the answer and repeats the request, as something between the two
// might; the daemon has the second answer.
func asksTwice(w http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
	ask()
	deliver(w, ask())
}

func deliver(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the daemon may be gone
}
