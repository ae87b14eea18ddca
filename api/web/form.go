package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callback/window"
)

// maxBody is the size of a form at most, in bytes.
const maxBody = 16 << 10

// Form is what a customer fills in: the body of POST /v1/callbacks.
type Form struct {
	Number    string      `json:"number"`
	Name      string      `json:"name,omitempty"`
	Queue     string      `json:"queue,omitempty"`   // one of those that forms may ask for; default the first
	Hotline   string      `json:"hotline,omitempty"` // likewise
	Language  string      `json:"language,omitempty"`
	Question  string      `json:"question,omitempty"`
	When      window.Wish `json:"when,omitzero"`
	TimeZone  string      `json:"time_zone,omitempty"`
	Challenge string      `json:"challenge,omitempty"` // what the page got from the challenge
}

// challengeFields are the names that the scripts of Turnstile, hCaptcha and
// reCAPTCHA give to their field in a form.
var challengeFields = []string{"cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"}

// formFields are the names that a urlencoded form may have besides.
var formFields = append([]string{"number", "name", "queue", "hotline", "language", "question", "when", "from", "until", "time_zone", "challenge", "key"}, challengeFields...)

// fault is an error of whoever asks, with the status to answer.
type fault struct {
	status  int
	code    string
	message string
}

func (f *fault) Error() string { return f.message }

func badRequest(format string, args ...any) error {
	return &fault{http.StatusBadRequest, codeBadRequest, fmt.Sprintf(format, args...)}
}

// decode reads a body by its type: JSON, or a form as browsers send it. The key is
// that of the header, or of the field of a form.
func decode(contentType, key string, body io.Reader) (Form, string, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return Form{}, "", badRequest("the body could not be read")
	}
	if len(data) > maxBody {
		return Form{}, "", &fault{http.StatusRequestEntityTooLarge, codeBadRequest, fmt.Sprintf("the body has more than %d bytes", maxBody)}
	}
	var f Form
	switch kind {
	case "application/json":
		f, err = decodeJSON(data)
	case "application/x-www-form-urlencoded":
		f, key, err = decodeFields(string(data), key)
	default:
		err = &fault{
			http.StatusUnsupportedMediaType, codeBadRequest,
			"send application/json or application/x-www-form-urlencoded",
		}
	}
	if err == nil && key != "" && len(key) < shortestKey {
		err = badRequest("the Idempotency-Key is short enough to be guessed; send at least %d characters, such as a UUID", shortestKey)
	}
	return f, key, err
}

func decodeJSON(data []byte) (f Form, err error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, badRequest("the body is not the JSON that is wanted: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return f, badRequest("something follows the JSON value")
	}
	return f, nil
}

// decodeFields reads a form. Fields that no page of ours sends, and fields that
// come twice, are a slip of who made the page.
func decodeFields(text, header string) (f Form, key string, err error) {
	fields, err := url.ParseQuery(text)
	if err != nil {
		return f, "", badRequest("the body is not a form")
	}
	for name, values := range fields {
		if !slices.Contains(formFields, name) {
			return f, "", badRequest("there is no field %q", clip(name))
		}
		if len(values) > 1 {
			return f, "", badRequest("the field %s comes more than once", name)
		}
	}
	f = Form{
		Number: fields.Get("number"), Name: fields.Get("name"), Queue: fields.Get("queue"), Hotline: fields.Get("hotline"),
		Language: fields.Get("language"), Question: fields.Get("question"), TimeZone: fields.Get("time_zone"), Challenge: fields.Get("challenge"),
	}
	for _, name := range challengeFields {
		f.Challenge = cmp.Or(f.Challenge, fields.Get(name))
	}
	switch w := fields.Get("when"); w {
	case "", "window":
		f.When = window.Wish{From: fields.Get("from"), Until: fields.Get("until")}
	case "now": // whatever stands in the fields that the page hides then
	default:
		return f, "", badRequest("when: write now or window")
	}
	return f, cmp.Or(header, fields.Get("key")), nil
}

// clip keeps what a stranger wrote short in a message.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
