package backtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// diary writes entries of places, seconds after nine o'clock.
type diary struct{ r *Report }

func (d diary) note(at float64, kind, place string, data map[string]any) {
	if data == nil {
		data = map[string]any{}
	}
	data["call"] = "call-" + place
	d.r.Observe(journal.Entry{At: morning.Add(time.Duration(at * 1e9)), Type: kind, Call: "call-" + place, Place: place, Queue: "support", Data: data})
}

func (d diary) join(at float64, place string, mean, low, high float64) {
	d.note(at, "place.taken", place, nil)
	d.note(at+1, "place.estimated", place, map[string]any{"ahead": 1.0, "mean_s": mean, "low_s": low, "high_s": high})
}

func (d diary) told(at float64, place, kind string, low, high float64) {
	d.r.Observe(journal.Entry{At: morning.Add(time.Duration(at * 1e9)), Type: "wait.quoted", Call: "call-" + place, Data: map[string]any{
		"kind": kind, "low": low, "high": high,
	}})
}

func (d diary) left(at float64, place, reason string) {
	d.note(at, "place.left", place, map[string]any{"reason": reason})
}

// brief writes rows as short words.
func brief(rows []Row) (out []string) {
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %d: %d scored, wait %.0f, bias %+.0f, MAE %.0f, inside %.2f, %d hung up, %d else; %d quotes, %d held, %d late",
			r.Queue, r.Hour, r.Score.N(), r.Score.MeanWait(), r.Score.Bias(), r.Score.MAE(), r.Score.Inside(), r.HungUp, r.Elsewhere, r.Quotes, r.Held, r.Late))
	}
	return out
}

func TestReport(t *testing.T) {
	t.Parallel()
	d := diary{NewReport("", time.UTC)}
	d.join(0, "a", 100, 50, 150)
	d.join(0, "b", 100, 50, 150)
	d.join(0, "c", 100, 50, 150)
	d.join(10, "gone", 300, 200, 400)
	d.join(3590, "moved", 100, 50, 150)
	d.join(3600, "late", 100, 50, 150) // joins at ten
	d.told(2, "a", "range", 1, 2)
	d.told(2, "b", "less_than_minute", 0, 0)
	d.told(2, "c", "next", 0, 0)
	d.told(12, "gone", "range", 3, 7)
	d.note(81, "place.served", "a", nil)  // 80 s after the estimate
	d.note(181, "place.served", "b", nil) // 180 s
	d.note(201, "place.served", "b", nil) // again: counts once
	d.left(250, "a", "served")            // the end of the talk
	d.left(260, "gone", "abandoned")      // after 250 s: what was told was still possible
	d.left(270, "c", "timeout")
	d.told(3605, "late", "about", 5, 5)
	d.left(4400, "late", "abandoned") // 795 s after "about five minutes": that was wrong
	d.note(4500, "place.moved", "moved", map[string]any{"from": "support", "to": "sales"})
	d.join(5000, "waits", 10, 5, 20)
	want := []string{
		"support -1: 2 scored, wait 130, bias -30, MAE 50, inside 0.50, 2 hung up, 3 else; 3 quotes, 1 held, 2 late",
		"support 9: 2 scored, wait 130, bias -30, MAE 50, inside 0.50, 1 hung up, 2 else; 2 quotes, 1 held, 1 late",
		"support 10: 0 scored, wait 0, bias +0, MAE 0, inside 0.00, 1 hung up, 1 else; 1 quotes, 0 held, 1 late",
	}
	if diff := cmp.Diff(want, brief(d.r.Rows())); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, brief(d.r.Rows())); diff != "" {
		t.Errorf("asking changed the answer:\n%s", diff)
	}
	if rows := (diary{NewReport("sales", time.UTC)}).r.Rows(); len(rows) != 0 {
		t.Errorf("rows of nothing: %v", rows)
	}
}

func TestReportOfOneQueueInItsZone(t *testing.T) {
	t.Parallel()
	for queue, want := range map[string]int{"support": 2, "sales": 0} {
		d := diary{NewReport(queue, time.FixedZone("", 3*3600))}
		d.join(0, "a", 100, 50, 150)
		d.note(81, "place.served", "a", nil)
		rows := d.r.Rows()
		if len(rows) != want {
			t.Errorf("%s: %v", queue, brief(rows))
		} else if want > 0 && rows[1].Hour != 12 {
			t.Errorf("nine o'clock in UTC is %d here", rows[1].Hour)
		}
	}
}
