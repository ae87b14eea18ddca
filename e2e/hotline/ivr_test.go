package hotline_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

const (
	ivan = "+79161234501" // known, speaks Russian, PIN 2580
	olga = "+79161234504" // known and important, PIN 4711
)

func TestIVR(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	for name, test := range map[string]func(r *rig){
		"known by number, sure by PIN":      knownCaller,
		"a stranger gives account and PIN":  stranger,
		"keys interrupt":                    keysInterrupt,
		"silence":                           silence,
		"withheld number":                   withheld,
		"a code":                            byCode,
		"a question":                        byQuestion,
		"locked out and let in":             lockedOut,
		"nobody knows":                      byNobody,
		"no hotline has the number dialled": wrongNumber,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&rig{T: t, Stage: r.Stage})
		})
	}
}

func knownCaller(r *rig) {
	c := r.calls(ivan, support)
	c.hears("Hello.")
	c.hears("Иван Петров, рады слышать.")
	c.hears("Баланс - один")
	c.presses("1")
	c.hears("Введите пин-код")
	c.presses("2580")
	c.hears("Ваш баланс одна тысяча пятьсот двадцать три рубля пятьдесят копеек.")
	c.hears("Баланс - один")
	c.hangsUp()
	if got := r.result(ivan, "ivr"); got.Assurance != "pin" || got.Caller != "Иван Петров" {
		r.Errorf("known as %q by %s", got.Caller, got.Assurance)
	}
}

func stranger(r *rig) {
	const number = "+79160000011"
	c := r.calls(number, support)
	c.hears("For your balance")
	c.didNotHear("welcome")
	c.presses("1")
	c.hears("Enter your account number")
	c.presses("1004#")
	c.hears("Enter your PIN")
	c.presses("0000#")
	c.hears("The account number or the PIN is wrong.")
	c.hears("Enter your account number")
	c.presses("1004#")
	c.hears("Enter your PIN")
	c.presses("4711#")
	c.hears("Your balance is twelve thousand")
	c.hangsUp()
	if got := r.result(number, "ivr"); got.Account != "1004" || got.From != number || got.Assurance != "pin" {
		r.Errorf("the call is %+v", got)
	}
}

// atOnceHeard is the time from a key going down until what it leads to is heard.
const atOnceHeard = 500 * time.Millisecond

func keysInterrupt(r *rig) {
	c := r.calls("+79160000012", support)
	menu := c.hears("For your balance")
	pressed := time.Now()
	c.presses("1")
	next := c.hears("Enter your account number")
	if took := next.At.Sub(pressed); took > atOnceHeard {
		r.Errorf("the menu went on for %v after the key", took)
	}
	if spoken := next.At.Sub(menu.At); spoken > 3*time.Second {
		r.Errorf("the menu was spoken for %v, its whole length", spoken)
	}
	c.hangsUp()
	r.Logf("from key to next prompt: %v", next.At.Sub(pressed))
}

func silence(r *rig) {
	const number = "+79160000013"
	c := r.calls(number, support)
	c.hears("For your balance")
	c.hears("You did not press anything.")
	c.hears("For your balance")
	c.hears("You are lost.")
	c.letGo()
	r.result(number, "ivr")
}

func withheld(r *rig) {
	c := r.calls("anonymous", support)
	c.hears("For your balance")
	c.presses("3")
	c.hears("Enter your phone number")
	c.hangsUp()
	r.until("the call is over", func() bool {
		calls, err := r.Client.Calls(r.soon(), api.CallFilter{Hotline: "support"})
		r.must(err)
		for _, got := range calls {
			if got.From == "" && got.EndedAt != nil {
				return got.Result == "ivr"
			}
		}
		return false
	})
}

func wrongNumber(r *rig) {
	p, err := r.Phone(r.Context(), softphone.Options{User: "+79160000014"})
	r.must(err)
	c, err := p.Dial("699", softphone.Caller{})
	r.must(err)
	end, err := c.WaitEnded(r.soon())
	r.must(err)
	if end.Status != 404 {
		r.Errorf("the call ended: %v, want 404", end)
	}
}
