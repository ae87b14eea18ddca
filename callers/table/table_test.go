package table_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/table"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) (tbl *table.Table, folder string) {
	t.Helper()
	folder = t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "lk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return table.New(s, "RU"), folder
}

func row(line int, columns string, values ...string) table.Row {
	r := table.Row{Line: line, Values: map[string]string{}}
	for i, column := range strings.Fields(columns) {
		r.Values[column] = values[i]
	}
	return r
}

// imported imports rows and gives the results, a line each.
func imported(t *testing.T, tbl *table.Table, run string, rows ...table.Row) string {
	t.Helper()
	results, err := tbl.Import(t.Context(), run, rows)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range results {
		line := fmt.Sprintf("%d %s %s", r.Line, r.Account, r.Status)
		if r.Err != nil {
			line += fmt.Sprintf(" %s: %v", r.Column, r.Err)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestImport(t *testing.T) {
	t.Parallel()
	tbl, folder := open(t)
	const columns = "account number name balance currency vip code field.plan answer.birth_date"
	rows := []table.Row{
		row(2, columns, "1001", "8 916 123-45-01", "Иван", "1523.50", "RUB", "yes", "77771234", "gold", "31129955"),
		row(3, columns, "1002", "+79161234501", "Анна", "", "", "", "", "", ""),
		row(4, columns, "1003", "12", "", "", "", "", "", "", ""),
		row(5, columns, "1001", "", "", "", "", "", "", "", ""),
		row(6, columns, "1004", "", "", "", "", "", "77771234", "", ""),
	}
	want := `2 1001 added; 3 1002 added; 4 1003 refused number: "12" is not a phone number; 5 1001 refused account: account 1001 is in line 2 already; 6 1004 refused code: another account has this code`
	if got := imported(t, tbl, "a", rows...); got != want {
		t.Errorf("first\n%s, want\n%s", got, want)
	}
	// Again: nothing changes, the hash of the answer neither.
	before, err := tbl.Entry(t.Context(), "1001")
	if err != nil {
		t.Fatal(err)
	}
	if got := imported(t, tbl, "b", rows[:2]...); got != "2 1001 same; 3 1002 same" {
		t.Errorf("again %s", got)
	}
	after, err := tbl.Entry(t.Context(), "1001")
	if diff := cmp.Diff(before.Record, after.Record); err != nil || diff != "" || !after.ChangedAt.Equal(before.ChangedAt) {
		t.Errorf("%v, changed at %v (-before +after):\n%s", err, after.ChangedAt, diff)
	}
	// The directory finds them.
	ctx := t.Context()
	records, err := tbl.ByNumber(ctx, "+79161234501")
	if err != nil || len(records) != 2 || records[0].Name != "Иван" || records[1].Account != "1002" {
		t.Errorf("by number %v, %v", records, err)
	}
	rec, found, err := tbl.ByCode(ctx, "77771234")
	if !found || err != nil || rec.Account != "1001" || !rec.VIP || rec.Balance.String() != "1523.50 RUB" || rec.Fields["plan"] != "gold" {
		t.Errorf("by code %+v, %v, %v", rec, found, err)
	}
	if fits, err := callers.VerifyPIN(rec.Answers["birth_date"], "31129955"); !fits || err != nil {
		t.Errorf("the answer: %v, %v", fits, err)
	}
	for _, nobody := range []string{"", "9", "1' OR '1'='1"} {
		if _, found, err := tbl.ByAccount(ctx, nobody); found || err != nil {
			t.Errorf("%q: %v, %v", nobody, found, err)
		}
		if _, found, err := tbl.ByCode(ctx, nobody); found || err != nil {
			t.Errorf("code %q: %v, %v", nobody, found, err)
		}
	}
	// Columns that a list does not have stay; those that are empty are taken away.
	if got := imported(t, tbl, "c", row(2, "account name code field.plan", "1001", "Иван Петров", "", "")); got != "2 1001 changed" {
		t.Errorf("update %s", got)
	}
	rec, _, err = tbl.ByAccount(ctx, "1001")
	if err != nil || rec.Name != "Иван Петров" || rec.Number != "+79161234501" || rec.Fields != nil || rec.Answers["birth_date"] == "" {
		t.Errorf("updated %+v, %v", rec, err)
	}
	if _, found, err := tbl.ByCode(ctx, "77771234"); found || err != nil {
		t.Errorf("a code that was taken away: %v, %v", found, err)
	}
	// What is not of the last run goes.
	if n, err := tbl.Prune(ctx, "c"); n != 1 || err != nil {
		t.Errorf("prune: %d, %v", n, err)
	}
	all, err := tbl.Entries(ctx, store.EntryFilter{})
	if err != nil || len(all) != 1 || all[0].Record.Account != "1001" {
		t.Errorf("left %v, %v", all, err)
	}
	if found := grep(t, folder, "77771234", "31129955"); len(found) > 0 {
		t.Errorf("on disk: %q", found)
	}
}

// grep lists the words that stand in a file of a folder.
func grep(t *testing.T, folder string, words ...string) (found []string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if strings.Contains(string(content), word) {
				found = append(found, f.Name()+" "+word)
			}
		}
	}
	return found
}

func TestPINs(t *testing.T) {
	t.Parallel()
	tbl, folder := open(t)
	ctx := t.Context()
	imported(t, tbl, "a", row(2, "account code", "1001", "5551234"))
	for _, bad := range []string{"", "123", "12a4", "1234567890123"} {
		if err := tbl.SetPIN(ctx, "1001", bad); !errors.Is(err, table.ErrPIN) || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := tbl.SetPIN(ctx, "1002", "2580"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	pin, err := table.RandomPIN(9)
	if err != nil || len(pin) != 9 {
		t.Fatalf("a random PIN of %d digits, %v", len(pin), err)
	}
	if err := tbl.SetPIN(ctx, "1001", pin); err != nil {
		t.Fatal(err)
	}
	identify := callers.Identifier{Directory: tbl}
	if _, ok, err := identify.Check(ctx, callers.Claim{Account: "1001", Digits: pin}, false); !ok || err != nil {
		t.Errorf("the new PIN: %v, %v", ok, err)
	}
	// Neither a list without PINs nor one with an empty column takes it away.
	imported(t, tbl, "b", row(2, "account name pin_hash", "1001", "Иван", ""))
	if _, ok, err := identify.Check(ctx, callers.Claim{Account: "1001", Digits: pin}, false); !ok || err != nil {
		t.Errorf("after an import: %v, %v", ok, err)
	}
	if _, found, err := tbl.ByCode(ctx, "5551234"); !found || err != nil {
		t.Errorf("the code after both: %v, %v", found, err)
	}
	if found := grep(t, folder, pin); len(found) > 0 {
		t.Errorf("on disk: %q", found)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	tbl, _ := open(t)
	var rows []table.Row
	for i := range 25 {
		rows = append(rows, row(i, "account name number", fmt.Sprint(1000+i), fmt.Sprintf("Name %d", i), fmt.Sprintf("+7916123450%d", i%2)))
	}
	imported(t, tbl, "a", rows...)
	var accounts []string
	for after := ""; ; {
		page, err := tbl.Entries(t.Context(), store.EntryFilter{After: after, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			accounts = append(accounts, e.Record.Account)
		}
		after = accounts[len(accounts)-1]
	}
	if len(accounts) != 25 || accounts[0] != "1000" || accounts[24] != "1024" {
		t.Errorf("pages give %q", accounts)
	}
	for search, want := range map[string]int{"Name 7": 1, "1012": 1, "34501": 12, "%": 0, "_": 0} {
		if found, err := tbl.Entries(t.Context(), store.EntryFilter{Search: search}); err != nil || len(found) != want {
			t.Errorf("%q finds %d, %v; want %d", search, len(found), err, want)
		}
	}
}
