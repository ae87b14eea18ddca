package asterisk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Install is an Asterisk that can be started, and what belongs to it. All
// paths are absolute.
type Install struct {
	Root    string // the folder it is unpacked in, "" when it came with the system
	Bin     string // the program, run like any asterisk
	Modules string // its modules
	DataDir string // documentation and what else Asterisk reads
	Sounds  string // core sounds, in folders en and ru
	Version string // "22.10.1"
	Espeak  string // espeak-ng, which speaks ru and en
	SIPp    string // sipp, only after SetupBench
}

// Setup finds or unpacks Asterisk with demo/setup/asterisk.sh, which needs the
// network the first time and takes milliseconds later. The script's progress
// goes to progress line by line. It must be called inside the checkout; it
// blocks until the script ends or ctx is done. Parallel calls wait for each
// other, also in different processes.
func Setup(ctx context.Context, progress io.Writer) (Install, error) {
	return setup(ctx, progress)
}

// SetupBench is Setup that also obtains sipp, for load tests.
func SetupBench(ctx context.Context, progress io.Writer) (Install, error) {
	return setup(ctx, progress, "bench")
}

func setup(ctx context.Context, progress io.Writer, args ...string) (Install, error) {
	script, err := findScript()
	if err != nil {
		return Install{}, err
	}
	cmd := exec.CommandContext(ctx, script, args...)
	// A group of its own, so that apt and tar end with the script.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	var out, last bytes.Buffer
	cmd.Stdout = &out
	cmd.Stderr = io.MultiWriter(progress, &last)
	if err := cmd.Run(); err != nil {
		return Install{}, fmt.Errorf("obtain asterisk with %s: %w: %s", script, err, lastLine(last.String()))
	}
	return parseInstall(out.String())
}

func parseInstall(out string) (Install, error) {
	var in Install
	fields := map[string]*string{
		"ASTERISK_ROOT": &in.Root, "ASTERISK_BIN": &in.Bin, "ASTERISK_MODULES": &in.Modules,
		"ASTERISK_DATADIR": &in.DataDir, "ASTERISK_SOUNDS": &in.Sounds, "ASTERISK_VERSION": &in.Version,
		"ESPEAK": &in.Espeak, "SIPP": &in.SIPp,
	}
	for line := range strings.Lines(out) {
		key, value, found := strings.Cut(strings.TrimRight(line, "\n"), "=")
		if field := fields[key]; found && field != nil {
			*field = value
		}
	}
	if in.Bin == "" || in.Modules == "" || in.DataDir == "" || in.Sounds == "" {
		return Install{}, fmt.Errorf("obtain asterisk: the set-up script printed no complete answer: %q", out)
	}
	return in, nil
}

// findScript walks up from the working directory, which tests have in their
// package's folder and the demo at the top of the checkout.
func findScript() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find demo/setup/asterisk.sh: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		script := filepath.Join(at, "demo", "setup", "asterisk.sh")
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("find demo/setup/asterisk.sh: not inside a checkout of linekeeper: " + dir)
		}
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
