package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// NotRunningError says that no daemon listens on the socket.
type NotRunningError struct{ Socket string }

func (e *NotRunningError) Error() string {
	return "linekeeper is not running: nothing listens on " + e.Socket +
		"; start it with `linekeeper serve --config FILE`, or name its socket with --socket"
}

// DeniedError says that this user may not open the socket.
type DeniedError struct{ Socket string }

func (e *DeniedError) Error() string {
	return "this user may not talk to linekeeper: permission denied on " + e.Socket +
		"; use the account that linekeeper runs as, or join the group of the socket"
}

// values are query parameters; empty ones are left out.
type values map[string]string

func get[T any](ctx context.Context, c *Client, path string, v values) (T, error) {
	return decode[T](c.do(ctx, http.MethodGet, path, v, nil))
}

func send[T any](ctx context.Context, c *Client, method, path string, body any) (T, error) {
	data, err := json.Marshal(body)
	if err != nil {
		var zero T
		return zero, fmt.Errorf("encode the request: %w", err)
	}
	return decode[T](c.do(ctx, method, path, nil, bytes.NewReader(data)))
}

func decode[T any](resp *http.Response, err error) (T, error) {
	var v T
	if err != nil {
		return v, err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		return v, fmt.Errorf("read the daemon's answer: %w", err)
	}
	return v, nil
}

// do makes one request; the caller closes the body of a response.
func (c *Client) do(ctx context.Context, method, path string, v values, body io.Reader) (*http.Response, error) {
	q := url.Values{}
	for name, value := range v {
		if value != "" {
			q.Set(name, value)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://linekeeper"+path+"?"+q.Encode(), body)
	if err != nil {
		return nil, fmt.Errorf("ask the daemon: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.explain(err)
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }() // only read
	e := &Error{}
	if err := json.NewDecoder(resp.Body).Decode(e); err != nil || e.Message == "" {
		return nil, fmt.Errorf("ask the daemon: it answered %s", resp.Status)
	}
	return nil, e
}

// explain says what an error of the connection means for whoever asked.
func (c *Client) explain(err error) error {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return &NotRunningError{Socket: c.socket}
	case errors.Is(err, fs.ErrPermission):
		return &DeniedError{Socket: c.socket}
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err // the address in it says nothing: it is the socket
	}
	return fmt.Errorf("ask the daemon on %s: %w", c.socket, err)
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
