package voice

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The answers that a Service understands.
const (
	AnswerWAV = "wav" // a WAV file
	AnswerPCM = "pcm" // bare samples: 16 bit, little-endian, mono
)

// Service is the Engine that asks a text-to-speech service over HTTP, one request
// for each text. Its fields describe the service's interface; docs/voices.md has
// them for well-known ones.
//
// In URL, Body and Headers {text}, {lang} and {voice} stand for the text, the
// language and its voice; in Headers {secret} is the secret. They are escaped as
// their place wants: in the URL and in a form like its parameters, in a body of
// JSON like a part of a string, elsewhere not at all.
type Service struct {
	URL     string
	Method  string            // "" is POST with a body and GET without one
	Headers map[string]string // Content-Type says how Body is escaped; "" is JSON where Body begins with a brace, else a form
	Secret  string
	Body    string

	// Answer is AnswerWAV or AnswerPCM; "" is AnswerWAV. AnswerPCM needs Rate, in
	// samples a second.
	Answer string
	Rate   int
	// Field is where the answer is JSON with the sound in base64: the name of the
	// field, with dots between names within each other. "" for the sound itself.
	Field string

	Voices  map[string]string // by language; a language that is missing is its own voice
	Timeout time.Duration     // the longest that one text may take; 0 means 20 s
	Client  *http.Client      // nil is one that takes no redirect
}

// straight takes no redirect: the secret and the caller's name are for one address.
var straight = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Identity names the address, what is asked for and the voice; not the secret.
func (s Service) Identity(lang string) string {
	return fmt.Sprintf("service 1 %q %q %q %q %d %q %q", s.Method, s.URL, s.Body, s.Answer, s.Rate, s.Field, voiceOf(s.Voices, lang))
}

// Render asks the service. Its error repeats the beginning of what a service said
// that refused.
func (s Service) Render(ctx context.Context, lang, text string) (Sound, error) {
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	late := fmt.Errorf("no answer within %v", timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, late)
	defer cancel()
	data, err := s.ask(ctx, lang, text)
	if err != nil {
		if context.Cause(ctx) == late {
			err = late
		}
		return Sound{}, fmt.Errorf("ask the speech service: %w", err)
	}
	sound, err := s.decode(data)
	if err != nil {
		return Sound{}, fmt.Errorf("read what the speech service gave: %w", err)
	}
	return sound, nil
}

func (s Service) ask(ctx context.Context, lang, text string) ([]byte, error) {
	req, err := s.request(ctx, lang, text)
	if err != nil {
		return nil, err
	}
	client := s.Client
	if client == nil {
		client = straight
	}
	resp, err := client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // the URL may hold the text
		}
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	if resp.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, maxComplaint)) // without it the status must do
		return nil, fmt.Errorf("it answers %s: %s", resp.Status, strings.TrimSpace(string(said)))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxOutput+1))
	if err == nil && len(data) > maxOutput {
		err = fmt.Errorf("its answer is longer than %d MB", maxOutput>>20)
	}
	return data, err
}

func (s Service) request(ctx context.Context, lang, text string) (*http.Request, error) {
	method := s.Method
	if method == "" {
		method = http.MethodGet
		if s.Body != "" {
			method = http.MethodPost
		}
	}
	fill := func(template string, escape func(string) string) string {
		return strings.NewReplacer(
			"{text}", escape(text), "{lang}", escape(lang), "{voice}", escape(voiceOf(s.Voices, lang)),
		).Replace(template)
	}
	content := s.contentType()
	body := fill(s.Body, escapeFor(content))
	req, err := http.NewRequestWithContext(ctx, method, fill(s.URL, url.QueryEscape), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", content)
	}
	for name, value := range s.Headers {
		req.Header.Set(name, strings.NewReplacer("{secret}", s.Secret, "{lang}", lang, "{voice}", voiceOf(s.Voices, lang)).Replace(value))
	}
	return req, nil
}

func (s Service) contentType() string {
	for name, value := range s.Headers {
		if strings.EqualFold(name, "Content-Type") {
			return value
		}
	}
	if strings.HasPrefix(strings.TrimSpace(s.Body), "{") {
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

func escapeFor(content string) func(string) string {
	kind, _, err := mime.ParseMediaType(content)
	switch {
	case err != nil:
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		return jsonEscape
	case kind == "application/x-www-form-urlencoded":
		return url.QueryEscape
	case strings.HasSuffix(kind, "xml"):
		return xmlEscape
	}
	return func(s string) string { return s }
}

func jsonEscape(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		return "" // a string has no reason to fail
	}
	return string(quoted[1 : len(quoted)-1])
}

func xmlEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(s)
}

// decode reads an answer.
func (s Service) decode(data []byte) (Sound, error) {
	if s.Field != "" {
		var err error
		if data, err = field(data, s.Field); err != nil {
			return Sound{}, err
		}
	}
	if s.Answer != AnswerPCM {
		return decodeWAV(data)
	}
	if bytes.HasPrefix(data, []byte("RIFF")) {
		return Sound{}, errors.New("it is a WAV file and not bare samples; write \"answer: wav\"")
	}
	samples := make([]int16, len(data)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return Sound{Rate: s.Rate, Samples: samples}, nil
}

// field takes what is in base64 out of JSON.
func field(data []byte, path string) ([]byte, error) {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	text, ok := value.(string)
	if !ok {
		return nil, fmt.Errorf("it has no text at %q", path)
	}
	sound, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("what stands at %q is not base64: %w", path, err)
	}
	return sound, nil
}
