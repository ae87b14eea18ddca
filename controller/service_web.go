package controller

import (
	"context"
	"fmt"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
)

// CallbackByKey finds the promise that was asked for with a key;
// store.ErrNotFound if there is none.
func (c *Controller) CallbackByKey(ctx context.Context, key string) (callback.Callback, error) {
	return c.opts.Store.CallbackByKey(ctx, key)
}

// NumberOf brings a number to E.164 as a hotline ("": the only one) understands it;
// false when it is none.
func (c *Controller) NumberOf(hotline, number string) (string, bool) {
	region := c.opts.Region
	if doc, err := c.hotlineFor(hotline); err == nil {
		region = regionOf(doc, region)
	}
	return callers.Normalize(number, region)
}

// VerifyCallback says that the owner of the number wants the call; by is how that
// is known. It returns when that is on disk; *DeniedError when the promise is
// closed, or waits for no such word.
func (c *Controller) VerifyCallback(ctx context.Context, id, by string) (callback.Callback, error) {
	cb, err := c.opts.Store.Callback(ctx, id)
	switch {
	case err != nil:
		return callback.Callback{}, err
	case cb.Verify == "" || !cb.Open():
		return cb, &DeniedError{Message: fmt.Sprintf("callback %s waits for no confirmation", id)}
	}
	closed, err := c.promises.order(ctx, id, callback.Verified{By: by})
	if err != nil {
		return callback.Callback{}, err
	}
	if closed {
		return cb, &DeniedError{Message: fmt.Sprintf("callback %s is closed", id)}
	}
	return c.opts.Store.Callback(ctx, id)
}
