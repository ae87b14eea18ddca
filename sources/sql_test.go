package sources

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// base is a SQLite file with customers; write is a connection that may write.
func base(t *testing.T) (d *Database, write *sql.DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "crm 1%20.db") // a name that would be another in a URL
	write, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = write.Close() })
	for _, q := range []string{
		`CREATE TABLE customers (phone TEXT, name TEXT, vip BOOLEAN, score REAL, since DATE, orders INTEGER, note TEXT)`,
		`INSERT INTO customers VALUES ('+79160000001', 'Anna', 1, 1000000.5, '2024-05-01', 7, NULL), ('+79160000001', 'Boris', 0, 2, '2025-01-31', 0, ''), ('+79160000002', 'O''Hara :x', 0, 0, NULL, 1, 'x')`,
	} {
		if _, err := write.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	d, err = OpenDatabase(DatabaseOptions{URL: "sqlite:" + file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, write
}

func ask(t *testing.T, d *Database, o SQLOptions) *SQL {
	t.Helper()
	o.Name = "crm"
	q, err := NewSQL(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestRowsOfAQuery(t *testing.T) {
	t.Parallel()
	d, _ := base(t)
	q := ask(t, d, SQLOptions{Query: "SELECT name, vip, score, since, orders, note FROM customers WHERE phone = :number AND :number <> '' ORDER BY name"})
	if err := q.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"number"}, q.Inputs()); diff != "" {
		t.Error(diff)
	}
	got, err := q.Fetch(t.Context(), map[string]string{"number": "+79160000001", "other": "x"})
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{
		{"name": "Anna", "vip": "true", "score": "1000000.5", "since": "2024-05-01", "orders": "7"},
		{"name": "Boris", "vip": "false", "score": "2", "since": "2025-01-31", "orders": "0", "note": ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for _, in := range []map[string]string{{"number": "+7"}, {"number": ""}, {"number": "' OR '1'='1"}, nil} {
		if rows, err := q.Fetch(t.Context(), in); rows != nil || err != nil {
			t.Errorf("%v gives %v, %v", in, rows, err)
		}
	}
	byName := ask(t, d, SQLOptions{Query: "SELECT phone FROM customers WHERE name = :name; "})
	if rows, err := byName.Fetch(t.Context(), map[string]string{"name": "O'Hara :x"}); err != nil || len(rows) != 1 {
		t.Errorf("a quote gives %v, %v", rows, err)
	}
	optional := ask(t, d, SQLOptions{Query: "SELECT name FROM customers WHERE note = :note", Optional: []string{"note"}})
	if rows, err := optional.Fetch(t.Context(), nil); err != nil || len(rows) != 1 {
		t.Errorf("an empty input that may be gives %v, %v", rows, err)
	}
}

func TestAnswersOfAQueryHaveLimits(t *testing.T) {
	t.Parallel()
	d, _ := base(t)
	in := map[string]string{"number": "+79160000001"}
	some := ask(t, d, SQLOptions{Query: "SELECT name FROM customers WHERE phone = :number ORDER BY name", MaxRows: 1})
	if rows, err := some.Fetch(t.Context(), in); err != nil || len(rows) != 1 {
		t.Errorf("one row at most: %v, %v", rows, err)
	}
	for query, want := range map[string]string{
		"SELECT name, note AS name FROM customers WHERE phone = :number":     "two columns are called name",
		"SELECT hex(zeroblob(4000)) AS x FROM customers WHERE phone=:number": "longer than 4096 bytes",
	} {
		q := ask(t, d, SQLOptions{Query: query, MaxAnswer: 4096})
		if _, err := q.Fetch(t.Context(), in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want %q", query, err, want)
		}
	}
}

func TestAQueryOnlyReads(t *testing.T) {
	t.Parallel()
	d, write := base(t)
	q := ask(t, d, SQLOptions{Query: "DELETE FROM customers WHERE phone = :number RETURNING name"})
	_, err := q.Fetch(t.Context(), map[string]string{"number": "+79160000001"})
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("a query that writes gives %v", err)
	}
	quiet(t, err, "+79160000001")
	var n int
	if err := write.QueryRowContext(t.Context(), "SELECT count(*) FROM customers").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d customers are left, %v", n, err)
	}
}

func TestASlowQueryIsLeft(t *testing.T) {
	t.Parallel()
	d, _ := base(t)
	q := ask(t, d, SQLOptions{
		Query:   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) AS c FROM n WHERE :id <> ''",
		Timeout: 50 * time.Millisecond,
	})
	begun := time.Now()
	_, err := q.Fetch(t.Context(), map[string]string{"id": "445566"})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second {
		t.Errorf("got %v after %s", err, time.Since(begun))
	}
}

func TestFaultsOfQueriesAreTold(t *testing.T) {
	t.Parallel()
	d, _ := base(t)
	wrong := ask(t, d, SQLOptions{Query: "SELECT nmae FROM customers WHERE phone = :number"})
	if err := wrong.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "no such column: nmae") {
		t.Errorf("the check says %v", err)
	}
	_, err := wrong.Fetch(t.Context(), map[string]string{"number": "445566"})
	if err == nil || !strings.Contains(err.Error(), "source crm: query SQLite in") {
		t.Errorf("the query says %v", err)
	}
	gone, err := OpenDatabase(DatabaseOptions{URL: "sqlite:" + filepath.Join(t.TempDir(), "none.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = gone.Close() })
	missing := ask(t, gone, SQLOptions{Query: "SELECT 1 AS one"})
	if _, err := missing.Fetch(t.Context(), nil); err == nil {
		t.Error("a file that is not there answers")
	}
	if err := missing.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "unable to open database file") {
		t.Errorf("the check of a file that is not there says %v", err)
	}
	if _, err := NewSQL(d, SQLOptions{Query: "SELECT 1; SELECT 2"}); err == nil || !strings.HasPrefix(err.Error(), "query: ") {
		t.Errorf("two statements give %v", err)
	}
	if _, err := NewSQL(d, SQLOptions{Query: "SELECT :a", Optional: []string{"b"}}); err == nil {
		t.Error("an optional input that is none is accepted")
	}
}

func TestAddressesOfDatabases(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"postgres://u:geheim@h:x/b":       "PostgreSQL cannot read it",
		"mysql://u:geheim@h":              "MySQL cannot read it",
		"mysql://u:geheim@/b":             "it names no host",
		"mysql://u:geheim@h/b?multi=true": `no parameter "multi"`,
		"mysql://u:geheim@h/b?tls=geheim": "does not accept its parameters",
		"sqlite:":                         "write it like sqlite:",
		"sqlite:x?mode=rw":                "without parameters",
		"oracle://u:geheim@h/b":           "no address of a database",
		"":                                "no address of a database",
	} {
		_, err := OpenDatabase(DatabaseOptions{URL: url})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s gives %v, want %q and no secret", url, err, want)
		}
	}
	for url, where := range map[string]string{
		"postgres://u:p@127.0.0.1:1/b?connect_timeout=1": "PostgreSQL on 127.0.0.1",
		"mysql://u:p%40@127.0.0.1:1/b?tls=preferred":     "MySQL on 127.0.0.1:1",
		"mariadb://u@/b?socket=/none.sock":               "MySQL on /none.sock",
	} {
		d, err := OpenDatabase(DatabaseOptions{URL: url, Password: "geheim"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if d.where != where {
			t.Errorf("%s is called %q", url, d.where)
		}
		q := ask(t, d, SQLOptions{Query: "SELECT :id", Timeout: 5 * time.Second})
		_, err = q.Fetch(t.Context(), map[string]string{"id": "445566"})
		if err == nil || !strings.Contains(err.Error(), "check that it runs") {
			t.Errorf("%s, where nobody is, gives %v", url, err)
		}
		quiet(t, err, "geheim")
	}
}

func TestWordsOfDatabasesAreNotRepeated(t *testing.T) {
	t.Parallel()
	d, _ := base(t)
	q := ask(t, d, SQLOptions{Query: "SELECT 1 AS one"})
	for _, tc := range []struct {
		err  error
		want string
	}{
		{&pgconn.PgError{Code: "22P02", Message: `invalid input syntax for type integer: "445566"`}, "it refused with SQLSTATE 22P02; an input does not fit its column"},
		{&pgconn.PgError{Code: "28P01", Message: `password authentication failed for user "445566"`}, "check user and password"},
		{&mysqldriver.MySQLError{Number: 1146, SQLState: [5]byte{'4', '2', 'S', '0', '2'}, Message: "445566"}, "it refused with error 1146, SQLSTATE 42S02; check the query"},
		{errors.New("445566"), "the connection broke"},
	} {
		err := error(q.explain(t.Context(), tc.err))
		if !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want %q", err, tc.want)
		}
		quiet(t, err, "445566")
	}
}
