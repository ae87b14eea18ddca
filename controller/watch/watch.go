// Package watch notices that files were changed. It looks instead of asking the
// kernel: so it also sees network folders, and the swapped links by which
// containers get their configuration.
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Sight is how files looked at one time.
type Sight string

// Files calls changed after a file, or a file directly in a folder, came, went or
// was written since it looked like known, and blocks until ctx ends: take the look
// before the files are read, and no change in between is missed. It looks once in each period, and calls
// only when two looks in a row agree: an editor or a copy that is half done is
// waited for. Whatever happens while changed runs is noticed afterwards. Files
// whose names begin with a dot do not count.
func Files(ctx context.Context, path string, known Sight, period time.Duration, changed func()) {
	last := Look(path)
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := Look(path)
		if now != known && now == last {
			known = now
			changed()
		}
		last = now
	}
}

// Look describes what is there, so that a change makes another description.
func Look(path string) Sight {
	info, err := os.Stat(path)
	if err != nil {
		return "nothing"
	}
	if !info.IsDir() {
		return Sight(describe(path))
	}
	entries, err := os.ReadDir(path) // sorted by name
	if err != nil {
		return "nothing"
	}
	var b strings.Builder
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			b.WriteString(describe(filepath.Join(path, e.Name())))
		}
	}
	return Sight(b.String())
}

func describe(path string) string {
	info, err := os.Stat(path) // what a link leads to
	if err != nil || info.IsDir() {
		return ""
	}
	return fmt.Sprintf("%s %d %d\n", info.Name(), info.Size(), info.ModTime().UnixNano())
}
