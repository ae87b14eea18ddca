package hotline_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

// A document changes under a call: the call ends on the version it began with, the
// next one hears the new words, and a faulty version is never heard.
func TestReloadUnderACall(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/hotlines/support.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "support.yaml")
	put := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(string(src))
	r := setUp(t, func(o *stage.Options) { o.Hotlines = filepath.Dir(file) })
	before := r.calls(first, support)
	before.hears("For your balance press one")
	put(strings.Replace(string(src), "Nobody is here.", "All are away.", 1))
	r.must(syscall.Kill(r.DaemonPID(), syscall.SIGHUP))
	r.until("the new version is served", func() bool { return len(r.journal("hotline.loaded")) == 2 })
	before.presses("2")
	before.hears("Nobody is here.")
	r.result(first, "no_agents")

	put("nonsense: yes\n" + string(src))
	if out, err := r.CLI(r.soon(), "flow", "reload"); err == nil || !strings.Contains(out+err.Error(), "nonsense") {
		t.Errorf("a faulty document is taken: %s, %v", out, err)
	}
	after := r.calls(second, support)
	after.hears("For your balance press one")
	after.presses("2")
	after.hears("All are away.")
	r.result(second, "no_agents")
}
