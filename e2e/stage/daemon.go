package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

var (
	building sync.Mutex
	built    = map[string]string{} // by build tag
)

// Program builds linekeeper once for each process and gives its path.
// LINEKEEPER_BIN names one that is there already.
func Program(ctx context.Context) (string, error) {
	if bin := os.Getenv("LINEKEEPER_BIN"); bin != "" {
		return bin, nil
	}
	return TaggedProgram(ctx, "")
}

// TaggedProgram is Program with a build tag, which LINEKEEPER_BIN does not have.
func TaggedProgram(ctx context.Context, tag string) (string, error) {
	building.Lock()
	defer building.Unlock()
	if bin := built[tag]; bin != "" {
		return bin, nil
	}
	dir, err := os.MkdirTemp("", "lk-bin-")
	if err != nil {
		return "", fmt.Errorf("build linekeeper: %w", err)
	}
	bin := filepath.Join(dir, "linekeeper")
	// In its own module, whose requirements are not those of the tests.
	source, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/linekeeper/linekeeper").Output()
	if err != nil {
		return "", errors.Join(fmt.Errorf("find the source of linekeeper: %w", err), os.RemoveAll(dir))
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", tag, "-o", bin, "./cmd/linekeeper")
	cmd.Dir = strings.TrimSpace(string(source))
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("build linekeeper: %w: %s", err, out), os.RemoveAll(dir))
	}
	built[tag] = bin
	return bin, nil
}

// RemoveProgram removes what Program and TaggedProgram built; for the end of
// TestMain.
func RemoveProgram() error {
	building.Lock()
	defer building.Unlock()
	var errs []error
	for tag, bin := range built {
		errs = append(errs, os.RemoveAll(filepath.Dir(bin)))
		delete(built, tag)
	}
	return errors.Join(errs...)
}

// daemon is a running `linekeeper serve`.
type daemon struct {
	cmd   *exec.Cmd
	log   *os.File
	ready bool          // it served calls
	done  chan struct{} // closed when the process is gone
	err   error         // how it ended, after done
}

// ErrDaemonEnded is why a daemon that was started never got ready: it ended.
var ErrDaemonEnded = errors.New("linekeeper ended before it was ready")

// readyTimeout is how long a daemon may take until it serves calls.
const readyTimeout = 20 * time.Second

// StartDaemon starts the daemon and returns when it is ready. One must not be
// running.
func (s *Stage) StartDaemon(ctx context.Context) error { return s.StartDaemonWith(ctx, nil) }

// StartDaemonWith is StartDaemon with more in the daemon's environment, this time.
// The error of one that ends before it is ready is ErrDaemonEnded.
func (s *Stage) StartDaemonWith(ctx context.Context, env map[string]string) error {
	log, err := os.OpenFile(s.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start linekeeper: %w", err)
	}
	cmd := exec.Command(s.program, "serve", "--config", s.Config)
	cmd.Stderr, cmd.Stdout = log, log
	cmd.Env = os.Environ()
	for _, vars := range []map[string]string{s.opts.Env, env} {
		for k, v := range vars {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
	}
	// A terminal's Ctrl-C is for the stage, which then ends the daemon in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	d := &daemon{cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// Pdeathsig is tied to the thread that starts the process.
		lockThread(func() {
			err := cmd.Start()
			started <- err
			if err == nil {
				d.err = cmd.Wait()
			}
			close(d.done)
		})
	}()
	if err := <-started; err != nil {
		return errors.Join(fmt.Errorf("start linekeeper: %w", err), log.Close())
	}
	s.daemon = d
	return s.waitReady(ctx)
}

func (s *Stage) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		h, err := s.Client.Health(ctx)
		if err == nil && h.Ready() {
			s.daemon.ready = true
			return nil
		}
		select {
		case <-tick.C:
		case <-s.daemon.done:
			return fmt.Errorf("%w: %w; see %s\n%s", ErrDaemonEnded, s.daemon.err, s.LogFile, tail(s.LogFile))
		case <-ctx.Done():
			return fmt.Errorf("linekeeper is not ready: %w (health %+v, %v); see %s\n%s", ctx.Err(), h, err, s.LogFile, tail(s.LogFile))
		}
	}
}

// KillDaemon ends the daemon as a crash would (SIGKILL).
func (s *Stage) KillDaemon() error { return s.end(syscall.SIGKILL) }

// StopDaemon ends the daemon in order (SIGTERM). No daemon is not an error.
func (s *Stage) StopDaemon() error { return s.end(syscall.SIGTERM) }

// DaemonDone is closed when the daemon that runs now has ended, for whatever
// reason.
func (s *Stage) DaemonDone() <-chan struct{} { return s.daemon.done }

// DaemonPID is the daemon's process id.
func (s *Stage) DaemonPID() int { return s.daemon.cmd.Process.Pid }

func (s *Stage) end(sig syscall.Signal) error {
	d := s.daemon
	if d == nil {
		return nil
	}
	s.daemon = nil
	if err := d.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end linekeeper: %w", err)
	}
	var err error
	select {
	case <-d.done:
	case <-time.After(10 * time.Second):
		err = fmt.Errorf("linekeeper did not end within 10 s of %v and was killed", sig)
		err = errors.Join(err, d.cmd.Process.Kill())
		<-d.done
	}
	return errors.Join(err, d.log.Close())
}

// tail gives the last lines of a log.
func tail(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	const most = 2000
	if len(b) > most {
		b = b[len(b)-most:]
	}
	return string(b)
}
