package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/linekeeper/linekeeper/store"
)

// overwrite makes sure that the number stands nowhere in the files any more. What is
// deleted is overwritten with zeros at once (secure_delete), so that the log ahead
// has to be emptied only; a file that an older version wrote may hold more, and is
// written anew as a whole.
func (s *Store) overwrite(ctx context.Context, p store.Forgettable) error {
	if err := s.checkpoint(ctx); err != nil {
		return err
	}
	search := words{person: p}
	needle := search.digits()
	if needle == "" {
		return nil
	}
	shared, err := s.EntriesWith(ctx, p.Number)
	if err != nil || len(shared) > 0 {
		return err // somebody else has the same phone
	}
	there, err := s.inFiles(needle)
	if err != nil || !there {
		return err
	}
	if _, err := s.write.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	if err := s.checkpoint(ctx); err != nil {
		return err
	}
	if there, err = s.inFiles(needle); err == nil && there {
		err = errors.New("the number is still in the file; forget it again when fewer calls are under way")
	}
	return err
}

// checkpoint moves the log ahead into the file and empties it. Readers may hold it up
// for a moment.
func (s *Store) checkpoint(ctx context.Context) error {
	for try := 0; ; try++ {
		var busy, log, moved int
		if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		if try == 20 {
			return errors.New("the log of the database is in use by readers; forget again")
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Store) inFiles(needle string) (bool, error) {
	for _, path := range []string{s.path, s.path + "-wal"} {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		found, err := contains(file, []byte(needle))
		if err := errors.Join(err, file.Close()); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// contains searches a stream in pieces that overlap by the length of the needle.
func contains(r io.Reader, needle []byte) (bool, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	var tail []byte
	piece := make([]byte, 1<<20)
	for {
		n, err := in.Read(piece)
		tail = append(tail, piece[:n]...)
		if bytes.Contains(tail, needle) {
			return true, nil
		}
		tail = append([]byte{}, tail[max(len(tail)-len(needle), 0):]...)
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// traces counts what a search still finds of a person.
func (s *Store) traces(ctx context.Context, p store.Forgettable) (n int, err error) {
	search := words{person: p}
	digits, account := search.digits(), p.Account
	for _, q := range []string{
		`SELECT count(*) FROM calls WHERE ?1 <> '' AND (instr(caller, ?1) OR instr(data, ?1)) OR ?2 <> '' AND (account = ?2 OR json_extract(data, '$.state.caller.account') = ?2)`,
		`SELECT count(*) FROM callbacks WHERE ?1 <> '' AND (instr(number, ?1) OR instr(data, ?1) OR instr(key, ?1)) OR ?2 <> '' AND (account = ?2 OR json_extract(data, '$.account') = ?2)`,
		`SELECT count(*) FROM places WHERE ?1 <> '' AND instr(data, ?1)`,
		`SELECT count(*) FROM events WHERE ?1 <> '' AND instr(data, ?1) OR ?2 <> '' AND json_extract(data, '$.account') = ?2`,
		`SELECT count(*) FROM callers WHERE ?2 <> '' AND account = ?2 AND ?1 = ?1`,
		`SELECT count(*) FROM locks WHERE ?1 <> '' AND instr(key, ?1) OR ?2 <> '' AND kind = 'account' AND key = ?2`,
	} {
		var found int
		if err := s.read.QueryRowContext(ctx, q, digits, account).Scan(&found); err != nil {
			return 0, fmt.Errorf("search for what is left: %w", err)
		}
		n += found
	}
	return n, nil
}
