package ari

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// messageLimit bounds how much of Asterisk's words an error keeps, in bytes.
const messageLimit = 300

// rest makes the requests. Its connections are its own.
type rest struct {
	base, user, password string
	timeout              time.Duration
	client               *http.Client
}

func newREST(o Options) *rest {
	return &rest{
		base: o.BaseURL, user: o.User, password: o.Password, timeout: o.RequestTimeout,
		client: &http.Client{
			Transport: &http.Transport{
				// No Proxy: the password goes to the switch and nowhere else.
				DialContext:           (&net.Dialer{Timeout: o.ConnectTimeout, KeepAlive: o.PingEvery}).DialContext,
				MaxIdleConns:          o.MaxConns,
				MaxIdleConnsPerHost:   o.MaxConns,
				MaxConnsPerHost:       o.MaxConns + 1,   // the websocket is one
				IdleConnTimeout:       10 * time.Second, // Asterisk closes idle ones after 15 s (session_keep_alive)
				TLSHandshakeTimeout:   o.ConnectTimeout,
				ResponseHeaderTimeout: o.RequestTimeout,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// segments joins the parts of a path, each escaped.
func segments(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

func (r *rest) get(ctx context.Context, op, path string, query url.Values, out any) error {
	return r.do(ctx, op, http.MethodGet, path, query, nil, out)
}

func (r *rest) post(ctx context.Context, op, path string, in, out any) error {
	return r.do(ctx, op, http.MethodPost, path, nil, in, out)
}

func (r *rest) put(ctx context.Context, op, path string, in any) error {
	return r.do(ctx, op, http.MethodPut, path, nil, in, nil)
}

func (r *rest) delete(ctx context.Context, op, path string, query url.Values) error {
	return r.do(ctx, op, http.MethodDelete, path, query, nil, nil)
}

// do makes one request. in, unless nil, is sent as JSON; out, unless nil, is
// filled from the answer. Every error is a *telephony.Error.
func (r *rest) do(ctx context.Context, op, method, path string, query url.Values, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := r.request(ctx, method, path, query, in)
	if err != nil {
		return permanent(op, err)
	}
	var sent atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }}))
	resp, err := r.client.Do(req)
	switch {
	case err != nil && sent.Load():
		return unanswered(op, bare(err))
	case err != nil:
		return retryable(op, bare(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, readLimit))
	if err != nil {
		return unanswered(op, fmt.Errorf("read the answer: %w", err))
	}
	if resp.StatusCode/100 != 2 {
		return refusal(op, resp.StatusCode, body)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return retryable(op, fmt.Errorf("decode the answer: %w", err))
	}
	return nil
}

func (r *rest) request(ctx context.Context, method, path string, query url.Values, in any) (*http.Request, error) {
	if strings.Contains(path, "//") {
		return nil, errNoID
	}
	address := r.base + path
	if len(query) > 0 {
		// Asterisk reads + as a space only in some places, %20 in all.
		address += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", bare(err))
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth(r.user, r.password)
	return req, nil
}

// bare takes the address off an error of net/http: the operation says already
// what was attempted.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// refusal makes an error of an answer that is not a success, with Asterisk's
// own words.
func refusal(op string, status int, body []byte) error {
	var said struct {
		Message string `json:"message"`
		Error   string `json:"error"` // "Allocation failed" comes under this name
	}
	words := ""
	if json.Unmarshal(body, &said) == nil {
		words = said.Message
		if words == "" {
			words = said.Error
		}
	}
	kind := kindOf(status, words)
	if words == "" {
		words = http.StatusText(status)
	}
	if len(words) > messageLimit {
		words = strings.ToValidUTF8(words[:messageLimit], "") + "..."
	}
	return &telephony.Error{Op: op, Kind: kind, Err: &refusedError{status: status, words: words}, Unanswered: lost(status, words)}
}

// allocationFailed is what Asterisk says (500) when it made no channel.
const allocationFailed = "Allocation failed"

// lost says of an answer that it may hide a request that was carried out: Asterisk
// broke off in the middle of it, or somebody between gave up waiting.
func lost(status int, words string) bool {
	return status >= 500 && status != http.StatusServiceUnavailable && words != allocationFailed
}

// refusedError is an answer of Asterisk that is not a success.
type refusedError struct {
	status int
	words  string
}

func (e *refusedError) Error() string { return fmt.Sprintf("%s (%d)", e.words, e.status) }

// kindOf classifies an answer. Asterisk's codes are not uniform: a channel that
// is gone is 404 in most places and 400 in addChannel, one that is not ours 409
// or 422.
func kindOf(status int, words string) telephony.Kind {
	words = strings.ToLower(words)
	switch {
	case strings.Contains(words, "not in stasis"), strings.Contains(words, "channel not found"):
		return telephony.KindGone
	case strings.Contains(words, "recording not in session"): // it ended, which Asterisk has not told yet
		return telephony.KindGone
	case status == http.StatusNotFound && (words == "" || strings.HasPrefix(words, "resource not found")):
		return telephony.KindRetryable // the module is not loaded: Asterisk is starting
	case status == http.StatusNotFound, status == http.StatusGone:
		return telephony.KindGone
	case status == http.StatusConflict && strings.Contains(words, "already exists"):
		return telephony.KindExists
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		return telephony.KindRetryable
	}
	return telephony.KindPermanent
}

func permanent(op string, err error) error {
	return &telephony.Error{Op: op, Kind: telephony.KindPermanent, Err: err}
}

func retryable(op string, err error) error {
	return &telephony.Error{Op: op, Kind: telephony.KindRetryable, Err: err}
}

// unanswered is retryable for a request that may have been carried out.
func unanswered(op string, err error) error {
	return &telephony.Error{Op: op, Kind: telephony.KindRetryable, Err: err, Unanswered: true}
}

// unlessGone makes a success of "it is gone already".
func unlessGone(err error) error {
	if telephony.IsGone(err) {
		return nil
	}
	return err
}
