// Package sqlite keeps records and journal in one SQLite file.
//
// It writes ahead (WAL) with synchronous=FULL: a commit that returned survives
// the loss of power. One goroutine writes; commits that arrive while the disk is
// busy share the next transaction, so many callers cost few disk syncs.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/linekeeper/linekeeper/store"
)

//go:embed schema/*.sql
var schema embed.FS

// ErrLocked says that another linekeeper uses the same file.
var ErrLocked = errors.New("another linekeeper uses this database")

// Store is a store.Store in one file.
type Store struct {
	path  string
	lock  *os.File
	epoch int64
	write *sql.DB // one connection
	read  *sql.DB

	commits chan *commit
	quit    chan struct{}
	done    chan struct{}
	once    sync.Once
	closed  error
}

var _ store.Store = (*Store)(nil)

// Open opens the file, makes it if there is none, and brings its schema up to
// date. The caller closes the store. It fails with ErrLocked when another
// process has it open, and with a plain message when the file is newer than
// this program, not a database, or not writable.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	lock, err := lockFile(path + ".lock")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil, fmt.Errorf("open database %s: %w: give the user of linekeeper the right to write the folder", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	s := &Store{path: path, lock: lock, commits: make(chan *commit, 1024), quit: make(chan struct{}), done: make(chan struct{})}
	if err := s.open(ctx); err != nil {
		s.release()
		return nil, fmt.Errorf("open %w", s.named(err))
	}
	go s.writer()
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.write, err = connect(s.path, 1, "&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate"); err != nil {
		return err
	}
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	err = s.write.QueryRowContext(ctx, `UPDATE epoch SET n = n + 1 RETURNING n`).Scan(&s.epoch)
	if err != nil {
		return fmt.Errorf("begin a new epoch: %w", err)
	}
	s.read, err = connect(s.path, 4, "&_pragma=query_only(1)")
	return err
}

func connect(path string, conns int, more string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" + more
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// migrate runs the schema files that this database has not seen yet, each in a
// transaction of its own; PRAGMA user_version counts them.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		return err
	}
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if have > len(files) {
		return fmt.Errorf("the database has schema %d, this program knows %d: use the newer linekeeper that wrote it", have, len(files))
	}
	for i, file := range files[have:] {
		text, err := schema.ReadFile(file)
		if err != nil {
			return err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, string(text)); err == nil {
			_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", have+i+1))
		}
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", file, err), tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// named is explain for errors that may come from elsewhere than SQLite.
func (s *Store) named(err error) error {
	if told := s.explain(err); told != err {
		return told
	}
	return fmt.Errorf("database %s: %w", s.path, err)
}

// Epoch is the number of this run.
func (s *Store) Epoch() int64 { return s.epoch }

// Close ends the store after the commits under way.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.quit)
		<-s.done
		s.closed = s.release()
	})
	return s.closed
}

func (s *Store) release() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, unlockFile(s.lock))...)
}
