package switch_test

import (
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

// missing is an endpoint that is not configured.
const missing = "nobody-has-this-name"

// rig is one case's connection and phones; all cases share the Asterisk.
type rig struct {
	asterisk *asterisk.Asterisk
	numbers  *numbering
	link     *link
	driver   *ari.Client
	operator *softphone.Phone
}

// numbering gives each caller of the whole suite a number of its own, so that a
// late event of one case is not taken for the next one's.
type numbering struct{ last atomic.Int64 }

func (n *numbering) next() string { return strconv.FormatInt(78005550000+n.last.Add(1), 10) }

func open(t *testing.T, a *asterisk.Asterisk, numbers *numbering) *rig {
	t.Helper()
	r := &rig{asterisk: a, numbers: numbers}
	r.link = cutter(t, hostOf(a.ARIURL))
	var err error
	r.driver, err = ari.New(ari.Options{
		BaseURL: strings.Replace(a.ARIURL, hostOf(a.ARIURL), r.link.addr(), 1),
		User:    a.ARIUser, Password: a.ARIPassword, App: "linekeeper",
		BackoffMax: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.behave(t)
	return r
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "//")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// behave provides a phone for each behaviour of an endpoint: a customer behind the
// trunk who answers, and operators, registered, of whom the third answers: after a
// while, or Asterisk may be too busy to say that the phone rings.
func (r *rig) behave(t *testing.T) {
	t.Helper()
	phone(t, softphone.Options{
		User: "customer", Server: r.asterisk.SIPAddr, OnRing: softphone.AutoAnswer(0),
		Bind: net.JoinHostPort("127.0.0.1", strconv.Itoa(r.asterisk.TrunkPort)),
	})
	for i, policy := range []softphone.Policy{softphone.Busy(), softphone.Ignore(), softphone.AutoAnswer(time.Second)} {
		account := r.asterisk.Operators[i]
		p := phone(t, softphone.Options{
			User: account.Name, Password: account.Password, Server: r.asterisk.SIPAddr, OnRing: policy, Lexicon: mediaText, Tone: operatorTone,
		})
		if err := p.Register(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.operator = p
	}
}

// Switch implements switchtest.Rig.
func (r *rig) Switch() telephony.Switch { return r.driver }

// Endpoint implements switchtest.Rig.
func (r *rig) Endpoint(b switchtest.Behaviour) string {
	switch b {
	case switchtest.Answers:
		return "PJSIP/79990001122@trunk"
	case switchtest.Engaged:
		return "PJSIP/" + r.asterisk.Operators[0].Name
	case switchtest.Rings:
		return "PJSIP/" + r.asterisk.Operators[1].Name
	case switchtest.Operator:
		return "PJSIP/" + r.asterisk.Operators[2].Name
	case switchtest.Unplugged:
		return "PJSIP/" + r.asterisk.Operators[3].Name
	}
	return "PJSIP/" + missing
}

// passage keeps a channel for two seconds.
const (
	passage     = "passage"
	passagePlan = `
[` + passage + `]
exten => s,1,Wait(2)
 same => n,Stasis(linekeeper,passed,two seconds)
 same => n,Hangup()
`
)

// Passage implements switchtest.Rig.
func (r *rig) Passage() string { return passage }

// Media implements switchtest.Rig.
func (r *rig) Media(i int) telephony.Media {
	return telephony.Media("sound:" + mediaName(i%mediaCount))
}

// Caps implements switchtest.Rig.
func (r *rig) Caps() switchtest.Caps { return switchtest.Caps{Audio: true, Link: true} }

// BreakLink implements switchtest.Rig.
func (r *rig) BreakLink(*testing.T) { r.link.cut() }

// RestoreLink implements switchtest.Rig.
func (r *rig) RestoreLink(*testing.T) { r.link.mend() }
