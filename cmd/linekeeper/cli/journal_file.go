package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/linekeeper/linekeeper/journal"
)

// openInput opens a file, or gives standard input for "-"; size is 0 when it is
// not known.
func openInput(name string, stdin io.Reader) (in io.ReadCloser, size int64, err error) {
	if name == "-" {
		return io.NopCloser(stdin), 0, nil
	}
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		return nil, 0, fmt.Errorf("read a file: %w", err)
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return f, size, nil
}

// readJournal gives the entries of a file in the lines of "linekeeper journal
// --output json"; "-" is standard input.
func readJournal(name string, stdin io.Reader, each func(journal.Entry) error) error {
	in, _, err := openInput(name, stdin)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	if name == "-" {
		name = "standard input"
	}
	return journal.Read(name, in, each)
}
