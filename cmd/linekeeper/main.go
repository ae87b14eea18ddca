// Command linekeeper is the daemon (serve) and the tools to check, watch and
// operate it. Everything is in package cli.
package main

import (
	"os"

	"github.com/linekeeper/linekeeper/cmd/linekeeper/cli"
)

func main() { os.Exit(run()) }

func run() int { return cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr) }
