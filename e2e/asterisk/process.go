package asterisk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// stopTimeout is how long Asterisk may take to end by itself; it is usually
// done within a second.
const stopTimeout = 10 * time.Second

// process is a child in a process group of its own that the kernel kills when
// this process dies.
type process struct {
	pid  int
	done chan struct{} // closed when it has ended and err is set
	err  error
}

func startProcess(output, name string, args ...string) (*process, error) {
	out, err := os.Create(output)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}

	p := &process{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel sends the signal when the thread that started the child
		// ends, so this goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- errors.Join(err, out.Close())
			return
		}
		p.pid = cmd.Process.Pid
		started <- nil
		p.err = errors.Join(cmd.Wait(), out.Close())
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// stop ends the whole group, first politely, and waits for the child. A child
// that has ended already is not an error, nor is its exit status.
func (p *process) stop(patience time.Duration) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
	}
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.done
	return nil
}

func (p *process) signal(sig syscall.Signal) error {
	if err := syscall.Kill(-p.pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send %v to process group %d: %w", sig, p.pid, err)
	}
	return nil
}
