package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// running is the built demo at work.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	tmp   string // its TMPDIR
	lines chan string
	said  []string
	err   bytes.Buffer
}

// build builds demo and linekeeper once for all tests.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range map[string]string{"demo": ".", "linekeeper": "../../cmd/linekeeper"} {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, name))
		cmd.Dir = from // linekeeper has requirements of its own
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", name, err, out)
		}
	}
	return dir
}

// launch starts the demo in a folder for temporary files that is its own. The path is
// short because of Asterisk's control socket.
func launch(t *testing.T, bin string, env []string, args ...string) *running {
	t.Helper()
	tmp, err := os.MkdirTemp("", "lk-t-")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, tmp: tmp, lines: make(chan string, 1000)}
	r.cmd = exec.Command(filepath.Join(bin, "demo"), args...)
	r.cmd.Env = append(append(os.Environ(), "TMPDIR="+tmp, "LINEKEEPER_BIN="), env...)
	r.cmd.Stderr = &r.err
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill() // it is over, unless the test failed
		if err := os.RemoveAll(tmp); err != nil {
			t.Error(err)
		}
	})
	go func() {
		defer close(r.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			r.lines <- scan.Text()
		}
	}()
	return r
}

// until reads what the demo says up to a line with part in it.
func (r *running) until(part string) {
	r.t.Helper()
	for deadline := time.After(2 * time.Minute); ; {
		select {
		case line, ok := <-r.lines:
			if !ok {
				r.t.Fatalf("ended without %q:\n%s\n%s", part, strings.Join(r.said, "\n"), r.err.String())
			}
			r.said = append(r.said, line)
			if strings.Contains(line, part) {
				return
			}
		case <-deadline:
			r.t.Fatalf("did not say %q:\n%s", part, strings.Join(r.said, "\n"))
		}
	}
}

// end reads the rest and gives the exit code.
func (r *running) end() int {
	r.t.Helper()
	for line := range r.lines {
		r.said = append(r.said, line)
	}
	err := r.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return r.cmd.ProcessState.ExitCode()
}

// descendants are the processes that came from pid, by /proc, which says it as long
// as their parents live.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, file := range stats {
		if own, parent, _, ok := status(file); ok {
			children[parent] = append(children[parent], own)
		}
	}
	var all []int
	for next := children[pid]; len(next) > 0; next = next[1:] {
		all = append(all, next[0])
		next = append(next, children[next[0]]...)
	}
	return all
}

// status reads pid, parent and state of a process; ok is false when it is gone.
func status(file string) (pid, parent int, state string, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, "", false
	}
	// The name of the program stands in parentheses and may hold anything.
	head, rest, found := strings.Cut(string(text), " (")
	last := strings.LastIndex(rest, ")")
	if !found || last < 0 {
		return 0, 0, "", false
	}
	_, err = fmt.Sscan(head, &pid)
	_, err2 := fmt.Sscan(rest[last+1:], &state, &parent)
	return pid, parent, state, err == nil && err2 == nil
}

// gone waits until none of the processes runs any more. One that has ended but whom
// nobody has buried yet does not run.
func gone(t *testing.T, pids []int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for _, pid := range pids {
		for {
			_, _, state, ok := status(fmt.Sprintf("/proc/%d/stat", pid))
			if !ok || state == "Z" || state == "X" {
				break
			}
			if time.Now().After(deadline) {
				name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
				t.Fatalf("process %d (%s) is still there", pid, strings.TrimSpace(string(name)))
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func TestASignalLeavesNothingBehind(t *testing.T) {
	bin := build(t)
	for _, c := range []struct {
		name   string
		args   []string
		signal syscall.Signal
		when   string // line of output
		code   int
		swept  bool // no file is left either
	}{
		{"Ctrl-C in the play", nil, syscall.SIGINT, "Maria       presses", 130, true},
		{"the terminal is closed", nil, syscall.SIGHUP, "Ivan        hears", 129, true},
		{"asked to end while setting up", nil, syscall.SIGTERM, "ready", 143, true},
		{"killed", nil, syscall.SIGKILL, "Maria       presses", -1, false},
		{"Ctrl-C when up", []string{"up"}, syscall.SIGINT, "Ctrl-C ends everything", 0, true},
		{"killed when up", []string{"up"}, syscall.SIGKILL, "Ctrl-C ends everything", -1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := launch(t, bin, []string{"SIP_PORT=" + unused(t)}, c.args...)
			r.until(c.when)
			pids := descendants(t, r.cmd.Process.Pid)
			if len(pids) == 0 && c.when != "ready" {
				t.Errorf("no Asterisk and no linekeeper runs:\n%s", strings.Join(r.said, "\n"))
			}
			if err := r.cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			if code := r.end(); code != c.code {
				t.Errorf("exit code %d, want %d:\n%s\n%s", code, c.code, strings.Join(r.said, "\n"), r.err.String())
			}
			gone(t, pids)
			if left, err := os.ReadDir(r.tmp); c.swept && (err != nil || len(left) > 0) {
				t.Errorf("left in its folder: %v, %v", left, err)
			}
		})
	}
}
