package ami

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParser(t *testing.T) {
	t.Parallel()
	p := newParser(strings.NewReader("Asterisk Call Manager/11.0.0\r\n" +
		"\r\nResponse: Success\r\nActionID: 1\r\nOutput: a: b\r\nOutput:\r\nOutput:   c\r\n\r\n" +
		"Event: X\nno colon here\n\n"))
	if v, err := p.banner(); err != nil || v != "11.0.0" {
		t.Fatalf("banner %q, %v", v, err)
	}
	want := []Message{
		{{"Response", "Success"}, {"ActionID", "1"}, {"Output", "a: b"}, {"Output", ""}, {"Output", "  c"}},
		{{"Event", "X"}, {"", "no colon here"}},
	}
	for _, w := range want {
		got, err := p.next()
		if diff := cmp.Diff(w, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	if _, err := p.next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestParserRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"A: b\r\n":                       io.ErrUnexpectedEOF,
		"A: b":                           io.ErrUnexpectedEOF,
		strings.Repeat("x", lineLimit+1): errTooLong,
		strings.Repeat("A: "+strings.Repeat("b", 1000)+"\n", 33_000): errTooLong,
	} {
		if _, err := newParser(strings.NewReader(text)).next(); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
	for _, text := range []string{"", "HTTP/1.1 400 Bad Request\r\n", "Asterisk Call Manager\r\n"} {
		if _, err := newParser(strings.NewReader(text)).banner(); err == nil {
			t.Errorf("greeting %q is accepted", text)
		}
	}
}

func TestEncodeCleans(t *testing.T) {
	t.Parallel()
	m := NewAction("Originate\r\nAction: Command", "Empty", "", "Key: x\n", "a\r\n\r\nAction: b\x00", "odd")
	want := "Action: OriginateAction: Command\r\nKey x: aAction: b\r\n\r\n"
	if diff := cmp.Diff(want, string(m.encode())); diff != "" {
		t.Error(diff)
	}
}

func TestGetAndAll(t *testing.T) {
	t.Parallel()
	m := Message{{"Event", "E"}, {"variable", "a"}, {"Variable", "b"}}
	if m.Name() != "E" || m.Get("VARIABLE") != "a" || m.Get("x") != "" {
		t.Errorf("get from %v", m)
	}
	if diff := cmp.Diff([]string{"a", "b"}, m.All("Variable")); diff != "" {
		t.Error(diff)
	}
}

func FuzzParser(f *testing.F) {
	f.Add("Response: Success\r\nActionID: 1\r\n\r\n")
	f.Add("Event: QueueMember\r\nQueue: s\r\nQueue: t\r\n\r\nEvent: X\n\nrest")
	f.Add("\r\n: \r\nno colon\r\n\x00\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		p := newParser(strings.NewReader(text))
		for {
			m, err := p.next()
			if err != nil {
				return
			}
			if len(m) == 0 {
				t.Fatal("empty message")
			}
			// Whatever came in goes out as one message, the same from then on.
			once := reparse(t, m)
			if diff := cmp.Diff(once, reparse(t, once)); diff != "" || len(once) != len(m) {
				t.Fatalf("%q became %q: %s", m, once, diff)
			}
		}
	})
}

func reparse(t *testing.T, m Message) Message {
	t.Helper()
	p := newParser(strings.NewReader(string(m.encode())))
	got, err := p.next()
	if err != nil {
		t.Fatalf("%q cannot be read again: %v", m.encode(), err)
	}
	if _, err := p.next(); err != io.EOF {
		t.Fatalf("%q is more than one message", m.encode())
	}
	return got
}
