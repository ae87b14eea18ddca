package controller

import (
	"context"
	"errors"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// Forget takes a person out of everything that linekeeper keeps; see store.Forgetter.
// It returns *DeniedError while a call lasts or a promise is open. What directories on
// other machines and files of callers have is not touched.
func (c *Controller) Forget(ctx context.Context, p store.Forgettable, by string) (store.Forgotten, error) {
	keeper, can := c.opts.Store.(store.Forgetter)
	if !can {
		return store.Forgotten{}, errors.New("this store cannot forget")
	}
	for kind, key := range map[callers.LockKind]string{callers.LockAccount: p.Account, callers.LockNumber: p.Number} {
		if key != "" {
			c.guard.unlock(kind, key, by, time.Now())
		}
	}
	out, err := keeper.Forget(ctx, p)
	var standing *store.StandingError
	if errors.As(err, &standing) {
		return out, &DeniedError{Message: standing.Error()}
	}
	if err != nil {
		return out, err
	}
	if cached, is := c.opts.Directory.(interface{ Clear() }); is {
		cached.Clear()
	}
	c.store(store.Batch{Events: []store.Event{{At: time.Now(), Type: "caller.forgotten", Data: map[string]any{
		"alias": out.Alias, "by": by, "calls": out.Calls, "callbacks": out.Callbacks, "places": out.Places, "entries": out.Events,
	}}}})
	return out, nil
}
