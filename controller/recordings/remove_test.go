package recordings

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRemove(t *testing.T) {
	t.Parallel()
	const other = "cb576cvz3900000a2"
	dir := folder(t, time.Now(), map[string]int{call + ".wav": 1, call + "-message-1.wav": 1, other + ".wav": 1, "notes.wav": 1})
	removed, left, err := Remove(dir, []string{call, call + "-message-1", call + "-message-2", "notes", "../" + filepath.Base(dir) + "/" + other})
	if diff := cmp.Diff([]string{call, call + "-message-1"}, removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if len(left) != 2 || left[0] != "notes" || err == nil || strings.Count(err.Error(), "delete the recording") != 2 {
		t.Errorf("left %q, %v", left, err)
	}
	if diff := cmp.Diff([]string{other + ".wav", "notes.wav"}, names(t, dir)); diff != "" {
		t.Errorf("in the folder (-want +got):\n%s", diff)
	}
	if removed, left, err := Remove(filepath.Join(dir, "nowhere"), []string{call}); len(removed) != 0 || len(left) != 1 || err == nil {
		t.Errorf("without a folder: removed %q, left %q, %v", removed, left, err)
	}
}
