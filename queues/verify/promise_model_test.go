package verify

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/telephony"
)

// keeper keeps promises by the real machine, with events in any order, and writes
// the journal of it.
type keeper struct {
	t       *rapid.T
	now     time.Time
	p       callback.Policy
	all     []callback.Callback
	entries []journal.Entry
}

func (k *keeper) write(cb callback.Callback, n callback.Note) {
	data := map[string]any{}
	src, err := json.Marshal(n.Data)
	if err == nil && n.Data != nil {
		err = json.Unmarshal(src, &data)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	k.entries = append(k.entries, journal.Entry{
		Seq: int64(len(k.entries) + 1), At: n.At, Type: n.Type, Callback: n.CallbackID, Place: cb.PlaceID, Queue: "support", Data: data,
	})
}

func (k *keeper) ask() {
	i := len(k.all)
	req := callback.Request{ID: fmt.Sprintf("b%d", i), Number: fmt.Sprintf("+7916000%04d", i%7), Queue: "support", PlaceID: fmt.Sprintf("p%d", i)}
	if rapid.Bool().Draw(k.t, "later") {
		req.Window.From = k.now.Add(time.Duration(rapid.IntRange(1, 600).Draw(k.t, "in min")) * time.Minute)
	}
	req.Verify = rapid.SampledFrom([]callback.VerifyWay{"", "", callback.VerifyByCall, callback.VerifyByCode}).Draw(k.t, "verify")
	req.Mode = rapid.SampledFrom([]callback.Mode{"", "", callback.AgentFirst, callback.AgentPreview}).Draw(k.t, "mode")
	cb, refusal := callback.Ask(req, k.p, k.all, k.now)
	if refusal != nil {
		k.write(callback.Callback{}, callback.RefusedNote(req, *refusal, k.now))
		return
	}
	k.all = append(k.all, cb)
	k.write(cb, callback.AskedNote(cb, req))
	if n, delayed := callback.DelayedNote(cb, k.p); delayed {
		k.write(cb, n)
	}
}

func (k *keeper) pause() {
	order := &k.p.Facts.Paused
	order.On, order.Since, order.Queue = !order.On, k.now, "support"
	typ := map[bool]string{true: "callback.paused", false: "callback.resumed"}[order.On]
	k.entries = append(k.entries, journal.Entry{Seq: int64(len(k.entries) + 1), At: k.now, Type: typ, Queue: "support", Data: map[string]any{}})
}

func (k *keeper) step() {
	i := rapid.IntRange(0, len(k.all)-1).Draw(k.t, "which")
	cb := k.all[i]
	if cb.NotBefore.After(k.now) && rapid.Bool().Draw(k.t, "wait") {
		k.now = cb.NotBefore
	}
	leg := callback.ChannelID(cb.ID, max(len(cb.Attempts), 1))
	ev := rapid.SampledFrom([]callback.Event{
		callback.Due{}, callback.Due{}, callback.Tick{}, callback.Tick{}, callback.AgentTook{}, callback.AgentLost{}, callback.PhoneRings{Channel: leg},
		callback.PickedUp{Channel: leg}, callback.PickedUp{Channel: leg}, callback.Accepted{Channel: leg}, callback.Accepted{Channel: leg}, callback.Declined{Channel: leg}, callback.NoKey{Channel: leg},
		callback.Machine{Channel: leg}, callback.Ended{Channel: leg, Cause: telephony.CauseBusy}, callback.Ended{Channel: leg, Cause: telephony.CauseNormal},
		callback.ConversationStarted{Agent: "anna"}, callback.ConversationStarted{Agent: "anna"}, callback.ConversationOver{}, callback.PlaceOver{Reason: "full"},
		callback.Recovered{}, callback.Recovered{ChannelAlive: true, Channel: telephony.StateUp}, callback.Recovered{ChannelAlive: true, Channel: telephony.StateRinging, AgentThere: true},
		callback.Resolve{Outcome: callback.OutcomeBusy, By: "olga"}, callback.Resolve{Outcome: callback.OutcomeConnected, By: "olga"},
		callback.Cancel{By: callback.ByService}, callback.DialRefused{Channel: leg, Retryable: true, Err: "broken"}, callback.Hasten{By: "olga"},
		callback.Postpone{Until: k.now.Add(time.Hour), By: "olga"}, callback.Postpone{Until: k.now.Add(time.Hour), Anew: true, By: "olga"}, callback.Verified{By: "code"},
		callback.Previewed{Answer: callback.PreviewAccept}, callback.Previewed{Answer: callback.PreviewPostpone}, callback.Previewed{Answer: callback.PreviewReject},
	}).Draw(k.t, "event")
	k.give(i, ev)
}

// talk goes all the way to a conversation, where it can.
func (k *keeper) talk() {
	i := rapid.IntRange(0, len(k.all)-1).Draw(k.t, "who")
	if k.all[i].NotBefore.After(k.now) {
		k.now = k.all[i].NotBefore
	}
	leg := callback.ChannelID(k.all[i].ID, len(k.all[i].Attempts)+1)
	for _, ev := range []callback.Event{
		callback.Tick{}, callback.Due{}, callback.PhoneRings{Channel: leg}, callback.PickedUp{Channel: leg}, callback.Accepted{Channel: leg},
		callback.AgentTook{}, callback.ConversationStarted{Agent: "anna"},
	} {
		k.give(i, ev)
		k.now = k.now.Add(3 * time.Second)
	}
}

func (k *keeper) give(i int, ev callback.Event) {
	after, cmds, err := callback.Step(k.all[i], ev, k.p, k.now)
	if err != nil {
		return
	}
	k.all[i] = after
	for _, cmd := range cmds {
		if n, ok := cmd.(callback.Note); ok {
			k.write(after, n)
		}
	}
}

func keep(t *rapid.T) *keeper {
	k := &keeper{t: t, now: start, p: callback.Policy{
		Prefixes: []string{"+7"}, MaxAttempts: 3, RetryAfter: 7 * time.Minute,
		Uncertain: rapid.SampledFrom(callback.UncertainPolicies()).Draw(t, "uncertain"),
		Expire:    time.Duration(rapid.IntRange(0, 1).Draw(t, "expires")) * 12 * time.Hour,
	}}
	if rapid.Bool().Draw(t, "hours") {
		k.p.Hours = &dialplan.Hours{Location: time.UTC}
		for day := range k.p.Hours.Week {
			k.p.Hours.Week[day] = []dialplan.Span{{From: 6 * 60, To: 16 * 60}}
		}
	}
	k.ask()
	for range rapid.IntRange(1, 80).Draw(t, "steps") {
		switch what := rapid.IntRange(0, 19).Draw(t, "what"); {
		case what == 0:
			k.pause()
		case what < 3:
			k.ask()
		case what < 6:
			k.now = k.now.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "s")) * time.Second)
		case len(k.all) == 0:
		case what == 6:
			k.talk()
		default:
			k.step()
		}
	}
	return k
}

// TestWhatTheMachineDoesIsNoFault: whatever the machine of package callback does, its
// entries follow the rules, and what is open in them is open in the records.
func TestWhatTheMachineDoesIsNoFault(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := keep(t)
		v := New(Options{})
		for _, e := range k.entries {
			if err := v.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		var open []string
		for _, cb := range k.all {
			if cb.Open() {
				open = append(open, cb.ID)
			}
		}
		slices.Sort(open)
		if got := v.OpenPromises(); !slices.Equal(got, open) {
			t.Errorf("the journal has %v open, and the records %v", got, open)
		}
		if err := v.Done().Err(); err != nil {
			t.Fatal(err)
		}
	})
}

// mutation breaks a journal at an entry, in one way, or says that it cannot there.
type mutation struct {
	name string
	want Rule
	make func(entries []journal.Entry, i int) ([]journal.Entry, bool)
}

// next is the entry about the same promise after i, -1 for none.
func next(entries []journal.Entry, i int) int {
	for j := i + 1; j < len(entries); j++ {
		if entries[j].Callback == entries[i].Callback {
			return j
		}
	}
	return -1
}

func again(entries []journal.Entry, i int, change func(*journal.Entry)) []journal.Entry {
	e := entries[i]
	e.Data = map[string]any{}
	for key, value := range entries[i].Data {
		e.Data[key] = value
	}
	change(&e)
	return slices.Insert(slices.Clone(entries), i+1, e)
}

var mutations = []mutation{
	{"dialled twice at once", TwoDials, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		return again(entries, i, func(e *journal.Entry) { e.Data["attempt"] = number(*e, "attempt") + 1 }), entries[i].Type == "callback.dialling"
	}},
	{"dialled too often", TooManyDials, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		e := entries[i]
		changed := again(entries, i, func(e *journal.Entry) { e.Data["attempt"] = number(*e, "of") + 1 })
		return slices.Delete(changed, i, i+1), e.Type == "callback.dialling"
	}},
	{"dialled before the pause is over", DialledEarly, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		until, _ := entries[i].Moment("not_before")
		j := next(entries, i)
		if entries[i].Type != "callback.retry" || j < 0 || until.Sub(entries[i].At) < 2*time.Second {
			return nil, false
		}
		return again(entries, i, func(e *journal.Entry) {
			*e = journal.Entry{At: until.Add(-2 * time.Second), Type: "callback.dialling", Callback: e.Callback, Queue: "sales", Data: map[string]any{}}
			for _, before := range entries[:i] {
				if before.Callback == e.Callback && before.Type == "callback.dialling" {
					e.Data["attempt"] = number(before, "attempt") + 1
				}
			}
		}), true
	}},
	{"dialled when it is over", DialledClosed, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		return again(entries, i, func(e *journal.Entry) { e.Type = "callback.dialling" }), closing(entries[i])
	}},
	{"closed twice", EndedTwice, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		return again(entries, i, func(*journal.Entry) {}), closing(entries[i])
	}},
	{"connected twice", ConnectedTwice, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		return again(entries, i, func(*journal.Entry) {}), entries[i].Type == "callback.connected"
	}},
	{"dialled in a pause", DialledPaused, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		return slices.Insert(slices.Clone(entries), i, journal.Entry{At: entries[i].At.Add(-time.Second), Type: "callback.paused", Queue: "support"}),
			entries[i].Type == "callback.dialling"
	}},
	{"a yes without an answer", WrongState, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		j := next(entries, i)
		return slices.Delete(slices.Clone(entries), i, i+1), entries[i].Type == "callback.answered" && j > 0 && entries[j].Type == "callback.confirmed"
	}},
	{"kept without a talk", WrongState, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		kept := slices.ContainsFunc(entries[i:], func(e journal.Entry) bool { return e.Type == "callback.done" && e.Callback == entries[i].Callback })
		return slices.Delete(slices.Clone(entries), i, i+1), entries[i].Type == "callback.connected" && kept
	}},
	{"an attempt without a dial", WrongState, func(entries []journal.Entry, i int) ([]journal.Entry, bool) {
		j := next(entries, i)
		return slices.Delete(slices.Clone(entries), i, i+1), entries[i].Type == "callback.dialling" && j > 0 && entries[j].Type == "callback.attempt"
	}},
}

func closing(e journal.Entry) bool {
	return e.Type == "callback.done" || e.Type == "callback.given_up" || e.Type == "callback.cancelled"
}

// mutationSeeds is how many more journals are looked at for a mutation that fitted
// none: one in thirty takes the rarest.
const mutationSeeds = 2000

// TestOneMutationIsNamed breaks good journals, each once, and wants the fault named.
// Which mutations fit a journal is chance, so there are journals until each fitted.
func TestOneMutationIsNamed(t *testing.T) {
	t.Parallel()
	made := map[string]int{}
	try := func(t rapid.TB, entries []journal.Entry, m mutation) {
		for i := range entries {
			broken, fits := m.make(entries, i)
			if !fits {
				continue
			}
			made[m.name]++
			for j := range broken {
				broken[j].Seq = int64(j + 1)
			}
			r := proveDrawn(t, broken)
			if !slices.ContainsFunc(r.Faults, func(f Fault) bool { return f.Rule == m.want }) {
				t.Fatalf("%s at entry %d is not named: %v %v", m.name, i+1, r, r.Err())
			}
			return
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k := keep(t)
		for _, m := range mutations {
			try(t, k.entries, m)
		}
	})
	kept := rapid.Custom(func(t *rapid.T) []journal.Entry { return keep(t).entries })
	for seed := range mutationSeeds {
		missing := slices.DeleteFunc(slices.Clone(mutations), func(m mutation) bool { return made[m.name] > 0 })
		if len(missing) == 0 {
			return
		}
		entries := kept.Example(seed)
		for _, m := range missing {
			try(t, entries, m)
		}
	}
	for _, m := range mutations {
		if made[m.name] == 0 {
			t.Errorf("no journal could be broken by %q", m.name)
		}
	}
}
