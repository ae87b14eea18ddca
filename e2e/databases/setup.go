package databases

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

// Install is where the servers are. All paths are absolute.
type Install struct {
	PostgresBin  string // folder with initdb and postgres
	MariaDBBin   string // folder with mariadbd
	MariaDBShare string // what mariadbd reads
}

// Setup finds or unpacks the servers with demo/setup/databases.sh, which needs the
// network the first time and takes milliseconds later. Progress goes to progress
// line by line. It must be called inside the checkout; it blocks until the script
// ends or ctx is done. Parallel calls wait for each other, also in different
// processes.
func Setup(ctx context.Context, progress io.Writer) (Install, error) {
	script, err := findScript()
	if err != nil {
		return Install{}, err
	}
	cmd := exec.CommandContext(ctx, script)
	// A group of its own, so that apt and tar end with the script.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, progress
	if err := cmd.Run(); err != nil {
		return Install{}, fmt.Errorf("obtain databases with %s: %w", script, err)
	}
	var in Install
	fields := map[string]*string{"POSTGRES_BIN": &in.PostgresBin, "MARIADB_BIN": &in.MariaDBBin, "MARIADB_SHARE": &in.MariaDBShare}
	for line := range strings.Lines(out.String()) {
		key, value, found := strings.Cut(strings.TrimRight(line, "\n"), "=")
		if field := fields[key]; found && field != nil {
			*field = value
		}
	}
	if in.PostgresBin == "" || in.MariaDBBin == "" || in.MariaDBShare == "" {
		return Install{}, fmt.Errorf("obtain databases: the set-up script printed no complete answer: %q", out.String())
	}
	return in, nil
}

// findScript walks up from the working directory, which tests have in their
// package's folder.
func findScript() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find demo/setup/databases.sh: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		script := filepath.Join(at, "demo", "setup", "databases.sh")
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("find demo/setup/databases.sh: not inside a checkout of linekeeper: " + dir)
		}
	}
}
