package verify

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	const entry = `{"seq":1,"at":"2026-01-31T09:00:00Z","type":"call.ended","call":"c1","data":{"result":"ivr"}}`
	for name, tc := range map[string]struct{ file, want string }{
		"fine":         {entry + "\n\n", ""},
		"no JSON":      {entry + "\n2 call.ended\n", "read the journal: line 2: not an entry of the journal in JSON: "},
		"another file": {`{"file":"x.yaml","line":3}`, "read the journal: line 1: an entry without type or time"},
		"no seq":       {`{"type":"call.ended","at":"2026-01-31T09:00:00Z"}`, "read the journal: line 1: entry of type call.ended has no seq"},
		"too long":     {entry + "\n" + strings.Repeat("x", 1<<20+1), "read the journal: line 2: longer than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := New(Options{}).Read(strings.NewReader(tc.file))
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// FuzzRead: whatever a file holds, it is read or refused.
func FuzzRead(f *testing.F) {
	f.Add(`{"seq":1,"at":"2026-01-31T09:00:00Z","type":"place.taken","place":"p1","call":"c1","queue":"q","data":{"taken_at":"2026-01-31T09:00:00Z","skills":[{"name":"a","level":1}]}}`)
	f.Add(`{"seq":1,"at":"2026-01-31T09:00:00Z","type":"queue.opened","queue":"q","data":{"engine":"linekeeper","tiers":[{"after_s":3,"skills":{"a":2}}]}}
{"seq":2,"at":"2026-01-31T09:00:01Z","type":"agent.opened","agent":"a","data":{"skills":{"a":1},"queues":["q"]}}
{"seq":3,"at":"2026-01-31T09:00:02Z","type":"offer.made","place":"p1","queue":"q","agent":"a","data":null}
{"seq":4,"at":"2026-01-31T09:00:02Z","type":"place.moved","place":"p1","queue":"q","data":{"to":7}}
{"seq":5,"at":"2026-01-31T09:00:02Z","type":"place.left","place":"p1","queue":"q","agent":"a"}`)
	f.Fuzz(func(t *testing.T, file string) {
		v := New(Options{MaxFaults: 1})
		if err := v.Read(strings.NewReader(file)); err != nil {
			return
		}
		if r := v.Done(); len(r.Faults) > 1 || r.FaultCount < len(r.Faults) || r.String() == "" {
			t.Errorf("%+v", r)
		}
	})
}
