package controller

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

var errDisk = errors.New("the disk does not work")

// disk takes commits while it works.
type disk struct {
	works   bool
	entries []string
	moves   map[string]int // by place: of its record
}

func (d *disk) write(b store.Batch) error {
	if !d.works {
		return errDisk
	}
	for _, ev := range b.Events {
		d.entries = append(d.entries, ev.Type)
	}
	for _, p := range b.Places {
		d.moves[p.ID] = p.Moves
	}
	return nil
}

// happens is one step of a line: an entry, and a record that changed.
func happens(n int, place string) store.Batch {
	return store.Batch{
		Places: []queues.Place{{ID: place, Moves: n}},
		Events: []store.Event{{Type: fmt.Sprint("entry ", n), Data: map[string]any{"n": n}}},
	}
}

// TestDebtsAreStoredInTheirOrder lets lines and promises store things on a disk that
// fails at times: what is on it is always what happened, in its order, up to some
// moment; and after it works, everything.
func TestDebtsAreStoredInTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		on := &disk{works: true, moves: map[string]int{}}
		d := newDebts(on.write, newMetrics(), zap.NewNop())
		var entries []string
		moves := map[string]int{}
		for n := range rapid.IntRange(1, 40).Draw(t, "steps") {
			place := rapid.SampledFrom([]string{"p1", "p2", "p3"}).Draw(t, "place")
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				on.works = !on.works
			case 1:
				err := d.commit(happens(n, place))
				if (err == nil) != on.works {
					t.Fatalf("a promise is stored: %v; the disk works: %v", err, on.works)
				}
				if err == nil {
					entries, moves[place] = append(entries, fmt.Sprint("entry ", n)), n
				}
			case 2:
				_ = d.pay(0)
			default:
				d.store(happens(n, place))
				entries, moves[place] = append(entries, fmt.Sprint("entry ", n)), n
			}
			if len(on.entries) > len(entries) || !slices.Equal(on.entries, entries[:len(on.entries)]) {
				t.Fatalf("the disk has %v of %v", on.entries, entries)
			}
			// A failure is not told again to the next step.
			d.failedAt = time.Time{}
		}
		on.works = true
		if err := d.pay(0); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(entries, on.entries); diff != "" {
			t.Errorf("entries (-happened +stored):\n%s", diff)
		}
		if diff := cmp.Diff(moves, on.moves); diff != "" {
			t.Errorf("records (-latest +stored):\n%s", diff)
		}
		if d.any() || d.owed.bytes != 0 || d.underWay.bytes != 0 {
			t.Errorf("%d bytes are owed yet", d.owed.bytes+d.underWay.bytes)
		}
	})
}

func TestDebtsAreBounded(t *testing.T) {
	t.Parallel()
	on := &disk{moves: map[string]int{}}
	d := newDebts(on.write, newMetrics(), zap.NewNop())
	d.most = 20_000
	for n := range 1000 {
		d.store(happens(n, fmt.Sprint("p", n)))
		d.store(store.Batch{Places: []queues.Place{{ID: "p0", Moves: n}}}) // of the first, there is always a newer one
		if n%100 == 0 && !errors.Is(d.pay(0), errDisk) {
			t.Fatal("paid on a disk that does not work")
		}
	}
	bytes := 0
	b := d.owed.batch()
	for _, p := range b.Places {
		_, n, err := copied(p)
		bytes += n
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, ev := range b.Events {
		_, n, err := copied(ev)
		bytes += n
		if err != nil {
			t.Fatal(err)
		}
	}
	if d.owed.bytes != bytes || bytes > d.most+100 || bytes < d.most/2 {
		t.Errorf("%d bytes are owed, %d were counted, %d are allowed", bytes, d.owed.bytes, d.most)
	}
	kept := len(b.Events)
	if want := 1000 - kept + 1000 - len(b.Places); d.dropped != want {
		t.Errorf("%d were dropped, %d told", want, d.dropped)
	}
	on.works = true
	if err := d.pay(0); err != nil {
		t.Fatal(err)
	}
	if len(on.entries) != kept || on.entries[kept-1] != fmt.Sprint("entry ", kept-1) || on.moves["p0"] != 999 {
		t.Errorf("stored are %d entries, the last is %q, and p0 has moved %d times", len(on.entries), on.entries[len(on.entries)-1], on.moves["p0"])
	}
}

func TestWhatCannotBeWrittenAtAllIsNotOwed(t *testing.T) {
	t.Parallel()
	on := &disk{moves: map[string]int{}}
	d := newDebts(on.write, newMetrics(), zap.NewNop())
	d.store(store.Batch{Events: []store.Event{{Type: "good"}, {Type: "bad", Data: map[string]any{"waited_s": math.NaN()}}}})
	on.works = true
	if err := d.commit(store.Batch{Events: []store.Event{{Type: "next"}}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"good", "next"}, on.entries); diff != "" {
		t.Errorf("entries (-want +stored):\n%s", diff)
	}
}

func TestWhatIsOwedSharesNothing(t *testing.T) {
	t.Parallel()
	on := &disk{moves: map[string]int{}}
	d := newDebts(on.write, newMetrics(), zap.NewNop())
	b := store.Batch{Calls: []store.Call{{ID: "c1"}}, Events: []store.Event{{Type: "call.started", Data: map[string]any{"n": "1"}}}}
	b.Calls[0].State.Path = []string{"first"}
	d.store(b)
	b.Calls[0].State.Path[0], b.Events[0].Data["n"] = "changed", "changed"
	got := d.owed.batch()
	if got.Calls[0].State.Path[0] != "first" || got.Events[0].Data["n"] != "1" {
		t.Errorf("what is owed became %+v", got)
	}
}
