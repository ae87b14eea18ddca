// Command linekeeper is the daemon (serve) and the tools to check, watch and
// operate it. Everything is in package cli.
package main

import (
	"os"
	_ "time/tzdata" // calling hours count by the customers' clocks, also where the system has no zone files

	"github.com/linekeeper/linekeeper/cmd/linekeeper/cli"
)

func main() { os.Exit(run()) }

func run() int { return cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr) }
