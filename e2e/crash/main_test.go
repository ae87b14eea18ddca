// Package crash_test kills the daemon at every numbered step of a promise on a
// real Asterisk, kills Asterisk itself, and loses replies; each time the promise
// must be carried out to its end, and the customer's phone ring no more often than
// is written down.
package crash_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

var (
	install asterisk.Install
	mortal  string // the linekeeper that can be told to kill itself
)

// atOnce is how many stages run beside each other, whatever the number of
// processors: they wait most of their time.
const atOnce = "8"

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) (code int) {
	flag.Parse()
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "crash:", err)
		return 1
	}
	if err := flag.Set("test.parallel", atOnce); err != nil {
		return fail(err)
	}
	var err error
	ctx := context.Background()
	if install, err = asterisk.Setup(ctx, os.Stderr); err != nil {
		return fail(err)
	}
	if mortal, err = stage.TaggedProgram(ctx, "crashsteps"); err != nil {
		return fail(err)
	}
	code = m.Run()
	if err := stage.RemoveProgram(); err != nil {
		code = fail(err)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			code = fail(err)
		}
	}
	return code
}
