package backtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// AllDay is the Hour of a Row that sums up a queue.
const AllDay = -1

// Row says how the estimates of one queue did, for those who joined in one hour
// of the day, or for all.
type Row struct {
	Queue string
	Hour  int   // 0 to 23, or AllDay
	Score Score // of the first estimate after joining
	HungUp,
	Elsewhere int // estimates without a truth: hung up; ended otherwise, moved away, or still waiting
	Quotes,
	Held,
	Late int // spoken minutes: how many could be judged, held, or were exceeded
}

// Report compares what was said with what came, from the entries of a journal in
// their order. It is not safe for concurrent use.
type Report struct {
	queue  string
	zone   *time.Location
	rows   map[rowKey]*Row
	places map[string]*stay  // that wait, by id
	byCall map[string]string // the place of a call
}

type rowKey struct {
	queue string
	hour  int
}

// stay is one place in one queue.
type stay struct {
	queue     string
	at        time.Time // of the estimate; zero before there is one
	mean      float64   // seconds, as the next two
	low, high float64
	quotes    []spoken
}

// spoken is what a caller was told.
type spoken struct {
	at    time.Time
	quote queues.Quote
}

// NewReport gives an empty report about one queue, or about all when it is "".
// Hours are those of the zone.
func NewReport(queue string, zone *time.Location) *Report {
	return &Report{queue: queue, zone: zone, rows: map[rowKey]*Row{}, places: map[string]*stay{}, byCall: map[string]string{}}
}

// Observe takes up one entry; those that say nothing about estimates are passed
// over. Places that were taken before the first entry are not scored.
func (r *Report) Observe(e journal.Entry) {
	if call, _ := e.Data["call"].(string); call != "" && e.Place != "" {
		r.byCall[call] = e.Place
	}
	switch e.Type {
	case "place.taken":
		r.places[e.Place] = &stay{queue: e.Queue}
	case "place.estimated":
		r.estimated(e)
	case "wait.quoted":
		r.quoted(e)
	case "place.served":
		r.over(e.Place, e.At, func(row *Row, s *stay) {
			row.Score.Add(s.mean, s.low, s.high, e.At.Sub(s.at).Seconds())
		}, true)
	case "place.left":
		reason, _ := e.Data["reason"].(string)
		r.over(e.Place, e.At, func(row *Row, _ *stay) {
			if reason == string(queues.LeftAbandoned) {
				row.HungUp++
			} else {
				row.Elsewhere++
			}
		}, false)
	case "place.moved":
		r.over(e.Place, e.At, func(row *Row, _ *stay) { row.Elsewhere++ }, false)
		r.places[e.Place] = &stay{queue: e.Queue}
	case "call.ended":
		delete(r.byCall, e.Call)
	}
}

func (r *Report) estimated(e journal.Entry) {
	s := r.places[e.Place]
	mean, known := e.Data["mean_s"].(float64)
	low, isLow := e.Data["low_s"].(float64)
	high, isHigh := e.Data["high_s"].(float64)
	if s == nil || !s.at.IsZero() || !known || !isLow || !isHigh {
		return
	}
	s.at, s.mean, s.low, s.high = e.At, mean, low, high
}

func (r *Report) quoted(e journal.Entry) {
	s := r.places[r.byCall[e.Call]]
	if s == nil {
		return
	}
	kind, _ := e.Data["kind"].(string)
	low, _ := e.Data["low"].(float64)
	high, _ := e.Data["high"].(float64)
	s.quotes = append(s.quotes, spoken{e.At, queues.Quote{Kind: queues.QuoteKind(kind), Low: int(low), High: int(high)}})
}

// over ends the wait of a place and judges what it was told; served says that an
// agent came.
func (r *Report) over(place string, at time.Time, count func(*Row, *stay), served bool) {
	s := r.places[place]
	if s == nil {
		return
	}
	delete(r.places, place)
	if r.queue != "" && s.queue != r.queue {
		return
	}
	if !s.at.IsZero() {
		for _, row := range r.rowsOf(s.queue, s.at) {
			count(row, s)
		}
	}
	for _, q := range s.quotes {
		early, late, counts := q.quote.Judge(at.Sub(q.at))
		if !counts || !served && !late {
			continue // no minutes were told, or nobody knows whether they would have been true
		}
		for _, row := range r.rowsOf(s.queue, q.at) {
			row.Quotes++
			switch {
			case late:
				row.Late++
			case !early:
				row.Held++
			}
		}
	}
}

// rowsOf gives the row of the hour and that of the queue.
func (r *Report) rowsOf(queue string, at time.Time) [2]*Row {
	var rows [2]*Row
	for i, hour := range []int{AllDay, at.In(r.zone).Hour()} {
		key := rowKey{queue, hour}
		if r.rows[key] == nil {
			r.rows[key] = &Row{Queue: queue, Hour: hour}
		}
		rows[i] = r.rows[key]
	}
	return rows
}

// Rows lists what was found: by queue, the sum first, then the hours. Places that
// still wait count as Elsewhere.
func (r *Report) Rows() []Row {
	open := map[rowKey]int{}
	for _, s := range r.places {
		if s.at.IsZero() || r.queue != "" && s.queue != r.queue {
			continue
		}
		for _, row := range r.rowsOf(s.queue, s.at) {
			open[rowKey{row.Queue, row.Hour}]++
		}
	}
	rows := make([]Row, 0, len(r.rows))
	for key, row := range r.rows {
		sum := *row
		sum.Elsewhere += open[key]
		rows = append(rows, sum)
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.Hour, b.Hour))
	})
	return rows
}
