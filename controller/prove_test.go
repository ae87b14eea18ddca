package controller_test

import (
	"context"

	"github.com/linekeeper/linekeeper/queues/verify"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

// prove holds the journal of the whole test against the rules of the line, as
// `linekeeper journal verify` does. The daemon is dead by now.
func (r *rig) prove() {
	r.t.Helper()
	db, err := sqlite.Open(context.Background(), r.db)
	r.must(err)
	defer func() { r.must(db.Close()) }()
	v := verify.New(verify.Options{})
	for last := int64(0); ; {
		events, err := db.Events(context.Background(), store.EventFilter{AfterSeq: last})
		r.must(err)
		if len(events) == 0 {
			break
		}
		for _, ev := range events {
			r.must(v.Add(ev))
		}
		last = events[len(events)-1].Seq
	}
	report := v.Done()
	r.t.Log(report)
	if err := report.Err(); err != nil {
		r.t.Error(err)
	}
}
