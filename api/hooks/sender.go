package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Sender brings a message to its receiver. It is safe for concurrent use, blocks
// until the receiver has taken it or ctx ends, and keeps nothing of it. An error
// never holds the message.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Message is what a receiver gets.
type Message struct {
	ID   string // the same when it is sent again
	Body []byte // JSON
}

// The headers of a message over HTTP. The signature is that of Sign.
const (
	HeaderID        = "Linekeeper-Delivery"
	HeaderTimestamp = "Linekeeper-Timestamp" // seconds since 1970, of this sending
	HeaderSignature = "Linekeeper-Signature"
)

// DefaultTimeout ends one sending.
const DefaultTimeout = 10 * time.Second

// HTTP posts messages. Any answer but 2xx is an error; redirects are not followed.
type HTTP struct {
	URL     string
	Secret  string        // "": messages are not signed
	Timeout time.Duration // 0 stands for DefaultTimeout
	Client  *http.Client  // nil stands for http.DefaultTransport without redirects
}

// Sign is the signature of a body: HMAC-SHA256 over the timestamp, a dot and the
// body, in hexadecimal digits.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(timestamp + ".")) // never fails
	_, _ = mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

var plain = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send posts a message.
func (h *HTTP) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, orDefault(h.Timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(m.Body))
	if err != nil {
		return fmt.Errorf("post to a hook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "linekeeper")
	req.Header.Set(HeaderID, m.ID)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set(HeaderTimestamp, now)
	if h.Secret != "" {
		req.Header.Set(HeaderSignature, Sign(h.Secret, now, m.Body))
	}
	client := h.Client
	if client == nil {
		client = plain
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("post to a hook: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	// Read a little, so that the connection can be used again.
	if _, err := io.CopyN(io.Discard, resp.Body, 64<<10); err != nil && err != io.EOF {
		return fmt.Errorf("read the answer of a hook: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("post to a hook: it answered %s", resp.Status)
	}
	return nil
}

// Command runs a program for each message, without a shell: the body is its
// standard input. Any exit code but 0 is an error, with the beginning of what it
// said on standard error.
type Command struct {
	Argv    []string
	Timeout time.Duration // 0 stands for DefaultTimeout; the program is killed then
}

// mostSaid is how much of a program's complaint is kept, in bytes.
const mostSaid = 300

// Send runs the program.
func (c *Command) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, orDefault(c.Timeout))
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Stdin = bytes.NewReader(m.Body)
	cmd.Env = append(cmd.Environ(), "LINEKEEPER_DELIVERY="+m.ID)
	said := &beginning{}
	cmd.Stderr = said
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if words := strings.TrimSpace(string(said.text)); words != "" {
			return fmt.Errorf("run the command of a hook: %w: %s", err, words)
		}
		return fmt.Errorf("run the command of a hook: %w", err)
	}
	return nil
}

// beginning keeps the beginning of what is written to it.
type beginning struct{ text []byte }

func (b *beginning) Write(p []byte) (int, error) {
	b.text = append(b.text, p[:min(len(p), mostSaid-len(b.text))]...)
	return len(p), nil
}

func orDefault(d time.Duration) time.Duration {
	if d == 0 {
		return DefaultTimeout
	}
	return d
}
