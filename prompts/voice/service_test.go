package voice

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asked is what a service was sent.
type asked struct{ Method, Path, Query, Type, Auth, Body string }

// serve runs a speech service that answers with a function.
func serve(t *testing.T, answer http.HandlerFunc) (url string, last *asked) {
	t.Helper()
	last = &asked{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*last = asked{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(body)}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, last
}

func tone22050() []byte { return encodeWAV(sine(1000, 3000, 0.5, 22050), 22050) }

func giveTone(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tone22050()) }

func TestServiceWithJSON(t *testing.T) {
	t.Parallel()
	url, got := serve(t, giveTone)
	s := Service{
		URL: url + "/v1/audio/speech", Headers: map[string]string{"Authorization": "Bearer {secret}"}, Secret: "s3",
		Body:   `{"model": "tts-1", "voice": "{voice}", "input": "{text}", "response_format": "wav"}`,
		Voices: map[string]string{"ru": "alloy"},
	}
	sound, err := s.Render(t.Context(), "ru", "Скажите \"да\"\n{voice} \\")
	if err != nil {
		t.Fatal(err)
	}
	checkHalfSecond(t, sound)
	var body map[string]string
	if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
		t.Fatalf("%s: %v", got.Body, err)
	}
	want := map[string]string{"model": "tts-1", "voice": "alloy", "input": "Скажите \"да\"\n{voice} \\", "response_format": "wav"}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Error(diff)
	}
	got.Body = ""
	if diff := cmp.Diff(asked{Method: "POST", Path: "/v1/audio/speech", Type: "application/json", Auth: "Bearer s3"}, *got); diff != "" {
		t.Error(diff)
	}
}

func TestServiceWithForm(t *testing.T) {
	t.Parallel()
	url, got := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for _, s := range sine(1000, 3000, 0.5, 8000) {
			_, _ = w.Write([]byte{byte(s), byte(uint16(s) >> 8)})
		}
	})
	s := Service{
		URL: url + "/speech", Headers: map[string]string{"Authorization": "Api-Key {secret}"}, Secret: "s3",
		Body:   "text={text}&lang=ru-RU&voice={voice}&format=lpcm&sampleRateHertz=8000",
		Answer: AnswerPCM, Rate: 8000,
	}
	sound, err := s.Render(t.Context(), "ru", "да & нет=")
	if err != nil {
		t.Fatal(err)
	}
	checkHalfSecond(t, sound)
	want := asked{
		Method: "POST", Path: "/speech", Type: "application/x-www-form-urlencoded", Auth: "Api-Key s3",
		Body: "text=%D0%B4%D0%B0+%26+%D0%BD%D0%B5%D1%82%3D&lang=ru-RU&voice=ru&format=lpcm&sampleRateHertz=8000",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Error(diff)
	}
}

func TestServiceWithGETAndMarkup(t *testing.T) {
	t.Parallel()
	url, got := serve(t, giveTone)
	if _, err := (Service{URL: url + "/say?t={text}&v={voice}"}).Render(t.Context(), "en", "a&b"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asked{Method: "GET", Path: "/say", Query: "t=a%26b&v=en"}, *got); diff != "" {
		t.Error(diff)
	}
	s := Service{
		URL: url + "/ssml", Headers: map[string]string{"content-type": "application/ssml+xml"},
		Body: "<speak xml:lang='{lang}'><voice name='{voice}'>{text}</voice></speak>",
	}
	if _, err := s.Render(t.Context(), "en", "a<b"); err != nil {
		t.Fatal(err)
	}
	if want := "<speak xml:lang='en'><voice name='en'>a&lt;b</voice></speak>"; got.Body != want || got.Type != "application/ssml+xml" {
		t.Errorf("sent %q as %q", got.Body, got.Type)
	}
}

func TestServiceThatAnswersInJSON(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"result": map[string]string{"data": base64.StdEncoding.EncodeToString(tone22050())}})
	})
	sound, err := Service{URL: url, Field: "result.data"}.Render(t.Context(), "ru", "один")
	if err != nil {
		t.Fatal(err)
	}
	checkHalfSecond(t, sound)
	if _, err := (Service{URL: url, Field: "result.sound"}).Render(t.Context(), "ru", "один"); err == nil || !strings.Contains(err.Error(), `no text at "result.sound"`) {
		t.Errorf("got %v", err)
	}
}

func TestServiceFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
		change func(*Service)
	}{
		{"refuses", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no money", http.StatusPaymentRequired) }, "402 Payment Required: no money", nil},
		{"sends on", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusFound)
		}, "302 Found", nil},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "not a WAV file", nil},
		{"silence", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(encodeWAV(make([]int16, 8000), 8000)) }, "only silence", nil},
		{"a file instead of samples", giveTone, "not bare samples", func(s *Service) { s.Answer = AnswerPCM }},
		{"no JSON", giveTone, "not JSON", func(s *Service) { s.Field = "x" }},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, "EOF", nil},
		{"is slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within 50ms", func(s *Service) { s.Timeout = 50 * time.Millisecond }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, c.answer)
			s := Service{URL: url + "?t={text}", Secret: "s3cret", Headers: map[string]string{"Authorization": "{secret}"}}
			if c.change != nil {
				c.change(&s)
			}
			err := Try(t.Context(), s, "ru", "тайна")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "%D1") {
				t.Errorf("it tells too much: %v", err)
			}
		})
	}
	err := Try(t.Context(), Service{URL: "http://127.0.0.1:1/"}, "ru", "один")
	if err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody there: %v", err)
	}
	if id := (Service{URL: "http://x/", Secret: "s3cret"}).Identity("ru"); strings.Contains(id, "s3cret") {
		t.Errorf("the identity is %s", id)
	}
}
