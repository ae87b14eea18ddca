package hotline_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

const hello = "You asked us to call you back."

// trunk is the phone of all customers who are called back.
func (r *rig) trunk() *operator {
	r.Helper()
	tone := r.tone()
	p, err := r.Trunk(r.Context(), softphone.Options{Tone: tone})
	r.must(err)
	return &operator{Phone: p, r: r, tone: float64(tone)}
}

// asks makes a promise out of a place in line, with the caller's own number.
func (c *caller) asksForCallback() {
	c.r.Helper()
	c.hears("press one")
	c.presses("1")
	c.hears("We will call you back at")
	c.presses("1")
	c.hears("We will call you when your turn comes.")
	c.hangsUp()
	c.r.result(c.name, "callback")
}

// confirms is a customer who is called back and wants to talk.
func (c *caller) confirms() {
	c.r.Helper()
	c.r.must(c.Answer(c.r.soon()))
	c.hears(hello)
	c.hears("To speak to an operator, press one.")
	c.presses("1")
}

func TestPromiseKeepsItsPlace(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	_, atAnna, a, b, c := r.threeInLine(anna)
	before := r.waiting(3)
	b.asksForCallback()
	after := r.waiting(3)
	for i, p := range before.Places[:3] {
		got := after.Places[i]
		if got.ID != p.ID || !got.TakenAt.Equal(p.TakenAt) {
			t.Errorf("place %d was %+v and is %+v", i+1, p, got)
		}
	}
	if p := after.Places[1]; p.Kind != "callback" || p.Number != second {
		t.Errorf("the second place is %+v, want the promise", p)
	}

	atAnna.hangsUp()
	atAnna = anna.ring()
	r.talk(a, atAnna)
	if n := len(r.journal("callback.dialling")); n != 0 {
		t.Errorf("%d calls were made to wait for an operator who has just begun to talk", n)
	}
	atAnna.hangsUp()
	customer := trunk.ring()
	if got := customer.Dialled(); got != second {
		t.Errorf("%s was dialled, want %s", got, second)
	}
	customer.confirms()
	atAnna = anna.ring()
	if got := atAnna.RemoteNumber(); got != second {
		t.Errorf("the operator's phone shows %q, want the customer %q", got, second)
	}
	r.talk(customer, atAnna)
	if q := r.queue("support"); q.Waiting != 1 {
		t.Errorf("%d wait, want the one who came later", q.Waiting)
	}
	atAnna.hangsUp()
	customer.hears("Thank you.")
	r.talk(c, anna.ring())

	cb := r.promiseIs("done")
	if len(cb.Attempts) != 1 || cb.Attempts[0].Outcome != "connected" || cb.Agent != "Anna" || cb.ConnectedAt == nil {
		t.Errorf("the promise is %+v", cb)
	}
	if !cb.PlaceAt.Equal(before.Places[1].TakenAt) {
		t.Errorf("the place counts from %v, want %v", cb.PlaceAt, before.Places[1].TakenAt)
	}
	story, err := r.Client.Why(r.soon(), cb.ID)
	r.must(err)
	t.Logf("why: %q", story.Story)
}

func TestAnotherNumber(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	const other = "+79161112233"
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	c := r.calls(first, support)
	c.hears("For your balance")
	c.presses("3")
	c.hears("We will call you back at plus seven, nine one six")
	c.presses("2")
	c.hears("Enter your phone number")
	c.presses("89161112233#")
	c.hears("one one one, two two, three three.")
	c.presses("1")
	customer := trunk.ring()
	if got := customer.Dialled(); got != other {
		t.Errorf("%s was dialled, want %s", got, other)
	}
	customer.confirms()
	c.hears("We will call you when your turn comes.")
	c.hears("Bye.")
	c.letGo()
	r.result(first, "callback")
	r.talk(customer, anna.ring())
	customer.hangsUp()
	if cb := r.promiseIs("done"); cb.Number != other || cb.Queue != "support" {
		t.Errorf("the promise is %+v", cb)
	}
}

func TestCustomersWhoCannotBeReached(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	for _, phone := range []string{"101", "102", "103"} { // as many are called at once
		r.operator(phone, softphone.Ignore())
	}
	trunk := r.trunk()
	const far, wrong, full, away, gone = "+79160000005", "+79160000006", "+79160000007", "+79160000008", "+79160000009"
	outcomes := map[string]string{
		first: "busy", second: "no_answer", third: "no_key", far: "rejected", wrong: "invalid", full: "congestion", away: "no_answer", gone: "abandoned",
	}
	refusals := map[string]int{first: 486, far: 603, wrong: 404, full: 503, away: 480}
	pauses := map[string]time.Duration{"busy": 1500 * time.Millisecond, "congestion": time.Second, "rejected": 9 * time.Second}
	var script sync.WaitGroup
	script.Go(func() {
		for c := range trunk.Incoming() {
			switch number := c.Dialled(); number {
			case third:
				_ = c.Answer(t.Context()) // an answering machine
			case gone: // says yes, and does not wait for the operator
				script.Go(func() {
					_ = c.Answer(t.Context())
					_, _ = c.WaitHearText(t.Context(), "press one")
					_ = c.Press(t.Context(), "1")
					_, _ = c.WaitHearText(t.Context(), "Connecting")
					_ = c.Hangup(t.Context())
				})
			default:
				if status := refusals[number]; status != 0 {
					_ = c.Reject(t.Context(), status)
				}
			}
		}
	})
	for number := range outcomes {
		_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: number, Hotline: "support"})
		r.must(err)
	}
	r.until("all are given up", func() bool {
		return !slices.ContainsFunc(r.promises(), func(cb api.Callback) bool { return cb.State != "given_up" })
	})
	for _, cb := range r.promises() {
		want := 2
		if outcomes[cb.Number] == "invalid" {
			want = 1
		}
		if len(cb.Attempts) != want {
			t.Errorf("%s was tried %d times, want %d: %+v", cb.Number, len(cb.Attempts), want, cb)
			continue
		}
		for _, a := range cb.Attempts {
			if a.Outcome != outcomes[cb.Number] {
				t.Errorf("an attempt to reach %s ended as %q (%s), want %q", cb.Number, a.Outcome, a.Detail, outcomes[cb.Number])
			}
		}
		pause, ok := pauses[outcomes[cb.Number]]
		if !ok {
			pause = 3 * time.Second
		}
		if want == 2 && cb.Attempts[1].At.Sub(cb.Attempts[0].At) < pause {
			t.Errorf("%s was dialled again sooner than %v: %+v", cb.Number, pause, cb.Attempts)
		}
	}
	r.until("no place is left", func() bool { return len(r.queue("support").Places) == 0 })
	r.must(trunk.Close())
	script.Wait()
}

func TestCustomerWantsNoCallAnyMore(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.Ignore()), r.trunk()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "direct"})
	r.must(err)
	customer := trunk.ring()
	r.must(customer.Answer(r.soon()))
	customer.hears(hello)
	customer.presses("9")
	customer.hears("Goodbye!")
	customer.letGo()
	cb := r.promiseIs("cancelled")
	if len(cb.Attempts) != 1 || cb.Attempts[0].Outcome != "declined" {
		t.Errorf("the promise is %+v", cb)
	}
	r.until("no place is left", func() bool { return len(r.queue("support").Places) == 0 })
	if calls := anna.Calls(); len(calls) != 0 || len(r.queueLog("ENTERQUEUE")) != 0 {
		t.Error("an operator was rung for nobody")
	}
}

func TestOnlyAllowedNumbersAreDialled(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	busy := r.calls(fourth, direct)
	atAnna := anna.ring()
	r.talk(busy, atAnna)
	c := r.calls(first, direct)
	c.hears("press one")
	c.presses("1")
	c.hears("We will call you back at")
	c.presses("2")
	c.hears("Enter your phone number")
	c.presses("12125550100#")
	c.hears("We will call you back at plus one")
	c.presses("1")
	c.hears("We are sorry, we cannot call this number.")
	c.stillThere()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: "+12125550100", Hotline: "direct"})
	if fault := (*api.Error)(nil); !errors.As(err, &fault) || fault.Code != api.CodeRefused {
		t.Errorf("the API says %v, want a refusal", err)
	}
	if got := r.journal("callback.refused"); len(got) != 2 {
		t.Errorf("the journal has %d refusals, want 2: %+v", len(got), got)
	}

	// The caller has kept the place meanwhile.
	atAnna.hangsUp()
	r.talk(c, anna.ring())
	if got := r.promises(); len(got) != 0 {
		t.Errorf("there are promises: %+v", got)
	}
	if got := r.journal("callback.dialling"); len(got) != 0 || len(trunk.Calls()) != 0 {
		t.Errorf("a customer was dialled: %+v", got)
	}
}

func TestOperatorAsksForACallback(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.Ignore()), r.trunk()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: "8 (916) 000-00-01", Hotline: "direct", Name: "Pjotr"})
	r.must(err)
	customer := trunk.ring()
	if got := customer.RemoteNumber(); got != "+78005550101" {
		t.Errorf("the customer's phone shows %q", got)
	}
	r.must(customer.Answer(r.soon()))
	customer.hears("Hello, Pjotr! This is the direct line.")
	customer.presses("1")
	customer.hears("Connecting you to an operator.")
	atAnna := anna.answer()
	if atAnna.RemoteNumber() != first || atAnna.RemoteName() != "Pjotr" {
		t.Errorf("the operator's phone shows %q %q", atAnna.RemoteNumber(), atAnna.RemoteName())
	}
	r.talk(customer, atAnna)
	customer.hangsUp()
	atAnna.letGo()
	if cb := r.promiseIs("done"); cb.Reason != "operator" || cb.Agent != "Anna" {
		t.Errorf("the promise is %+v", cb)
	}
	r.logIs(map[string]int{"CONNECT": 1, "COMPLETECALLER": 1})
}

func TestOperatorIsThereBeforeTheCustomer(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	busy := r.calls(fourth, direct)
	atAnna := anna.ring()
	r.talk(busy, atAnna)
	c := r.calls(first, direct)
	c.hears("You are next in line.")
	c.asksForCallback()
	atAnna.hangsUp()
	atAnna = anna.ring()
	customer := trunk.ring()
	atAnna.hears("A callback. We are calling the customer, number plus seven, nine one six")
	customer.confirms()
	r.talk(customer, atAnna)
	atAnna.hangsUp()
	customer.hears("Thank you.")
	cb := r.promiseIs("done")
	if len(cb.Attempts) != 1 || cb.Agent != "Anna" {
		t.Errorf("the promise is %+v", cb)
	}
}
