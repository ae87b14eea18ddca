package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Asterisk is a running Asterisk. Its methods are safe for concurrent use.
type Asterisk struct {
	SIPAddr   string // "127.0.0.1:PORT", UDP
	TrunkPort int    // calls to PJSIP/NUMBER@trunk go to 127.0.0.1 at this UDP port

	ARIURL      string // "http://127.0.0.1:PORT/ari"
	ARIUser     string
	ARIPassword string
	AMIAddr     string // "127.0.0.1:PORT", TCP
	AMIUser     string
	AMIPassword string

	Operators     []Account
	Version       string
	Dir           string // the run folder; gone after Stop unless Options.Keep
	ConfFile      string // asterisk.conf
	LogFile       string
	Sounds        string // sound files put here play as "sound:NAME"; holds en and ru
	RecordingsDir string // where ARI recordings appear

	bin     string
	options Options
	process *process
	lock    *os.File
	stop    sync.Once
	stopErr error
}

// attempts is how often Start tries again with other ports when another
// program was quicker to take one.
const attempts = 3

// Start runs Asterisk in a folder of its own and returns when it has booted and
// ARI answers. The caller must Stop it. Asterisk also ends when this process
// does, however it dies; ctx only bounds the start.
func Start(ctx context.Context, o Options) (*Asterisk, error) {
	o = o.withDefaults()
	if o.Install.Bin == "" {
		return nil, errors.New("start asterisk: no install given; call Setup first")
	}
	var errs error
	for range attempts {
		a, err := start(ctx, o)
		if err == nil {
			return a, nil
		}
		errs = errors.Join(errs, err)
		if !errors.Is(err, errPortTaken) || ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("start asterisk: %w", errs)
}

func start(ctx context.Context, o Options) (_ *Asterisk, err error) {
	dir, lock, err := newRunFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	a := &Asterisk{
		Operators: o.Operators, Version: o.Install.Version, Dir: dir,
		bin: o.Install.Bin, options: o, lock: lock,
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Stop())
		}
	}()
	c, err := newConfig(dir, o)
	if err != nil {
		return nil, err
	}
	release, err := c.claim(o)
	if err != nil {
		return nil, err
	}
	a.describe(c)
	if err := errors.Join(c.render(o.Extra), release()); err != nil {
		return nil, err
	}
	out := filepath.Join(c.Log, "output.txt")
	if a.process, err = startProcess(out, a.bin, "-f", "-n", "-C", a.ConfFile); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.BootTimeout)
	defer cancel()
	if err := a.waitBooted(ctx); err != nil {
		return nil, fmt.Errorf("%w%s", err, a.tail(out))
	}
	return a, nil
}

func (a *Asterisk) describe(c Config) {
	a.SIPAddr = fmt.Sprintf("127.0.0.1:%d", c.SIPPort)
	a.TrunkPort = c.TrunkPort
	a.ARIURL = fmt.Sprintf("http://127.0.0.1:%d/ari", c.HTTPPort)
	a.ARIUser, a.ARIPassword = c.ARIUser, c.ARIPassword
	a.AMIAddr = fmt.Sprintf("127.0.0.1:%d", c.AMIPort)
	a.AMIUser, a.AMIPassword = c.AMIUser, c.AMIPassword
	a.ConfFile = filepath.Join(c.Etc, "asterisk.conf")
	a.LogFile = filepath.Join(c.Log, "full.log")
	a.Sounds = filepath.Join(c.Data, "sounds")
	a.RecordingsDir = filepath.Join(c.Spool, "recording")
}

// waitBooted polls from outside, as there is no other way to know: first ARI
// with our password, which no other Asterisk accepts, then the boot itself.
func (a *Asterisk) waitBooted(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !a.ariAnswers(ctx) {
		select {
		case <-a.process.done:
			return a.classify(fmt.Errorf("asterisk ended while starting: %w", a.process.err))
		case <-ctx.Done():
			return a.classify(fmt.Errorf("asterisk did not answer on %s: %w", a.ARIURL, ctx.Err()))
		case <-tick.C:
		}
	}
	if _, err := a.CLI(ctx, "core waitfullybooted"); err != nil {
		return err
	}
	return a.classify(nil)
}

func (a *Asterisk) ariAnswers(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.ARIURL+"/asterisk/ping", nil)
	if err != nil {
		return false
	}
	req.SetBasicAuth(a.ARIUser, a.ARIPassword)
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// Done is closed when the Asterisk process has ended, for whatever reason.
func (a *Asterisk) Done() <-chan struct{} { return a.process.done }

// PID is the id of the Asterisk process.
func (a *Asterisk) PID() int { return a.process.pid }

// Crash kills Asterisk (SIGKILL) with all calls on it. Restart brings it back.
// Neither may run beside another method.
func (a *Asterisk) Crash() error {
	err := a.process.signal(syscall.SIGKILL)
	<-a.process.done
	return err
}

// Restart starts Asterisk again after Crash, with the same configuration and
// ports, and returns when it has booted and ARI answers.
func (a *Asterisk) Restart(ctx context.Context) error {
	out := filepath.Join(filepath.Dir(a.LogFile), "output.txt")
	var err error
	if a.process, err = startProcess(out, a.bin, "-f", "-n", "-C", a.ConfFile); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.options.BootTimeout)
	defer cancel()
	if err := a.waitBooted(ctx); err != nil {
		return fmt.Errorf("restart asterisk: %w%s", err, a.tail(out))
	}
	return nil
}

// Stop ends Asterisk, waits for it, and removes its folder unless Options.Keep
// is set. Further calls return what the first did.
func (a *Asterisk) Stop() error {
	a.stop.Do(func() {
		var errs []error
		if a.process != nil {
			errs = append(errs, a.process.stop(stopTimeout))
		}
		if !a.options.Keep {
			errs = append(errs, os.RemoveAll(a.Dir))
		}
		a.stopErr = errors.Join(append(errs, a.lock.Close())...)
	})
	return a.stopErr
}

// Queues are the names of the configured queues.
func (a *Asterisk) Queues() []string {
	names := make([]string, 0, len(a.options.Queues))
	for _, q := range a.options.Queues {
		names = append(names, q.Name)
	}
	return names
}
