package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
)

func TestLock(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(good+"callers: {lock: {tries: 2, delay: 30s}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := callers.DefaultLockRules
	want.Tries, want.Delay = 2, 30*time.Second
	if diff := cmp.Diff(want, cfg.Callers.Lock.Rules()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = Parse("lk.yaml", []byte(good+"callers:\n  lock: {window: 1m}\n"))
	if err == nil || !strings.Contains(err.Error(), "lk.yaml:9: callers.lock: window is 1m0s, want more than longest (1h0m0s)") {
		t.Errorf("%v", err)
	}
}
