package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/store"
)

func TestMessagesOfTheJournal(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	left := func(n string, data map[string]any) store.Event {
		data["recording"], data["length_s"], data["hotline"], data["node"] = "c"+n+"-message-1", 8.5, "support", "leave"
		return store.Event{At: at, Type: "message.left", Call: "c" + n, Data: data}
	}
	entries := []store.Event{
		left("1111", map[string]any{"from": "+79160000001", "account": "1001"}),
		left("2222", map[string]any{}),
		{At: at.Add(time.Hour), Type: "message.done", Call: "c1111", Data: map[string]any{"recording": "c1111-message-1", "by": "operator"}},
	}
	var marked []string
	f := &fake{events: func(_ context.Context, f store.EventFilter) ([]store.Event, error) {
		if f.Type != "message." {
			t.Errorf("asked for %q", f.Type)
		}
		return entries, nil
	}, messageDone: func(recording, call, by string) error {
		marked = append(marked, recording+" "+call+" "+by)
		return nil
	}}
	c := client(t, f)
	open := Message{Recording: "c2222-message-1", Call: "c2222", At: at, Hotline: "support", Node: "leave", LengthS: 8.5,
		RecordingURL: "recordings/stored/c2222-message-1/file",
	}
	done := at.Add(time.Hour)
	closed := Message{
		Recording: "c1111-message-1", Call: "c1111", At: at, From: "+79160000001", Account: "1001", Hotline: "support", Node: "leave",
		LengthS: 8.5, DoneAt: &done, DoneBy: "operator", RecordingURL: "recordings/stored/c1111-message-1/file",
	}
	for all, want := range map[bool][]Message{false: {open}, true: {open, closed}} {
		got, err := c.Messages(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("all %v (-want +got):\n%s", all, diff)
		}
	}
	m, err := c.MessageDone(t.Context(), "2222-message-1")
	if err != nil || m.DoneAt == nil || m.DoneBy == "" {
		t.Errorf("done is %+v, %v", m, err)
	}
	if m, err = c.MessageDone(t.Context(), "c1111-message-1"); err != nil || !m.DoneAt.Equal(done) {
		t.Errorf("done again is %+v, %v", m, err)
	}
	if diff := cmp.Diff([]string{"c2222-message-1 c2222 operator"}, marked); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
	if got, err := c.Message(t.Context(), "2222-message-1"); err != nil || !cmp.Equal(got, open) {
		t.Errorf("one is %+v, %v", got, err)
	}
	for id, want := range map[string]string{"none-message-1": "not found", "message-1": "2 messages end with", "-1": "not found"} {
		if _, err = c.MessageDone(t.Context(), id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v", id, err)
		}
	}
}
