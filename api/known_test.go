package api

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// shelf is a table with these entries, by account.
type shelf struct {
	Book
	entries []store.Entry
}

func (s shelf) Entry(_ context.Context, account string) (store.Entry, error) {
	for _, e := range s.entries {
		if e.Record.Account == account {
			return e, nil
		}
	}
	return store.Entry{}, store.ErrNotFound
}

func (s shelf) EntriesWith(_ context.Context, number string) (found []store.Entry, _ error) {
	for _, e := range s.entries {
		if e.Record.Number == number {
			found = append(found, e)
		}
	}
	return found, nil
}

// TestKnownCaller: a person is found by account and by number, in the table and out
// of it, and the calls that are shown are theirs.
func TestKnownCaller(t *testing.T) {
	t.Parallel()
	const own, shared, elsewhere = "+79161234501", "+79161234502", "+79161234503"
	var book shelf
	for _, r := range []callers.Record{{Account: "1001", Number: own, Name: "Ivan"}, {Account: "2001", Number: shared}, {Account: "2002", Number: shared}} {
		book.entries = append(book.entries, store.Entry{Record: r, ChangedAt: t0})
	}
	d := &fake{past: func(of store.Person) (controller.Past, error) {
		if of.Number == "+442079460009" || of.Account == "9" {
			return controller.Past{}, nil
		}
		return controller.Past{History: callers.History{CallsToday: 1}, Calls: []store.Call{{ID: of.Number + "/" + of.Account}}}, nil
	}}
	withTable := func(b Book) *Client {
		path := filepath.Join(t.TempDir(), "lk.sock")
		l, err := ListenUnix(path)
		if err != nil {
			t.Fatal(err)
		}
		s := New(d, prometheus.NewRegistry(), "1.2.3")
		if b != nil {
			s.WithBook(b)
		}
		serveOn(t, l, s.Handler())
		c := NewClient(path)
		t.Cleanup(c.Close)
		return c
	}
	with, without := withTable(book), withTable(nil)
	for _, c := range []struct {
		client   *Client
		who      string
		in       bool
		name, of string
		accounts []string
		err      string
	}{
		{client: with, who: "1001", in: true, name: "Ivan", of: own + "/1001"},
		{client: with, who: own, in: true, name: "Ivan", of: own + "/1001"},
		{client: with, who: shared, of: shared + "/", accounts: []string{"2001", "2002"}},
		{client: with, who: "2002", in: true, of: shared + "/2002"},
		{client: with, who: elsewhere, of: elsewhere + "/"},
		{client: with, who: "77", of: "/77"},
		{client: without, who: "1001", of: "/1001"},
		{client: without, who: own, of: own + "/"},
		{client: with, who: "+442079460009", err: "not found"},
		{client: without, who: "9", err: "not found"},
		{client: with, who: "x", err: "a number begins with +"},
		{client: with, who: "+7", err: "is not an international number"},
	} {
		got, err := c.client.KnownCaller(t.Context(), c.who)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", c.who, err, c.err)
			}
			continue
		}
		if err != nil || got.InTable != c.in || got.Name != c.name || len(got.Calls) != 1 || got.Calls[0].ID != c.of || got.History.CallsToday != 1 || (got.ChangedAt != nil) != c.in {
			t.Errorf("%s: %+v, %v", c.who, got, err)
		}
		if diff := cmp.Diff(append([]string{}, c.accounts...), got.Accounts); diff != "" {
			t.Errorf("%s: accounts (-want +got):\n%s", c.who, diff)
		}
	}
}
