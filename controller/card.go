package controller

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// cardDepth is how many earlier calls and promises a card shows.
const cardDepth = 10

// Card is what an agent sees of a caller before saying hello.
type Card struct {
	Call     store.Call
	Place    *queues.PlaceView // where the call stands in line; nil when it does not
	At       time.Time         // when the card was made
	Promise  *callback.Callback
	History  callers.History
	Calls    []store.Call        // earlier ones, the newest first, at most 10
	Promises []callback.Callback // likewise
}

// Card tells what is known of a call and of who it is with; store.ErrNotFound if
// there is no such call.
func (c *Controller) Card(ctx context.Context, id string) (Card, error) {
	rec, err := c.opts.Store.Call(ctx, id)
	if err != nil {
		return Card{}, err
	}
	card := Card{Call: rec, At: time.Now()}
	calls, promises, err := c.earlier(ctx, store.Person{Number: rec.State.ANI, Account: rec.State.Caller.Account}, rec, historyDepth)
	if err != nil {
		return Card{}, fmt.Errorf("find earlier calls of the caller of %s: %w", id, err)
	}
	card.History = remembered(calls, promises, rec.StartedAt.In(c.clockOf(rec.Hotline)))
	card.Calls, card.Promises = calls[:min(len(calls), cardDepth)], promises[:min(len(promises), cardDepth)]
	if rec.CallbackID != "" {
		cb, err := c.opts.Store.Callback(ctx, rec.CallbackID)
		if err != nil {
			return Card{}, err
		}
		card.Promise = &cb
	}
	if c.lines[rec.Queue] == nil || rec.Ended() {
		return card, nil
	}
	view, err := c.Queue(ctx, rec.Queue)
	if err != nil {
		return Card{}, err
	}
	card.At = view.At
	for _, p := range view.Places {
		if p.ID == rec.PlaceID {
			card.Place = &p
		}
	}
	return card, nil
}
