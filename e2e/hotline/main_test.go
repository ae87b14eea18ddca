package hotline_test

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

var install asterisk.Install

// atOnce is how many tests run beside each other, whatever the number of
// processors: a test listens most of its time.
const atOnce = "8"

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) (code int) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		fmt.Fprintln(os.Stderr, "hotline:", err)
		return 1
	}
	var err error
	if install, err = asterisk.Setup(context.Background(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "hotline:", err)
		return 1
	}
	code = m.Run()
	if err := stage.RemoveProgram(); err != nil {
		fmt.Fprintln(os.Stderr, "hotline:", err)
		code = 1
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "hotline:", err)
			code = 1
		}
	}
	return code
}
