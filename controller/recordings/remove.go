package recordings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Remove deletes recordings by their names, which have no extension. What is not in
// the folder is gone already. Left are those that could not be deleted, or are none
// of linekeeper's; it goes on after errors and gives all of them.
func Remove(dir string, names []string) (removed, left []string, err error) {
	var errs []error
	for _, n := range names {
		file := n + ".wav"
		err := fs.ErrInvalid
		if name.MatchString(file) {
			err = os.Remove(filepath.Join(dir, file))
		}
		switch {
		case err == nil:
			removed = append(removed, n)
		case !errors.Is(err, fs.ErrNotExist):
			left = append(left, n)
			errs = append(errs, fmt.Errorf("delete the recording %q: %w", n, err))
		}
	}
	if _, err := os.Stat(dir); err != nil {
		// Without the folder, nothing is known of what was in it.
		return nil, names, fmt.Errorf("delete recordings: %w", err)
	}
	return removed, left, errors.Join(errs...)
}
