package hotline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// crash kills the daemon with SIGKILL, lets something happen while nobody
// looks, and starts it again.
func (r *rig) crash(meanwhile ...func()) {
	r.Helper()
	r.must(r.KillDaemon())
	for _, f := range meanwhile {
		f()
	}
	start := time.Now()
	r.must(r.StartDaemon(r.soon()))
	r.Logf("ready again after %v", time.Since(start).Round(time.Millisecond))
}

func TestCrashInTheMenu(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	c := r.calls(ivan, support)
	c.hears("Баланс - один")
	r.crash()
	c.hears("Баланс - один")
	c.presses("1")
	c.hears("Введите пин-код")
	c.presses("*")
	c.hears("Введите номер лицевого счёта")
	c.presses("1001")
	r.crash()
	c.hears("Введите пин-код")
	c.presses("2580")
	c.hears("Ваш баланс")
	c.hangsUp()
	got := r.result(ivan, "ivr")
	if got.Account != "1001" || len(r.journal("call.started")) != 1 {
		t.Errorf("the call is %+v", got)
	}
}

// standing is what must not change about places in line by a crash.
type standing struct {
	ID, Kind, Number, Call, Callback string
	TakenAt                          time.Time
	Priority                         int
}

func standings(q api.Queue) []standing {
	var out []standing
	for _, p := range q.Places {
		if p.State != "served" {
			out = append(out, standing{p.ID, p.Kind, p.Number, p.Call, p.Callback, p.TakenAt, p.Priority})
		}
	}
	return out
}

func TestCrashWithCallersInLine(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
	busy, atAnna, a, b, c := r.threeInLine(anna)
	vip := r.calls(olga, direct)
	vip.hears("You are next in line.")
	b.asksForCallback()
	before := standings(r.waiting(4))

	r.crash()
	after := standings(r.waiting(4))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the line changed (-before +after):\n%s", diff)
	}
	for _, waiter := range []*caller{a, c, vip, busy} {
		waiter.stillThere()
	}
	a.hears("You are still in line.")

	// Who talks stays connected, and the order of service is as it was.
	r.talk(busy, atAnna)
	atAnna.hangsUp()
	busy.hears("Thank you.")
	atAnna = anna.ring()
	r.talk(vip, atAnna)
	atAnna.hangsUp()
	atAnna = anna.ring()
	r.talk(a, atAnna)
	atAnna.hangsUp()
	customer := trunk.ring()
	customer.confirms()
	atAnna = anna.ring()
	r.talk(customer, atAnna)
	atAnna.hangsUp()
	r.talk(c, anna.ring())
	c.hangsUp()

	if got := r.result(fourth, "agent"); got.TalkedS < 1 {
		t.Errorf("the conversation that went on over the crash is %+v", got)
	}
	for _, number := range []string{first, third, olga} {
		r.result(number, "agent")
	}
	if cb := r.promiseIs("done"); len(cb.Attempts) != 1 || !cb.PlaceAt.Equal(before[2].TakenAt) {
		t.Errorf("the promise is %+v", cb)
	}
	r.logIs(map[string]int{"ENTERQUEUE": 5, "CONNECT": 5, "ABANDON": 0})
}

func TestCrashWhileTalking(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna := r.operator("101", softphone.AutoAnswer(0))
	c := r.calls(first, direct)
	atAnna := anna.ring()
	r.talk(c, atAnna)
	r.crash(func() { r.talk(c, atAnna) })
	r.talk(c, atAnna)
	c.hangsUp()
	atAnna.letGo()
	r.result(first, "agent")

	// The same once more, and they hang up while nobody looks.
	c = r.calls(second, direct)
	atAnna = anna.ring()
	r.talk(c, atAnna)
	r.crash(func() {
		atAnna.hangsUp()
	})
	c.hears("Thank you.")
	c.letGo()
	r.result(second, "agent")
}

func TestCallerGivesUpDuringTheCrash(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.operator("101", softphone.Ignore())
	a := r.calls(first, direct)
	a.hears("You are next in line.")
	b := r.calls(second, direct)
	b.hears("You are number two in line.")
	r.waiting(2)
	r.crash(a.hangsUp)
	r.result(first, "abandoned")
	b.stillThere()
	b.hears("You are next in line.")
	r.waiting(1)
	r.logIs(map[string]int{"ENTERQUEUE": 2, "ABANDON": 1})
}

func TestCrashWhileTheCustomerIsDialled(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(customer *caller){
		"ringing":  func(*caller) {},
		"answered": func(c *caller) { c.r.must(c.Answer(c.r.soon())); c.hears(hello) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()
			_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "direct"})
			r.must(err)
			customer := trunk.ring()
			before(customer)
			r.crash()
			customer.confirms()
			r.talk(customer, anna.ring())
			customer.hangsUp()
			cb := r.promiseIs("done")
			if len(cb.Attempts) != 1 {
				t.Errorf("there were %d attempts: %+v", len(cb.Attempts), cb)
			}
			select {
			case again := <-trunk.Incoming():
				t.Errorf("%s was dialled a second time", again.Dialled())
			default:
			}
		})
	}
}
