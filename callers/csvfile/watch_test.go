package csvfile

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFileThatIsWrittenAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := load(t, "account,name\n1001,Ivan\n")
		clock := time.Now()
		rewrite := func(content string) { // as an editor: beside it, and then in its place
			clock = clock.Add(time.Second)
			path := filepath.Join(filepath.Dir(d.path), "new")
			for _, err := range []error{os.WriteFile(path, []byte(content), 0o600), os.Chtimes(path, clock, clock), os.Rename(path, d.path)} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		told := make(chan error, 1)
		ended := make(chan error)
		go func() { ended <- d.Run(ctx, func(err error) { told <- err }) }()
		expect := func(what string, records int, text string) {
			t.Helper()
			time.Sleep(3 * look)
			synctest.Wait()
			select {
			case err := <-told:
				if (err == nil) != (text == "") || err != nil && !strings.Contains(err.Error(), text) {
					t.Errorf("%s: told %v, want %q", what, err, text)
				}
			default:
				if text != "nothing" {
					t.Errorf("%s: told nothing", what)
				}
			}
			if d.Len() != records {
				t.Errorf("%s: %d records, want %d", what, d.Len(), records)
			}
		}
		expect("untouched", 1, "nothing")
		rewrite("account,name\n1001,Ivan\n1002,Anna\n")
		expect("a good one", 2, "")
		expect("untouched again", 2, "nothing")
		rewrite("account,name\nten,Ivan\n")
		expect("a bad one", 2, "callers.csv:2: column account")
		expect("told once", 2, "nothing")
		if err := os.Remove(d.path); err != nil {
			t.Fatal(err)
		}
		expect("removed", 2, "no such file")
		expect("still missing", 2, "nothing")
		rewrite("account\n1001\n1002\n1003\n")
		expect("back again", 3, "")
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A file is not read while it grows.
func TestAFileThatGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := load(t, "account\n1001\n")
		ctx, cancel := context.WithCancel(t.Context())
		var told []error
		ended := make(chan error)
		go func() { ended <- d.Run(ctx, func(err error) { told = append(told, err) }) }()
		content := "account,name\n"
		time.Sleep(look / 2) // written between two looks, not at the time of one
		for range 5 {
			content += "1001,\"half"
			if err := os.WriteFile(d.path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			time.Sleep(look)
		}
		if err := os.WriteFile(d.path, []byte("account\n1001\n1002\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * look)
		cancel()
		if err := <-ended; err != nil || len(told) != 1 || told[0] != nil || d.Len() != 2 {
			t.Errorf("%v, told %v, %d records", err, told, d.Len())
		}
	})
}
