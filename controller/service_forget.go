package controller

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller/recordings"
	"github.com/linekeeper/linekeeper/store"
)

// Forgotten is what became of the traces of a person.
type Forgotten struct {
	store.Forgotten          // Recordings are those that are still to be deleted on the switch
	Deleted         []string // recordings that were deleted, where Options.Recordings says so
}

// Forget takes a person out of everything that linekeeper keeps; see store.Forgetter.
// It returns *DeniedError while a call lasts or a promise is open. What directories on
// other machines and files of callers have is not touched.
func (c *Controller) Forget(ctx context.Context, p store.Forgettable, by string) (Forgotten, error) {
	keeper, can := c.opts.Store.(store.Forgetter)
	if !can {
		return Forgotten{}, errors.New("this store cannot forget")
	}
	found, err := keeper.Forget(ctx, p)
	out := Forgotten{Forgotten: found}
	var standing *store.StandingError
	if errors.As(err, &standing) {
		return out, &DeniedError{Message: standing.Error()}
	}
	if err != nil {
		return out, err
	}
	c.guard.drop(callers.LockAccount, p.Account)
	c.guard.drop(callers.LockNumber, p.Number)
	if cached, is := c.opts.Directory.(interface{ Clear() }); is {
		cached.Clear()
	}
	if c.opts.Recordings != "" {
		if out.Deleted, out.Recordings, err = recordings.Remove(c.opts.Recordings, found.Recordings); err != nil {
			c.log.Warn("recordings of a person who is forgotten stay; delete them by hand", zap.Strings("recordings", out.Recordings), zap.Error(err))
		}
	}
	c.store(store.Batch{Events: []store.Event{{At: time.Now(), Type: "caller.forgotten", Data: map[string]any{
		"alias": out.Alias, "by": by, "calls": out.Calls, "callbacks": out.Callbacks, "places": out.Places, "entries": out.Events,
		"recordings_deleted": len(out.Deleted), "recordings_left": len(out.Recordings),
	}}}})
	return out, nil
}
