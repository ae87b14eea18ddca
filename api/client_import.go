package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// ImportCallbacks promises what rows ask for, and gives the result of each, in their
// order. With dry nothing is promised. A batch should have a few thousand rows at most.
func (c *Client) ImportCallbacks(ctx context.Context, rows []ImportRow, dry bool) ([]ImportResult, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for _, row := range rows {
		if err := enc.Encode(row); err != nil {
			return nil, fmt.Errorf("encode the rows: %w", err)
		}
	}
	resp, err := c.do(ctx, http.MethodPost, "/v1/callbacks/import", values{"dry_run": flag(dry)}, &body)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	results := make([]ImportResult, 0, len(rows))
	for dec := json.NewDecoder(resp.Body); ; {
		var r ImportResult
		switch err := dec.Decode(&r); {
		case errors.Is(err, io.EOF) && len(results) == len(rows):
			return results, nil
		case errors.Is(err, io.EOF):
			return results, fmt.Errorf("import: the daemon answered for %d of %d rows", len(results), len(rows))
		case err != nil:
			return results, fmt.Errorf("read the daemon's answer: %w", err)
		}
		results = append(results, r)
	}
}
