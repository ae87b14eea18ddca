package api

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

var storeCall = store.Call{ID: "c1", StartedAt: t0}

// journal is a store's journal in memory.
type journal struct {
	mu     sync.Mutex
	n      int64 // entries 1 to n exist
	asked  []store.EventFilter
	failAt int64 // reading beyond this entry fails, unless 0
}

func (j *journal) add(n int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.n += n
}

func (j *journal) events(_ context.Context, f store.EventFilter) ([]store.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.asked = append(j.asked, f)
	if j.failAt > 0 && f.AfterSeq >= j.failAt {
		return nil, errors.New("disk on fire")
	}
	var out []store.Event
	for seq := f.AfterSeq + 1; seq <= j.n && len(out) < f.Limit; seq++ {
		out = append(out, store.Event{Seq: seq, At: t0, Type: "call.started"})
	}
	return out, nil
}

func TestJournalGivesAllPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entries, limit, want int
	}{{0, 0, 0}, {5, 0, 5}, {1000, 0, 1000}, {2345, 0, 2345}, {2345, 1500, 1500}, {5, 9, 5}} {
		j := &journal{n: int64(c.entries)}
		cl := client(t, &fake{events: j.events})
		got, last := 0, int64(0)
		err := cl.Journal(t.Context(), JournalFilter{Limit: c.limit}, func(ev Event) error {
			if ev.Seq != last+1 {
				t.Errorf("entry %d follows %d", ev.Seq, last)
			}
			last = ev.Seq
			got++
			return nil
		})
		if err != nil || got != c.want {
			t.Errorf("%+v: %d entries, %v", c, got, err)
		}
	}
}

func TestJournalFilters(t *testing.T) {
	t.Parallel()
	j := &journal{}
	c := client(t, &fake{
		events:   j.events,
		call:     func(string) (store.Call, error) { return store.Call{}, notFound("") },
		calls:    func(store.CallFilter) ([]store.Call, error) { return []store.Call{{ID: "c-9x2f"}}, nil },
		callback: func(id string) (callback.Callback, error) { return callback.Callback{ID: id}, nil },
	})
	err := c.Journal(t.Context(), JournalFilter{
		After: 5, Call: "9x2f", Callback: "b1", Place: "p1", Queue: "q", Type: "place.", Since: t0, Limit: 8,
	}, func(Event) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := []store.EventFilter{{AfterSeq: 5, Call: "c-9x2f", Callback: "b1", Place: "p1", Queue: "q", Type: "place.", Since: t0, Limit: 8}}
	if diff := cmp.Diff(want, j.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var e *Error
	if err := c.Journal(t.Context(), JournalFilter{Call: "0000"}, nil); !errors.As(err, &e) || e.Code != CodeNotFound {
		t.Errorf("the journal of a call that is none gives %v", err)
	}
}

func TestJournalFollows(t *testing.T) {
	t.Parallel()
	j := &journal{n: 2}
	c := client(t, &fake{events: j.events})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []int64
	err := c.Journal(ctx, JournalFilter{Follow: true}, func(ev Event) error {
		got = append(got, ev.Seq)
		switch ev.Seq {
		case 2:
			j.add(1)
		case 3:
			j.add(2)
		case 5:
			cancel()
		}
		return nil
	})
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5}, got); diff != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestFollowersAreLetGoWhenTheDaemonStops(t *testing.T) {
	t.Parallel()
	j := &journal{n: 1}
	path := t.TempDir() + "/lk.sock"
	l, err := ListenUnix(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, New(&fake{events: j.events}, nil, "").Handler()) }()
	c := NewClient(path)
	defer c.Close()
	err = c.Journal(t.Context(), JournalFilter{Follow: true}, func(Event) error {
		stop()
		return nil
	})
	if err != nil {
		t.Errorf("the follower gets %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("the server ends with %v", err)
	}
	var nobody *NotRunningError
	if _, err := c.Version(t.Context()); !errors.As(err, &nobody) {
		t.Errorf("the next question gets %v", err)
	}
}

func TestJournalThatBreaksOffSaysSo(t *testing.T) {
	t.Parallel()
	j := &journal{n: 5000, failAt: 2000}
	c := client(t, &fake{events: j.events})
	got := 0
	err := c.Journal(t.Context(), JournalFilter{}, func(Event) error { got++; return nil })
	if got != 2000 || err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("%d entries, %v", got, err)
	}
	enough := errors.New("enough")
	if err := c.Journal(t.Context(), JournalFilter{}, func(Event) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("the reader's error becomes %v", err)
	}
}
