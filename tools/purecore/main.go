// Command purecore holds the code to two rules of the house that no compiler
// knows.
//
// The engines (dialplan, queues, callback, callers) are pure: nothing in them
// reaches the world or starts anything on its own, and time comes in as an
// argument. So the same code runs live, in virtual time, offline and in property
// tests. Of their sub-packages, those named here are pure too; the others, and
// tests, are free of the rule.
//
// Every Go file has at most 600 lines, and no package has a name that says
// nothing.
//
//	purecore [DIR]   checks the checkout in DIR, by default the present folder
//	purecore -list   lists the folders of the pure packages
//
// It prints file:line:col: message for each breach and exits 1 when there is
// one, 2 when it could not look.
package main

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// engines are the folders of the pure packages.
var engines = []string{
	"dialplan", "queues", "callback", "callers", "journal",
	"queues/acd", "queues/erlang", "queues/forecast", "queues/forecast/backtest", "queues/forecast/judge", "queues/simulate", "queues/simulate/replay", "queues/simulate/scenario", "queues/verify",
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	dir := "."
	switch {
	case len(args) == 1 && args[0] == "-list":
		fmt.Fprintln(stdout, strings.Join(engines, "\n"))
		return 0
	case len(args) == 1:
		dir = args[0]
	case len(args) > 1:
		fmt.Fprintln(stderr, "usage: purecore [-list | DIR]")
		return 2
	}
	breaches, err := inspect(dir)
	if err != nil {
		fmt.Fprintf(stderr, "purecore: %v\n", err)
		return 2
	}
	for _, b := range breaches {
		fmt.Fprintln(stdout, b)
	}
	if len(breaches) > 0 {
		return 1
	}
	return 0
}

// inspect checks the checkout in dir and gives what is wrong, in the order of the
// files.
func inspect(dir string) ([]breach, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the checkout: %w", err)
	}
	impure, err := inspectEngines(dir)
	if err != nil {
		return nil, err
	}
	ugly, err := inspectHouse(dir)
	if err != nil {
		return nil, err
	}
	all := append(impure, ugly...)
	for i := range all {
		if rel, err := filepath.Rel(dir, all[i].at.Filename); err == nil {
			all[i].at.Filename = rel
		}
	}
	slices.SortFunc(all, func(a, b breach) int {
		return cmp.Or(cmp.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Offset, b.at.Offset))
	})
	return all, nil
}

// breach is one place that breaks a rule.
type breach struct {
	at   token.Position
	what string
}

func (b breach) String() string { return fmt.Sprintf("%s: %s", b.at, b.what) }
