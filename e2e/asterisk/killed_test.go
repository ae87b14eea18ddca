package asterisk_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
)

// startAndWait tells the test binary to play a program that is killed while its
// Asterisk runs; its value is the parent of the run folder.
const startAndWait = "LINEKEEPER_TEST_START_AND_WAIT"

func TestMain(m *testing.M) {
	if parent := os.Getenv(startAndWait); parent != "" {
		os.Exit(victim(parent))
	}
	os.Exit(m.Run())
}

func victim(parent string) int {
	ctx := context.Background()
	in, err := asterisk.Setup(ctx, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	a, err := asterisk.Start(ctx, asterisk.Options{Install: in, Dir: parent})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(a.Dir)
	<-a.Done()
	return 1
}

func TestNothingOutlivesAKilledParent(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), startAndWait+"="+parent)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program did not start its Asterisk: %v", err)
	}
	dir := strings.TrimSpace(line)
	if len(processesOf(t, dir)) == 0 {
		t.Fatal("no process of this Asterisk is visible")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the killed program ended well")
	}
	// The kernel kills Asterisk; there is nobody left who could tell us.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); len(processesOf(t, dir)) != 0; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("Asterisk outlived its parent: %v", processesOf(t, dir))
		}
	}

	// Its folder is swept by a later start, once it is old enough.
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir+"/lock", old, old); err != nil {
		t.Fatal(err)
	}
	a := start(t, asterisk.Options{Install: install(t), Dir: parent})
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder of the killed program is still there: %v", err)
	}
	if _, err := os.Stat(a.Dir); err != nil {
		t.Errorf("the folder of the running one: %v", err)
	}
}
