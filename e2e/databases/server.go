package databases

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The account that each server is made with, and its password.
const (
	User     = "linekeeper"
	Password = "let-me-read"
)

// Server is a running database server.
type Server struct {
	Address string // host:port on loopback
	Trust   string // path of the certificate that is to be trusted, "" for a server without TLS

	dir  string
	cmd  *exec.Cmd
	said *bytes.Buffer // what it printed; read it once the process has ended
	done chan error

	stopped bool
}

// nobody is the account under which PostgreSQL runs for root, whom it refuses.
const nobody = 65534

// asNobody says whether servers have to run as somebody else.
func asNobody() bool { return os.Geteuid() == 0 }

// folder makes a folder of its own for a server, which everybody may pass.
func folder() (string, error) {
	dir, err := os.MkdirTemp("", "lk-db-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// StartPostgres makes a cluster and serves it until Stop, with TLS for those who
// want it. It blocks until the server listens, which takes about two
// seconds; it may say for a moment that it is starting up.
func StartPostgres(ctx context.Context, in Install) (*Server, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	s, err := startPostgres(ctx, in.PostgresBin, dir)
	return kept(s, err, dir)
}

// kept removes the folder of a server that did not start.
func kept(s *Server, err error, dir string) (*Server, error) {
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func startPostgres(ctx context.Context, bin, dir string) (*Server, error) {
	if asNobody() {
		// The cache may be in a folder that only root can enter.
		copied, err := copyPostgres(ctx, bin, dir)
		if err != nil {
			return nil, err
		}
		bin = copied
	}
	if err := makeCertificate(dir); err != nil {
		return nil, err
	}
	data, secret := filepath.Join(dir, "data"), filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(Password), 0o600); err != nil {
		return nil, err
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := giveAway(dir, secret, cert, key); err != nil {
		return nil, err
	}
	initdb := command(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", secret,
		"--no-sync", "--locale=C", "-E", "UTF8", "--no-instructions")
	initdb.Dir = dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=", "fsync=off", "ssl=on",
		"ssl_cert_file=" + cert, "ssl_key_file=" + key, "shared_buffers=16MB",
	}
	args := []string{"-D", data}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	s := &Server{Address: "127.0.0.1:" + port, Trust: cert, dir: dir, cmd: command(context.WithoutCancel(ctx), filepath.Join(bin, "postgres"), args...)}
	return s, s.start(ctx)
}

// StartMariaDB makes a data folder and serves it until Stop, with a base and an
// account that are both called User. It blocks until the server listens.
func StartMariaDB(ctx context.Context, in Install) (*Server, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	s, err := startMariaDB(ctx, in, dir)
	return kept(s, err, dir)
}

func startMariaDB(ctx context.Context, in Install, dir string) (*Server, error) {
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		return nil, err
	}
	base := []string{
		"--no-defaults", "--basedir=" + filepath.Dir(filepath.Dir(filepath.Dir(in.MariaDBShare))), "--datadir=" + data, "--lc-messages-dir=" + in.MariaDBShare,
		"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M",
	}
	if asNobody() {
		base = append(base, "--user=root") // it refuses root unless told so
	}
	var script bytes.Buffer
	script.WriteString("CREATE DATABASE mysql;\nUSE mysql;\n")
	for _, name := range []string{"mariadb_system_tables.sql", "mariadb_system_tables_data.sql"} {
		text, err := os.ReadFile(filepath.Join(in.MariaDBShare, name))
		if err != nil {
			return nil, fmt.Errorf("make the system tables: %w", err)
		}
		script.Write(text)
	}
	fmt.Fprintf(&script, "\nFLUSH PRIVILEGES;\nCREATE DATABASE %[1]s CHARACTER SET utf8mb4;\nCREATE USER '%[1]s'@'%%' IDENTIFIED BY '%[2]s';\nGRANT ALL ON %[1]s.* TO '%[1]s'@'%%';\n", User, Password)
	bin := filepath.Join(in.MariaDBBin, "mariadbd")
	bootstrap := exec.CommandContext(ctx, bin, append(base, "--bootstrap")...)
	bootstrap.Stdin, bootstrap.Dir = &script, dir
	if out, err := bootstrap.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("bootstrap of mariadbd: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := append(base, "--bind-address=127.0.0.1", "--port="+port, "--socket="+filepath.Join(dir, "s"), "--pid-file="+filepath.Join(dir, "pid"), "--skip-name-resolve")
	s := &Server{Address: "127.0.0.1:" + port, dir: dir, cmd: exec.Command(bin, args...)}
	return s, s.start(ctx)
}

// command runs a program as somebody who is not root.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	if asNobody() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		cmd.Env = append(os.Environ(), "HOME=/nonexistent")
	}
	return cmd
}

// start runs the program and waits until it listens.
func (s *Server) start(ctx context.Context) error {
	s.said, s.done = &bytes.Buffer{}, make(chan error, 1)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, s.said, s.said
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", s.cmd.Path, err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-s.done:
			return fmt.Errorf("%s ended: %w: %s", s.cmd.Path, err, s.said)
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%s does not listen: %w", s.cmd.Path, ctx.Err()), s.Stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server at once, waits for its end and removes its folder. Stop twice
// is not an error.
func (s *Server) Stop() error {
	if s.stopped {
		return nil
	}
	s.stopped = true
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.done:
		return os.RemoveAll(s.dir)
	case <-time.After(10 * time.Second):
		err := fmt.Errorf("%s did not end and was killed", s.cmd.Path)
		err = errors.Join(err, s.cmd.Process.Kill())
		<-s.done
		return errors.Join(err, os.RemoveAll(s.dir))
	}
}

func giveAway(paths ...string) error {
	if !asNobody() {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, nobody, nobody); err != nil {
			return err
		}
	}
	return nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// copyPostgres copies what PostgreSQL needs of its tree, in the same order of
// folders, to where everybody can read it.
func copyPostgres(ctx context.Context, bin, dir string) (string, error) {
	root := bin
	for range 5 { // usr/lib/postgresql/VERSION/bin
		root = filepath.Dir(root)
	}
	loaders, err := filepath.Glob(filepath.Join(root, "usr/lib/*-linux-gnu*"))
	if err != nil || len(loaders) == 0 {
		return "", fmt.Errorf("copy PostgreSQL: there are no libraries in %s", root)
	}
	to := filepath.Join(dir, "root")
	library := strings.TrimPrefix(loaders[0], root+"/")
	script := `set -e
mkdir -p "$2/$3" "$2/usr/lib" "$2/usr/share"
cp -a "$1/$3"/*.so* "$2/$3/"
cp -a "$1/usr/lib/postgresql" "$2/usr/lib/"
cp -a "$1/usr/share/postgresql" "$2/usr/share/"
chmod -R a+rX "$2"`
	if out, err := exec.CommandContext(ctx, "sh", "-c", script, "copy", root, to, library).CombinedOutput(); err != nil {
		return "", fmt.Errorf("copy PostgreSQL: %w: %s", err, out)
	}
	return filepath.Join(to, strings.TrimPrefix(bin, root)), nil
}
