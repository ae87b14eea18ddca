package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
)

// unusedDocuments looks at few calls and, only for hotlines that are no longer
// served, at the open promises.
const unusedDocuments = `SELECT d.version FROM documents d
WHERE d.version NOT IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.ended_at = 0 AND json_extract(c.data, '$.document') = d.version)
  AND (EXISTS (SELECT 1 FROM documents newer WHERE newer.hotline = d.hotline AND (newer.since, newer.version) > (d.since, d.version))
    OR NOT EXISTS (SELECT 1 FROM callbacks b WHERE b.open = 1 AND json_extract(b.data, '$.hotline') = d.hotline))
ORDER BY d.version`

// UnusedDocuments lists the versions that may be deleted.
func (s *Store) UnusedDocuments(ctx context.Context, beside []string) ([]string, error) {
	kept, err := json.Marshal(append([]string{}, beside...))
	if err != nil {
		return nil, fmt.Errorf("list unused documents: %w", err)
	}
	rows, err := s.read.QueryContext(ctx, unusedDocuments, string(kept))
	if err != nil {
		return nil, fmt.Errorf("list unused documents: %w", err)
	}
	defer rows.Close()
	var unused []string
	for rows.Next() {
		var version string
		if err := rows.Scan(&version); err != nil {
			return nil, fmt.Errorf("list unused documents: %w", err)
		}
		unused = append(unused, version)
	}
	return unused, rows.Err()
}
