package stage

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/queues/verify"
)

// Verify holds the whole journal, as far as it is written, against the rules of
// the line, as `linekeeper journal verify` does. The daemon must be running. The
// error says that the journal could not be read; what it proves is in the report.
func (s *Stage) Verify(ctx context.Context) (verify.Report, error) {
	v := verify.New(verify.Options{})
	err := s.Client.Journal(ctx, api.JournalFilter{}, v.Add)
	if err != nil {
		return verify.Report{}, fmt.Errorf("verify the journal: %w", err)
	}
	return v.Done(), nil
}

// proofTimeout is how long reading the journal may take at the end.
const proofTimeout = 20 * time.Second

// prove verifies the journal at the end. Where the daemon is dead by then, nobody
// reads it.
func (s *Stage) prove() error {
	d := s.daemon
	if d == nil || !d.ready {
		return nil
	}
	select {
	case <-d.done:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(context.Background(), proofTimeout)
	defer cancel()
	var err error
	if s.Proof, err = s.Verify(ctx); err != nil {
		return err
	}
	return s.Proof.Err()
}
