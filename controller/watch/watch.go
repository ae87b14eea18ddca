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

// Files calls changed after a file, or a file directly in a folder, came, went or
// was written, and blocks until ctx ends. It looks once in each period, and calls
// only when two looks in a row agree: an editor or a copy that is half done is
// waited for. Whatever happens while changed runs is noticed afterwards. Files
// whose names begin with a dot do not count.
func Files(ctx context.Context, path string, period time.Duration, changed func()) {
	known := look(path)
	last := known
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := look(path)
		if now != known && now == last {
			known = now
			changed()
		}
		last = now
	}
}

// look describes what is there, so that a change makes another description.
func look(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "nothing"
	}
	if !info.IsDir() {
		return describe(path)
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
	return b.String()
}

func describe(path string) string {
	info, err := os.Stat(path) // what a link leads to
	if err != nil || info.IsDir() {
		return ""
	}
	return fmt.Sprintf("%s %d %d\n", info.Name(), info.Size(), info.ModTime().UnixNano())
}
