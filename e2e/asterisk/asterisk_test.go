package asterisk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
)

func install(t *testing.T) asterisk.Install {
	t.Helper()
	in, err := asterisk.Setup(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func start(t *testing.T, o asterisk.Options) *asterisk.Asterisk {
	t.Helper()
	a, err := asterisk.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func TestTwoAtOnceStopWithoutTrace(t *testing.T) {
	t.Parallel()
	in := install(t)
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for range 2 {
				parent := t.TempDir()
				a := start(t, asterisk.Options{Install: in, Dir: parent})
				out, err := a.CLI(t.Context(), "core show version")
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(out, "Asterisk "+in.Version) {
					t.Errorf("version says %q, want %s", out, in.Version)
				}
				pids := processesOf(t, a.Dir)
				if len(pids) == 0 {
					t.Fatal("no process of this Asterisk is visible")
				}
				if err := a.Stop(); err != nil {
					t.Fatal(err)
				}
				if err := a.Stop(); err != nil {
					t.Errorf("second Stop: %v", err)
				}
				if left := processesOf(t, a.Dir); len(left) != 0 {
					t.Errorf("processes left: %v", left)
				}
				if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
					t.Errorf("files left: %v, %v", left, err)
				}
			}
		})
	}
}

func TestBootsWithoutProblems(t *testing.T) {
	t.Parallel()
	a := start(t, asterisk.Options{Install: install(t), Callers: []asterisk.Account{{Name: "201", Password: "x"}}})
	problems, err := a.Problems()
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 0 {
		t.Errorf("the log has problems:\n%s", strings.Join(problems, "\n"))
	}
	for command, want := range map[string]string{
		"queue show support":               "PJSIP/103 (ringinuse disabled) (Unavailable)",
		"dialplan show linekeeper-hotline": "Stasis(linekeeper,hotline,${EXTEN},${CALLERID(num-pres)})",
		"pjsip show transports":            a.SIPAddr,
		"moh show classes":                 "Class: default",
		"pjsip show aor 201":               "201",
		"ari show users":                   "linekeeper",
	} {
		out, err := a.CLI(t.Context(), command)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, want) {
			t.Errorf("%s says %q, want %q in it", command, out, want)
		}
	}
}

func TestEndsWhenKilled(t *testing.T) {
	t.Parallel()
	a := start(t, asterisk.Options{Install: install(t)})
	for _, pid := range processesOf(t, a.Dir) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-a.Done():
	case <-t.Context().Done():
		t.Fatal("the end of Asterisk was not noticed")
	}
	if err := a.Stop(); err != nil {
		t.Errorf("Stop after a crash: %v", err)
	}
}

func TestStartSaysWhy(t *testing.T) {
	t.Parallel()
	if _, err := asterisk.Start(t.Context(), asterisk.Options{}); err == nil || !strings.Contains(err.Error(), "Setup") {
		t.Errorf("without an install: %v, want a hint to call Setup", err)
	}
	in := install(t)
	busy := start(t, asterisk.Options{Install: in})
	_, port, _ := strings.Cut(busy.SIPAddr, ":")
	taken, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	if _, err = asterisk.Start(t.Context(), asterisk.Options{Install: in, SIPPort: taken, Dir: parent}); err == nil {
		t.Fatal("two Asterisks share one SIP port")
	} else if !strings.Contains(err.Error(), "taken") {
		t.Errorf("a taken port: %v, want that said", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
		t.Errorf("a failed start left files: %v, %v", left, err)
	}
}

// processesOf lists the processes with dir in their command line.
func processesOf(t *testing.T, dir string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(line), dir+"/") {
			continue // it ended meanwhile, or is not ours
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids
}
