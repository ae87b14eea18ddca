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
	want(t, "the one on the line is served", d.ringing("p2"), "ann")
	want(t, "the customer is dialled", d.due(), "p1")
	d.logIn("bob")
	want(t, "nobody is rung for nobody", d.ringing("p1"), "")
	want(t, "the customer is dialled once", d.due(), "")
	d.do(queues.Enter{PlaceID: "p1"})
	want(t, "not before it is known who", d.ringing("p1"), "")
	d.do(queues.Attach{PlaceID: "p1", CallID: "back"})
	want(t, "the customer is here", d.ringing("p1"), "bob")
	want(t, "the call", d.saved["p1"].CallID, "back")
	want(t, "the journal", d.note("place.entered").PlaceID, "p1")
	d.answer("bob")
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
	want(t, "and dialled again", d.due(), "b1")
}

func TestWhenAPromiseIsDue(t *testing.T) {
	t.Parallel()
	soon := queues.Estimate{Known: true, Mean: 15 * time.Second}
	late := queues.Estimate{Known: true, Mean: 16 * time.Second}
	t.Run("nobody ahead", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.call("p1", "support")
		d.promise("b1")
		want(t, "not while nobody is on duty", d.due(), "")
		d.logIn("ann")
		want(t, "not while somebody is ahead", d.due(), "")
		d.answer("ann")
		want(t, "when it is next", d.due(), "b1")
	})
	t.Run("soon", func(t *testing.T) {
		t.Parallel()
		d := open(t, support())
		d.logIn("ann")
		for _, id := range []string{"p1", "p2", "p3"} {
			d.call(id, "support")
		}
		d.promise("b1")
		d.do(queues.Estimated{Queue: "support", Places: map[string]queues.Estimate{"b1": late}})
		want(t, "it takes longer than to dial", d.due(), "")
		d.do(queues.Estimated{Queue: "support", Places: map[string]queues.Estimate{"b1": soon}})
		want(t, "it comes up", d.due(), "b1")
		want(t, "ahead", of[queues.Due](d)[0].Ahead, 3)
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
