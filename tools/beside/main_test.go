package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLinesStayWhole: two commands that wait for each other print many long lines.
func TestLinesStayWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "talk")
	text := "#!/bin/bash\ntouch \"$2\"\nuntil [ -e \"$3\" ]; do sleep 0.01; done\nfor ((i = 0; i < 200; i++)); do printf \"$1%.0s\" {1..9000}; echo; done\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	var out, errs bytes.Buffer
	if err := run([]string{fmt.Sprintf("bash %s a %s %s", script, a, b), fmt.Sprintf("bash %s b %s %s", script, b, a)}, &out, &errs); err != nil {
		t.Fatal(err, errs.String())
	}
	got := map[string]int{}
	for line := range strings.Lines(out.String()) {
		got[line]++
	}
	for _, c := range []string{"a", "b"} {
		if n := got[strings.Repeat(c, 9000)+"\n"]; n != 200 || len(got) != 2 {
			t.Errorf("%d lines of %q, %d kinds of lines", n, c, len(got))
		}
	}
}

func TestEachFailureIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ commands, want []string }{
		{nil, []string{"no command"}},
		{[]string{"true", " "}, []string{"empty"}},
		{[]string{"false", "true", "false "}, []string{"false: exit status 1", "false : exit status 1"}},
		{[]string{"/nowhere/to/be/found"}, []string{"no such file"}},
	} {
		var out, errs bytes.Buffer
		err := run(c.commands, &out, &errs)
		if err == nil || slices.ContainsFunc(c.want, func(want string) bool { return !strings.Contains(err.Error(), want) }) {
			t.Errorf("%q: %v, want %q", c.commands, err, c.want)
		}
	}
}
