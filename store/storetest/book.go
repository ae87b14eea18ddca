package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// ExerciseBook runs the suite of a store that keeps the table of callers, too; newRig
// makes an empty one for each test.
func ExerciseBook(t *testing.T, newRig func(t *testing.T) Rig) {
	exercise(t, newRig, []test{
		{"entries come back as they were", entriesRoundTrip},
		{"entries by number and code", entriesFound},
		{"codes", codes},
		{"pages of entries", entryPages},
		{"entries after close", entriesSurvive},
	})
}

// bookOf is the store as a table of callers.
func bookOf(t *testing.T, s store.Store) store.Book {
	t.Helper()
	book, is := s.(store.Book)
	if !is {
		t.Fatalf("%T is no store.Book", s)
	}
	return book
}

func anEntry(account, number string) store.Entry {
	return store.Entry{Run: "first", ChangedAt: base, Record: callers.Record{
		Account: account, Number: number, Name: "Иван " + account, Language: "ru", TimeZone: "Asia/Omsk", VIP: true, PINHash: "$argon2id$" + account,
		Balance: &callers.Money{Minor: -152350, Currency: "RUB"}, Fields: map[string]string{"plan": "gold"}, Answers: map[string]string{"birth_date": "31121990"},
	}}
}

func put(t *testing.T, b store.Book, entries ...store.NewEntry) {
	t.Helper()
	must(t, b.PutEntries(t.Context(), entries))
}

func accounts(t *testing.T, entries []store.Entry, err error) []string {
	t.Helper()
	must(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Record.Account)
	}
	return all
}

func entriesRoundTrip(t *testing.T, rig Rig) {
	b, ctx := bookOf(t, rig.Open(t)), t.Context()
	if _, err := b.Entry(ctx, "1001"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an entry of an empty table: %v", err)
	}
	full, bare := anEntry("1001", "+79161234501"), store.Entry{ChangedAt: base, Record: callers.Record{Account: "1002"}}
	put(t, b, store.NewEntry{Entry: full}, store.NewEntry{Entry: bare})
	for _, want := range []store.Entry{full, bare} {
		got, err := b.Entry(ctx, want.Record.Account)
		must(t, err)
		want.ChangedAt = got.ChangedAt // to the precision of the store
		same(t, "entry", got, want)
		if d := base.Sub(got.ChangedAt).Abs(); d.Milliseconds() > 0 {
			t.Errorf("changed at %v, want %v", got.ChangedAt, base)
		}
	}
	full.Record.Name, full.Record.PINHash, full.Record.Answers, full.Run = "Пётр", "", nil, "second"
	put(t, b, store.NewEntry{Entry: full})
	got, err := b.Entry(ctx, "1001")
	must(t, err)
	full.ChangedAt = got.ChangedAt
	same(t, "entry that was written again", got, full)
	must(t, b.DropEntries(ctx, []string{"1001", "none"}))
	if _, err := b.Entry(ctx, "1001"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an entry that was dropped: %v", err)
	}
}

func entriesFound(t *testing.T, rig Rig) {
	b, ctx := bookOf(t, rig.Open(t)), t.Context()
	code := "77770001"
	put(t, b, store.NewEntry{Entry: anEntry("1002", "+79161234501")}, store.NewEntry{Entry: anEntry("1001", "+79161234501"), Code: &code}, store.NewEntry{Entry: anEntry("1003", "")})
	for number, want := range map[string][]string{"+79161234501": {"1001", "1002"}, "+79161234502": nil, "": nil} {
		found, err := b.EntriesWith(ctx, number)
		same(t, "entries with "+number, accounts(t, found, err), want)
	}
	e, err := b.EntryWithCode(ctx, code)
	if err != nil || e.Record.Account != "1001" || !e.HasCode {
		t.Errorf("the entry with the code is %+v, %v", e, err)
	}
	for _, none := range []string{"", "7777", "77770002"} {
		if e, err := b.EntryWithCode(ctx, none); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("code %q finds %+v, %v", none, e, err)
		}
	}
}

// codes are kept by a write without one, taken away by "", and nobody's twice.
func codes(t *testing.T, rig Rig) {
	b, ctx := bookOf(t, rig.Open(t)), t.Context()
	one, none := "77770001", ""
	put(t, b, store.NewEntry{Entry: anEntry("1001", ""), Code: &one})
	put(t, b, store.NewEntry{Entry: anEntry("1001", "")})
	if e, err := b.EntryWithCode(ctx, one); err != nil || e.Record.Account != "1001" {
		t.Errorf("a write without a code: %+v, %v", e, err)
	}
	err := b.PutEntries(ctx, []store.NewEntry{{Entry: anEntry("1003", "")}, {Entry: anEntry("1002", ""), Code: &one}})
	if !errors.Is(err, store.ErrCodeTaken) {
		t.Errorf("a code that is taken: %v", err)
	}
	if _, err := b.Entry(ctx, "1003"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half of what was refused is there: %v", err)
	}
	put(t, b, store.NewEntry{Entry: anEntry("1001", ""), Code: &none})
	if e, err := b.EntryWithCode(ctx, one); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a code that was taken away finds %+v, %v", e, err)
	}
	put(t, b, store.NewEntry{Entry: anEntry("1002", ""), Code: &one})
}

func entryPages(t *testing.T, rig Rig) {
	b, ctx := bookOf(t, rig.Open(t)), t.Context()
	for i := range 5 {
		e := anEntry(fmt.Sprintf("100%d", i), fmt.Sprintf("+7916123450%d", i))
		if i > 2 {
			e.Run = "second"
		}
		put(t, b, store.NewEntry{Entry: e})
	}
	for _, tc := range []struct {
		f    store.EntryFilter
		want []string
	}{
		{store.EntryFilter{}, []string{"1000", "1001", "1002", "1003", "1004"}},
		{store.EntryFilter{Limit: 2}, []string{"1000", "1001"}},
		{store.EntryFilter{After: "1001", Limit: 2}, []string{"1002", "1003"}},
		{store.EntryFilter{NotRun: "first"}, []string{"1003", "1004"}},
		{store.EntryFilter{Search: "234503"}, []string{"1003"}},
		{store.EntryFilter{Search: "Иван 1002"}, []string{"1002"}},
		{store.EntryFilter{Search: "%"}, nil},
	} {
		found, err := b.Entries(ctx, tc.f)
		same(t, fmt.Sprintf("entries of %+v", tc.f), accounts(t, found, err), tc.want)
	}
}

func entriesSurvive(t *testing.T, rig Rig) {
	s := rig.Open(t)
	code := "77770001"
	put(t, bookOf(t, s), store.NewEntry{Entry: anEntry("1001", "+79161234501"), Code: &code})
	must(t, s.Close())
	if e, err := bookOf(t, rig.Open(t)).EntryWithCode(t.Context(), code); err != nil || e.Record.Account != "1001" {
		t.Errorf("after opening it again: %+v, %v", e, err)
	}
}
