package api

import (
	"context"
	"net/http"
	"net/url"
)

// CallerLocks lists the accounts and numbers with wrong entries that still count,
// the last to open first.
func (c *Client) CallerLocks(ctx context.Context) ([]CallerLock, error) {
	return get[[]CallerLock](ctx, c, "/v1/callers/locks", nil)
}

// UnlockAccount forgets the wrong entries for an account; one without any is not
// an error.
func (c *Client) UnlockAccount(ctx context.Context, account string) (Unlocked, error) {
	return send[Unlocked](ctx, c, http.MethodPost, "/v1/callers/"+url.PathEscape(account)+"/unlock", struct{}{})
}

// UnlockNumber forgets the wrong entries from a number (E.164), likewise.
func (c *Client) UnlockNumber(ctx context.Context, number string) (Unlocked, error) {
	return send[Unlocked](ctx, c, http.MethodPost, "/v1/callers/numbers/"+url.PathEscape(number)+"/unlock", struct{}{})
}
