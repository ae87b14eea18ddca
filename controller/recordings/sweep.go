// Package recordings removes conversations and messages that the switch recorded
// for linekeeper, when they are older than they may be kept.
package recordings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// name is that of a conversation, the id of its call, or of a message in it.
// Whatever else is in the folder is somebody else's.
var name = regexp.MustCompile(`^(c[0-9a-hjkmnp-tv-z]{16}(-message-[0-9]+)?)\.wav$`)

// Sweep removes the recordings in a folder that were written more than keep before
// now. Those that wanted names, without extension, stay: it is asked once, and
// only when a message would go. It gives how many were removed, goes on after
// errors and gives all of them.
func Sweep(dir string, keep time.Duration, now time.Time, wanted func() (map[string]bool, error)) (removed int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("sweep the recordings: %w", err)
	}
	var stay map[string]bool
	var errs []error
	for _, e := range entries {
		m := name.FindStringSubmatch(e.Name())
		if m == nil || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) <= keep { // gone meanwhile, or young
			continue
		}
		if m[2] != "" && stay == nil {
			if stay, err = wanted(); err != nil {
				return removed, fmt.Errorf("sweep the recordings: find the messages that are still wanted: %w", errors.Join(append(errs, err)...))
			}
			if stay == nil {
				stay = map[string]bool{}
			}
		}
		if stay[m[1]] {
			continue
		}
		switch err := os.Remove(filepath.Join(dir, e.Name())); {
		case err == nil:
			removed++
		case !errors.Is(err, fs.ErrNotExist):
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return removed, fmt.Errorf("sweep the recordings: %w", err)
	}
	return removed, nil
}
