package sources

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// Fetch sends the request once and maps its answer; see Source.
func (h *HTTP) Fetch(ctx context.Context, in map[string]string) ([]map[string]string, error) {
	if missing(h.inputs, h.o.Optional, in) {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.o.Timeout)
	defer cancel()
	req, err := h.request(ctx, in)
	if err != nil {
		return nil, err
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return nil, h.unsent(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(resp.Body, h.o.MaxAnswer+1))
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusNoContent {
		return nil, nil
	}
	if resp.StatusCode/100 != 2 {
		return nil, h.status(resp.StatusCode)
	}
	if err != nil {
		return nil, h.unsent(ctx, err)
	}
	if int64(len(data)) > h.o.MaxAnswer {
		return nil, h.fail(fmt.Sprintf("its answer is longer than %d bytes", h.o.MaxAnswer), "ask for fewer fields or rows, or raise max_answer")
	}
	answer, err := decode(data)
	if err != nil {
		return nil, h.fail(err.Error(), "check the address: it may be a page for people")
	}
	rows, err := h.mapping.read(answer, h.o.MaxRows)
	if err != nil {
		return nil, h.fail("the answer does not fit: "+err.Error(), "")
	}
	return rows, nil
}

func (h *HTTP) request(ctx context.Context, in map[string]string) (*http.Request, error) {
	address, ok := h.address.fill(in)
	if !ok {
		return nil, h.fail("an input would lead to another path", "")
	}
	text, kind, err := h.body.fill(in)
	if err != nil {
		return nil, h.fail("the body cannot be written", "")
	}
	req, err := http.NewRequestWithContext(ctx, h.o.Method, address, strings.NewReader(text))
	if err != nil {
		return nil, h.fail("the inputs make no address", "")
	}
	if kind == "" {
		req.Body, req.GetBody = http.NoBody, nil
	} else {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "linekeeper")
	for name, t := range h.headers {
		value := t.fill(in, func(s string) string { return s })
		if !carries(value) {
			return nil, h.fail("an input has a line break or another control character, which a header cannot hold", "")
		}
		req.Header.Set(name, value)
	}
	for name, value := range h.o.Secrets {
		req.Header.Set(name, value)
	}
	return req, nil
}

var errAway = errors.New("redirect to another host")

// redirect decides whether one is followed.
func (h *HTTP) redirect(next *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) > h.o.Redirects:
		return http.ErrUseLastResponse
	case next.URL.Scheme != first.Scheme || next.URL.Host != first.Host:
		return errAway
	}
	return nil
}

// decode reads one JSON value and nothing after it.
func decode(data []byte) (any, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("its answer is empty and no JSON")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("its answer is no JSON at byte %d", dec.InputOffset())
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("its answer goes on after the JSON at byte %d", dec.InputOffset())
	}
	return v, nil
}

func (h *HTTP) fail(what, remedy string) *Error {
	return &Error{Source: h.o.Name, Doing: h.o.Method + " to " + h.address.base, What: what, Remedy: remedy}
}

func (h *HTTP) status(code int) *Error {
	what := fmt.Sprintf("it answered %d", code)
	if text := http.StatusText(code); text != "" {
		what += " " + text
	}
	remedy := ""
	switch {
	case code/100 == 3:
		remedy = "write the address it leads to, or allow redirects within the host"
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		remedy = "check the user and password, token or key"
	case code == http.StatusMethodNotAllowed:
		remedy = "check the method"
	case code/100 == 4:
		remedy = "check address, headers and body against its manual"
	case code/100 == 5:
		remedy = "see its log"
	}
	return h.fail(what, remedy)
}

// unsent says why there is no answer. Errors of package http repeat the address or the
// answer, so only those of the network and of TLS are passed on: the host has no inputs.
func (h *HTTP) unsent(ctx context.Context, err error) *Error {
	if what, cause, is := late(ctx, err); is {
		e := h.fail(what, "")
		e.cause = cause
		return e
	}
	var wire *net.OpError
	var record tls.RecordHeaderError
	var trust *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errAway):
		return h.fail("it leads to another host", "write the address it leads to")
	case errors.As(err, &trust):
		return h.fail(trust.Error(), "name the file of its authority as ca, or check the host name")
	case errors.As(err, &record):
		return h.fail("it does not speak TLS", "write http://, or check the port")
	case errors.As(err, &wire):
		return h.fail(wire.Error(), "check that it runs and can be reached from here")
	}
	return h.fail("the connection broke, or the answer is no HTTP", "check the port, and whether it wants https")
}
