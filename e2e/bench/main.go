// Command bench lets many callers wait at once on a real Asterisk and tells
// whether any was lost, how soon each heard something, and what processor time
// linekeeper takes beside Asterisk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

// longest ends the bench whatever happens.
const longest = 170 * time.Second

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
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.IntVar(&p.callers, "callers", 200, "who wait at once, 1 to 1000")
	flags.IntVar(&p.rate, "rate", 20, "calls a second that arrive, 1 to 200")
	flags.DurationVar(&p.hold, "hold", 40*time.Second, "how long all of them wait, 1s to 60s")
	flags.DurationVar(&p.serve, "serve", 20*time.Second, "how long operators serve them then, 0s to 30s")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || p.callers < 1 || p.callers > 1000 || p.rate < 1 || p.rate > 200 ||
		p.hold < time.Second || p.hold > time.Minute || p.serve < 0 || p.serve > 30*time.Second {
		fmt.Fprintln(complaints, "bench: an argument is out of range")
		flags.Usage()
		return 2
	}
	useSibling()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	r, err := p.carryOut(ctx, complaints)
	if err := errors.Join(err, stage.RemoveProgram()); err != nil {
		fmt.Fprintln(complaints, "bench:", err)
		return 1
	}
	fmt.Fprint(out, r)
	if len(r.lost) > 0 {
		return 1
	}
	return 0
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
