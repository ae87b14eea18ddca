package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
)

// team opens a queue of linekeeper's own distribution with two tiers.
const team = `
	0 queue.opened engine=linekeeper tiers=[{"after_s":0,"skills":{"level2":1}},{"after_s":30}]
	0 agent.opened agent=anna skills={"level2":5} queues=["support"]
	0 agent.opened agent=boris skills={"german":3} queues=["support"]
`

// TestStatedRules: what looks like overtaking and is allowed.
func TestStatedRules(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		journal string
		want    []string
	}{
		"in order": {two + `
			20 offer.made   place=p1 agent=Anna
			23 place.served place=p1 agent=Anna
			24 offer.made   place=p2 agent=Boris
			26 place.served place=p2 agent=Boris`, nil},
		"priority": {`
			0 place.taken   place=p1 call=c1 priority=0
			0 place.entered place=p1 call=c1
			10 place.taken   place=p2 call=c2 priority=5
			10 place.entered place=p2 call=c2
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"priority 1"}},
		"an older place that is taken again comes first": {two + `
			11 place.served place=p1 agent=Anna
			12 place.left   place=p1 call=c1 agent=Anna reason=served talked_s=1
			12 place.taken  place=p3 call=c1 priority=0 taken=0
			12 place.entered place=p3 call=c1
			20 offer.made   place=p3 agent=Boris
			23 place.served place=p3 agent=Boris`, nil},
		"it rests": {two + `
			15 place.rest   place=p1 reason=asked
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"resting 1"}},
		"its placeholder is asked for again": {two + `
			15 place.rest      place=p1 reason=lost
			16 place.reentered place=p1 entry=2
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"resting 1"}},
		"its placeholder was lost, which is noticed late": {two + `
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna
			27 place.rest   place=p1 reason=lost
			` + later, []string{"resting 1"}},
		"a promise without its customer": {two + `
			11 callback.asked  callback=b1 place=p1 place_at=0
			11 place.converted place=p1 callback=b1
			15 place.rest   place=p1 callback=b1 reason=asked
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"absent 1"}},
		"both are rung for": {two + `
			20 offer.made   place=p1 agent=Boris
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"ringing 1"}},
		"the ringing for the first ended a moment ago": {two + `
			20 offer.made   place=p1 agent=Boris
			20 offer.made   place=p2 agent=Anna
			22 offer.ended  place=p1 agent=Boris why=cancelled
			23 place.served place=p2 agent=Anna`, []string{"ringing 1"}},
		"the switch rings for the first a moment later": {two + `
			20 offer.made   place=p2 agent=Anna
			20.2 place.served place=p2 agent=Anna
			20.9 offer.made   place=p1 agent=Boris
			` + later, []string{"ringing 1"}},
		"the first came back while the agent was being rung": {two + `
			12 place.rest      place=p1 reason=lost
			13 place.reentered place=p1 entry=2
			20 offer.made   place=p2 agent=Anna
			21 place.entered place=p1 entry=2
			30 place.served place=p2 agent=Anna`, []string{"arrival 1"}},
		"they came into the switch's queue together": {`
			0   place.taken   place=p1 call=c1 priority=0
			0.1 place.taken   place=p2 call=c2 priority=0
			0.2 place.entered place=p2 call=c2
			0.3 place.entered place=p1 call=c1
			20 offer.made   place=p2 agent=Anna
			23 place.served place=p2 agent=Anna`, []string{"arrival 1"}},
		"an agent did not take the first": {two + `
			12 offer.made   place=p1 agent=Anna
			18 offer.ended  place=p1 agent=Anna why=no_answer
			20 offer.made   place=p2 agent=Boris
			23 place.served place=p2 agent=Boris`, []string{"refused 1"}},
		"a restart before the ringing could be told": {two + `
			11 agent.state agent=Boris state=idle
			20 offer.made   place=p2 agent=Anna
			20.2 place.served place=p2 agent=Anna
			80 agent.state agent=Boris state=idle
			` + later, []string{"undecided 1"}},
		"the end of the journal": {two + `
			20 offer.made   place=p2 agent=Anna
			20.2 place.served place=p2 agent=Anna`, []string{"undecided 1"}},
		"nobody tells who was rung": {two + `
			23 place.served place=p2 agent=Anna
			` + later, []string{"undecided 1"}},

		"own: in order": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p1 agent=anna
			9 place.served place=p1 agent=anna
			40 offer.made place=p2 agent=boris`, nil},
		"own: priority": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=1
			3 offer.made  place=p2 agent=anna`, []string{"priority 1"}},
		"own: the agent lacks the skill": {team + `
			1 place.taken place=p1 call=c1 priority=0 skills={"german":5}
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=anna`, []string{"skills 1"}},
		"own: the tier is not open": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0 queue=other
			2.5 queue.opened queue=other engine=linekeeper
			2.6 agent.opened agent=boris skills={"german":3} queues=["support","other"]
			3 offer.made  place=p2 agent=boris queue=other`, []string{"tier 1"}},
		"own: the time in the queue counts, not that of the place": {team + `
			100 place.taken place=p1 call=c1 priority=0 taken=1
			101 queue.opened queue=other engine=linekeeper
			101 agent.opened agent=boris skills={} queues=["support","other"]
			102 place.taken place=p2 call=c2 priority=0 queue=other
			103 offer.made  place=p2 agent=boris queue=other`, []string{"tier 1"}},
		"own: being offered": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p1 agent=boris
			4 offer.made  place=p2 agent=anna`, []string{"ringing 1"}},
		"own: both in one decision": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=anna
			3 offer.made  place=p1 agent=boris`, []string{"ringing 1"}},
		"own: refused": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p1 agent=anna
			9 offer.ended place=p1 agent=anna why=rejected
			10 offer.made place=p2 agent=anna`, []string{"refused 1"}},
		"own: a promise without its customer": {team + `
			0 callback.asked callback=b1 place=p1 place_at=0
			1 place.taken place=p1 callback=b1 priority=0 taken=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=anna`, []string{"absent 1"}},
		"own: lent to another queue": {team + `
			0 queue.opened queue=sales engine=linekeeper tiers=[{"after_s":0}]
			1 place.taken place=p1 call=c1 priority=0 queue=sales
			1 queue.borrowing queue=sales on=true
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=anna`, []string{"borrowing 1"}},
		"own: the other queue has all the agents that it may have": {team + `
			0 queue.opened queue=sales engine=linekeeper tiers=[{"after_s":0}] at_once=1
			0 agent.opened agent=anna skills={"level2":1} queues=["support","sales"]
			0 place.taken  place=p0 call=c0 priority=0 queue=sales
			0 place.served place=p0 call=c0 queue=sales agent=Boris
			1 place.taken place=p1 call=c1 priority=0 queue=sales
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=anna`, []string{"limit 1"}},
		"own: moved anew to the end": {team + `
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 place.moved place=p1 call=c1 from=support to=other kept=false
			3 place.moved place=p1 call=c1 from=other to=support kept=true
			4 offer.made  place=p2 agent=anna`, nil},
		"own: nothing is known of the agent": {`
			0 queue.opened engine=linekeeper tiers=[{"after_s":0}]
			1 place.taken place=p1 call=c1 priority=0
			2 place.taken place=p2 call=c2 priority=0
			3 offer.made  place=p2 agent=carla
			` + later, []string{"undecided 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prove(t, story(t, tc.journal))
			if err := r.Err(); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(append([]string{}, tc.want...), passed(r)); diff != "" {
				t.Errorf("rules (-want +found):\n%s", diff)
			}
		})
	}
}

// TestNoFalseAlarms: what looks like a loss and is none.
func TestNoFalseAlarms(t *testing.T) {
	t.Parallel()
	for name, journal := range map[string]string{
		"open at the end": two,
		"a call that ended this moment": two + `
			20 call.ended call=c1 result=abandoned`,
		"the daemon died before the place could end": two + `
			20 call.ended call=c1 result=abandoned
			90000 place.left place=p1 call=c1 reason=abandoned`,
		"a long silence is no delay": two + `
			20 call.ended call=c1 result=abandoned
			90000 call.started call=c3`,
		"a hang-up before the place was noted": `
			0 call.ended  call=c1 result=abandoned
			0 place.taken place=p1 call=c1 priority=0
			0 place.left  place=p1 call=c1 reason=abandoned
			` + later,
		"a promise takes its place again": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken  place=p1 callback=b1 priority=0 taken=0
			5 place.served place=p1 callback=b1 agent=Anna
			6 place.left   place=p1 callback=b1 reason=served talked_s=1
			7 place.taken  place=p1 callback=b1 priority=0 taken=0
			` + later,
		"a promise whose place began anew": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken  place=p1 callback=b1 priority=0 taken=0
			5 place.moved  place=p1 callback=b1 from=support to=vip kept=false taken=5
			6 place.served place=p1 callback=b1 queue=vip agent=Anna
			7 place.left   place=p1 callback=b1 queue=vip reason=served talked_s=1
			8 place.taken  place=p1 callback=b1 queue=vip priority=0 taken=5
			` + later,
		"a promise that waits for its next attempt": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken  place=p1 callback=b1 priority=0 taken=0
			6 place.left   place=p1 callback=b1 reason=unavailable
			6 callback.retry callback=b1 not_before=300
			` + later,
		"a promise that an operator must decide on": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken  place=p1 callback=b1 priority=0 taken=0
			5 callback.dialling callback=b1 attempt=1 of=2
			6 callback.attempt callback=b1 attempt=1 outcome=uncertain
			6 callback.uncertain callback=b1 attempt=1 policy=hold
			7 place.left   place=p1 callback=b1 reason=unavailable
			` + later,
		"kept by an operator's word": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken  place=p1 callback=b1 priority=0 taken=0
			1 callback.dialling callback=b1 attempt=1 of=2
			5 callback.attempt callback=b1 attempt=1 outcome=uncertain
			5 callback.uncertain callback=b1 attempt=1 policy=hold
			7 callback.resolved callback=b1 attempt=1 outcome=connected by=Olga
			7 callback.done callback=b1 by=Olga
			7 place.left   place=p1 callback=b1 reason=served
			` + later,
		"an attempt that is found alive": `
			0 callback.asked callback=b1 place=p1 place_at=0
			5 callback.dialling callback=b1 attempt=1 of=2
			6 callback.attempt callback=b1 attempt=1 outcome=uncertain
			6 callback.uncertain callback=b1 attempt=1 policy=count
			7 callback.recovered callback=b1 attempt=1 channel=ringing
			8 callback.attempt callback=b1 attempt=1 outcome=busy
			9 callback.dialling callback=b1 attempt=2 of=2`,
		"a place that the call was not told the end of": two + `
			20 place.left  place=p1 call=c1 reason=no_agents
			25 place.taken place=p1 call=c1 priority=0 taken=0`,
		"a place that moves to the engine of another queue": two + `
			20 place.moved place=p1 call=c1 from=support to=vip kept=true
			20 place.taken place=p1 call=c1 queue=vip priority=0 taken=0
			25 place.left  place=p1 call=c1 queue=vip reason=abandoned
			25 call.ended  call=c1 result=abandoned`,
		"a talk that had not begun yet when the daemon died": team + `
			1 place.taken  place=p1 call=c1 priority=0
			2 offer.made   place=p1 agent=anna
			3 place.served place=p1 agent=Anna
			60 queue.opened engine=linekeeper
			61 offer.made   place=p1 agent=anna
			63 place.served place=p1 agent=Anna`,
		"a ringing that is told when the place is over": two + `
			20 place.left place=p1 call=c1 reason=abandoned
			20 call.ended call=c1 result=abandoned
			20 offer.made place=p1 agent=Anna
			21 offer.made agent=Anna channel=PJSIP/7
			22 offer.ended agent=Anna channel=PJSIP/7 why=answered`,
		"an agent who goes from one call to the next": two + `
			20 place.served place=p1 agent=Anna
			30 place.served place=p2 agent=Anna
			31 place.left place=p1 agent=Anna reason=served talked_s=11`,
		"an agent whose last call ended while nobody looked": two + `
			20 place.served place=p1 agent=Anna
			30 place.served place=p2 agent=Anna
			4000 place.left place=p1 agent=Anna reason=served waited_s=20`,
		"an agent who is escalated from": two + `
			20 place.served place=p1 agent=Anna
			25 place.moved place=p1 call=c1 from=support to=level2 why=escalated by=Anna kept=true
			30 place.served place=p2 agent=Anna
			60 place.left place=p2 agent=Anna reason=served talked_s=30`,
		"a promise for later, whose place counts from its window": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 not_before=20
			20 place.taken place=p1 callback=b1 priority=0 taken=20
			21 callback.dialling callback=b1 place=p1 attempt=1 of=2
			22 callback.attempt callback=b1 place=p1 attempt=1 outcome=busy
			22 callback.retry callback=b1 place=p1 not_before=50
			50 callback.dialling callback=b1 place=p1 attempt=2 of=2
			52 callback.answered callback=b1 place=p1 attempt=2
			55 callback.attempt callback=b1 place=p1 attempt=2 outcome=no_key
			55 callback.given_up callback=b1 place=p1
			55 place.left place=p1 callback=b1 reason=unavailable
			` + later,
		"put off before its window": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 not_before=20
			5 callback.postponed callback=b1 place=p1 until=40 by=customer
			40 place.taken place=p1 callback=b1 priority=0 taken=40
			41 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"wanted before its window": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 not_before=20
			5 callback.hastened callback=b1 place=p1 not_before=20 by=operator
			5 place.taken place=p1 callback=b1 priority=0 taken=5
			6 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"wanted now, and held up by a rule": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 not_before=20
			5 callback.hastened callback=b1 place=p1 not_before=20 by=operator
			5 callback.delayed callback=b1 place=p1 not_before=90 rule=hours
			90 place.taken place=p1 callback=b1 priority=0 taken=20
			91 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"a place that was parked for another one": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken place=p1 callback=b1 priority=0 taken=0
			1 callback.dialling callback=b1 place=p1 attempt=1 of=2
			2 callback.attempt callback=b1 place=p1-2 attempt=1 outcome=no_answer
			2 callback.retry callback=b1 place=p1-2 not_before=130 anew=true
			2 place.left place=p1 callback=b1 reason=parked
			` + later + `
			135 place.taken place=p1-2 callback=b1 priority=0 taken=130
			136 callback.dialling callback=b1 place=p1-2 attempt=2 of=2
			`,
		"a yes to the promise comes before its window": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 verify=call
			1 callback.dialling callback=b1 place=p1 attempt=1 of=2 verify=true
			2 callback.answered callback=b1 place=p1 attempt=1
			3 callback.attempt callback=b1 place=p1 attempt=1 outcome=verified
			3 callback.verified callback=b1 place=p1 by=call
			20 place.taken place=p1 callback=b1 priority=0 taken=20
			21 callback.dialling callback=b1 place=p1 attempt=2 of=3
			`,
		"a code is waited for until its time": `
			0 callback.asked callback=b1 place=p1 place_at=0 not_before=900 verify=code
			9 callback.verified callback=b1 place=p1 by=code
			9 place.taken place=p1 callback=b1 priority=0 taken=0
			10 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"nobody gives the code": `
			0 place.taken place=p0 call=c0 priority=0
			0 callback.asked callback=b1 place=p1 place_at=0 not_before=900 verify=code
			` + later,
		"a pause that is lifted before it is looked at again": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken place=p1 callback=b1 priority=0 taken=0
			1 callback.paused by=anna
			2 callback.delayed callback=b1 place=p1 rule=paused not_before=62
			5 callback.resumed by=anna paused_s=4
			5 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"decided before the pause, and written after it": `
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.paused by=anna
			1 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"an agent puts it off, and another one takes it": `
			0 callback.asked callback=b1 place=p1 place_at=0
			0 place.taken place=p1 callback=b1 priority=0 taken=0
			1 callback.shown callback=b1 place=p1
			2 callback.previewed callback=b1 place=p1 answer=postpone
			2 callback.retry callback=b1 place=p1 not_before=9 after=postponed
			9 callback.shown callback=b1 place=p1
			9 callback.place_over callback=b1 place=p1 reason=full
			10 callback.shown callback=b1 place=p1
			11 callback.previewed callback=b1 place=p1 answer=accept
			11 callback.dialling callback=b1 place=p1 attempt=1 of=2
			`,
		"what let a promise go is missing": `
			0 callback.asked callback=b1 place=p1 place_at=20 window_from=20 not_before=20
			1 callback.paused by=anna
			5 -
			6 callback.dialling callback=b1 place=p1 attempt=1 of=2
			7 callback.attempt callback=b1 place=p1 attempt=1 outcome=invalid
			7 callback.given_up callback=b1 place=p1
			`,
		"a request is told of an open promise": `
			0 callback.asked callback=b1 place=p1 place_at=0
			1 callback.refused callback=b1 rule=duplicate existing_id=b1
			2 callback.refused callback=b2 rule=prefix
			`,
		"away while the window began": `
			0 place.taken place=p0 call=c0 priority=0
			0 callback.asked callback=b1 place=p1 place_at=200 window_from=200 not_before=200
			` + later + `
			3600 node.entered call=other
			3610 node.entered call=other
			`,
		"a journal that begins late": `
			0 -
			5 place.entered place=p1 call=c1
			6 place.served place=p1 call=c1 agent=Anna
			9 place.left place=p1 call=c1 agent=Anna reason=served talked_s=3
			10 place.left place=p0 call=c0 reason=served talked_s=99
			11 callback.attempt callback=b1 attempt=2 outcome=busy
			12 callback.dialling callback=b1 attempt=3 of=3
			13 callback.attempt callback=b1 attempt=3 outcome=busy
			13 callback.given_up callback=b1
			14 call.ended call=c1 result=agent`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := prove(t, story(t, journal)).Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatCannotBeProved(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		entries []journal.Entry
		want    []string
	}{
		"nothing": {nil, []string{"nothing: the journal has no entries"}},
		"late": {story(t, `
			0 -
			5 place.entered place=p1 call=c1
			6 call.ended call=c2 result=ivr`), []string{
			"what was before seq 2: the journal begins late",
			"the order of places that were taken before: 1",
		}},
		"filtered": {story(t, `
			1 call.started call=c1
			2 -
			3 call.ended call=c1 result=ivr`), []string{
			"what the entries would say that are missing between seq 1 and 3: the journal was filtered",
		}},
		"old": {[]journal.Entry{
			{Seq: 1, At: start, Type: "place.taken", Place: "p1", Call: "c1", Queue: "support"},
			{Seq: 2, At: start, Type: "place.served", Place: "p1", Call: "c1", Queue: "support"},
		}, []string{
			"the exact order of places whose entries do not tell since when they count (taken_at), as an older linekeeper wrote them: 1",
			"who was rung for whom in queue support: the journal has no offers of it",
			"how the calls ended: the journal has no call.ended",
		}},
	} {
		if diff := cmp.Diff(tc.want, prove(t, tc.entries).Unproved); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
