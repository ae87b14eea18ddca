package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/linekeeper/linekeeper/controller"
)

// Health asks which parts of the daemon work, as /readyz tells.
func (c *Client) Health(ctx context.Context) (controller.Health, error) {
	var h controller.Health
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://linekeeper/readyz", nil)
	if err != nil {
		return h, fmt.Errorf("ask the daemon: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return h, c.explain(err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	if err := json.NewDecoder(resp.Body).Decode(&h); err != nil {
		return h, fmt.Errorf("read the daemon's answer: %w", err)
	}
	return h, nil
}
