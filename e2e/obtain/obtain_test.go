package obtain

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkout makes a folder with scripts, and goes into a folder of it.
func checkout(t *testing.T, scripts map[string]string) {
	t.Helper()
	root := t.TempDir()
	setup := filepath.Join(root, "demo", "setup")
	inner := filepath.Join(root, "e2e", "inner")
	for _, dir := range []string{setup, inner} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(setup, name), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(inner)
}

func TestRun(t *testing.T) {
	checkout(t, map[string]string{
		"good.sh": "echo unpacking $1 >&2\necho A=one two=2\necho OTHER=x\necho noise\n",
		"bad.sh":  "echo first >&2\necho no room on the disk >&2\nexit 3\n",
	})
	var progress strings.Builder
	a, b := "", "as before"
	if err := Run(t.Context(), &progress, map[string]*string{"A": &a, "B": &b}, "good.sh", "bench"); err != nil {
		t.Fatal(err)
	}
	if a != "one two=2" || b != "as before" || progress.String() != "unpacking bench\n" {
		t.Errorf("A %q, B %q, progress %q", a, b, progress.String())
	}
	err := Run(t.Context(), io.Discard, nil, "bad.sh")
	if err == nil || !strings.HasSuffix(err.Error(), "exit status 3: no room on the disk") {
		t.Errorf("a script that fails gives %v", err)
	}
	if err := Run(t.Context(), io.Discard, nil, "none.sh"); err == nil || !strings.Contains(err.Error(), "not inside a checkout") {
		t.Errorf("a script that there is not gives %v", err)
	}
}
