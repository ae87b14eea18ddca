package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// windows counts promises by the time for which they were made.
func windows(t *testing.T, rig Rig) {
	s := rig.Open(t)
	nine := time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC)
	made := 0
	put := func(queue string, state callback.State, from time.Time) {
		t.Helper()
		made++
		cb := callback.Callback{ID: "w" + string(rune('a'+made)), Queue: queue, State: state, AskedAt: base, Window: callback.Window{From: from, Until: from.Add(time.Hour)}}
		if from.IsZero() {
			cb.Window = callback.Window{}
		}
		if err := s.Commit(context.Background(), store.Batch{Callbacks: []callback.Callback{cb}}); err != nil {
			t.Fatal(err)
		}
	}
	put("support", callback.Waiting, nine)
	put("support", callback.Dialling, nine)
	put("support", callback.Waiting, nine.Add(time.Hour))
	put("support", callback.Waiting, nine.Add(2*time.Hour)) // at the end, which does not count
	put("support", callback.Cancelled, nine)
	put("sales", callback.Waiting, nine)
	put("support", callback.Waiting, time.Time{})
	got, err := s.CallbackWindows(context.Background(), "support", nine, nine.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.WindowCount{{From: nine, N: 2}, {From: nine.Add(time.Hour), N: 1}}, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if got, err := s.CallbackWindows(context.Background(), "support", nine.Add(-time.Hour), nine); err != nil || len(got) != 0 {
		t.Errorf("before all of them: %v, %v", got, err)
	}
}
