package controller_test

import (
	"context"
	"slices"

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
	// Every promise has an end in the journal, or is open in the records.
	var open []string
	cbs, err := db.Callbacks(context.Background(), store.CallbackFilter{Open: true, Limit: 1_000_000})
	r.must(err)
	for _, cb := range cbs {
		open = append(open, cb.ID)
	}
	slices.Sort(open)
	if told := v.OpenPromises(); !slices.Equal(told, open) {
		r.t.Errorf("open in the journal are the promises %v, in the records %v", told, open)
	}
	report := v.Done()
	r.t.Log(report)
	if err := report.Err(); err != nil {
		r.t.Error(err)
	}
}
