package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// remedies say what to do about what the disk did, by SQLite's primary result code.
var remedies = map[int]string{
	sqlite3.SQLITE_FULL:     "the disk is full: make room on it, and what waits is stored by itself",
	sqlite3.SQLITE_IOERR:    "the disk did not do as it was asked: look for room on it, for limits of the service and for errors of the kernel",
	sqlite3.SQLITE_READONLY: "it may not be written: give the user of linekeeper the right to write the file and its folder",
	sqlite3.SQLITE_CANTOPEN: "it cannot be opened: give the user of linekeeper the right to write the file and its folder",
	sqlite3.SQLITE_PERM:     "it may not be written: give the user of linekeeper the right to write the file and its folder",
	sqlite3.SQLITE_CORRUPT:  "it is damaged: stop linekeeper, keep a copy, and restore the last backup",
	sqlite3.SQLITE_NOTADB:   "it is not a database of linekeeper: name another file in the configuration",
}

// explain adds to an error of SQLite which file it is about and what to do.
func (s *Store) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	remedy, known := remedies[e.Code()&0xff] // the other bits tell more of the same
	if !known {
		return err
	}
	return fmt.Errorf("database %s: %w: %s", s.path, err, remedy)
}
