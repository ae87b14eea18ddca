package databases

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/chain"
	"github.com/linekeeper/linekeeper/callers/remote"
	"github.com/linekeeper/linekeeper/sources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// started is a server of each kind, with the address that linekeeper's
// configuration would have and that of the driver, to fill it.
func started(t *testing.T, kind string) (s *Server, o sources.DatabaseOptions, driver, dsn string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	in, err := Setup(ctx, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if kind == "postgres" {
		s, err = StartPostgres(ctx, in)
	} else {
		s, err = StartMariaDB(ctx, in)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	if kind == "mysql" {
		return s, sources.DatabaseOptions{URL: "mysql://" + User + "@" + s.Address + "/" + User, Password: Password},
			"mysql", User + ":" + Password + "@tcp(" + s.Address + ")/" + User + "?multiStatements=true"
	}
	tls := "?sslmode=verify-full&sslrootcert=" + url.QueryEscape(s.Trust)
	return s, sources.DatabaseOptions{URL: "postgres://" + User + "@" + s.Address + "/postgres" + tls, Password: Password},
		"pgx", "postgres://" + User + ":" + Password + "@" + s.Address + "/postgres" + tls
}

// fill makes a table with two customers who share a phone.
func fill(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // its server may be gone
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if err = db.PingContext(t.Context()); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{
		`CREATE TABLE customers (id INTEGER PRIMARY KEY, phone VARCHAR(20), full_name VARCHAR(100), amount NUMERIC(12,4), vip BOOLEAN, born DATE, letter VARCHAR(20), plan VARCHAR(20))`,
		`INSERT INTO customers VALUES (1001, '79161234501', 'Иван Петров', 1523.5, TRUE, '1990-12-31', '77770001', 'gold'), (1002, '79161234501', 'Анна', -0.05, FALSE, NULL, NULL, NULL)`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestDirectoryInARealDatabase finds callers in PostgreSQL and MariaDB, has nobody
// wait for one that stopped to answer, and finds them again afterwards.
func TestDirectoryInARealDatabase(t *testing.T) {
	for _, kind := range []string{"postgres", "mysql"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server, options, driver, dsn := started(t, kind)
			filled := fill(t, driver, dsn)
			db, err := sources.OpenDatabase(options)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			dir := directory(t, db, kind)
			c, err := chain.New(chain.Options{Budget: 400 * time.Millisecond, Links: []chain.Link{
				{Name: kind, Directory: dir, Timeout: 300 * time.Millisecond, Breaker: chain.Breaker{Failures: 2, Rest: time.Second}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			finds(t, dir)
			stops(t, c, filled, kind)
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
			ctx, whys := told(t.Context())
			if _, found, err := c.ByAccount(ctx, "1001"); found || err == nil || len(*whys) != 1 {
				t.Errorf("a server that is gone: %v, %v, told %q", found, err, *whys)
			}
		})
	}
}

func directory(t *testing.T, db *sources.Database, kind string) *remote.Directory {
	t.Helper()
	text := "CAST(id AS CHAR(20))" // an account is text, and so is the input
	birth := "DATE_FORMAT(born, '%d%m%Y')"
	if kind == "postgres" {
		text, birth = "id::text", "to_char(born, 'DDMMYYYY')"
	}
	question := func(where string) sources.Source {
		q, err := sources.NewSQL(db, sources.SQLOptions{Name: kind, Timeout: 5 * time.Second, Query: `SELECT ` + text + ` AS account, full_name AS name, amount AS balance, 'RUB' AS currency,
			vip, plan, ` + birth + ` AS born FROM customers WHERE ` + where + ` ORDER BY id`})
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		return q
	}
	d, err := remote.New(remote.Options{
		Name: kind, ByNumber: question("phone = :digits"), ByAccount: question(text + " = :account"), ByCode: question("letter = :code"),
		Columns: map[string]string{"account": "account", "name": "name", "balance": "balance", "currency": "currency", "vip": "vip", "field.plan": "plan", "answer.birth_date": "born"},
		Trouble: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func finds(t *testing.T, d callers.Directory) {
	t.Helper()
	ivan := callers.Record{
		Account: "1001", Name: "Иван Петров", Balance: &callers.Money{Minor: 152350, Currency: "RUB"}, VIP: true,
		Fields: map[string]string{"plan": "gold"}, Answers: map[string]string{"birth_date": "31121990"},
	}
	byNumber := ivan
	byNumber.Number = "+79161234501"
	anna := callers.Record{Number: "+79161234501", Account: "1002", Name: "Анна", Balance: &callers.Money{Minor: -5, Currency: "RUB"}}
	records, err := d.ByNumber(t.Context(), "+79161234501")
	if diff := cmp.Diff([]callers.Record{byNumber, anna}, records); err != nil || diff != "" {
		t.Errorf("by number: %v (-want +got):\n%s", err, diff)
	}
	for name, find := range map[string]func(context.Context, string) (callers.Record, bool, error){"1001": d.ByAccount, "77770001": d.ByCode} {
		rec, found, err := find(t.Context(), name)
		if diff := cmp.Diff(ivan, rec); !found || err != nil || diff != "" {
			t.Errorf("by %s: %v, %v (-want +got):\n%s", name, found, err, diff)
		}
		for _, nobody := range []string{"9", name + "' OR '1'='1", name + "; DROP TABLE customers", "%", `\' OR 1=1 -- `} {
			if rec, found, err := find(t.Context(), nobody); found || err != nil {
				t.Errorf("%q finds %v, %v", nobody, rec, err)
			}
		}
	}
}

// told collects why look-ups failed.
func told(ctx context.Context) (context.Context, *[]string) {
	var whys []string
	return callers.WithFailures(ctx, func(f callers.Failure) { whys = append(whys, string(f.Why)) }), &whys
}

// stops has the server keep every question waiting, by a lock on the table, and then
// go on.
func stops(t *testing.T, c *chain.Chain, db *sql.DB, kind string) {
	t.Helper()
	if _, found, err := c.ByAccount(t.Context(), "1001"); !found || err != nil {
		t.Fatalf("before: %v, %v", found, err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}()
	do := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if _, err := conn.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	unlock := "UNLOCK TABLES"
	if kind == "postgres" {
		unlock = "COMMIT"
		do("BEGIN", "LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
	} else {
		do("LOCK TABLES customers WRITE")
	}
	ctx, whys := told(t.Context())
	began := time.Now()
	for range 4 {
		if _, found, err := c.ByAccount(ctx, "1002"); found || err == nil {
			t.Errorf("a server that keeps us waiting answers %v, %v", found, err)
		}
	}
	if took := time.Since(began); took > 4*400*time.Millisecond+time.Second { // a busy machine is not the directory's fault
		t.Errorf("four look-ups took %v", took)
	}
	if got := strings.Join(*whys, " "); got != "timeout timeout resting resting" {
		t.Errorf("the look-ups ended with %s", got)
	}
	do(unlock)
	for deadline := time.Now().Add(30 * time.Second); ; {
		rec, found, err := c.ByAccount(t.Context(), "1002")
		if found && err == nil && rec.Name == "Анна" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it is not asked again: %v, %v", found, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Errors of a real server say what to do, and nothing of what was asked for.
func TestWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	_, options, driver, dsn := started(t, "postgres")
	fill(t, driver, dsn)
	for name, c := range map[string]struct {
		change func(*sources.DatabaseOptions)
		query  string
		want   string
	}{
		"password": {func(o *sources.DatabaseOptions) { o.Password = "wrong" }, "SELECT id FROM customers WHERE letter = :code", "check user and password"},
		"trust":    {func(o *sources.DatabaseOptions) { o.URL, _, _ = strings.Cut(o.URL, "&"); o.URL += "&sslrootcert=" }, "SELECT id FROM customers WHERE letter = :code", ""},
		"table":    {func(*sources.DatabaseOptions) {}, "SELECT id FROM clients WHERE letter = :code", "check the query"},
		"type":     {func(*sources.DatabaseOptions) {}, "SELECT id FROM customers WHERE id = :code::integer", "cast the column to text"},
		"writes":   {func(*sources.DatabaseOptions) {}, "UPDATE customers SET plan = '' WHERE letter = :code RETURNING id", "it may only read"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options
			c.change(&o)
			db, err := sources.OpenDatabase(o)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			q, err := sources.NewSQL(db, sources.SQLOptions{Name: "crm", Query: c.query})
			if err != nil {
				t.Fatal(err)
			}
			_, err = q.Fetch(t.Context(), map[string]string{"code": "4711x0815"})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "4711") || strings.Contains(err.Error(), Password) {
				t.Errorf("it says %v, want %q", err, c.want)
			}
		})
	}
}
