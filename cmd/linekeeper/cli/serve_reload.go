package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/controller/watch"
	"github.com/linekeeper/linekeeper/dialplan"
)

// watchEvery is how often the files of the hotline documents are looked at; a
// change counts when two looks agree.
const watchEvery = 500 * time.Millisecond

// documents is where the daemon's hotline documents come from.
func (d *daemon) documents(cfg *config.Config) controller.Documents {
	return controller.Documents{
		Read: func() ([]controller.Draft, error) {
			files, err := documentFiles(cfg.Hotlines)
			if err != nil {
				return nil, err
			}
			var drafts []controller.Draft
			for _, file := range files {
				src, err := os.ReadFile(file)
				if err != nil {
					drafts = append(drafts, controller.Draft{File: file, Err: err})
					continue
				}
				drafts = append(drafts, draftOf(file, src, cfg))
			}
			return drafts, nil
		},
		Parse:  func(file string, src []byte) controller.Draft { return draftOf(file, src, cfg) },
		Loaded: d.warm,
	}
}

// draftOf reads one document with all that can be said of it alone.
func draftOf(file string, src []byte, cfg *config.Config) controller.Draft {
	doc, policy, errs := readHotline(file, src, cfg)
	draft := controller.Draft{File: file, Policy: policy, Err: errors.Join(errs...)}
	if draft.Err == nil {
		draft.Err = errors.Join(checkTogether([]*dialplan.Document{doc}, cfg)...)
	}
	if draft.Err == nil {
		draft.Document = doc
	}
	return draft
}

// reloads reads the documents anew on SIGHUP and when their files change, until
// ctx ends. What comes of it is in log and journal.
func (d *daemon) reloads(ctx context.Context, path string) error {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	changes, watching := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(watching)
		watch.Files(ctx, path, d.sight, watchEvery, func() {
			select {
			case changes <- struct{}{}:
			default: // one is due already, and will see this change too
			}
		})
	}()
	for {
		select {
		case <-ctx.Done():
			<-watching
			return nil
		case <-hangups:
		case <-changes:
		}
		if _, err := d.controller.Reload(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("the hotline documents could not be reloaded; calls go by the former ones", zap.Error(err))
		}
	}
}
