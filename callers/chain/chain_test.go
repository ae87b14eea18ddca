package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linekeeper/linekeeper/callers"
)

// fake is a directory with a few records.
type fake struct {
	records []callers.Record
	takes   time.Duration
	deaf    bool // it goes on when it is told to stop
	err     error
	asked   atomic.Int32
}

func (f *fake) find(ctx context.Context, fits func(callers.Record) bool) ([]callers.Record, error) {
	f.asked.Add(1)
	if f.deaf {
		time.Sleep(f.takes)
	}
	select {
	case <-time.After(f.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if f.err != nil {
		return nil, f.err
	}
	return slices.DeleteFunc(slices.Clone(f.records), func(r callers.Record) bool { return !fits(r) }), nil
}

func (f *fake) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	return f.find(ctx, func(r callers.Record) bool { return r.Number == number })
}

func (f *fake) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	return first(f.find(ctx, func(r callers.Record) bool { return r.Account == account }))
}

func (f *fake) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	return first(f.find(ctx, func(r callers.Record) bool { return r.Fields["code"] == code }))
}

const number = "+79161234501"

var (
	ivan = callers.Record{
		Number: number, Account: "1001", Name: "Иван", PINHash: "hash", Answers: map[string]string{"birth_date": "hash"},
		Fields: map[string]string{"code": "77"}, Balance: &callers.Money{Minor: 5, Currency: "RUB"},
	}
	anna = callers.Record{Number: number, Account: "1002", Name: "Анна"}
)

func start(t *testing.T, o Options) *Chain {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// told collects the failures of a look-up.
func told(ctx context.Context) (context.Context, *[]string) {
	var got []string
	return callers.WithFailures(ctx, func(f callers.Failure) {
		got = append(got, fmt.Sprintf("%s %s %v", f.Directory, f.Why, f.Took))
	}), &got
}

func TestTheFirstWithARecordAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm, file := &fake{records: []callers.Record{anna}}, &fake{records: []callers.Record{ivan, anna}}
		c := start(t, Options{Links: []Link{{Name: "crm", Directory: crm}, {Name: "file", Directory: file}}})
		records, err := c.ByNumber(t.Context(), number)
		if len(records) != 1 || records[0].Name != "Анна" || err != nil {
			t.Errorf("by number %v, %v", records, err)
		}
		rec, found, err := c.ByAccount(t.Context(), "1001")
		if !found || err != nil || !cmp.Equal(rec, ivan) {
			t.Errorf("by account %v, %v, %v", rec, found, err)
		}
		rec.Balance.Minor, rec.Fields["code"], rec.Answers["birth_date"] = 0, "", "" // its own
		if rec, found, err = c.ByCode(t.Context(), "77"); !found || err != nil || rec.PINHash != "hash" {
			t.Errorf("by code %v, %v, %v", rec, found, err)
		}
		if _, found, err = c.ByAccount(t.Context(), "9"); found || err != nil {
			t.Errorf("a stranger: %v, %v", found, err)
		}
		if records, err = c.ByNumber(t.Context(), ""); records != nil || err != nil {
			t.Errorf("no number: %v, %v", records, err)
		}
	})
}

// An answer by number has no secrets, so that it may be remembered for longer.
func TestNumbersTellNoSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := start(t, Options{Links: []Link{{Name: "file", Directory: &fake{records: []callers.Record{ivan}}}}})
		records, err := c.ByNumber(t.Context(), number)
		want := ivan
		want.PINHash, want.Answers = "", nil
		if diff := cmp.Diff([]callers.Record{want}, records); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestBudgetAndTimeouts(t *testing.T) {
	t.Parallel()
	broken := errors.New("no connection for " + number + " at %2B79161234501")
	for _, c := range []struct {
		name  string
		links []Link
		takes time.Duration
		found bool
		err   bool
		told  []string
	}{
		{"slow, then one that knows", []Link{{Name: "crm", Directory: &fake{takes: time.Hour}, Timeout: 300 * time.Millisecond}, {Name: "file", Directory: &fake{records: []callers.Record{ivan}}}},
			300 * time.Millisecond, true, false, []string{"crm timeout 300ms"}},
		{"deaf", []Link{{Name: "crm", Directory: &fake{takes: time.Hour, deaf: true}, Timeout: 300 * time.Millisecond}, {Name: "file", Directory: &fake{}}},
			300 * time.Millisecond, false, true, []string{"crm timeout 300ms"}},
		{"broken", []Link{{Name: "crm", Directory: &fake{err: broken}}, {Name: "file", Directory: &fake{takes: time.Millisecond}}},
			time.Millisecond, false, true, []string{"crm error 0s"}},
		{"all slow", []Link{
			{Name: "a", Directory: &fake{takes: time.Hour}, Timeout: 600 * time.Millisecond}, {Name: "b", Directory: &fake{takes: time.Hour}, Timeout: 600 * time.Millisecond},
			{Name: "c", Directory: &fake{records: []callers.Record{ivan}}}},
			time.Second, false, true, []string{"a timeout 600ms", "b timeout 400ms", "c budget 0s"}},
		{"nobody asked", nil, 0, false, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				chain := start(t, Options{Links: c.links, Budget: time.Second})
				ctx, failures := told(t.Context())
				began := time.Now()
				records, err := chain.ByNumber(ctx, number)
				if took := time.Since(began); took != c.takes {
					t.Errorf("took %v, want %v", took, c.takes)
				}
				if (len(records) > 0) != c.found || (err != nil) != c.err {
					t.Errorf("found %v, %v", records, err)
				}
				if diff := cmp.Diff(c.told, *failures); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
				if err != nil && (strings.Contains(err.Error(), "9161234501") || !strings.Contains(err.Error(), "directory ")) {
					t.Errorf("the error says %q", err)
				}
			})
		})
	}
}

// TestOrderOfTrust: while a directory is silent, those behind it greet by number, and
// say who has an account or a code only if they stand in.
func TestOrderOfTrust(t *testing.T) {
	t.Parallel()
	old := ivan
	old.PINHash = "old hash"
	for _, c := range []struct {
		name          string
		first, second Link
		account, code string // whose hash is found; "" for none
		silent        bool   // and that is an error
	}{
		{"both answer", Link{Directory: &fake{records: []callers.Record{ivan}}}, Link{}, "hash", "hash", false},
		{"the first knows nobody", Link{Directory: &fake{}}, Link{}, "old hash", "old hash", false},
		{"the first is broken", Link{Directory: &fake{err: errors.New("away")}}, Link{}, "", "", true},
		{"the first is slow", Link{Directory: &fake{takes: time.Hour}}, Link{}, "", "", true},
		{"the second stands in", Link{Directory: &fake{err: errors.New("away")}}, Link{StandsIn: true}, "old hash", "old hash", false},
		{"the first has neither accounts nor codes", Link{Directory: &fake{err: errors.New("away")}, NoAccounts: true, NoCodes: true}, Link{}, "old hash", "old hash", false},
		{"the second has no codes", Link{Directory: &fake{}}, Link{NoCodes: true}, "old hash", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				behind := &fake{records: []callers.Record{old}}
				c.first.Name, c.second.Name, c.second.Directory = "crm", "file", behind
				c.first.Timeout = 300 * time.Millisecond
				chain := start(t, Options{Links: []Link{c.first, c.second}})
				rec, found, err := chain.ByAccount(t.Context(), "1001")
				if rec.PINHash != c.account || found != (c.account != "") || (err != nil) != c.silent {
					t.Errorf("by account %v, %v, %v", rec, found, err)
				}
				rec, found, err = chain.ByCode(t.Context(), "77")
				if rec.PINHash != c.code || found != (c.code != "") || (err != nil) != c.silent {
					t.Errorf("by code %v, %v, %v", rec, found, err)
				}
				if c.silent && behind.asked.Load() != 0 {
					t.Errorf("the second was asked %d times", behind.asked.Load())
				}
				if records, err := chain.ByNumber(t.Context(), number); len(records) != 1 || err != nil {
					t.Errorf("by number %v, %v", records, err)
				}
			})
		})
	}
}

// A caller who hung up is no directory's fault, and the answer is kept for the next.
func TestCallersWhoDoNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &fake{records: []callers.Record{ivan}, takes: 500 * time.Millisecond}
		c := start(t, Options{Links: []Link{{Name: "crm", Directory: crm, Cache: Cache{Known: time.Minute}}}})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		watched, failures := told(ctx)
		if _, err := c.ByNumber(watched, number); !errors.Is(err, context.DeadlineExceeded) || *failures != nil {
			t.Errorf("%v, %v", err, *failures)
		}
		time.Sleep(time.Second)
		began := time.Now()
		records, err := c.ByNumber(t.Context(), number)
		if len(records) != 1 || err != nil || time.Since(began) != 0 || crm.asked.Load() != 1 {
			t.Errorf("later: %v, %v, asked %d times", records, err, crm.asked.Load())
		}
	})
}

func TestEqualQuestionsAreAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &fake{records: []callers.Record{ivan}, takes: 200 * time.Millisecond}
		c := start(t, Options{Links: []Link{{Name: "crm", Directory: crm}}})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if rec, found, err := c.ByAccount(t.Context(), "1001"); !found || err != nil || rec.PINHash != "hash" {
					t.Errorf("%v, %v, %v", rec, found, err)
				}
			})
		}
		wg.Wait()
		if n := crm.asked.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestADeadDirectoryRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &fake{records: []callers.Record{ivan}, takes: time.Hour}
		c := start(t, Options{Links: []Link{
			{Name: "crm", Directory: crm, Timeout: 400 * time.Millisecond, Breaker: Breaker{Failures: 2, Rest: 10 * time.Second}, Cache: Cache{Stranger: time.Hour}},
		}})
		var outcomes []Outcome
		c.Watch(func(o Outcome) { outcomes = append(outcomes, o) })
		for range 2 {
			_, _ = c.ByNumber(t.Context(), number)
		}
		began := time.Now()
		_, err := c.ByNumber(t.Context(), number)
		var f *callers.Failure
		if !errors.As(err, &f) || f.Why != callers.WhyResting || time.Since(began) != 0 || !c.Rests()["crm"] {
			t.Errorf("%v after %v, rests %v", err, time.Since(began), c.Rests())
		}
		time.Sleep(10 * time.Second)
		synctest.Wait() // nobody asks it any more
		crm.takes = 0
		if records, err := c.ByNumber(t.Context(), number); len(records) != 1 || err != nil || c.Rests()["crm"] {
			t.Errorf("well again: %v, %v, rests %v", records, err, c.Rests())
		}
		want := []Outcome{
			{"crm", "timeout", false, 400 * time.Millisecond}, {"crm", "timeout", false, 400 * time.Millisecond}, {"crm", "resting", false, 0}, {"crm", Found, false, 0},
		}
		if diff := cmp.Diff(want, outcomes); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

func TestAPINThatWasChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &fake{records: []callers.Record{ivan}}
		c := start(t, Options{Links: []Link{{Name: "crm", Directory: crm, Cache: Cache{Known: time.Hour, Stranger: time.Hour}}}})
		hash := func() string {
			rec, _, err := c.ByAccount(t.Context(), "1001")
			if err != nil {
				t.Error(err)
			}
			return rec.PINHash
		}
		_ = hash()
		changed := ivan
		changed.PINHash = "new"
		crm.records = []callers.Record{changed}
		time.Sleep(SecretAge - 1)
		if got := hash(); got != "hash" {
			t.Errorf("not remembered: %q", got)
		}
		time.Sleep(time.Nanosecond)
		if got := hash(); got != "new" {
			t.Errorf("after %v: %q", SecretAge, got)
		}
		crm.records = nil
		c.Clear()
		if got := hash(); got != "" {
			t.Errorf("cleared: %q", got)
		}
	})
}

func TestNamesOfLinks(t *testing.T) {
	t.Parallel()
	for _, links := range [][]Link{{{Name: "", Directory: &fake{}}}, {{Name: "a"}}, {{Name: "a", Directory: &fake{}}, {Name: "a", Directory: &fake{}}}} {
		if _, err := New(Options{Links: links}); err == nil {
			t.Errorf("%v is taken", links)
		}
	}
}
