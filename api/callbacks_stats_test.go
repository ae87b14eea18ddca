package api

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback/tally"
	"github.com/linekeeper/linekeeper/store"
)

func TestStatsReadTheJournalInPages(t *testing.T) {
	t.Parallel()
	const promises = statsPage + 5
	var filters []store.EventFilter
	c := client(t, &fake{events: func(_ context.Context, f store.EventFilter) ([]store.Event, error) {
		filters = append(filters, f)
		var page []store.Event
		for seq := f.AfterSeq + 1; seq <= promises && len(page) < f.Limit; seq++ {
			page = append(page, store.Event{
				Seq: seq, At: t0.Add(time.Duration(seq) * time.Second), Type: "callback.asked", Callback: fmt.Sprint("b", seq), Queue: "support",
			})
		}
		return page, nil
	}})
	got, err := c.CallbackStats(t.Context(), StatsFilter{Queue: "support", Since: t0, By: "day", Zone: "Europe/Moscow"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Entries != promises || len(got.Rows) != 1 || got.Rows[0].Promised != promises || got.Rows[0].Open != promises || !got.Since.Equal(t0) {
		t.Errorf("counted %+v", got)
	}
	want := store.EventFilter{Types: tally.Types(), Since: t0.Add(-tally.Before), Limit: statsPage}
	second := want
	second.AfterSeq = statsPage
	if diff := cmp.Diff([]store.EventFilter{want, second}, filters); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func TestStatsThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	boom := errors.New("disk on fire")
	c := client(t, &fake{events: func(context.Context, store.EventFilter) ([]store.Event, error) { return nil, boom }})
	for _, tc := range []struct {
		f    StatsFilter
		code string
	}{
		{StatsFilter{By: "hour"}, CodeBadRequest},
		{StatsFilter{Zone: "Mars/Base"}, CodeBadRequest},
		{StatsFilter{}, CodeInternal},
	} {
		var e *Error
		if _, err := c.CallbackStats(t.Context(), tc.f); !errors.As(err, &e) || e.Code != tc.code {
			t.Errorf("%+v gives %v", tc.f, err)
		}
	}
}
