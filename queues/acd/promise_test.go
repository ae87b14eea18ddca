package acd

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func (d *desk) promise(id string) {
	d.t.Helper()
	d.do(queues.Take{Place: queues.Place{ID: id, Queue: "support", CallbackID: "b-" + id}, Hold: true})
	d.now = d.now.Add(time.Millisecond)
}

// due lists the promises that were told so by the last event.
func (d *desk) due() string {
	ids := ""
	for _, cmd := range of[queues.Due](d) {
		ids += cmd.Place.ID
	}
	return ids
}

func TestAPromiseKeepsItsPlaceAndRingsNobody(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.call("p1", "support")
	d.call("p2", "support")
	d.do(queues.Convert{PlaceID: "p1", CallbackID: "b1"})
	want(t, "the journal", d.note("place.converted").Data["call"], any("call-p1"))
	want(t, "the place", d.place("p1"), "resting in support")
	v := d.g.View("support", d.now)
	want(t, "it is still the first", v.Places[0].ID, "p1")
	want(t, "the other waits behind it", v.Places[1].Ahead, 1)
	d.logIn("ann")
	want(t, "the customer is dialled", d.due(), "p1")
	want(t, "nobody is rung for nobody", d.ringing("p1"), "")
	want(t, "the agent is kept free", d.ringing("p2"), "")
	d.logIn("bob")
	want(t, "the one behind gets the next", d.ringing("p2"), "bob")
	want(t, "the customer is dialled once", d.due(), "")
	d.do(queues.Enter{PlaceID: "p1"})
	want(t, "not before it is known who", d.ringing("p1"), "")
	d.do(queues.Attach{PlaceID: "p1", CallID: "back"})
	want(t, "the customer is here", d.ringing("p1"), "ann")
	n := d.note("place.awaited").Data
	want(t, "the journal", []any{n["agent"], n["came"]}, []any{"ann", true})
	want(t, "the call", d.saved["p1"].CallID, "back")
	want(t, "the journal", d.note("place.entered").PlaceID, "p1")
	d.answer("ann")
	serve := of[queues.Serve](d)
	want(t, "the promise is served", serve[0].Place.CallbackID, "b1")
	want(t, "nobody is dialled", d.due(), "")
}

func TestAPromiseStandsAtItsRightfulPlace(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.promise("b1")
	d.call("p1", "support")
	d.call("p2", "support")
	d.do(queues.Attach{PlaceID: "b1", CallID: "back"}, queues.Enter{PlaceID: "b1"})
	d.logIn("ann")
	want(t, "before those who came later", d.ringing("b1"), "ann")
	d.do(queues.Rest{PlaceID: "b1"})
	want(t, "the customer was lost", d.place("b1"), "resting in support")
	want(t, "the agent gets the next", d.ringing("p1"), "ann")
	want(t, "nobody is on the line", d.saved["b1"].CallID, "")
	want(t, "nobody waits behind it", d.g.View("support", d.now).Places[0].ID, "p1")
	d.do(queues.Take{Place: queues.Place{ID: "b1", Queue: "support", CallbackID: "b-b1"}, Hold: true})
	want(t, "until it is held again", d.g.View("support", d.now).Places[0].ID, "b1")
	want(t, "there is no agent", d.due(), "")
	d.do(queues.Leave{PlaceID: "p1", Reason: queues.LeftAbandoned})
	want(t, "and dialled again", d.due(), "b1")
	want(t, "before who came later", d.ringing("p2"), "")
}

func TestWhenAPromiseIsDue(t *testing.T) {
	t.Parallel()
	t.Run("an agent is free", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.call("p1", "support")
		d.promise("b1")
		want(t, "not while nobody is on duty", d.due(), "")
		d.logIn("ann")
		want(t, "not while somebody is ahead", d.due(), "")
		d.answer("ann")
		want(t, "nor while the agent talks", d.due(), "")
		d.gone("ann", "")
		want(t, "when the agent is free", d.due(), "b1")
		got := of[queues.Due](d)[0]
		want(t, "the bound", []int{got.InFlight, got.Free}, []int{1, 1})
	})
	t.Run("an agent will be free", func(t *testing.T) {
		t.Parallel()
		soon := queues.Estimate{Known: true, Mean: 15 * time.Second}
		late := queues.Estimate{Known: true, Mean: 16 * time.Second}
		d := open(t, support())
		d.logIn("ann", "bob")
		for _, id := range []string{"p1", "p2", "p3"} {
			d.call(id, "support")
		}
		d.answer("ann")
		d.answer("bob")
		d.promise("b1")
		d.promise("b2")
		told := func(freeing float64, b1, b2 queues.Estimate) {
			d.do(queues.Estimated{
				Queue: "support", Places: map[string]queues.Estimate{"b1": b1, "b2": b2}, Lead: 15 * time.Second, Freeing: freeing,
			})
		}
		told(2, late, late)
		want(t, "it takes longer than to dial", d.due(), "")
		told(1.4, soon, soon)
		want(t, "the agent is for p3", d.due(), "")
		told(1.6, soon, soon)
		want(t, "it comes up", d.due(), "b1")
		got := of[queues.Due](d)[0]
		want(t, "ahead", got.Ahead, 1)
		want(t, "the bound", []int{got.InFlight, got.Free}, []int{1, 2})
		told(2, soon, soon)
		want(t, "there are no more agents", d.due(), "")
		d.do(queues.Leave{PlaceID: "p3", Reason: queues.LeftAbandoned})
		told(2, soon, soon)
		want(t, "until somebody leaves", d.due(), "b2")
	})
	t.Run("an agent is kept for a later one", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.logIn("ann")
		d.promise("b1")
		want(t, "dialled", d.due(), "b1")
		d.call("p1", "support")
		want(t, "who comes later waits", d.ringing("p1"), "")
		d.do(queues.Take{Place: queues.Place{ID: "v1", Queue: "support", CallID: "call-v1", Priority: 1}})
		want(t, "who goes first gets the agent", d.ringing("v1"), "ann")
		n := d.note("place.awaited").Data
		want(t, "the journal", []any{n["agent"], n["came"]}, []any{"ann", false})
		d.answer("ann")
		d.gone("ann", "")
		want(t, "the agent is kept again", d.ringing("p1"), "")
		want(t, "the customer is dialled once", d.due(), "")
		d.do(queues.Pause{Agent: "ann"})
		d.logIn("bob")
		want(t, "another takes over", d.ringing("p1"), "")
		d.do(queues.Rest{PlaceID: "b1"})
		want(t, "the customer does not answer", d.ringing("p1"), "bob")
	})
	t.Run("the agent comes first", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.logIn("ann")
		d.promise("b1")
		d.do(queues.Enter{PlaceID: "b1", Alone: true})
		want(t, "with nobody on the line", d.ringing("b1"), "ann")
		d.answer("ann")
		want(t, "the place", d.place("b1"), "served in support")
		d.do(queues.Attach{PlaceID: "b1", CallID: "back"})
		want(t, "the customer", d.saved["b1"].CallID, "back")
	})
	t.Run("agents are paused", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.logIn("ann")
		d.do(queues.Pause{Agent: "ann"})
		d.promise("b1")
		want(t, "nobody is dialled to wait for them", d.due(), "")
		d.do(queues.Unpause{Agent: "ann"})
		want(t, "until they are back", d.due(), "b1")
		d.do(queues.Pause{Agent: "ann"})
		want(t, "one dial is enough", d.due(), "")
	})
	t.Run("behind a place that nobody can serve", func(t *testing.T) {
		t.Parallel()
		r := support()
		r.Agents[1].Skills = []queues.Skill{{Name: "latin", Level: 5}}
		d := open(t, r)
		d.call("p1", "support", needs(queues.Skill{Name: "latin", Level: 5}))
		d.promise("b1")
		d.promise("b2")
		d.logIn("ann")
		want(t, "it does not wait for ever", d.due(), "b1")
	})
}

func TestAServedPlaceIsNotConverted(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann")
	d.call("p1", "support")
	d.answer("ann")
	d.do(queues.Convert{PlaceID: "p1", CallbackID: "b1"})
	want(t, "the place", d.saved["p1"].CallbackID, "")
}

func TestAPromiseTakesItsPlaceAgainUnderNewChannels(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.promise("b1")
	d.do(queues.Attach{PlaceID: "b1", CallID: "back"}, queues.Enter{PlaceID: "b1"})
	d.logIn("ann")
	d.answer("ann")
	d.gone("ann", "")
	want(t, "the place", d.place("b1"), "left: served")
	d.promise("b1")
	d.do(queues.Attach{PlaceID: "b1", CallID: "back2"}, queues.Enter{PlaceID: "b1"})
	want(t, "the channel", d.leg("ann").channel, "lk-place-b1-2")
}

func TestTheEndOfACall(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann")
	d.call("p1", "support")
	d.do(queues.Leave{PlaceID: "p1", Reason: queues.LeftAbandoned})
	want(t, "hung up while waiting", d.place("p1"), "left: abandoned")
	want(t, "the offer", d.note("offer.ended").Data["why"], any("cancelled"))
	want(t, "ann", d.state("ann"), queues.AgentIdle)
	d.call("p2", "support")
	d.answer("ann")
	d.do(queues.Leave{PlaceID: "p2", Reason: queues.LeftAbandoned})
	want(t, "hung up on the agent", d.place("p2"), "left: served")
	want(t, "the agent's leg is ended", of[queues.Withdraw](d)[0].Channel, "lk-place-p2-1")
}
