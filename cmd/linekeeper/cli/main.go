// Package cli is the command line of linekeeper. docs/cli.md is its reference.
//
// Answers go to standard output and nothing else does: a table on a terminal,
// tab-separated lines without a header when piped, JSON when asked for. What is
// said beside an answer goes to standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/linekeeper/linekeeper/api"
)

// The exit codes.
const (
	ExitOK         = 0
	ExitError      = 1 // anything that has no code of its own
	ExitUsage      = 2 // the command line itself is wrong
	ExitNotRunning = 3 // no daemon answers on the socket
	ExitNotFound   = 4 // no such call, callback, place, agent, queue or hotline, or several that fit
	ExitRefused    = 5 // a rule of the callback policy forbids it, or it cannot be done as things stand
	ExitProblems   = 6 // check, doctor or journal verify found something
)

// errProblems ends check, doctor and journal verify, which have said everything already.
var errProblems = errors.New("problems were found")

// usageError is a wrong command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Main runs one command line (without the program's name) and gives the exit
// code. It blocks until the command has ended; SIGINT and SIGTERM end it early.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends a program that hangs
	e := &env{stdout: stdout, stderr: stderr, now: time.Now, tty: isTerminal(stdout)}
	return e.run(ctx, args, stdin)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// env is what the commands share.
type env struct {
	stdout, stderr io.Writer
	now            func() time.Time
	tty            bool // standard output is a terminal

	socket  string
	output  string
	started bool // the command line was understood
}

func (e *env) run(ctx context.Context, args []string, stdin io.Reader) int {
	root := e.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	code := e.code(err)
	if err == nil || errors.Is(err, errProblems) {
		return code
	}
	e.say("linekeeper: %v", err)
	if code == ExitUsage {
		e.say("Run '%s --help' for usage.", cmd.CommandPath())
	}
	return code
}

// code says what an error means to whoever called the program.
func (e *env) code(err error) int {
	var usage usageError
	var nobody *api.NotRunningError
	var denied *api.DeniedError
	var answer *api.Error
	switch {
	case err == nil:
		return ExitOK
	case errors.Is(err, errProblems):
		return ExitProblems
	case errors.As(err, &usage), !e.started:
		return ExitUsage
	case errors.As(err, &nobody), errors.As(err, &denied):
		return ExitNotRunning
	case errors.As(err, &answer):
		switch answer.Code {
		case api.CodeNotFound, api.CodeAmbiguous:
			return ExitNotFound
		case api.CodeRefused, api.CodeDenied:
			return ExitRefused
		case api.CodeBadRequest:
			return ExitUsage
		}
	}
	return ExitError
}

// say writes a line for people, to standard error.
func (e *env) say(format string, args ...any) { _, _ = fmt.Fprintf(e.stderr, format+"\n", args...) }

func (e *env) root() *cobra.Command {
	root := group("linekeeper", "Keeps a caller's place in line, beside your Asterisk")
	root.Long = `linekeeper keeps a caller's place in line. It runs beside an existing Asterisk,
leads callers through a hotline's menus, tells them honestly how long the wait
is, and calls them back when their place comes up.

The daemon is "serve"; "check" and "doctor" look at files and at Asterisk;
all other commands ask the running daemon over its unix socket.`
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&e.socket, "socket", "", "unix socket of the daemon (default "+hereSocket+", then "+systemSocket+")")
	root.PersistentFlags().StringVarP(&e.output, "output", "o", "", "table, tsv or json (default table on a terminal, else tsv)")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		e.started = true
		return e.checkOutput()
	}
	root.AddCommand(e.serveCmd(), e.checkCmd(), e.doctorCmd(), e.flowCmd(), e.hotlineCmd(), e.callCmd(), e.messageCmd(), e.surveyCmd(), e.queueCmd(), e.agentCmd(), e.callbackCmd(), e.callerCmd(), e.journalCmd(), e.ewtCmd(), e.simulateCmd(), e.promptsCmd(), e.versionCmd())
	return root
}

// group is a command that only has others beneath it.
func group(name, short string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Args: cobra.ArbitraryArgs, SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			hint := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = fmt.Sprintf("; did you mean %q?", near[0])
			}
			return usagef("%q is not a command of %q%s", args[0], cmd.CommandPath(), hint)
		},
	}
}

// exactly wants as many arguments as are named.
func exactly(what ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < len(what):
			return fmt.Errorf("%q needs %s", cmd.CommandPath(), strings.Join(what[n:], " and "))
		case n > len(what):
			return fmt.Errorf("%q takes %s and nothing more; %q is too much", cmd.CommandPath(), strings.Join(what, " and "), args[len(what)])
		}
		return nil
	}
}

// The sockets that are tried without --socket: where a configuration without a
// socket of its own puts it, and where a service puts it.
const (
	hereSocket   = "linekeeper.sock"
	systemSocket = "/run/linekeeper/linekeeper.sock"
)

// client prepares to ask the daemon.
func (e *env) client() *api.Client {
	socket := e.socket
	if socket == "" {
		socket = systemSocket
		if _, err := os.Stat(hereSocket); err == nil {
			socket = hereSocket
		}
	}
	return api.NewClient(socket)
}
