package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/callback/tally"
	"github.com/linekeeper/linekeeper/store"
)

// statsPage is how many entries of the journal are read at once for statistics.
const statsPage = 10_000

// CallbackStats is the answer of GET /v1/callbacks/stats.
type CallbackStats struct {
	Since   *time.Time  `json:"since"`   // promises asked for at or after; null: since the journal begins
	Until   *time.Time  `json:"until"`   // and before; null: until now
	By      string      `json:"by"`      // queue, campaign, reason, day; "" for one row of all
	Entries int         `json:"entries"` // of the journal that were read
	Rows    []tally.Row `json:"rows"`
}

// StatsFilter chooses what is counted; zero fields choose all.
type StatsFilter struct {
	Queue string    // only promises asked for in this queue
	Since time.Time // asked for at or after
	Until time.Time // and before
	By    string    // one of StatsGroups; "" for one row of all
	Zone  string    // IANA name: whose days are counted; "" for UTC
}

// StatsGroups are the words in StatsFilter.By.
func StatsGroups() []string {
	return show(tally.Groups(), func(b tally.By) string { return string(b) })
}

func (s *Server) stats(r *http.Request) (any, error) {
	q := &query{r: r}
	o := tally.Options{
		Queue: q.text("queue"), Since: q.time("since"), Until: q.time("until"), By: tally.By(q.oneOf("by", StatsGroups())), Zone: time.UTC,
	}
	if name := q.text("zone"); name != "" {
		loc, err := time.LoadLocation(name)
		if err != nil {
			q.fail("zone=%q is not known here: write an IANA name like Europe/Moscow", name)
		}
		o.Zone = loc
	}
	if q.err != nil {
		return nil, q.err
	}
	t := tally.New(o)
	n, err := s.observe(r.Context(), t, o.Since)
	return CallbackStats{Since: when(o.Since), Until: when(o.Until), By: string(o.By), Entries: n, Rows: t.Rows(time.Now())}, err
}

// observe shows a tally what the journal has, a page at a time.
func (s *Server) observe(ctx context.Context, t *tally.Tally, since time.Time) (n int, err error) {
	f := store.EventFilter{Types: tally.Types(), Limit: statsPage}
	if !since.IsZero() {
		f.Since = since.Add(-tally.Before)
	}
	for {
		events, err := s.daemon.Events(ctx, f)
		if err != nil {
			return n, err
		}
		for _, ev := range events {
			t.Observe(ev)
			f.AfterSeq = ev.Seq
		}
		if n += len(events); len(events) < statsPage {
			return n, nil
		}
	}
}

// CallbackStats counts from the daemon's journal what became of promises. A million
// entries take seconds, so ctx decides alone how long it may take.
func (c *Client) CallbackStats(ctx context.Context, f StatsFilter) (CallbackStats, error) {
	long := newClient(c.socket, 0)
	defer long.Close()
	return get[CallbackStats](ctx, long, "/v1/callbacks/stats", values{
		"queue": f.Queue, "since": stamp(f.Since), "until": stamp(f.Until), "by": f.By, "zone": f.Zone,
	})
}
