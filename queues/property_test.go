package queues

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world is a line together with a tiny switch queue that carries out what the
// line asks for, and everything that must hold between the two.
type world struct {
	line    *Line
	now     time.Time
	queue   []inQueue // as app_queue would hold it
	unseen  []string  // placeholders whose Joined is still on its way
	talking map[string]string
	records map[string]Place // as saved
	over    map[string]int
	channel map[string]bool // every channel id ever asked for
	taken   map[string]time.Time
	next    int
	inLine  map[string]bool  // ids that were taken and are not over
	away    map[string]Place // handed over to another queue
	rung    map[offer]bool   // offers that were made and have not ended
	foreign map[string]bool  // callers by another way, as the journal tells
	told    map[string]int   // first estimates, by place
}

type inQueue struct {
	channel  string
	priority int
	at       time.Time
}

func newWorld() *world {
	w := &world{
		now: start, talking: map[string]string{}, records: map[string]Place{}, over: map[string]int{},
		channel: map[string]bool{}, taken: map[string]time.Time{}, inLine: map[string]bool{},
		away: map[string]Place{}, rung: map[offer]bool{}, foreign: map[string]bool{}, told: map[string]int{},
	}
	w.line = New("support", Settings{MaxReentries: 3})
	return w
}

// join puts a channel into the switch's queue as app_queue's join_queue does.
func (w *world) join(channel string, priority, position int) {
	for i, cur := range w.queue {
		if priority > cur.priority || priority >= cur.priority && position > 0 && position <= i+1 {
			w.queue = slices.Insert(w.queue, i, inQueue{channel, priority, w.now})
			return
		}
	}
	w.queue = append(w.queue, inQueue{channel, priority, w.now})
}

func (w *world) drop(channel string) {
	w.queue = slices.DeleteFunc(w.queue, func(c inQueue) bool { return c.channel == channel })
	w.unseen = slices.DeleteFunc(w.unseen, func(c string) bool { return c == channel })
	delete(w.talking, channel)
}

// do sends an event and carries out the commands.
func (w *world) do(t *rapid.T, ev Event) {
	saved := map[string]PlaceState{}
	var due []Due
	for _, cmd := range w.line.Apply(ev, w.now) {
		switch cmd := cmd.(type) {
		case Save:
			w.records[cmd.Place.ID] = cmd.Place
			saved[cmd.Place.ID] = cmd.Place.State
		case Insert:
			if w.channel[cmd.Channel] {
				t.Fatalf("channel %s is asked for twice", cmd.Channel)
			}
			if w.records[cmd.Place.ID].Channel != cmd.Channel {
				t.Fatalf("channel %s is asked for before it is saved", cmd.Channel)
			}
			w.channel[cmd.Channel] = true
			w.join(cmd.Channel, cmd.Place.Priority, cmd.Position)
			w.unseen = append(w.unseen, cmd.Channel)
		case Withdraw:
			w.drop(cmd.Channel)
		case Over:
			if saved[cmd.Place.ID] != PlaceLeft || cmd.Place.Reason == "" {
				t.Fatalf("%s is over without being saved as left: %+v", cmd.Place.ID, cmd.Place)
			}
			w.over[cmd.Place.ID]++
			delete(w.inLine, cmd.Place.ID)
		case Handover:
			w.handedOver(t, cmd)
		case Note:
			w.read(t, cmd)
		case Due:
			due = append(due, cmd)
		}
	}
	for _, d := range due {
		w.checkDial(t, d, ev)
	}
}

// handedOver: the place is saved as it is given away, and gone from here.
func (w *world) handedOver(t *rapid.T, cmd Handover) {
	p := cmd.Place
	if !w.inLine[p.ID] || !reflect.DeepEqual(w.records[p.ID], p) || p.Queue != "other" || cmd.From != "support" {
		t.Fatalf("handed over %+v, saved %+v", p, w.records[p.ID])
	}
	if p.State != PlaceResting || p.Channel != "" || p.Agent != "" || !p.ServedAt.IsZero() || !p.QueuedAt.Equal(w.now) {
		t.Fatalf("handed over as %+v", p)
	}
	if _, still := w.line.Place(p.ID); still {
		t.Fatalf("%s is handed over and still here", p.ID)
	}
	delete(w.inLine, p.ID)
	w.away[p.ID] = p
}

// read holds the journal to what it says of offers, foreign callers and first
// estimates: each begins once and ends once.
func (w *world) read(t *rapid.T, n Note) {
	channel, _ := n.Data["channel"].(string)
	agent, _ := n.Data["agent"].(string)
	switch o := (offer{channel, agent}); n.Type {
	case "offer.made":
		if w.rung[o] {
			t.Fatalf("%+v was made twice", o)
		}
		w.rung[o] = true
	case "offer.ended":
		if !w.rung[o] {
			t.Fatalf("%+v ended without being made", o)
		}
		delete(w.rung, o)
	case "foreign.joined", "foreign.left":
		if joined := n.Type == "foreign.joined"; w.foreign[channel] == joined {
			t.Fatalf("%s: %s", channel, n.Type)
		} else if w.foreign[channel] = joined; !joined {
			delete(w.foreign, channel)
		}
	case "place.estimated":
		if w.told[n.PlaceID]++; w.told[n.PlaceID] > 1 {
			t.Fatalf("%s has a first estimate for the second time", n.PlaceID)
		}
	}
}

func (w *world) check(t *rapid.T) {
	v := w.line.View("support", w.now)
	seen := map[string]int{}
	for _, p := range v.Places {
		seen[p.ID]++
		if !w.inLine[p.ID] {
			t.Fatalf("%s is in the line although it is over", p.ID)
		}
		if !p.TakenAt.Equal(w.taken[p.ID]) {
			t.Fatalf("%s was taken at %v and is now said to be at %v", p.ID, w.taken[p.ID], p.TakenAt)
		}
		if (p.Channel == "") != (p.State == PlaceResting) {
			t.Fatalf("%s is %s with channel %q", p.ID, p.State, p.Channel)
		}
		if !cmp.Equal(w.records[p.ID], p.Place) {
			t.Fatalf("%s is not as it was saved:\n%+v\n%+v", p.ID, p.Place, w.records[p.ID])
		}
	}
	for id := range w.inLine {
		if seen[id] != 1 {
			t.Fatalf("%s is in the line %d times", id, seen[id])
		}
		if w.over[id] != 0 {
			t.Fatalf("%s is in the line and over", id)
		}
	}
	for id, n := range w.over {
		if n != 1 {
			t.Fatalf("%s was over %d times", id, n)
		}
	}
	if len(v.Foreign) != len(w.foreign) {
		t.Fatalf("%d callers came by another way, the journal has %v", len(v.Foreign), w.foreign)
	}
	for o := range w.rung {
		if w.line.channels[o.channel] == nil && !w.foreign[o.channel] {
			t.Fatalf("%+v goes on without a caller", o)
		}
	}
	w.checkOrder(t)
}

// checkOrder holds the switch's queue against the order of the places.
func (w *world) checkOrder(t *rapid.T) {
	var last *Place
	for _, c := range w.queue {
		id, _, ours := ParseChannelID(c.channel)
		if !ours {
			continue
		}
		p, ok := w.line.Place(id)
		if !ok || p.Channel != c.channel {
			t.Fatalf("%s stands in the switch's queue for no place", c.channel)
		}
		if last != nil && p.Before(*last) {
			t.Fatalf("%s (%v) stands behind %s (%v): %v", p.ID, p.TakenAt, last.ID, last.TakenAt, w.queue)
		}
		last = &p
	}
}

func (w *world) pick(t *rapid.T, label string, ok func(Place) bool) Place {
	var ids []string
	for id := range w.inLine {
		if p, found := w.line.Place(id); found && ok(p) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		t.Skip("no such place")
	}
	slices.Sort(ids)
	p, _ := w.line.Place(rapid.SampledFrom(ids).Draw(t, label))
	return p
}

func (w *world) take(t *rapid.T, p Place, hold bool) {
	w.next++
	p.ID = fmt.Sprint("p", w.next)
	p.Priority = rapid.SampledFrom([]int{0, 0, 0, 5}).Draw(t, "priority")
	w.inLine[p.ID] = true
	w.taken[p.ID] = w.now
	w.do(t, Take{Place: p, Hold: hold})
}

// leaveQueue ends a placeholder on the switch for a reason.
func (w *world) leaveQueue(t *rapid.T, p Place, status string) {
	w.drop(p.Channel)
	w.do(t, Gone{PlaceID: p.ID, Channel: p.Channel, Status: status})
}

func (w *world) mirror() Mirror {
	m := Mirror{Agents: w.line.View("support", w.now).Agents}
	for _, c := range w.queue {
		m.Waiting = append(m.Waiting, Joined{Channel: c.channel, Priority: c.priority, At: c.at})
	}
	w.unseen = nil
	return m
}

// restart loses the line and takes it up again from what was saved; some
// placeholders are gone meanwhile.
func (w *world) restart(t *rapid.T) {
	reload := rapid.Bool().Draw(t, "the switch lost its queues too")
	line := New("support", Settings{MaxReentries: 3})
	w.rung, w.foreign = map[offer]bool{}, map[string]bool{} // the new run has not seen them
	w.line, w.queue = line, slices.DeleteFunc(w.queue, func(c inQueue) bool { return reload })
	ids := make([]string, 0, len(w.inLine))
	for id := range w.inLine {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	ids = rapid.Permutation(ids).Draw(t, "order of the records")
	for _, id := range ids {
		p := stored(t, w.records[id])
		_, served := w.talking[p.Channel]
		waits := slices.ContainsFunc(w.queue, func(c inQueue) bool { return c.channel == p.Channel })
		w.do(t, Restore{Place: p, Alive: served || waits, Served: served})
	}
	w.do(t, Tick{})
	w.do(t, w.mirror())
}

// stored is a place after it went through the store.
func stored(t *rapid.T, p Place) (back Place) {
	data, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(data, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestNoPlaceIsLostOrOvertaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		inserted := func(p Place) bool { return p.State.inserted() }
		anyPlace := func(Place) bool { return true }
		promise := func(p Place) bool { return p.CallbackID != "" }
		t.Repeat(map[string]func(*rapid.T){
			"": w.check,
			"call": func(t *rapid.T) {
				w.take(t, Place{CallID: "call"}, false)
			},
			"promise": func(t *rapid.T) {
				w.take(t, Place{CallbackID: "cb"}, true)
			},
			"convert": func(t *rapid.T) {
				w.do(t, Convert{PlaceID: w.pick(t, "place", inserted).ID, CallbackID: "cb"})
			},
			"attach and enter": func(t *rapid.T) {
				p := w.pick(t, "place", promise)
				w.do(t, Attach{PlaceID: p.ID, CallID: "call"})
				w.do(t, Enter{PlaceID: p.ID})
			},
			"rest": func(t *rapid.T) {
				w.do(t, Rest{PlaceID: w.pick(t, "place", promise).ID})
			},
			"hold again": func(t *rapid.T) {
				p := w.pick(t, "place", promise)
				w.do(t, Take{Place: Place{ID: p.ID, CallbackID: p.CallbackID, TakenAt: w.now}, Hold: true})
			},
			"leave": func(t *rapid.T) {
				reason := rapid.SampledFrom([]LeaveReason{LeftAbandoned, LeftByChoice, ""}).Draw(t, "reason")
				w.do(t, Leave{PlaceID: w.pick(t, "place", anyPlace).ID, Reason: reason})
			},
			"answer": func(t *rapid.T) {
				if len(w.queue) == 0 {
					t.Skip("nobody waits")
				}
				c := w.queue[0].channel
				w.drop(c)
				if id, _, ours := ParseChannelID(c); ours {
					w.talking[c] = id
					w.do(t, Answered{PlaceID: id, Channel: c})
				}
				w.do(t, Parted{Channel: c})
				w.do(t, AgentOn{Channel: c, Agent: "Anna"})
			},
			"hang up on agent": func(t *rapid.T) {
				w.leaveQueue(t, w.pick(t, "place", func(p Place) bool { return p.State == PlaceServed }), "")
			},
			"gone": func(t *rapid.T) {
				status := rapid.SampledFrom([]string{"", "CONTINUE", "FULL", "LEAVEEMPTY", "TIMEOUT", "WITHDRAW"}).Draw(t, "status")
				w.leaveQueue(t, w.pick(t, "place", inserted), status)
			},
			"late word of an old placeholder": func(t *rapid.T) {
				p := w.pick(t, "place", func(p Place) bool { return p.Entry > 1 })
				old := ChannelID(p.ID, p.Entry-1)
				for _, ev := range []Event{Joined{Channel: old}, Answered{PlaceID: p.ID, Channel: old}, Gone{PlaceID: p.ID, Channel: old}} {
					w.do(t, ev)
				}
			},
			"refused": func(t *rapid.T) {
				p := w.pick(t, "place", func(p Place) bool { return p.State == PlaceEntering })
				w.drop(p.Channel)
				w.do(t, Refused{PlaceID: p.ID, Channel: p.Channel, Retryable: rapid.Bool().Draw(t, "retryable"), Err: "busy"})
			},
			"move away": func(t *rapid.T) {
				p, keep := w.pick(t, "place", anyPlace), rapid.Bool().Draw(t, "keep")
				w.do(t, Move{PlaceID: p.ID, Queue: "other", Keep: keep, Why: "order"})
				moved, ok := w.away[p.ID]
				if !ok || moved.Moves != p.Moves+1 || moved.TakenAt.Equal(p.TakenAt) != (keep || p.TakenAt.Equal(w.now)) {
					t.Fatalf("%+v became %+v", p, moved)
				}
			},
			"move here": func(t *rapid.T) {
				ids := slices.Sorted(maps.Keys(w.away))
				if len(ids) == 0 {
					t.Skip("nobody was moved away")
				}
				p := w.away[rapid.SampledFrom(ids).Draw(t, "place")]
				delete(w.away, p.ID)
				delete(w.told, p.ID)
				p.Queue, p.Moves, p.QueuedAt = "support", p.Moves+1, w.now
				w.inLine[p.ID], w.taken[p.ID] = true, p.TakenAt
				w.do(t, Take{Place: p, Hold: p.CallID == ""})
				if got, _ := w.line.Place(p.ID); got.Moves != p.Moves || !got.QueuedAt.Equal(w.now) || got.CallbackID != p.CallbackID {
					t.Fatalf("%+v came as %+v", p, got)
				}
			},
			"ring": func(t *rapid.T) {
				if len(w.queue) == 0 {
					t.Skip("nobody waits")
				}
				agent := fmt.Sprint("agent", rapid.IntRange(1, 3).Draw(t, "agent"))
				c := rapid.SampledFrom(w.queue).Draw(t, "caller").channel
				if w.line.channels[c] == nil && !w.foreign[c] {
					t.Skip("not seen yet")
				}
				w.do(t, AgentRung{Channel: c, Agent: agent})
				if rapid.Bool().Draw(t, "no answer") {
					w.do(t, AgentMissed{Channel: c, Agent: agent})
				}
			},
			"estimates": func(t *rapid.T) {
				ev := Estimated{Queue: "support", Joining: Estimate{Known: true, Mean: time.Minute, High: 2 * time.Minute}, Places: map[string]Estimate{}}
				for _, p := range w.line.Places() {
					s := rapid.IntRange(0, 2000).Draw(t, "seconds")
					ev.Places[p.ID] = Estimate{Known: s > 0, Mean: time.Duration(s) * time.Second, High: time.Duration(2*s) * time.Second}
				}
				ev.Lead = time.Duration(rapid.IntRange(0, 600).Draw(t, "lead")) * time.Second
				ev.Freeing = rapid.Float64Range(0, 4).Draw(t, "freeing")
				w.do(t, ev)
			},
			"switch shows one": func(t *rapid.T) {
				if len(w.unseen) == 0 {
					t.Skip("all are seen")
				}
				c := w.unseen[0]
				w.unseen = w.unseen[1:]
				w.do(t, Joined{Channel: c, At: w.now})
			},
			"foreign caller": func(t *rapid.T) {
				w.next++
				c := fmt.Sprint("SIP/", w.next)
				w.join(c, 0, 0)
				w.do(t, Joined{Channel: c, At: w.now})
			},
			"agent": func(t *rapid.T) {
				states := []AgentState{AgentIdle, AgentRinging, AgentTalking, AgentWrapUp, AgentPaused, AgentOffline}
				w.do(t, AgentSeen{Agent{ID: fmt.Sprint("agent", rapid.IntRange(1, 3).Draw(t, "agent")), State: rapid.SampledFrom(states).Draw(t, "state")}})
			},
			"time": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 40_000).Draw(t, "ms")) * time.Millisecond)
				w.do(t, Tick{})
			},
			"mirror":  func(t *rapid.T) { w.do(t, w.mirror()) },
			"restart": w.restart,
		})
		// In the end every place that nobody ended can still be served.
		for range 200 {
			w.now = w.now.Add(time.Minute)
			w.do(t, Tick{})
			w.do(t, w.mirror())
		}
		for id := range w.inLine {
			if p, _ := w.line.Place(id); p.State == PlaceResting && !p.EnterAfter.IsZero() && (p.CallID != "" || w.line.free(w.now) == 0) {
				t.Fatalf("%s rests for ever: %+v", id, p)
			}
		}
		w.check(t)
	})
}
