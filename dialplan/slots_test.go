package dialplan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
)

// slotted is a document whose slots are these, and the hours of the hotline.
func slotted(t testing.TB, hours, slots string) (*dialplan.Hours, *dialplan.Slots) {
	t.Helper()
	doc := parse(t, "hotline: t\nnumbers: [\"600\"]\nlanguage: en\nstart: a\nhours: "+hours+"\nnodes:\n  a: {callback: {queue: q, slots: "+slots+"}}\n")
	return doc.Hours, doc.Nodes["a"].Slots
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	const berlin = ", timezone: Europe/Berlin}"
	for _, tc := range []struct{ name, hours, slots, now, want string }{
		{"today and tomorrow", "{daily: \"09:00-12:00\"" + berlin, "{capacity: 1, days: 2}", "2026-11-23T09:10:00+01:00", "23 10:00, 23 11:00, 24 09:00, 24 10:00, 24 11:00"},
		{"not too soon", "{daily: \"09:00-12:00\"" + berlin, "{capacity: 1, days: 1, ahead: 1h}", "2026-11-23T09:10:00+01:00", "23 11:00"},
		{"at once", "{daily: \"09:00-12:00\"" + berlin, "{capacity: 1, days: 1, ahead: 0s}", "2026-11-23T09:00:00+01:00", "23 09:00, 23 10:00, 23 11:00"},
		{"what does not fit is left out", "{daily: \"09:30-12:00\"" + berlin, "{capacity: 1, days: 1}", "2026-11-23T00:00:00+01:00", "23 09:30, 23 10:30"},
		{"closed days", "{weekdays: \"09:00-10:00\", holidays: [2026-11-24]" + berlin, "{capacity: 1, days: 7}", "2026-11-20T12:00:00+01:00", "23 09:00, 25 09:00, 26 09:00"},
		{"hours of their own", "{daily: \"09:00-10:00\"" + berlin, "{capacity: 1, days: 1, hours: {daily: [\"12:00-13:00\", \"15:00-16:00\"]}}", "2026-11-23T00:00:00+01:00", "23 12:00, 23 15:00"},
		{"a night shift", "{mon: \"22:00-02:00\"" + berlin, "{capacity: 1, days: 2, length: 2h}", "2026-11-23T12:00:00+01:00", "23 22:00, 24 00:00"},
		{"an hour that does not exist", "{daily: \"01:00-05:00\"" + berlin, "{capacity: 1, days: 1}", "2026-03-29T00:00:00+01:00", "29 01:00, 29 03:00, 29 04:00"},
		{"an hour that comes twice", "{daily: \"01:00-04:00\"" + berlin, "{capacity: 1, days: 1}", "2026-10-25T00:00:00+02:00", "25 01:00, 25 02:00, 25 03:00"},
	} {
		hours, slots := slotted(t, tc.hours, tc.slots)
		var got []string
		for _, s := range slots.Candidates(hours, at(t, tc.now)) {
			got = append(got, s.From.Format("02 15:04"))
		}
		if have := strings.Join(got, ", "); have != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, have, tc.want)
		}
	}
}

// TestCandidatesKeepTheHours: at any time and in any zone each slot is open all the
// while, has its length in real time, begins late enough, and none overlaps another.
func TestCandidatesKeepTheHours(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"}
	spans := []string{"00:00-24:00", "09:00-18:00", "22:00-06:00", "01:30-03:30"}
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		hours, slots := slotted(t, "{daily: \""+rapid.SampledFrom(spans).Draw(rt, "span")+"\", timezone: "+zone+", holidays: [01-01]}",
			"{capacity: 1, days: 7, length: "+rapid.SampledFrom([]string{"15m", "30m", "1h", "90m", "3h"}).Draw(rt, "length")+"}")
		now := time.Unix(rapid.Int64Range(1_767_225_600, 1_830_297_600).Draw(rt, "now"), 0)
		found := slots.Candidates(hours, now)
		if !slices.IsSortedFunc(found, func(a, b dialplan.Slot) int { return a.From.Compare(b.From) }) {
			rt.Fatalf("not in order: %v", found)
		}
		for i, s := range found {
			if s.From.Before(now.Add(slots.Ahead)) || s.Until.Sub(s.From) != slots.Length {
				rt.Fatalf("%v at %v", s, now)
			}
			if i > 0 && s.From.Before(found[i-1].Until) {
				rt.Fatalf("%v and %v overlap", found[i-1], s)
			}
			for m := s.From; m.Before(s.Until); m = m.Add(5 * time.Minute) {
				if !hours.IsOpen(m) {
					rt.Fatalf("%v is closed at %v", s, m)
				}
			}
		}
	})
}
