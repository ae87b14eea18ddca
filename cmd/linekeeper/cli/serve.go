package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/controller/config"
)

func (e *env) serveCmd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "serve --config FILE", Short: "Run the daemon until SIGTERM or Ctrl-C", Args: cobra.NoArgs,
		Long: `Run the daemon until SIGTERM or Ctrl-C. Callers stay on the switch when it stops:
started again, it goes on with them where they are. One line on standard error
says when it is up; systemd's Type=notify is told too.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := e.configuration(file)
			if err != nil {
				return err
			}
			return e.serve(cmd.Context(), cfg)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration, linekeeper.yaml")
	return cmd
}

// configuration reads the daemon's file; --socket goes before what it says.
func (e *env) configuration(file string) (*config.Config, error) {
	if file == "" {
		return nil, usagef("name the configuration with --config")
	}
	cfg, err := config.Load(file)
	if err != nil {
		return nil, err
	}
	if e.socket != "" {
		cfg.Socket = e.socket
	}
	return cfg, nil
}

func (e *env) serve(ctx context.Context, cfg *config.Config) (err error) {
	log, err := e.logger(cfg.Log)
	if err != nil {
		return err
	}
	d, err := newDaemon(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()

	server := api.New(d.controller, d.controller.Metrics().Registry, version())
	if d.directories.hasTable {
		server.WithBook(d.table)
	}
	socket, err := api.ListenUnix(cfg.Socket)
	if err != nil {
		return err
	}
	parts := map[string]func(context.Context) error{
		"controller": d.controller.Run,
		"queue feed": d.feed.Run,
		"callers":    func(ctx context.Context) error { return d.directories.run(ctx, d.controller.Metrics()) },
		"api":        func(ctx context.Context) error { return api.Serve(ctx, socket, server.Handler()) },
	}
	parts["hotline documents"] = func(ctx context.Context) error { return d.reloads(ctx, cfg.Hotlines) }
	where := "socket " + cfg.Socket
	if cfg.Listen != "" {
		public, err := net.Listen("tcp", cfg.Listen)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for metrics and health: %w", err), socket.Close())
		}
		where += ", metrics http://" + public.Addr().String() + "/metrics"
		parts["metrics"] = func(ctx context.Context) error { return api.Serve(ctx, public, server.Public()) }
	}
	d.addRecordings(cfg.Recordings, parts)
	if err := d.addSpeech(parts, &where); err != nil {
		return errors.Join(err, socket.Close())
	}
	if err := d.addWeb(cfg, parts, &where); err != nil {
		return errors.Join(err, socket.Close())
	}
	e.ready(d, cfg, where)
	err = runAll(ctx, parts)
	log.Info("stopped; callers stay where they are")
	return err
}

// ready says that the daemon answers, to people and to systemd. Whether Asterisk
// does too is what /readyz tells.
func (e *env) ready(d *daemon, cfg *config.Config, where string) {
	e.say("linekeeper %s is up: %s, %s, Asterisk at %s, %s", version(),
		plural(len(d.hotlines.docs), "hotline"), plural(len(cfg.Queues), "queue"), cfg.Asterisk.ARI.URL, where)
	if err := notifySystemd("READY=1"); err != nil {
		d.log.Warn("systemd was not told", zap.Error(err))
	}
}

// notifySystemd speaks sd_notify(3): a datagram to the socket that a service of
// Type=notify is given. Elsewhere there is none, and nothing happens.
func notifySystemd(state string) error {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return err
	}
	_, err = conn.Write([]byte(state))
	return errors.Join(err, conn.Close())
}

// runAll runs parts until ctx ends or one of them does, ends the others, and
// gives all errors.
func runAll(ctx context.Context, parts map[string]func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for name, run := range parts {
		wg.Go(func() {
			defer cancel()
			if err := run(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// logger writes to standard error, as the configuration says.
func (e *env) logger(c config.Log) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(c.Level)
	if err != nil {
		return nil, fmt.Errorf("configuration: log.level: %q is none of debug, info, warn, error", c.Level)
	}
	conf := zap.NewProductionEncoderConfig()
	conf.EncodeTime = zapcore.RFC3339TimeEncoder
	var enc zapcore.Encoder
	switch c.Format {
	case "json":
		enc = zapcore.NewJSONEncoder(conf)
	case "console":
		conf.EncodeLevel = zapcore.CapitalLevelEncoder
		enc = zapcore.NewConsoleEncoder(conf)
	default:
		return nil, fmt.Errorf("configuration: log.format: %q is neither json nor console", c.Format)
	}
	return zap.New(zapcore.NewCore(enc, zapcore.Lock(zapcore.AddSync(e.stderr)), level)), nil
}
