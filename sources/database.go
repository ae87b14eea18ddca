package sources

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// DatabaseOptions say how a database is reached.
type DatabaseOptions struct {
	// URL is like postgres://user@host:5432/base, mysql://user@host:3306/base,
	// mysql://user@/base?socket=/run/mysqld/mysqld.sock or sqlite:/path/of/file. Of
	// PostgreSQL, all parameters of its connection strings may follow a "?"; of MySQL
	// only socket and tls ("true", "preferred", "skip-verify", "false").
	URL      string
	Password string // in place of one in the URL; "" for that
	CA       string // PEM file of the authorities that are trusted, for MySQL; implies tls. PostgreSQL has sslrootcert
	MaxConns int    // at a time; 0 stands for DefaultMaxConns
}

// Database is a pool of connections. Several queries may share it.
type Database struct {
	db      *sql.DB
	dialect dialect
	where   string // for messages, without user and password
}

// OpenDatabase checks the URL; it does not connect, so that a database may be away
// when linekeeper starts. The caller closes it. Errors never hold the URL, which may
// have a password.
func OpenDatabase(o DatabaseOptions) (*Database, error) {
	scheme, _, _ := strings.Cut(o.URL, ":")
	var d *Database
	var err error
	switch scheme {
	case "postgres", "postgresql":
		d, err = openPostgres(o)
	case "mysql", "mariadb":
		d, err = openMySQL(o)
	case "sqlite":
		d, err = openSQLite(o)
	default:
		return nil, errors.New("url: it is no address of a database; write it like postgres://user@host/base, mysql://user@host/base or sqlite:/path")
	}
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	conns := o.MaxConns
	if conns <= 0 {
		conns = DefaultMaxConns
	}
	d.db.SetMaxOpenConns(conns)
	d.db.SetMaxIdleConns(conns)
	// Connections are renewed, so that one which a firewall forgot, or which leads to a
	// server that was replaced, does not stay.
	d.db.SetConnMaxIdleTime(5 * time.Minute)
	d.db.SetConnMaxLifetime(time.Hour)
	return d, nil
}

// Close closes the connections. Queries that run fail.
func (d *Database) Close() error {
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", d.where, err)
	}
	return nil
}

func openPostgres(o DatabaseOptions) (*Database, error) {
	conf, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, errors.New("PostgreSQL cannot read it; write it like postgres://user@host:5432/base?sslmode=verify-full, with special characters as %40")
	}
	if o.Password != "" {
		conf.Password = o.Password
	}
	if o.CA != "" {
		return nil, errors.New("with PostgreSQL the authorities belong into the URL; write ?sslmode=verify-full&sslrootcert=FILE and remove ca")
	}
	return &Database{db: stdlib.OpenDB(*conf), dialect: postgres, where: "PostgreSQL on " + conf.Host}, nil
}

func openMySQL(o DatabaseOptions) (*Database, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Path == "" || u.Path == "/" {
		return nil, errors.New("MySQL cannot read it; write it like mysql://user@host:3306/base, with special characters as %40")
	}
	conf := mysqldriver.NewConfig()
	conf.User, conf.DBName = u.User.Username(), strings.TrimPrefix(u.Path, "/")
	conf.Passwd, _ = u.User.Password()
	if o.Password != "" {
		conf.Passwd = o.Password
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	conf.Net, conf.Addr = "tcp", net.JoinHostPort(u.Hostname(), port)
	for key, values := range u.Query() {
		switch {
		case key == "socket":
			conf.Net, conf.Addr = "unix", values[0]
		case key == "tls":
			conf.TLSConfig = values[0]
		default:
			return nil, fmt.Errorf("MySQL has no parameter %q here; there are socket and tls", key)
		}
	}
	if conf.Net == "tcp" && u.Hostname() == "" {
		return nil, errors.New("it names no host; write mysql://user@host/base, or ?socket=PATH")
	}
	if o.CA != "" {
		if conf.TLS, err = tlsConfig(o.CA, "", ""); err != nil {
			return nil, err
		}
		conf.TLS.ServerName, conf.TLS.MinVersion = u.Hostname(), tls.VersionTLS12
	}
	conf.Logger = silent{}
	connector, err := mysqldriver.NewConnector(conf)
	if err != nil {
		return nil, errors.New("MySQL does not accept its parameters; tls is true, preferred, skip-verify or false")
	}
	return &Database{db: sql.OpenDB(connector), dialect: mysql, where: "MySQL on " + conf.Addr}, nil
}

// silent drops what the driver would print: its errors come back anyway.
type silent struct{}

func (silent) Print(...any) {}

func openSQLite(o DatabaseOptions) (*Database, error) {
	file := strings.TrimPrefix(strings.TrimPrefix(o.URL, "sqlite:"), "//")
	switch {
	case file == "" || strings.ContainsAny(file, "?#"):
		return nil, errors.New("write it like sqlite:/path/of/file, without parameters")
	case o.Password != "" || o.CA != "":
		return nil, errors.New("SQLite has no password and no ca; remove them")
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("find the file: %w", err)
	}
	// Only reading: neither the file nor anything beside it is made. Somebody who writes
	// is waited for, within the time-out of the query.
	link := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(1000)"}
	db, err := sql.Open("sqlite", link.String())
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	return &Database{db: db, dialect: sqlite, where: "SQLite in " + filepath.Base(abs)}, nil
}

// Check connects and lets the database read the query, without running it. There are no
// inputs yet, so that its error says what the database says, in full.
func (q *SQL) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, q.o.Timeout)
	defer cancel()
	st, err := q.database.db.PrepareContext(ctx, q.query.text)
	if err != nil {
		return fmt.Errorf("source %s: prepare the query on %s: %w", q.o.Name, q.database.where, err)
	}
	if err := st.Close(); err != nil {
		return fmt.Errorf("source %s: prepare the query on %s: %w", q.o.Name, q.database.where, err)
	}
	return nil
}
