package controller

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/dialplan"
)

var errNoLookup = errors.New("linekeeper.yaml has no such lookup")

// fetch asks another system outside of the call's goroutine. The node's own timer
// ends the wait, whatever the source does.
func (k *call) fetch(a dialplan.Fetch) {
	in := make(map[string]string, len(a.With))
	for name, value := range a.With {
		in[name] = string(value)
	}
	source := k.c.opts.Lookups[a.Source]
	k.c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(k.c.ctx, a.Timeout)
		defer cancel()
		var rows []map[string]string
		err := errNoLookup
		if source != nil {
			rows, err = source.Fetch(ctx, in)
		}
		ev := dialplan.Fetched{Seq: a.Seq, Result: dialplan.FetchNotFound}
		switch {
		case err != nil:
			ev.Result = dialplan.FetchFailed
			// What sources tell holds no input.
			k.logger().Warn("a lookup failed", zap.String("source", a.Source), zap.Error(err))
		case len(rows) > 0:
			ev.Result, ev.Row = dialplan.FetchFound, rows[0]
		}
		k.send(ev)
	})
}
