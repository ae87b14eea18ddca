package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// ErrChallenge says that whoever asks did not pass the challenge.
var ErrChallenge = errors.New("the challenge was not passed")

// Challenge tells people from machines. Verify takes what the page got from the
// challenge and the address of the customer. It returns an error that is
// ErrChallenge when the answer is wrong, and any other error when that could not be
// found out. It is safe for concurrent use and blocks until ctx ends at most.
type Challenge interface {
	Verify(ctx context.Context, response string, client netip.Addr) error
}

// SiteVerify is the challenge that Turnstile, hCaptcha and reCAPTCHA have in common:
// secret, response and remoteip are posted, and {"success": true} is the answer.
type SiteVerify struct {
	URL      string
	Secret   string
	Timeout  time.Duration // of one question; 0 stands for 5 s
	MinScore float64       // of services that give one: less is no pass; 0: any
	Client   *http.Client  // nil stands for a client of its own
}

// maxVerdict is how much of an answer is read.
const maxVerdict = 64 << 10

// Verify asks the service.
func (s *SiteVerify) Verify(ctx context.Context, response string, client netip.Addr) error {
	if response == "" {
		return ErrChallenge
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = 5 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	form := url.Values{"secret": {s.Secret}, "response": {response}}
	if client.IsValid() {
		form.Set("remoteip", client.String())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("ask the challenge's service: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	do := s.Client
	if do == nil {
		do = http.DefaultClient
	}
	resp, err := do.Do(req)
	if err != nil {
		return fmt.Errorf("ask the challenge's service: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask the challenge's service: it answered %s", resp.Status)
	}
	var verdict struct {
		Success bool     `json:"success"`
		Score   *float64 `json:"score"`
		Errors  []string `json:"error-codes"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxVerdict)).Decode(&verdict); err != nil {
		return fmt.Errorf("read the answer of the challenge's service: %w", err)
	}
	if verdict.Success && (verdict.Score == nil || *verdict.Score >= s.MinScore) {
		return nil
	}
	for _, code := range verdict.Errors {
		if strings.HasPrefix(code, "missing-input-secret") || strings.HasPrefix(code, "invalid-input-secret") || code == "internal-error" {
			return fmt.Errorf("ask the challenge's service: it says %s", code) // our fault, or its own
		}
	}
	return ErrChallenge
}
