package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/linekeeper/linekeeper/telephony/ari"
)

// probe asks single questions over ARI. Unlike the client in telephony/ari it
// wants to know exactly how the other side answers, whatever that is.
type probe struct {
	base, user, password string
	http                 *http.Client
}

func newProbe(o ari.Options) *probe {
	return &probe{
		base: strings.TrimRight(o.BaseURL, "/"), user: o.User, password: o.Password,
		// No proxy: the password goes to the switch and nowhere else.
		http: &http.Client{Timeout: patience, Transport: &http.Transport{}},
	}
}

func (p *probe) close() { p.http.CloseIdleConnections() }

// answer is what came back.
type answer struct {
	status  int
	message string // Asterisk's words, "" when it is not ARI that answers
	body    []byte
}

// isARI says whether ARI itself answered: it speaks JSON also in errors, unlike
// the HTTP server that it hangs on.
func (a answer) isARI() bool { return a.status/100 == 2 || a.message != "" }

func (a answer) String() string {
	if a.message != "" {
		return fmt.Sprintf("%s (%d)", a.message, a.status)
	}
	return fmt.Sprintf("%s (%d)", http.StatusText(a.status), a.status)
}

// ask makes one request; parts of the path are escaped. The error is that of
// the connection: an answer of any kind is none.
func (p *probe) ask(ctx context.Context, method string, parts ...string) (answer, error) {
	path := ""
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, nil)
	if err != nil {
		return answer{}, err
	}
	req.SetBasicAuth(p.user, p.password)
	resp, err := p.http.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return answer{}, err
	}
	a := answer{status: resp.StatusCode, body: body}
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) == nil {
		a.message = said.Message
	}
	return a, nil
}

func (p *probe) get(ctx context.Context, parts ...string) (answer, error) {
	return p.ask(ctx, http.MethodGet, parts...)
}
