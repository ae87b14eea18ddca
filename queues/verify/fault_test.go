package verify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
)

// later lets time pass after a story, so that nothing is under way any more.
const later = `
	100 node.entered call=other
	105 node.entered call=other
	110 node.entered call=other
	115 node.entered call=other
	120 node.entered call=other
	125 node.entered call=other
	130 node.entered call=other
	135 node.entered call=other
`

// two callers wait, the first for 20 s.
const two = `
	0   place.taken   place=p1 call=c1 priority=0
	0.1 place.entered place=p1 call=c1 entry=1
	10  place.taken   place=p2 call=c2 priority=0
	10.1 place.entered place=p2 call=c2 entry=1
`

func TestEachFaultIsFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		journal string
		want    []string
	}{
		"overtaken": {two + `
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna
			` + later, []string{"overtaken@6"}},
		"overtaken at the end of the journal": {two + `
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna
			26 node.entered call=other
			28 node.entered call=other
			30 node.entered call=other
			`, []string{"overtaken@6"}},
		"overtaken with own distribution": {`
			0 queue.opened engine=linekeeper tiers=[{"after_s":0}]
			0 agent.opened agent=anna skills={} queues=["support"]
			1 place.taken  place=p1 call=c1 priority=0
			2 place.taken  place=p2 call=c2 priority=0
			3 offer.made   place=p2 agent=anna
			` + later, []string{"overtaken@5"}},
		"overtaken by a place of another queue": {`
			0 queue.opened engine=linekeeper tiers=[{"after_s":0}]
			0 queue.opened queue=sales engine=linekeeper tiers=[{"after_s":0}]
			0 agent.opened agent=anna skills={} queues=["support","sales"]
			1 place.taken  place=p1 call=c1 priority=0
			2 place.taken  place=p2 call=c2 priority=0 queue=sales
			3 offer.made   place=p2 agent=anna queue=sales
			` + later, []string{"overtaken@6"}},
		"overtaken although it has the higher priority": {`
			0 place.taken   place=p1 call=c1 priority=0
			0 place.entered place=p1 call=c1
			10 place.taken   place=p2 call=c2 priority=5
			10 place.entered place=p2 call=c2
			20 offer.made   place=p1 agent=Anna
			23 place.served place=p1 agent=Anna
			` + later, []string{"overtaken@6"}},
		"taken twice": {two + `
			11 place.taken place=p1 call=c1 priority=0`, []string{"taken_twice@5"}},
		"taken again after it was given up": {two + `
			11 place.left  place=p1 call=c1 reason=abandoned
			12 call.ended  call=c1 result=abandoned
			13 place.taken place=p1 call=c1 priority=0`, []string{"taken_twice@7"}},
		"ended twice": {two + `
			11 place.left place=p1 call=c1 reason=by_choice
			12 place.left place=p1 call=c1 reason=by_choice`, []string{"ended_twice@6"}},
		"never taken": {two + `
			11 place.left place=p3 call=c3 reason=by_choice`, []string{"ended_twice@5"}},
		"served twice": {two + `
			20 place.served place=p1 agent=Anna
			25 place.served place=p1 agent=Boris`, []string{"served_twice@6"}},
		"served by nobody": {two + `
			20 place.left place=p1 reason=served`, []string{"never_served@5"}},
		"a place vanished with its call": {two + `
			20 call.ended call=c1 result=abandoned
			` + later, []string{"vanished@5"}},
		"a place vanished with its promise": {`
			0 callback.asked callback=b1 place=p1 call=c1 place_at=0
			1 place.taken place=p1 callback=b1 priority=0 taken=0
			2 callback.cancelled callback=b1 place=p1 by=customer
			` + later, []string{"vanished@3"}},
		"a call without an end": {two + `
			20 place.left place=p1 call=c1 reason=abandoned
			21 call.ended call=c9 result=ivr
			` + later, []string{"no_outcome@5"}},
		"a call without a result": {two + `
			20 place.left place=p1 call=c1 reason=abandoned
			20 call.ended call=c1`, []string{"no_outcome@6"}},
		"a call that ends twice": {`
			1 call.ended call=c1 result=ivr
			2 call.ended call=c1 result=ivr`, []string{"ended_twice@2"}},
		"a promise without a place": {two + `
			0 callback.asked callback=b1 place=p1 call=c1 place_at=0
			1 place.converted place=p1 callback=b1
			2 place.left place=p1 callback=b1 reason=by_choice
			` + later, []string{"place_missing@7"}},
		"a promise whose place counts from a later time": {`
			0 callback.asked callback=b1 place=p1 call=c1 place_at=0
			9 place.taken place=p1 callback=b1 priority=0 taken=9`, []string{"time_changed@2"}},
		"an agent with two calls": {two + `
			20 place.served place=p1 agent=Anna
			30 place.served place=p2 agent=Anna
			40 place.left place=p1 agent=Anna reason=served talked_s=20`, []string{"two_calls@7"}},
		"an agent with two calls, whose name is told late": {two + `
			20 place.served place=p1
			30 place.served place=p2 agent=Anna
			31 call.agent   place=p1 agent=Anna
			60 place.left place=p1 agent=Anna reason=served talked_s=20`, []string{"two_calls@8"}},
		"an agent with two calls at the end": {two + `
			20 place.served place=p1 agent=Anna
			30 place.served place=p2 agent=Anna
			` + later, []string{"two_calls@6"}},
		"more attempts than allowed": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=1
			2 callback.attempt callback=b1 attempt=1 outcome=busy
			3 callback.dialling callback=b1 attempt=2 of=1`, []string{"too_many_dials@4"}},
		"an attempt that is counted twice": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.attempt callback=b1 attempt=1 outcome=busy
			3 callback.dialling callback=b1 attempt=1 of=3`, []string{"too_many_dials@4"}},
		"two attempts at once": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			3 callback.dialling callback=b1 attempt=2 of=3`, []string{"two_dials@3"}},
		"connected twice": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.answered callback=b1 attempt=1
			2 callback.confirmed callback=b1 attempt=1
			3 callback.connected callback=b1 attempt=1
			4 callback.connected callback=b1 attempt=1`, []string{"connected_twice@6"}},
		"dialled although it is kept": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.answered callback=b1 attempt=1
			2 callback.confirmed callback=b1 attempt=1
			3 callback.connected callback=b1 attempt=1
			4 callback.dialling callback=b1 attempt=2 of=3`, []string{"dialled_closed@6"}},
		"dialled although it is over": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.cancelled callback=b1 by=customer
			4 callback.dialling callback=b1 attempt=1 of=3`, []string{"dialled_closed@3"}},
		"connected although it is over": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.cancelled callback=b1 by=customer
			4 callback.connected callback=b1 attempt=1`, []string{"dialled_closed@3"}},
		"a promise that ends twice": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.cancelled callback=b1 by=customer
			4 callback.given_up callback=b1`, []string{"ended_twice@3"}},
		"dialled before its window": {`
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20
			18 callback.dialling callback=b1 attempt=1 of=3`, []string{"dialled_early@2"}},
		"dialled before a rule lets it go": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			0 callback.delayed callback=b1 rule=hours not_before=60
			58 callback.dialling callback=b1 attempt=1 of=3`, []string{"dialled_early@3"}},
		"dialled before the pause between attempts is over": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.attempt callback=b1 attempt=1 outcome=busy
			2 callback.retry callback=b1 not_before=60
			58 callback.dialling callback=b1 attempt=2 of=3`, []string{"dialled_early@5"}},
		"dialled before the time it was put off to": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.postponed callback=b1 until=60
			58 callback.dialling callback=b1 attempt=1 of=3`, []string{"dialled_early@3"}},
		"dialled although it is paused": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.paused by=anna
			2 callback.dialling callback=b1 attempt=1 of=3`, []string{"dialled_paused@3"}},
		"a promise whose place counts from before its window": {`
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20
			20 place.taken place=p1 callback=b1 priority=0 taken=10`, []string{"time_changed@2"}},
		"a new place that counts from the old time": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.attempt callback=b1 place=p1-2 attempt=1 outcome=busy
			2 callback.retry callback=b1 place=p1-2 not_before=60 anew=true
			60 place.taken place=p1-2 callback=b1 priority=0 taken=0`, []string{"time_changed@5"}},
		"a promise for later that is never given a place": {`
			0 place.taken place=p0 call=c0 priority=0
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20
			` + later, []string{"place_missing@2"}},
		"a new place that is never taken": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken place=p1 callback=b1 priority=0 taken=0
			1 callback.postponed callback=b1 place=p1-2 until=20 anew=true
			1 place.left place=p1 callback=b1 reason=parked
			` + later, []string{"place_missing@3"}},
		"an answer without a dial": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.answered callback=b1 attempt=1`, []string{"wrong_state@2"}},
		"a yes without an answer": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.confirmed callback=b1 attempt=1`, []string{"wrong_state@3"}},
		"connected without a yes": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.answered callback=b1 attempt=1
			3 callback.connected callback=b1 attempt=1`, []string{"wrong_state@4"}},
		"kept without a talk": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.attempt callback=b1 attempt=1 outcome=busy
			2 callback.done callback=b1`, []string{"wrong_state@4"}},
		"given up while the phone rings": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.ringing callback=b1 attempt=1
			3 callback.given_up callback=b1`, []string{"wrong_state@4"}},
		"an attempt that ends twice": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.dialling callback=b1 attempt=1 of=3
			2 callback.attempt callback=b1 attempt=1 outcome=busy
			2 callback.attempt callback=b1 attempt=1 outcome=busy`, []string{"wrong_state@4"}},
		"a decision that nobody waited for": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.resolved callback=b1 attempt=1 outcome=busy by=Olga`, []string{"wrong_state@2"}},
		"an answer about a promise that was not shown": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.previewed callback=b1 answer=accept`, []string{"wrong_state@2"}},
		"a request that is told of a promise that is over": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.cancelled callback=b1 by=customer
			2 callback.refused callback=b1 rule=duplicate existing_id=b1`, []string{"ended_twice@3"}},
		"a promise that is made twice": {`
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.asked callback=b1 place=p1 place_at=0`, []string{"taken_twice@2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prove(t, story(t, tc.journal))
			if diff := cmp.Diff(tc.want, broken(r)); diff != "" {
				t.Errorf("faults (-want +found):\n%s\n%v", diff, r.Err())
			}
			if err := r.Err(); err == nil || !strings.Contains(err.Error(), "faults: 1") {
				t.Errorf("the report does not say so: %v", err)
			}
		})
	}
}

func TestEntriesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]journal.Entry{
		"no type": {Seq: 1, At: start}, "no seq": {At: start, Type: "call.ended"}, "no time": {Seq: 1, Type: "call.ended"},
	} {
		if err := New(Options{}).Add(e); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
	v := New(Options{})
	for _, seq := range []int64{4, 7, 7, 5} {
		if err := v.Add(journal.Entry{Seq: seq, At: start, Type: "node.entered"}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"out_of_order@5", "out_of_order@7"}, broken(v.Done())); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsBeyondTheLimitAreCounted(t *testing.T) {
	t.Parallel()
	v := New(Options{MaxFaults: 3})
	for seq := range int64(10) {
		if err := v.Add(journal.Entry{Seq: seq + 1, At: start, Type: "call.ended", Call: "c1", Data: map[string]any{"result": "ivr"}}); err != nil {
			t.Fatal(err)
		}
	}
	if r := v.Done(); r.FaultCount != 9 || len(r.Faults) != 3 {
		t.Errorf("%d faults counted, %d kept, want 9 and 3", r.FaultCount, len(r.Faults))
	}
}
