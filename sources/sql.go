package sources

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
)

// SQLOptions are a question to a database.
type SQLOptions struct {
	Name      string        // for errors
	Query     string        // one statement that reads; inputs are written :number. Fields are named by its columns
	Optional  []string      // inputs that may be empty
	Timeout   time.Duration // 0 stands for DefaultTimeout
	MaxAnswer int64         // bytes of all values; 0 stands for DefaultMaxAnswer. A longer answer is an error
	MaxRows   int           // 0 stands for DefaultMaxRows
}

// SQL is a question to a database. It runs in a transaction that can only read.
type SQL struct {
	o        SQLOptions
	database *Database
	query    rewritten
}

var _ Source = (*SQL)(nil)

// NewSQL reads a query; the database is not asked, see Check.
func NewSQL(d *Database, o SQLOptions) (*SQL, error) {
	query, err := rewrite(d.dialect, o.Query)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	if err := unused(query.inputs(), o.Optional); err != nil {
		return nil, fmt.Errorf("optional: %w", err)
	}
	setDefaults(&o.Timeout, &o.MaxAnswer, &o.MaxRows)
	return &SQL{o: o, database: d, query: query}, nil
}

// Inputs lists the names of the inputs.
func (q *SQL) Inputs() []string { return q.query.inputs() }

// Fields gives nil: only the answer tells the columns.
func (q *SQL) Fields() []string { return nil }

// Fetch runs the query; see Source. NULL is a field without a value, a date is
// written 2026-11-22, a time by RFC 3339, a truth value "true" or "false".
func (q *SQL) Fetch(ctx context.Context, in map[string]string) ([]map[string]string, error) {
	if missing(q.query.names, q.o.Optional, in) {
		return nil, nil
	}
	args := make([]any, len(q.query.names))
	for i, name := range q.query.names {
		args[i] = in[name]
	}
	ctx, cancel := context.WithTimeout(ctx, q.o.Timeout)
	defer cancel()
	rows, err := q.run(ctx, args)
	if err != nil {
		return nil, q.explain(ctx, err)
	}
	return rows, nil
}

func (q *SQL) run(ctx context.Context, args []any) ([]map[string]string, error) {
	tx, err := q.database.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	answer, err := tx.QueryContext(ctx, q.query.text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Close() }() // its error is that of Err, too
	columns, err := answer.ColumnTypes()
	if err != nil {
		return nil, err
	}
	if err := distinct(columns); err != nil {
		return nil, err
	}
	var rows []map[string]string
	var size int64
	for len(rows) < q.o.MaxRows && answer.Next() {
		row, err := scan(answer, columns)
		if err != nil {
			return nil, err
		}
		for _, value := range row {
			size += int64(len(value))
		}
		if size > q.o.MaxAnswer {
			return nil, &plainError{fmt.Sprintf("its answer is longer than %d bytes", q.o.MaxAnswer), "select fewer columns, or raise max_answer"}
		}
		rows = append(rows, row)
	}
	return rows, answer.Err()
}

// plainError is one of our own, which holds nothing that must not be told.
type plainError struct{ what, remedy string }

func (e *plainError) Error() string { return e.what }

func distinct(columns []*sql.ColumnType) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name()] {
			return &plainError{"two columns are called " + c.Name(), "give one another name with AS"}
		}
		seen[c.Name()] = true
	}
	return nil
}

func scan(answer *sql.Rows, columns []*sql.ColumnType) (map[string]string, error) {
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	if err := answer.Scan(values...); err != nil {
		return nil, err
	}
	row := map[string]string{}
	for i, c := range columns {
		if v := *values[i].(*any); v != nil {
			row[c.Name()] = written(v, c.DatabaseTypeName())
		}
	}
	return row, nil
}

// written is a value as text.
func written(v any, column string) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case int64:
		if strings.HasPrefix(column, "BOOL") { // SQLite's
			return strconv.FormatBool(v != 0)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if column == "DATE" {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}

// explain says what went wrong without the words of the database, which repeat values:
// "invalid input syntax for type integer: "1234"".
func (q *SQL) explain(ctx context.Context, err error) *Error {
	e := &Error{Source: q.o.Name, Doing: "query " + q.database.where}
	if what, cause, is := late(ctx, err); is {
		e.What, e.cause = what, cause
		return e
	}
	var own *plainError
	var pg *pgconn.PgError
	var my *mysqldriver.MySQLError
	var lite *sqlitedriver.Error
	var wire *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &own):
		e.What, e.Remedy = own.what, own.remedy
	case errors.As(err, &pg):
		e.What, e.Remedy = "it refused with SQLSTATE "+pg.Code, remedyOf(pg.Code)
	case errors.As(err, &my):
		e.What = fmt.Sprintf("it refused with error %d, SQLSTATE %s", my.Number, my.SQLState)
		e.Remedy = remedyOf(string(my.SQLState[:]))
	case errors.As(err, &lite):
		e.What, e.Remedy = "SQLite refused with code "+strconv.Itoa(lite.Code())+", "+sqlitedriver.ErrorCodeString[lite.Code()], "linekeeper doctor says more"
	case errors.As(err, &wire):
		e.What, e.Remedy = wire.Error(), "check that it runs and can be reached from here"
	case errors.As(err, &dns):
		e.What, e.Remedy = "its host is not known", "check the name in the url"
	default:
		e.What, e.Remedy = "the connection broke", "see the log of the database"
	}
	return e
}

// remedyOf goes by the class of an SQLSTATE, ISO 9075-2, 24.1.
func remedyOf(state string) string {
	switch state[:min(2, len(state))] {
	case "28":
		return "check user and password"
	case "3D":
		return "check the name of the base in the url"
	case "42":
		return "check the query: linekeeper doctor has the words of the database"
	case "22":
		return "an input does not fit its column; cast the column to text in the query"
	case "25":
		return "the query writes; it may only read"
	case "53", "57":
		return "see the log of the database"
	}
	return ""
}
