package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

func main() { os.Exit(run()) }

const usage = `usage: demo [-keep]      play the cast and check the outcome
       demo up [-keep]   set up and stay, for phones of your own

  -keep   leave the folder with logs, database and configuration
`

func run() int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	keep := flags.Bool("keep", false, "")
	args, stay := os.Args[1:], false
	if len(args) > 0 && args[0] == "up" {
		args, stay = args[1:], true
	}
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	obey(end)
	err := perform(ctx, end, stay, *keep)
	var by signalError
	switch {
	case err == nil:
		return 0
	case errors.As(context.Cause(ctx), &by): // whatever broke because of it
		fmt.Fprintf(os.Stderr, "\nended by %v; everything was stopped\n", by.Signal)
		return 128 + int(by.Signal)
	}
	fmt.Fprintf(os.Stderr, "\ndemo: %v\n", err)
	return 1
}

func perform(ctx context.Context, end context.CancelCauseFunc, stay, keep bool) error {
	root, err := checkout()
	if err != nil {
		return err
	}
	useSibling()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the SIP library has much to say
	n := newNarrator(os.Stdout, colored(os.Stdout), func(err error) {
		if errors.Is(err, syscall.EPIPE) {
			err = signalError{syscall.SIGPIPE} // a reader who has seen enough
		}
		end(err)
	})
	defer n.close()
	scene := play
	if stay {
		scene = up
	}
	return errors.Join(scene(ctx, root, n, keep), stage.RemoveProgram())
}

// signalError is why the demo ends when a signal asks for it.
type signalError struct{ syscall.Signal }

func (e signalError) Error() string { return "ended by signal " + e.Signal.String() }

// obey ends the demo in order on the first signal, and at once on the second.
func obey(end context.CancelCauseFunc) {
	signal.Ignore(syscall.SIGPIPE) // noticed when writing
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		first := (<-signals).(syscall.Signal)
		end(signalError{first})
		<-signals
		os.Exit(128 + int(first)) // the kernel ends Asterisk and linekeeper with us
	}()
}

// checkout finds the top of the checkout that the demo is run in.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the checkout: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "demo", "hotlines")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("find demo/hotlines: %s is not inside a checkout of linekeeper", dir)
		}
	}
}

// useSibling takes the linekeeper that was built beside this program, unless
// another one is asked for.
func useSibling() {
	self, err := os.Executable()
	if err != nil || os.Getenv("LINEKEEPER_BIN") != "" {
		return
	}
	bin := filepath.Join(filepath.Dir(self), "linekeeper")
	if info, err := os.Stat(bin); err == nil && info.Mode().IsRegular() {
		_ = os.Setenv("LINEKEEPER_BIN", bin) // fails only for malformed names
	}
}

func colored(f *os.File) bool {
	return term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// pause waits like a person who thinks or talks, or until the demo ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
