package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	maxSocketPath = 107 // bytes; what the kernel's sockaddr_un takes
	dialTimeout   = 2 * time.Second
	graceTimeout  = 5 * time.Second // for requests under way when the daemon stops
)

// ListenUnix listens on a unix socket of mode 0660, so that the user and the
// group of the daemon may use it. A socket that a killed daemon left behind is
// replaced; one at which a daemon answers, and a file that is no socket, are
// left alone and give an error. Closing the listener removes the socket.
func ListenUnix(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("listen on %s: the path has %d bytes, a unix socket may have %d; choose a shorter one", path, len(path), maxSocketPath)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	// Until here the umask decides, which grants no more to anybody else.
	if err := os.Chmod(path, 0o660); err != nil {
		return nil, errors.Join(fmt.Errorf("listen on %s: %w", path, err), l.Close())
	}
	return l, nil
}

// removeStale removes a socket at which nobody answers.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", path, err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("listen on %s: there is a file that is no socket; remove it or choose another path", path)
	}
	conn, err := net.DialTimeout("unix", path, dialTimeout)
	if err == nil {
		return errors.Join(fmt.Errorf("listen on %s: another linekeeper answers there", path), conn.Close())
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("listen on %s: it cannot be told whether another linekeeper answers there: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the socket of a daemon that is gone: %w", err)
	}
	return nil
}

// Serve answers requests on l until ctx ends, gives those under way five
// seconds, and closes l. It returns nil when ctx ended it.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return ServeBy(ctx, l, &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute,
		// With ctx, whoever follows the journal is let go at once.
		BaseContext: func(net.Listener) context.Context { return ctx },
	})
}

// ServeBy is Serve by a server with limits of its own, which is of no use afterwards.
func ServeBy(ctx context.Context, l net.Listener, srv *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTimeout)
	defer cancel()
	err := srv.Shutdown(grace)
	if err != nil {
		err = errors.Join(fmt.Errorf("let the requests on %s end: %w", l.Addr(), err), srv.Close())
	}
	<-failed // http.ErrServerClosed
	return err
}
