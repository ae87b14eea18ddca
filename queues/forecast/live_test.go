package forecast

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

func at(s float64) time.Time { return day.Add(time.Duration(s * 1e9)) }

// learned is a queue of two agents whose talks last 100 s and who answer after
// 4 s, at the time when all of that is over.
func learned(t testing.TB) (*Live, float64) {
	t.Helper()
	l, now := NewLive("q", 1), 0.0
	agentIs(l, now, "a", "idle")
	agentIs(l, now, "b", "idle")
	for i := range 300 {
		place, agent := fmt.Sprint("old", i), []string{"a", "b"}[i%2]
		join(l, now, place)
		agentIs(l, now, agent, "ringing")
		note(l, now+4, "place.served", place, agent, nil)
		agentIs(l, now+4, agent, "talking")
		note(l, now+104, "place.left", place, agent, map[string]any{"reason": "served"})
		agentIs(l, now+104, agent, "idle")
		now += 110
	}
	return l, now
}

func near(t *testing.T, what string, got queues.Estimate, want, tolerance float64) {
	t.Helper()
	if !got.Known || math.Abs(got.Mean.Seconds()-want) > tolerance || got.Low > got.High {
		t.Errorf("%s: %+v, want about %.0f s", what, got, want)
	}
}

func TestLiveEstimatesAllPlacesAtOnce(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	for i, p := range []string{"p", "q"} {
		agent := []string{"a", "b"}[i]
		join(l, now, p)
		agentIs(l, now+float64(i)*46, agent, "ringing")
		note(l, now+float64(i)*50, "place.served", p, agent, nil)
		agentIs(l, now+float64(i)*50, agent, "talking")
	}
	for i := range 4 {
		note(l, now+60, "place.taken", fmt.Sprint("w", i), "", map[string]any{"priority": 0, "callback": "cb"})
	}
	joining, places := l.Estimates(at(now + 60))
	// a is free in 40 s and b in 90 s; each call takes 104 s then; 4 s until the answer
	for i, want := range []float64{44, 94, 148, 198} {
		near(t, fmt.Sprint("place ", i), places[fmt.Sprint("w", i)], want, 22)
		near(t, fmt.Sprint("place alone ", i), l.Estimate(fmt.Sprint("w", i), at(now+60)), want, 22)
	}
	near(t, "who joins now", joining, 252, 30)
	again, _ := l.Estimates(at(now + 60))
	if diff := cmp.Diff(joining, again); diff != "" {
		t.Errorf("the same question has two answers:\n%s", diff)
	}
}

func TestLivePriorityGoesFirst(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	for _, agent := range []string{"a", "b"} {
		join(l, now, agent)
		note(l, now, "place.served", agent, agent, nil)
	}
	for i := range 6 {
		join(l, now+1, fmt.Sprint("w", i))
	}
	note(l, now+2, "place.taken", "vip", "", map[string]any{"priority": 5, "call": "c"})
	_, places := l.Estimates(at(now + 2))
	if places["vip"].Mean >= places["w0"].Mean || places["w0"].Mean >= places["w5"].Mean {
		t.Errorf("vip %v, first %v, last %v", places["vip"].Mean, places["w0"].Mean, places["w5"].Mean)
	}
}

func TestLiveKnowsNothingWithoutAgents(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	join(l, now, "w")
	for i, state := range []string{"paused", "offline", "logged_out"} {
		agentIs(l, now+1, "a", state)
		agentIs(l, now+1, "b", state)
		if joining, places := l.Estimates(at(now + 1 + float64(i))); joining.Known || places["w"].Known || len(places) != 1 {
			t.Errorf("all agents are %s, yet %+v, %+v", state, joining, places)
		}
	}
	agentIs(l, now+9, "a", "idle")
	_, places := l.Estimates(at(now + 9))
	near(t, "an agent is back", places["w"], 4, 3)
}

func TestLiveSkillsAndTiers(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	note(l, now, "queue.opened", "", "", map[string]any{"engine": "linekeeper", "tiers": []any{
		map[string]any{"after_s": 0.0, "skills": map[string]any{"tax": 5.0}}, map[string]any{"after_s": 300.0},
	}})
	opened := func(agent string, data map[string]any) {
		data["agent"] = agent
		l.Observe(journal.Entry{At: at(now), Type: "agent.opened", Agent: agent, Data: data})
	}
	opened("a", map[string]any{"name": "Anna", "skills": map[string]int{"tax": 5}, "queues": []string{"q"}})
	opened("b", map[string]any{"name": "Boris", "skills": map[string]int{"english": 3}, "queues": []string{}})
	opened("c", map[string]any{"name": "Clara", "skills": map[string]int{"tax": 9}, "queues": []string{"other"}})
	agentIs(l, now, "c", "idle")
	join(l, now, "x")
	note(l, now, "place.served", "x", "Anna", nil)
	for _, place := range []string{"plain", "second"} {
		join(l, now+1, place)
	}
	note(l, now+1, "place.taken", "english", "", map[string]any{"call": "c", "skills": map[string]int{"english": 2}})
	note(l, now+1, "place.taken", "chinese", "", map[string]any{"call": "c", "skills": map[string]int{"chinese": 1}})
	_, places := l.Estimates(at(now + 1))
	near(t, "Anna is free first", places["plain"], 103, 25)
	near(t, "then Anna again", places["second"], 207, 35)
	near(t, "Boris comes after five minutes", places["english"], 304, 25)
	if places["chinese"].Known {
		t.Errorf("nobody speaks Chinese, yet %+v", places["chinese"])
	}
	if _, helped := l.Alone(at(now + 1)); helped {
		t.Error("somebody helped before anybody was lent")
	}
	before, _ := l.Estimates(at(now + 2))
	note(l, now+2, "queue.borrowing", "", "", map[string]any{"on": true, "from": "other"})
	joining, places := l.Estimates(at(now + 2))
	near(t, "Clara is lent", places["plain"], 4, 4)
	if alone, helped := l.Alone(at(now + 2)); !helped || alone != before || joining.Mean >= before.Mean {
		t.Errorf("with Clara %+v, without her %+v, before she came %+v", joining, alone, before)
	}
	l.Observe(journal.Entry{At: at(now + 3), Type: "agent.state", Agent: "c", Queue: "other", Data: map[string]any{
		"agent": "c", "state": "talking", "queue": "other"}, Place: "y"})
	_, places = l.Estimates(at(now + 3))
	near(t, "Clara talks at home, and Anna is free first", places["plain"], 101, 25)
}

func TestLiveFollowsMoves(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	move := func(at float64, place, from, to string) {
		l.Observe(journal.Entry{At: day.Add(time.Duration(at * 1e9)), Type: "place.moved", Place: place, Queue: from, Data: map[string]any{
			"from": from, "to": to, "kept": true, "call": "c",
		}})
	}
	join(l, now, "w")
	move(now+1, "w", "q", "other")
	move(now+1, "v", "other", "q")
	note(l, now+1, "place.taken", "v", "", map[string]any{"call": "c", "priority": 0, "taken_at": at(now).Format(time.RFC3339Nano)})
	if _, places := l.Estimates(at(now + 1)); len(places) != 1 || !places["v"].Known {
		t.Errorf("after the moves %+v", places)
	}
}

func TestLiveTakesPlacesWhoseBeginningWasNotTold(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	note(l, now, "place.entered", "w", "", map[string]any{"call": "c"})
	note(l, now, "place.converted", "stranger", "", nil)
	note(l, now, "place.left", "stranger", "", map[string]any{"reason": "abandoned"})
	if _, places := l.Estimates(at(now)); len(places) != 1 || !places["w"].Known {
		t.Errorf("estimates %+v", places)
	}
}

func TestLiveRestingPlacesTakeNoAgent(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	agentIs(l, now, "b", "offline")
	join(l, now, "x")
	note(l, now, "place.served", "x", "a", nil)
	note(l, now, "place.taken", "p", "", map[string]any{"callback": "cb"})
	note(l, now+1, "place.rest", "p", "", map[string]any{"callback": "cb", "reason": "asked"})
	join(l, now+1, "w")
	_, places := l.Estimates(at(now + 1))
	near(t, "behind a place that rests", places["w"], 103, 25)
	note(l, now+1, "place.rest", "p", "", map[string]any{"callback": "cb", "reason": "lost", "retry_s": 1.0})
	_, places = l.Estimates(at(now + 1))
	near(t, "behind one that comes back by itself", places["w"], 207, 35)
}

func TestLiveCallersByAnotherWay(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	agentIs(l, now, "b", "offline")
	foreign := func(at float64, kind, channel string) {
		note(l, at, kind, "", "", map[string]any{"channel": channel, "priority": 0})
	}
	foreign(now, "foreign.joined", "SIP/1")
	agentIs(l, now+2, "a", "ringing")
	foreign(now+4, "foreign.left", "SIP/1")
	agentIs(l, now+4.2, "a", "talking")
	if got := l.f.byName["a"]; got.crew.call == "" || got.doing != talking {
		t.Fatalf("the agent took the caller, yet %+v", got)
	}
	foreign(now+5, "foreign.joined", "SIP/2")
	join(l, now+5, "w")
	if _, places := l.Estimates(at(now + 5)); len(places) != 1 {
		t.Errorf("estimates %v", places)
	}
	_, places := l.Estimates(at(now + 5))
	near(t, "behind a caller who came by another way", places["w"], 207, 40)
	lost := l.f.patience.lost
	foreign(now+20, "foreign.left", "SIP/2") // nobody begins to talk
	join(l, now+40, "x")
	if cmp.Equal(lost, l.f.patience.lost) {
		t.Error("a caller who hung up was not learned from")
	}
}

func TestLiveLearnsFromAgentsWhoDoNotAnswer(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	agentIs(l, now, "b", "offline")
	for range 30 {
		agentIs(l, now, "a", "ringing")
		note(l, now, "offer.made", "w", "a", nil)
		note(l, now+10, "offer.ended", "w", "a", map[string]any{"why": "no_answer"})
		agentIs(l, now+10, "a", "idle")
		now += 20
	}
	if got := l.f.ringTime; math.Abs(got-10) > 1 {
		t.Errorf("rung for %.1f s, want 10", got)
	}
	if got := l.f.restTime; math.Abs(got-10) > 1 {
		t.Errorf("rung again after %.1f s, want 10", got)
	}
	join(l, now, "w")
	if _, places := l.Estimates(at(now)); places["w"].Mean < 5*time.Second {
		t.Errorf("an agent who rarely answers, and %+v", places["w"])
	}
}

func TestLiveSharesAgentsWithOtherQueues(t *testing.T) {
	t.Parallel()
	wait := func(shared bool) time.Duration {
		l, now := learned(t)
		for range 20 {
			if !shared {
				break
			}
			join(l, now, "gone")
			agentIs(l, now, "a", "talking") // and no place of ours is served
			note(l, now+50, "place.left", "gone", "", map[string]any{"reason": "by_choice"})
			agentIs(l, now+100, "a", "idle")
			now += 110
		}
		agentIs(l, now, "b", "offline")
		join(l, now, "x")
		note(l, now, "place.served", "x", "a", nil)
		agentIs(l, now, "a", "talking")
		join(l, now+1, "w")
		return l.Estimate("w", at(now+1)).Mean
	}
	if alone, shared := wait(false), wait(true); shared < alone+8*time.Second {
		t.Errorf("%v with agents of one queue, %v with agents of two", alone, shared)
	}
}

func TestResetTakesTheEnginesWord(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	mean := l.f.talk.level.mean()
	join(l, now, "gone")
	join(l, now, "stays")
	agentIs(l, now, "b", "talking")
	l.Reset([]queues.Agent{{ID: "a", Name: "Anna", State: queues.AgentTalking, Since: at(now - 60)}}, []queues.Place{
		{ID: "stays", State: queues.PlaceWaiting, CallID: "c", TakenAt: at(now)},
		{ID: "new", State: queues.PlaceWaiting, CallID: "c", TakenAt: at(now - 30)},
		{ID: "talks", State: queues.PlaceServed, CallID: "c", TakenAt: at(now - 90)},
	}, at(now+3600*24))
	_, places := l.Estimates(at(now + 3600*24))
	if len(places) != 2 || places["new"].Mean >= places["stays"].Mean {
		t.Errorf("estimates after a reset: %+v", places)
	}
	if got := l.f.talk.level.mean(); got != mean {
		t.Errorf("the mean talk was %.1f s and is %.1f s after a reset", mean, got)
	}
}

func TestLiveAfterANightWithoutEntries(t *testing.T) {
	t.Parallel()
	l, now := learned(t)
	join(l, now, "x")
	note(l, now, "place.served", "x", "a", nil)
	mean := l.f.talk.level.mean()
	join(l, now+40_000, "w")
	agentIs(l, now+40_001, "a", "idle")
	if got := l.f.talk.level.mean(); math.Abs(got-mean) > 1 {
		t.Errorf("the mean talk was %.1f s and is %.1f s after a gap", mean, got)
	}
}

// Ten thousand calls are followed to their end, and what was learned is true.
func TestLiveReadsALongJournal(t *testing.T) {
	t.Parallel()
	l := NewLive("q", 1)
	var last time.Time
	for _, e := range madeJournal(10, 2000) {
		last = e.At
		l.Observe(e)
	}
	if len(l.f.calls) != 0 || len(l.unbound) != 0 {
		t.Errorf("%d callers wait for ever, %d are unbound", len(l.f.calls), len(l.unbound))
	}
	for what, got := range map[string]struct{ mean, want float64 }{
		"talk": {l.f.talk.level.mean(), 200}, "wrap-up": {l.f.wrap.level.mean(), 10}, "answer": {l.f.answer.level.mean(), 4},
	} {
		if math.Abs(got.mean/got.want-1) > 0.15 {
			t.Errorf("mean %s %.1f s, want %.0f s", what, got.mean, got.want)
		}
	}
	if len(l.f.calibration.ranks) < 100 {
		t.Errorf("only %d trials came to an end", len(l.f.calibration.ranks))
	}
	if joining, _ := l.Estimates(last); !joining.Known {
		t.Error("no estimate at the end")
	}
}

// Whatever the journal says, also what cannot be true, every place that waits has
// an estimate, and those that are known are finite and ordered.
func TestLiveOfRandomJournals(t *testing.T) {
	t.Parallel()
	kinds := []string{
		"place.taken", "place.taken", "place.entered", "place.rest", "place.converted", "place.served", "place.left", "place.moved",
		"offer.made", "offer.ended", "foreign.joined", "foreign.left", "agent.state", "agent.state", "agent.opened", "queue.opened", "queue.borrowing", "else",
	}
	states := []string{"idle", "ringing", "talking", "wrapup", "paused", "busy", "offline", "logged_out", "", "dancing"}
	rapid.Check(t, func(t *rapid.T) {
		l, now := NewLive("q", 3), 0.0
		for range rapid.IntRange(1, 80).Draw(t, "entries") {
			now += rapid.SampledFrom([]float64{-5, 0, 0.1, 1, 7, 60, 600, 5000}).Draw(t, "pause")
			agent := fmt.Sprint("a", rapid.IntRange(0, 3).Draw(t, "agent"))
			place := fmt.Sprint("p", rapid.IntRange(0, 8).Draw(t, "place"))
			e := journal.Entry{At: at(now), Type: rapid.SampledFrom(kinds).Draw(t, "type"), Place: place, Agent: agent, Queue: rapid.SampledFrom([]string{"q", "q", "other", ""}).Draw(t, "queue")}
			e.Data = map[string]any{
				"agent": agent, "state": rapid.SampledFrom(states).Draw(t, "state"), "priority": rapid.IntRange(0, 2).Draw(t, "priority"),
				"call": rapid.SampledFrom([]string{"", "c"}).Draw(t, "call"), "callback": "cb", "channel": place, "why": "no_answer",
				"reason": rapid.SampledFrom([]string{"served", "abandoned", "by_choice"}).Draw(t, "reason"),
				"from":   "q", "to": rapid.SampledFrom([]string{"q", "other"}).Draw(t, "to"), "on": true, "queues": []string{"q"},
				"queue": e.Queue, "tiers": []any{map[string]any{"after_s": 20}}, "skills": map[string]int{"s": rapid.IntRange(0, 2).Draw(t, "level")},
			}
			if rapid.IntRange(0, 9).Draw(t, "bare") == 0 {
				e.Data = nil
			}
			l.Observe(e)
		}
		joining, places := l.Estimates(at(now + 1))
		for id := range l.f.calls {
			if _, there := places[id]; there == l.foreign[id] {
				t.Fatalf("%s has an estimate: %v", id, there)
			}
		}
		places["joining"] = joining
		for id, e := range places {
			if e.Known && (e.Mean < 0 || e.Low < 0 || e.Low > e.High || e.High > 10*farthest*time.Second) || !e.Known && e != (queues.Estimate{}) {
				t.Fatalf("%s: %+v", id, e)
			}
		}
		checkQueue(t, l.f)
	})
}
