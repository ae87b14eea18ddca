package hotline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// Numbers to call, see testdata/asking.
const (
	ways   = "640"
	closed = "641"
	inLine = "642"
)

// beep is the frequency of the tone after which a message is recorded.
const beep = 700

// asking opens a stage with the hotlines of testdata/asking.
func asking(t *testing.T) *rig {
	t.Helper()
	return setUp(t, func(o *stage.Options) { o.Hotlines = "testdata/asking" })
}

// confirmsNumber says yes to being called at the number of the call.
func (c *caller) confirmsNumber() {
	c.r.Helper()
	c.hears("If this is right, press one.")
	c.presses("1")
}

// chooses calls and takes a choice of the first menu.
func (r *rig) chooses(from, to, key string) *caller {
	r.Helper()
	c := r.calls(from, to)
	c.presses(key)
	return c
}

// promiseTo waits for the only promise to a number.
func (r *rig) promiseTo(number, state, reason string) (id string) {
	r.Helper()
	r.until("there is a promise to "+number, func() bool {
		for _, cb := range r.promises() {
			if cb.Number == number && cb.State == state {
				id = cb.ID
				if cb.Reason != reason {
					r.Errorf("the promise to %s was made as %q, want %q", number, cb.Reason, reason)
				}
				return true
			}
		}
		return false
	})
	return id
}

func TestWaysToAsk(t *testing.T) {
	t.Parallel()
	r := asking(t)
	for name, test := range map[string]func(r *rig){
		"closed":                           whenClosed,
		"a spoken message":                 spokenMessage,
		"a message that a hang-up ends":    messageCutOff,
		"a time chosen by keys":            chosenTime,
		"calling again takes it back":      takesItBack,
		"calling again leaves it standing": leavesItStanding,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&rig{T: t, Stage: r.Stage})
		})
	}
}

func whenClosed(r *rig) {
	const from = "+79160000031"
	c := r.calls(from, closed)
	c.hears("We are closed.")
	c.confirmsNumber()
	c.hears("We will call you when your turn comes.")
	c.hears("Bye.")
	c.letGo()
	r.result(from, "callback")
	r.promiseTo(from, "waiting", "instead")
}

// speaks waits for the tone and says something, which is this party's own tone.
func (c *caller) speaks() {
	c.r.Helper()
	c.r.must(c.WaitTone(c.r.soon(), beep))
	c.Talk(true)
	timer := time.NewTimer(2500 * time.Millisecond) // for as long as somebody speaks
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.r.Context().Done():
	}
	c.Talk(false)
}

// messagesOf lists the files of the messages that a call left on the switch.
func (r *rig) messagesOf(call string) []string {
	r.Helper()
	files, err := filepath.Glob(filepath.Join(r.Asterisk.RecordingsDir, call+"-message-*"))
	r.must(err)
	var names []string
	for _, f := range files {
		info, err := os.Stat(f)
		r.must(err)
		if info.Size() < 16_000 { // a second of sound
			r.Errorf("%s has %d bytes, and somebody spoke for two seconds", f, info.Size())
		}
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".wav"))
	}
	return names
}

func spokenMessage(r *rig) {
	const from = "+79160000032"
	c := r.chooses(from, ways, "1")
	c.confirmsNumber()
	c.hears("After the tone, say what it is about, then press the hash key.")
	c.speaks()
	c.presses("#")
	r.must(c.WaitTone(r.soon(), c.tone)) // the switch plays what it recorded
	c.hears("To keep this message, press one.")
	c.presses("2")
	c.hears("After the tone")
	c.speaks()
	c.presses("#")
	r.must(c.WaitTone(r.soon(), c.tone))
	c.hears("To keep this message, press one.")
	c.presses("1")
	c.hears("We will call you when your turn comes.")
	c.hangsUp()
	call := r.result(from, "callback").ID
	r.promiseTo(from, "waiting", "instead")
	if got := r.messagesOf(call); len(got) != 1 || got[0] != call+"-message-2" {
		r.Errorf("the switch keeps %v of call %s, want the second message", got, call)
	}
}

func messageCutOff(r *rig) {
	const from = "+79160000033"
	c := r.chooses(from, ways, "1")
	c.confirmsNumber()
	c.hears("After the tone")
	c.speaks()
	c.hangsUp()
	call := r.result(from, "callback").ID
	r.promiseTo(from, "waiting", "instead")
	if got := r.messagesOf(call); len(got) != 1 {
		r.Errorf("the switch keeps %v, want what was said before the hang-up", got)
	}
}

func chosenTime(r *rig) {
	const from = "+79160000034"
	c := r.chooses(from, ways, "2")
	c.confirmsNumber()
	c.hears("To be called as soon as it is your turn, press one.")
	first := c.hears("press two.")
	c.hears("press three.")
	c.hears("For other times, press nine.")
	c.presses("9")
	c.hears("To be called as soon as it is your turn, press one.")
	second := c.hears("press two.")
	if first.Text == second.Text {
		r.Errorf("other times are %q again", second.Text)
	}
	c.presses("2")
	told := c.hears("We will call you")
	when := strings.TrimSuffix(strings.TrimPrefix(second.Text, "For a call "), ", press two.")
	if !strings.Contains(told.Text, when) {
		r.Errorf("offered was %q, and promised %q", second.Text, told.Text)
	}
	c.hears("Bye.")
	c.letGo()
	call := r.result(from, "callback")
	r.promiseTo(from, "waiting", "instead")
	for _, ev := range r.journal("callback.slot_chosen") {
		if ev.Call == call.ID {
			from, err := time.Parse(time.RFC3339, ev.Data["from"].(string))
			if r.must(err); !from.After(time.Now()) {
				r.Errorf("the time is %v", from)
			}
			return
		}
	}
	r.Error("the journal does not tell of the choice")
}

// promisedBefore makes a promise and calls again.
func (r *rig) promisedBefore(from string) *caller {
	r.Helper()
	c := r.chooses(from, ways, "3")
	c.confirmsNumber()
	c.hears("We will call you when your turn comes.")
	c.hangsUp()
	r.result(from, "callback")
	c = r.chooses(from, ways, "3")
	c.confirmsNumber()
	c.hears("We have already promised to call you back, and we will.")
	c.hears("If you no longer need the call, press nine.")
	return c
}

func takesItBack(r *rig) {
	const from = "+79160000035"
	c := r.promisedBefore(from)
	c.presses("9")
	c.hears("The callback is cancelled.")
	c.hears("Bye.")
	c.letGo()
	id := r.promiseTo(from, "cancelled", "instead")
	story, err := r.Client.Why(r.soon(), id)
	r.must(err)
	if last := story.Story[len(story.Story)-1]; !strings.Contains(last, "called again and pressed 9") {
		r.Errorf("why ends with %q", last)
	}
}

func leavesItStanding(r *rig) {
	const from = "+79160000036"
	c := r.promisedBefore(from)
	c.presses("1")
	c.hears("We will call you. You may hang up now.")
	c.hears("Bye.")
	c.letGo()
	r.promiseTo(from, "waiting", "instead")
	if n := len(r.journal("callback.refused")); n == 0 {
		r.Error("the journal does not tell that the promise stood")
	}
}

// TestAskInLine is about those who stand in line, or would.
func TestAskInLine(t *testing.T) {
	t.Parallel()
	r := asking(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	busy := r.chooses("+79160000040", inLine, "2")
	atAnna := anna.ring()
	r.talk(busy, atAnna)

	// The wait is long: one stays, one is called back, and none loses the place.
	stays := r.chooses(first, inLine, "3")
	stays.hears("The wait is long.")
	stays.presses("2")
	stays.hears("You are next in line.")
	stays.hears("If we are cut off, we can call you back. If you agree, press five.")
	asks := r.chooses(second, inLine, "3")
	asks.hears("The wait is long.")
	before := r.waiting(2)
	asks.presses("1")
	asks.confirmsNumber()
	asks.hears("We will call you when your turn comes.")
	asks.hangsUp()
	r.result(second, "callback")
	r.promiseTo(second, "waiting", "in_line")

	// Who agreed and is cut off keeps the place, too.
	stays.presses("5")
	stays.hears("Thank you. If we are cut off, we will call you back.")
	stays.hangsUp()
	r.result(first, "abandoned")
	r.promiseTo(first, "waiting", "abandoned")
	after := r.waiting(2)
	for i, p := range before.Places[:2] {
		if got := after.Places[i]; got.ID != p.ID || !got.TakenAt.Equal(p.TakenAt) || got.Kind != "callback" {
			t.Errorf("place %d was %+v and is %+v", i+1, p, got)
		}
	}

	// The queue is full: a callback instead.
	inSmall := r.chooses(third, inLine, "1")
	inSmall.hears("You are next in line.")
	turned := r.chooses(fourth, inLine, "1")
	turned.hears("We are full.")
	turned.confirmsNumber()
	turned.hears("We will call you when your turn comes.")
	turned.hangsUp()
	r.promiseTo(fourth, "waiting", "instead")
	inSmall.hangsUp()

	// Each talks in turn. Who comes next may be dialled while the one before talks. The
	// greeting tells who hung up that they could not get through, and the others that
	// they asked.
	customers := map[string]*caller{}
	atAnna.hangsUp()
	for _, number := range []string{first, second, fourth} {
		for customers[number] == nil {
			customer := trunk.ring()
			customers[customer.Dialled()] = customer
			r.must(customer.Answer(r.soon()))
			customer.hears("To speak to an operator, press one.")
			customer.presses("1")
		}
		atAnna = anna.ring()
		if got := atAnna.RemoteNumber(); got != number {
			t.Errorf("the operator's phone shows %s, want %s", got, number)
		}
		r.talk(customers[number], atAnna)
		atAnna.hangsUp()
	}
	r.promiseTo(fourth, "done", "instead")
}
