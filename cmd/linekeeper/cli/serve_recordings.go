package cli

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/controller/recordings"
	"github.com/linekeeper/linekeeper/store"
)

// recordingsEvery is how often the switch's recordings are swept.
const recordingsEvery = 6 * time.Hour

// addRecordings adds the sweep of the switch's recordings to the parts of the
// daemon, where one is wanted.
func (d *daemon) addRecordings(c config.Recordings, parts map[string]func(context.Context) error) {
	if c.Folder == "" || c.Keep <= 0 {
		return
	}
	parts["sweep of recordings"] = func(ctx context.Context) error {
		tick := time.NewTicker(recordingsEvery)
		defer tick.Stop()
		for {
			removed, err := recordings.Sweep(c.Folder, c.Keep, time.Now(), func() (map[string]bool, error) { return d.wantedMessages(ctx) })
			if err != nil && ctx.Err() == nil {
				d.log.Warn("recordings are kept for too long", zap.Error(err))
			}
			if removed > 0 {
				d.log.Info("recordings were removed", zap.Int("count", removed), zap.Duration("older_than", c.Keep))
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// wantedMessages are those of promises that are open: an agent is yet to hear them.
func (d *daemon) wantedMessages(ctx context.Context) (map[string]bool, error) {
	const page = 1000
	wanted := map[string]bool{}
	for after := ""; ; {
		open, err := d.store.Callbacks(ctx, store.CallbackFilter{Open: true, After: after, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, cb := range open {
			if cb.About.Message != "" {
				wanted[cb.About.Message] = true
			}
		}
		if len(open) < page {
			return wanted, nil
		}
		after = open[len(open)-1].ID
	}
}
