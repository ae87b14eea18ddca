// Command bench measures linekeeper on a real Asterisk with real SIP phones. It
// lets many callers wait at once and tells whether any was lost, how soon each
// heard something, and what processor time linekeeper takes beside Asterisk; and
// it compares how soon the next caller hears an agent who got free: with
// app_queue alone, and with both engines. A rehearsal of every kind of moment tells
// what callers hear.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// longest ends each part of the bench whatever happens.
const longest = 4 * time.Minute

// plan is what is to be done.
type plan struct {
	callers   int           // who wait at once
	operators int           // who talk to somebody else meanwhile
	rate      int           // calls a second during the arrival
	hold      time.Duration // how long all wait
	serve     time.Duration // how long the operators serve them then
	talk      time.Duration // one conversation while serving
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, complaints io.Writer) int {
	p := plan{operators: 5, talk: 2 * time.Second}
	h := comparison{agents: 4, waiting: 8, turns: 5, talkMin: 300 * time.Millisecond, talkMax: 800 * time.Millisecond}
	var handovers, rounds int
	var only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.IntVar(&p.callers, "callers", 200, "who wait at once, 1 to 1000")
	flags.IntVar(&p.rate, "rate", 20, "calls a second that arrive, 1 to 200")
	flags.DurationVar(&p.hold, "hold", 40*time.Second, "how long all of them wait, 1s to 60s")
	flags.DurationVar(&p.serve, "serve", 20*time.Second, "how long operators serve them then, 0s to 30s")
	flags.IntVar(&handovers, "handovers", 225, "handovers that are measured of each way, 5 to 2000")
	flags.IntVar(&rounds, "rounds", 4, "how often each call of the rehearsal is made, 1 to 20")
	flags.StringVar(&only, "only", "", "one part: waiting, handover or heard")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	h.each = handovers / h.turns
	if flags.NArg() > 0 || p.callers < 1 || p.callers > 1000 || p.rate < 1 || p.rate > 200 ||
		p.hold < time.Second || p.hold > time.Minute || p.serve < 0 || p.serve > 30*time.Second ||
		handovers < 5 || handovers > 2000 || rounds < 1 || rounds > 20 || !slices.Contains([]string{"", "waiting", "handover", "heard"}, only) {
		fmt.Fprintln(complaints, "bench: an argument is out of range")
		flags.Usage()
		return 2
	}
	useSibling()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	install, err := asterisk.Setup(ctx, complaints)
	if err != nil {
		fmt.Fprintln(complaints, "bench:", err)
		return 1
	}
	start := time.Now()
	say := func(format string, a ...any) {
		fmt.Fprintf(complaints, "%5.1fs  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, a...))
	}
	code := 0
	for _, part := range []struct {
		name string
		do   func(context.Context) (outcome, error)
	}{
		{"waiting", func(ctx context.Context) (outcome, error) { return found(p.carryOut(ctx, install, say)) }},
		{"handover", func(ctx context.Context) (outcome, error) { return found(h.compare(ctx, install, say)) }},
		{"heard", func(ctx context.Context) (outcome, error) { return found(rehearse(ctx, install, rounds, say)) }},
	} {
		if only != "" && only != part.name {
			continue
		}
		partCtx, cancel := context.WithTimeout(ctx, longest)
		r, err := part.do(partCtx)
		cancel()
		if r != nil {
			fmt.Fprintln(out, r)
		}
		if err != nil {
			fmt.Fprintln(complaints, "bench:", err)
		}
		if err != nil || r.failed() {
			code = 1
		}
	}
	if err := stage.RemoveProgram(); err != nil {
		fmt.Fprintln(complaints, "bench:", err)
		code = 1
	}
	return code
}

// outcome is what a part of the bench has found.
type outcome interface {
	fmt.Stringer
	failed() bool // somebody was lost
}

// found is an outcome that may be none; it may also come with an error.
func found[O interface {
	outcome
	comparable
}](o O, err error) (outcome, error) {
	var none O
	if o == none {
		return nil, err
	}
	return o, err
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
