package api

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestListenUnix(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run", "lk.sock")
	l, err := ListenUnix(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := ListenUnix(path); err == nil || !strings.Contains(err.Error(), "another linekeeper answers there") {
		t.Errorf("a second daemon gets %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Close the socket gives %v", err)
	}
}

func TestListenUnixReplacesAStaleSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.sock")
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false) // as after kill -9
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := ListenUnix(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestListenUnixRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		file:                                  "no socket",
		filepath.Join(file, "lk.sock"):        "not a directory",
		"/" + strings.Repeat("x", 120) + "/s": "a unix socket may have 107",
	} {
		if _, err := ListenUnix(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v", path, err)
		}
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "precious" {
		t.Errorf("the file is now %q, %v", data, err)
	}
}

func TestClientSaysWhyThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none := filepath.Join(dir, "none.sock")
	c := NewClient(none)
	_, err := c.Queues(t.Context())
	want := "linekeeper is not running: nothing listens on " + none + "; start it with `linekeeper serve --config FILE`, or name its socket with --socket"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}

	stale := filepath.Join(dir, "stale.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var nobody *NotRunningError
	if _, err := NewClient(stale).Version(t.Context()); !errors.As(err, &nobody) || nobody.Socket != stale {
		t.Errorf("a stale socket gives %v", err)
	}

	var denied *DeniedError
	if err := NewClient("x.sock").explain(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", fs.ErrPermission)}); !errors.As(err, &denied) {
		t.Errorf("a socket of others gives %v", err)
	} else if !strings.Contains(err.Error(), "permission denied on x.sock") {
		t.Errorf("says %v", err)
	}
}

func TestClientDoesNotMistakeAnotherServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "other.sock"))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = conn.Write([]byte("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnope!"))
		_ = conn.Close()
	}()
	c := NewClient(l.Addr().String())
	if _, err := c.Version(t.Context()); err == nil || err.Error() != "ask the daemon: it answered 404 Not Found" {
		t.Errorf("gives %v", err)
	}
	<-done
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}
