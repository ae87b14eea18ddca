// Package obtain runs the scripts of demo/setup that fetch what the tests need:
// an Asterisk, database servers.
package obtain

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

// Run runs demo/setup/NAME and sets the fields to what it prints for them, one
// KEY=value a line. The script needs the network the first time and takes
// milliseconds later; its progress goes to progress line by line. Run must be called
// inside the checkout; it blocks until the script ends or ctx is done. Parallel
// calls wait for each other, also in different processes. The error of a script that
// failed has its last line; fields that it did not print stay as they are.
func Run(ctx context.Context, progress io.Writer, fields map[string]*string, name string, args ...string) error {
	script, err := find(name)
	if err != nil {
		return err
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
		return fmt.Errorf("run %s: %w: %s", script, err, lastLine(last.String()))
	}
	read(out.String(), fields)
	return nil
}

// read takes the values that are asked for out of what a script printed.
func read(out string, fields map[string]*string) {
	for line := range strings.Lines(out) {
		key, value, found := strings.Cut(strings.TrimRight(line, "\n"), "=")
		if field := fields[key]; found && field != nil {
			*field = value
		}
	}
}

// find walks up from the working directory, which tests have in their package's
// folder and the demo at the top of the checkout.
func find(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find demo/setup/%s: %w", name, err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		script := filepath.Join(at, "demo", "setup", name)
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("find demo/setup/" + name + ": not inside a checkout of linekeeper: " + dir)
		}
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
