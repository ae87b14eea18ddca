package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// columns are what lists of promises are chosen by.
type columns struct {
	Open, Dormant         int
	State, Queue, Account string
	DueAt, WindowFrom     int64
}

// TestColumnsOfAPromiseSayWhatItsRecordSays changes a promise in every way, step by
// step: whichever statement stores it, its columns are those of its record.
func TestColumnsOfAPromiseSayWhatItsRecordSays(t *testing.T) {
	t.Parallel()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "lk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		cb := callback.Callback{
			ID: rapid.StringMatching(`b[0-9]{6}`).Draw(t, "id"), Number: "+79161234501", Queue: "support", State: callback.Waiting, AskedAt: at,
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "change") {
			case 0:
				cb.NotBefore = at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute)
			case 1:
				cb.Placed = !cb.Placed
			case 2:
				cb.Queue = rapid.SampledFrom([]string{"support", "billing"}).Draw(t, "queue")
			case 3:
				cb.Window.From = at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour)
			case 4:
				cb.Account = rapid.SampledFrom([]string{"", "1001"}).Draw(t, "account")
			case 5:
				cb.Attempts = append(cb.Attempts[:len(cb.Attempts):len(cb.Attempts)], callback.Attempt{N: len(cb.Attempts) + 1, At: at})
			default:
				cb.State = rapid.SampledFrom([]callback.State{callback.Waiting, callback.Dialling, callback.Connected, callback.Done}).Draw(t, "state")
			}
			if err := s.Commit(context.Background(), store.Batch{Callbacks: []callback.Callback{cb}}); err != nil {
				t.Fatal(err)
			}
			var is columns
			row := s.read.QueryRow(`SELECT open, dormant, state, queue, account, due_at, window_from FROM callbacks WHERE id = ?`, cb.ID)
			if err := row.Scan(&is.Open, &is.Dormant, &is.State, &is.Queue, &is.Account, &is.DueAt, &is.WindowFrom); err != nil {
				t.Fatal(err)
			}
			want := columns{flag(cb.Open()), flag(cb.Dormant()), string(cb.State), cb.Queue, cb.Account, millis(cb.NotBefore), millis(cb.Window.From)}
			if diff := cmp.Diff(want, is); diff != "" {
				t.Fatalf("columns (-of the record +on disk):\n%s", diff)
			}
			got, err := s.Callback(context.Background(), cb.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(cb.State, got.State); diff != "" || len(got.Attempts) != len(cb.Attempts) || got.Placed != cb.Placed {
				t.Fatalf("stored %+v, read %+v", cb, got)
			}
		}
	})
}
