package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var expectation = regexp.MustCompile(`// want "(.*)"`)

// expected reads from the comments where which breach is, as file:line.
func expected(t *testing.T, dir string) map[string]string {
	t.Helper()
	want := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(src), "\n") {
			if m := expectation.FindStringSubmatch(line); m != nil {
				want[fmt.Sprintf("%s:%d", rel, i+1)] = m[1]
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func TestBreachesAreFound(t *testing.T) {
	t.Parallel()
	const dir = "testdata/bad"
	want := expected(t, dir)
	got, err := inspect(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range got {
		at := fmt.Sprintf("%s:%d", b.at.Filename, b.at.Line)
		if want[at] == "" || !strings.HasPrefix(b.what, want[at]) {
			t.Errorf("unexpected: %s", b)
		}
		if b.at.Column == 0 {
			t.Errorf("no column: %s", b)
		}
		delete(want, at)
	}
	for at, what := range want {
		t.Errorf("%s: not found: %s", at, what)
	}
}

func TestPureCodeAndItsTestsPass(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := run([]string{"testdata/good"}, &out, &errs); code != 0 || out.Len()+errs.Len() != 0 {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		code   int
		out    string
		errors string
	}{
		{[]string{"testdata/bad"}, 1, "dialplan/dialplan.go:17:2: a goroutine is started", ""},
		{[]string{"-list"}, 0, "queues/acd\n", ""},
		{[]string{t.TempDir()}, 2, "", "list the engines"},
		{[]string{"a", "b"}, 2, "", "usage"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, &out, &errs); code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errors) {
			t.Errorf("%q: exit %d, want %d\n%s%s", c.args, code, c.code, &out, &errs)
		}
	}
}

func TestLongFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, lines := range map[string]int{"short.go": longest, "long.go": longest + 1} {
		src := "package x\n" + strings.Repeat("\n", lines-1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := inspectHouse(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || filepath.Base(got[0].at.Filename) != "long.go" || got[0].at.Line != longest+1 {
		t.Errorf("got %v, want long.go alone", got)
	}
}
