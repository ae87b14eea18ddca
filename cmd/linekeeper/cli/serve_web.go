package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/api/hooks"
	"github.com/linekeeper/linekeeper/api/web"
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
)

// addWeb adds the endpoint for forms and the hooks to the parts of the daemon, and
// says where the endpoint is.
func (d *daemon) addWeb(cfg *config.Config, parts map[string]func(context.Context) error, where *string) error {
	run, err := d.runHooks(cfg.Hooks)
	if err != nil {
		return err
	}
	if run != nil {
		parts["hooks"] = run
	}
	if cfg.Web.Listen == "" {
		return nil
	}
	addr, run, err := d.serveWeb(cfg.Web)
	if err != nil {
		return err
	}
	*where += ", web forms " + addr.String()
	parts["web forms"] = run
	return nil
}

// serveWeb prepares the endpoint for forms. It gives its address and what runs
// until ctx ends.
func (d *daemon) serveWeb(w config.Web) (net.Addr, func(context.Context) error, error) {
	server, err := d.webServer(w)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration: web: %w", err)
	}
	l, err := net.Listen("tcp", w.Listen)
	if err != nil {
		server.Close()
		return nil, nil, fmt.Errorf("listen for web forms: %w", err)
	}
	addr := l.Addr()
	if w.TLS.Cert != "" {
		pair, err := tls.LoadX509KeyPair(w.TLS.Cert, w.TLS.Key)
		if err != nil {
			server.Close()
			return nil, nil, errors.Join(fmt.Errorf("configuration: web.tls: %w", err), l.Close())
		}
		l = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}})
	}
	return addr, func(ctx context.Context) error {
		defer server.Close()
		return web.Serve(ctx, l, server.Handler())
	}, nil
}

func (d *daemon) webServer(w config.Web) (*web.Server, error) {
	proxies, err := w.Proxies()
	if err != nil {
		return nil, err
	}
	o := web.Options{
		Daemon: d.controller, Queues: w.Queues, Hotlines: w.Hotlines, Origins: w.Origins, Pending: w.MaxPending, Proxies: proxies,
		PerIP: rates(w.PerIP), PerNumber: rates(w.PerNumber), Registry: d.controller.Metrics().Registry,
		Failed: func(what string, err error) { d.log.Warn("a web form", zap.String("what", what), zap.Error(err)) },
	}
	for _, doc := range d.hotlines.docs {
		if len(w.Hotlines) == 0 || doc.Hotline == w.Hotlines[0] {
			o.Language = doc.Language
			break
		}
	}
	for _, name := range w.Hotlines {
		if !slices.ContainsFunc(d.hotlines.docs, func(doc *dialplan.Document) bool { return doc.Hotline == name }) {
			return nil, fmt.Errorf("hotlines: there is no hotline %q", name)
		}
	}
	if len(w.Hotlines) == 0 && len(d.hotlines.docs) > 1 {
		return nil, errors.New("hotlines: there are several; name those that forms may ask for")
	}
	if w.Challenge.Kind == "siteverify" {
		secret, err := w.Challenge.Secret.Reveal()
		if err != nil {
			return nil, err
		}
		o.Challenge = &web.SiteVerify{URL: w.Challenge.URL, Secret: secret, Timeout: w.Challenge.Timeout, MinScore: w.Challenge.MinScore}
		o.ChallengeOpen = w.Challenge.FailOpen
	}
	switch way := callback.VerifyWay(w.Confirm); way {
	case callback.VerifyByCall:
		o.Confirm = way
	case callback.VerifyByCode:
		sender, err := sender(w.Code)
		if err != nil {
			return nil, err
		}
		o.Confirm, o.SendCode = way, sendCode(sender)
	}
	return web.New(o)
}

// sendCode hands codes to a sender: they pass by the journal.
func sendCode(to hooks.Sender) func(context.Context, web.Code) error {
	return func(ctx context.Context, c web.Code) error {
		body, err := json.Marshal(c)
		if err != nil {
			return err
		}
		return to.Send(ctx, hooks.Message{ID: "code-" + c.Callback, Body: body})
	}
}

func rates(r config.WebRate) []web.Rate {
	return []web.Rate{{N: r.Hour, Per: time.Hour}, {N: r.Day, Per: 24 * time.Hour}}
}

// sender is what brings messages to a target.
func sender(t config.Target) (hooks.Sender, error) {
	if len(t.Command) > 0 {
		return &hooks.Command{Argv: t.Command, Timeout: t.Timeout}, nil
	}
	secret, err := t.Secret.Reveal()
	if err != nil {
		return nil, err
	}
	return &hooks.HTTP{URL: t.URL, Secret: secret, Timeout: t.Timeout}, nil
}

// runHooks prepares those who hear of entries of the journal; nil when there are none.
func (d *daemon) runHooks(all map[string]config.Hook) (func(context.Context) error, error) {
	if len(all) == 0 {
		return nil, nil
	}
	o := hooks.Options{
		Journal: d.store, Registry: d.controller.Metrics().Registry,
		Failed: func(hook string, err error) { d.log.Warn("a hook", zap.String("hook", hook), zap.Error(err)) },
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s, err := sender(all[name].Target())
		if err != nil {
			return nil, fmt.Errorf("configuration: hooks.%s.secret: %w", name, err)
		}
		o.Hooks = append(o.Hooks, hooks.Hook{Name: name, On: all[name].On, Send: s, GiveUp: all[name].GiveUp})
	}
	r, err := hooks.New(o)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		return r.Run(ctx)
	}, nil
}
