package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/store"
)

// CallbackWindows counts the open promises of a queue by the beginning of their
// windows.
func (s *Store) CallbackWindows(ctx context.Context, queue string, from, before time.Time) (counts []store.WindowCount, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT window_from, count(*) FROM callbacks
		WHERE open = 1 AND window_from > 0 AND queue = ? AND window_from >= ? AND window_from < ?
		GROUP BY window_from ORDER BY window_from`, queue, from.UnixMilli(), before.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("count the windows of callbacks: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var at int64
		var c store.WindowCount
		if err := rows.Scan(&at, &c.N); err != nil {
			return nil, fmt.Errorf("count the windows of callbacks: %w", err)
		}
		c.From = time.UnixMilli(at).UTC()
		counts = append(counts, c)
	}
	return counts, rows.Err()
}
