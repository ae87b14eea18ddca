package callback

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
)

// world plays the controller and the switch around one promise: it saves first,
// then carries out the commands, and may be killed between any two of them.
type world struct {
	t      *rapid.T
	p      Policy
	now    time.Time
	disk   Callback // what a start after a crash would load
	legs   map[string]telephony.ChannelState
	asked  []Dial // every dial that reached the switch, in order
	at     []time.Time
	lost   string // a dial that was on its way when the controller was killed, ""
	wake   time.Time
	coming bool // the line will say Due
	inLine bool // the place stands in the queue, so an agent may take it
	agent  bool // an agent is on the placeholder
	hurry  bool // somebody wanted the call sooner since the last dial
	asking bool // the switch is to be asked again
	places map[string]bool
}

func newWorld(t *rapid.T) *world {
	p := Policy{
		Prefixes: []string{"+7"},
		Mode:     rapid.SampledFrom(append(Modes(), "")).Draw(t, "mode"),
		Machine:  rapid.SampledFrom([]MachineAction{MachineHangUp, MachineMessage}).Draw(t, "machine"),
		Expire:   time.Duration(rapid.SampledFrom([]int{0, 0, 3, 40}).Draw(t, "expire h")) * time.Hour,
		Hours:    rapid.SampledFrom([]*dialplan.Hours{nil, daily(9, 20), daily(17, 23)}).Draw(t, "hours"),
		Retries: map[Outcome]Retry{OutcomeBusy: {
			After:    time.Duration(rapid.SampledFrom([]int{0, 1, 4000}).Draw(t, "busy after s")) * time.Second,
			Attempts: rapid.IntRange(0, 3).Draw(t, "busy attempts"), Anew: rapid.Bool().Draw(t, "anew"),
		}},
		MaxAttempts: rapid.IntRange(1, 4).Draw(t, "max attempts"),
		RetryAfter:  time.Duration(rapid.IntRange(60, 600).Draw(t, "retry after s")) * time.Second,
		Uncertain:   rapid.SampledFrom(UncertainPolicies()).Draw(t, "uncertain"),
	}.WithDefaults()
	if errs := p.Validate(); errs != nil {
		t.Fatal(errs)
	}
	req := Request{
		ID: "k-1", Number: "+79161234567", Queue: "q", PlaceID: "p",
		Verify: rapid.SampledFrom([]VerifyWay{"", "", VerifyByCall, VerifyByCode}).Draw(t, "verify"),
	}
	if h := rapid.SampledFrom([]int{0, 0, 1, 17}).Draw(t, "window in h"); h > 0 {
		req.Window = Window{From: t0.Add(time.Duration(h) * time.Hour), Until: t0.Add(time.Duration(h+20) * time.Hour)}
	}
	cb, refused := Ask(req, p, nil, t0)
	if refused != nil {
		t.Fatal(refused.Message)
	}
	return &world{
		t: t, p: p, now: t0, disk: cb, legs: map[string]telephony.ChannelState{}, wake: cb.NotBefore,
		coming: cb.NotBefore.IsZero(), places: map[string]bool{"p": true},
	}
}

// feed gives one event to the machine. die is the number of commands that are
// carried out before the controller is killed; -1 lets it live, and any other
// negative number kills it before anything is saved.
func (w *world) feed(ev Event, die int) {
	before := w.disk
	after, cmds, err := Step(before, ev, w.p, w.now)
	if err != nil || die < -1 {
		return
	}
	switch ev.(type) {
	case Hasten, Verified, Accepted: // the yes of the owner lets the call follow
		w.hurry = true
	}
	w.check(before, after)
	w.disk = after
	for i, cmd := range deeds(cmds) {
		if i == die {
			if d, ok := cmd.(Dial); ok && rapid.Bool().Draw(w.t, "request on its way") {
				w.lost = d.Channel
			}
			return
		}
		w.do(before, cmd)
	}
}

func (w *world) do(before Callback, cmd Command) {
	switch cmd := cmd.(type) {
	case Dial:
		w.dial(before, cmd)
	case HangUpCustomer:
		delete(w.legs, cmd.Channel)
	case Wake:
		w.wake = cmd.At
	case LookAgain:
		w.asking = true
	case TakePlace:
		w.coming = true
	case EnterPlace:
		w.inLine = true
	case RestPlace, LeavePlace:
		w.coming, w.inLine, w.agent = false, false, false
	case ReleaseAgent:
		w.agent = false
	case ConnectAgent:
		if last, _ := w.disk.Last(); !last.Machine.IsZero() || last.Verify {
			w.t.Fatalf("an agent is connected to %+v", last)
		}
	}
}

func (w *world) dial(before Callback, d Dial) {
	if w.now.Before(before.NotBefore) && !w.hurry {
		w.t.Fatalf("dialled at %s, not before %s", w.now, before.NotBefore)
	}
	if last, _ := w.disk.Last(); last.Channel != d.Channel || last.N != d.Attempt || last.Outcome != OutcomePending {
		w.t.Fatalf("dialled %s, but on disk is %+v", d.Channel, last)
	}
	for _, old := range w.asked {
		if old.Channel == d.Channel || old.Attempt == d.Attempt {
			w.t.Fatalf("attempt %d (%s) was dialled twice", d.Attempt, d.Channel)
		}
	}
	if rule := w.p.Decide(w.disk.Callee(), w.now); !rule.Allowed() {
		w.t.Fatalf("dialled at %s, although %s", w.now, rule.Message)
	}
	last, _ := w.disk.Last()
	if !last.Verify && w.now.Before(w.disk.Window.From) {
		w.t.Fatalf("dialled at %s, before the window of %s", w.now, w.disk.Window.From)
	}
	w.asked, w.at, w.hurry = append(w.asked, d), append(w.at, w.now), false
	w.legs[d.Channel] = telephony.StateDown
}

// check holds for every step, whatever the event.
func (w *world) check(before, after Callback) {
	pending := 0
	for i, att := range after.Attempts {
		if att.N != i+1 || att.Channel != ChannelID(after.ID, i+1) {
			w.t.Fatalf("attempt %d is %+v", i+1, att)
		}
		if att.Outcome == OutcomePending {
			pending++
		}
		if i == 0 || i+1 <= len(before.Attempts) || w.hurry {
			continue
		}
		old := after.Attempts[i-1]
		if pause := w.p.RetryOf(old.Outcome).After; att.At.Sub(old.EndedAt) < pause {
			w.t.Fatalf("attempt %d is closer than %s to the one before, %+v", att.N, pause, old)
		}
	}
	if late := w.now.Sub(before.Since) >= w.p.RingTimeout+ringGrace; before.State == Uncertain && !late {
		if last, _ := after.Last(); after.State != Uncertain && last.Outcome == OutcomeUnconfirmed && after.Open() {
			w.t.Fatalf("counted %s after it was held", w.now.Sub(before.Since))
		}
	}
	want := 0
	switch after.State {
	case Dialling, Ringing, Answered, Confirmed:
		want = 1
	case Waiting, Shown, Connected, Done, GivenUp, Cancelled, Uncertain:
	default:
		w.t.Fatalf("no such state: %q", after.State)
	}
	if pending != want {
		w.t.Fatalf("%s with %d attempts under way", after.State, pending)
	}
	if after.Tries() > w.p.MaxAttempts || after.VerifyCalls() > MaxVerifyCalls || len(after.Attempts) < len(before.Attempts) {
		w.t.Fatalf("from %d to %d attempts of %d", len(before.Attempts), len(after.Attempts), w.p.MaxAttempts)
	}
	if last, _ := after.Last(); (after.State == Confirmed || after.State == Connected) && (last.Verify || !last.Machine.IsZero()) {
		w.t.Fatalf("%s by %+v", after.State, last)
	}
	if after.Placed && (after.Verify != "" || !after.Open()) {
		w.t.Fatalf("holds a place, and is %s: %+v", after.State, after)
	}
	if before.PlaceID != after.PlaceID {
		if w.places[after.PlaceID] || after.Placed {
			w.t.Fatalf("place %s after %s, of %v", after.PlaceID, before.PlaceID, w.places)
		}
		w.places[after.PlaceID] = true
	}
	if !before.Open() && after.State != before.State {
		w.t.Fatalf("left %s for %s", before.State, after.State)
	}
	if after.Open() != after.EndedAt.IsZero() {
		w.t.Fatalf("%s, ended at %s", after.State, after.EndedAt)
	}
	if after.State == Shown && !after.AgentWaiting() {
		w.t.Fatal("shown to nobody")
	}
	if after.AgentWaiting() && (!after.Open() || after.State == Waiting || after.State == Uncertain || after.State == Connected) {
		w.t.Fatalf("an agent waits for a promise that is %s", after.State)
	}
}

// start is what a controller does when it comes up: it compares with the switch.
func (w *world) start() {
	last, _ := w.disk.Last()
	state, alive := w.legs[last.Channel]
	w.wake, w.coming, w.inLine, w.asking = time.Time{}, false, false, false
	may := rapid.Bool().Draw(w.t, "may talk")
	w.feed(Recovered{ChannelAlive: alive, Channel: state, AgentThere: w.agent, MayTalk: may}, -1)
}

// look is the answer of the switch that was asked again. A request that was on its
// way may have come there, and nobody heard of it.
func (w *world) look() {
	w.asking, w.now = false, w.now.Add(10*time.Second)
	last, _ := w.disk.Last()
	if w.lost == last.Channel && w.lost != "" && rapid.Bool().Draw(w.t, "it came") {
		w.reach(telephony.StateUp)
	}
	state, alive := w.legs[last.Channel]
	w.feed(Recovered{ChannelAlive: alive, Channel: state, AgentThere: w.agent}, -1)
}

// arrive lets the lost request reach the switch after all.
func (w *world) arrive() {
	if w.lost == "" {
		return
	}
	if w.disk.State == Uncertain && w.p.Uncertain == AskSwitch && rapid.Bool().Draw(w.t, "later") {
		return // see look
	}
	w.feed(PhoneRings{Channel: w.reach(telephony.StateRinging)}, -1)
}

// reach lets the lost request make a leg.
func (w *world) reach(state telephony.ChannelState) string {
	ch := w.lost
	w.lost = ""
	n := 0
	for _, att := range w.disk.Attempts {
		if att.Channel == ch {
			n = att.N
		}
	}
	w.asked, w.at = append(w.asked, Dial{Attempt: n, Channel: ch}), append(w.at, w.now)
	w.legs[ch] = state
	return ch
}

// TestNeverTwice throws sensible and senseless events, time and crashes at a
// promise. Whatever comes, no attempt is dialled twice and none too soon.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "pass s")) * time.Second)
			die := rapid.IntRange(-3, 6).Draw(t, "die")
			ev := rapid.SampledFrom(everyEvent()).Draw(t, "event")
			switch rapid.IntRange(0, 3).Draw(t, "likely") {
			case 0:
				ev = Due{}
			case 1:
				ev = Tick{}
			}
			w.feed(ev, die)
			if die != -1 {
				w.start()
			}
		}
	})
}

// TestNothingIsLost crashes a promise at random points of an orderly life, then
// lets it go on undisturbed: it always comes to an end, by Wakes and the line
// alone, with no leg left alive and no call begun while another one lasts.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			die := rapid.IntRange(-2, 12).Draw(t, "die")
			w.live(die, rapid.IntRange(0, 9).Draw(t, "luck"))
			if die != -1 {
				w.now = w.now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "down s")) * time.Second)
				w.start()
				w.arrive()
			}
			if len(w.legs) > 1 {
				t.Fatalf("two legs at once: %v", w.legs)
			}
		}
		w.start()
		for range 60 {
			if !w.disk.Open() {
				break
			}
			w.live(-1, 9)
		}
		if w.disk.Open() {
			t.Fatalf("still %s, woken at %s, now %s: %+v", w.disk.State, w.wake, w.now, w.disk)
		}
		w.start()
		if len(w.legs) > 0 {
			t.Fatalf("%s, and %v is alive", w.disk.State, w.legs)
		}
	})
}

// live is the next thing that happens in an orderly life; luck above 4 is good.
func (w *world) live(die, luck int) {
	last, _ := w.disk.Last()
	ch := last.Channel
	_, alive := w.legs[ch]
	end := func(cause telephony.Cause) {
		delete(w.legs, ch)
		w.feed(Ended{Channel: ch, Cause: cause}, die)
	}
	mode := w.disk.Mode
	if mode == "" {
		mode = w.p.Mode
	}
	switch {
	case w.disk.State == Waiting && w.inLine && mode != CustomerFirst:
		w.agent = true
		w.feed(AgentTook{}, die)
	case w.disk.State == Waiting && w.coming:
		w.feed(Due{}, die)
	case w.disk.State == Waiting && w.disk.Verify == VerifyByCode && luck > 4:
		w.feed(Verified{By: "code"}, die)
	case w.disk.State == Shown && luck > 4:
		w.feed(Previewed{Answer: PreviewAccept, Agent: "Anna"}, die)
	case w.disk.State == Shown && luck < 3:
		w.feed(Previewed{Answer: PreviewReject, Agent: "Anna"}, die)
	case w.disk.State == Uncertain && w.asking:
		w.look()
	case w.disk.State == Uncertain && (w.p.Uncertain != AskSwitch || luck == 0):
		w.feed(Resolve{Outcome: OutcomeNoAnswer, By: "boss"}, die)
	case w.disk.State == Connected:
		end(telephony.CauseNormal)
	case alive && w.disk.State == Answered && luck == 4:
		w.feed(Machine{Channel: ch}, die)
	case alive && luck < 3:
		end(telephony.CauseBusy)
	case alive && w.disk.State == Dialling:
		w.legs[ch] = telephony.StateRinging
		w.feed(PhoneRings{Channel: ch}, die)
	case alive && w.disk.State == Ringing && luck > 4:
		w.legs[ch] = telephony.StateUp
		w.feed(PickedUp{Channel: ch}, die)
	case alive && w.disk.State == Answered && luck > 4:
		w.feed(Accepted{Channel: ch}, die)
	case w.disk.State == Confirmed && w.disk.AgentWaiting():
		w.feed(ConversationStarted{Agent: "Anna"}, die)
	case w.disk.State == Confirmed && w.coming:
		w.agent = true
		w.feed(AgentTook{}, die)
	case !w.wake.IsZero():
		if w.wake.After(w.now) {
			w.now = w.wake
		}
		w.wake = time.Time{}
		w.feed(Tick{}, die)
	}
}
