package controller

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// TransferOptions say where callers may be put through to. The zero value allows
// agents and contexts of the switch's dialplan, and nothing else.
type TransferOptions struct {
	Prefixes []string // beginnings of E.164 numbers; the types and blocked numbers are those of callbacks
	Hosts    []string // of SIP addresses
	Endpoint string   // for SIP addresses: "PJSIP/trunk/{uri}"

	// Limits of transfers to numbers; 0 stands for 10, 100 and 5.
	InFlight  int // at once
	Hour      int // begun in an hour
	CallerDay int // begun in 24 hours by callers from one number
}

const (
	// varCall tells a context of the switch's dialplan which call it got.
	varCall = "LINEKEEPER_CALL"
	// argReturned is the first argument with which callers come back from there; how
	// it went may follow.
	argReturned = "returned"
)

// endpoint is what the switch is to dial; why is the rule that forbids it, or what is
// missing.
func (k *call) endpoint(a dialplan.Dial) (endpoint, why string) {
	switch t := k.c.opts.Transfers; a.Kind {
	case dialplan.ToAgent:
		for _, agent := range k.c.opts.Own.Agents {
			if agent.ID == a.Agent {
				return agent.Phone, ""
			}
		}
		return "", "no_agent"
	case dialplan.ToSIP:
		if !slices.Contains(t.Hosts, (dialplan.Target{Address: a.Address}).Host()) || !strings.Contains(t.Endpoint, "{uri}") {
			return "", "host"
		}
		return strings.Replace(t.Endpoint, "{uri}", a.Address, 1), ""
	case dialplan.ToNumber:
		rules := k.c.opts.Callbacks.Policies[k.rec.Hotline].WithDefaults()
		rules.Prefixes = t.Prefixes
		number := string(a.Number)
		switch {
		case !rules.Allows(number):
			return "", string(callback.RulePrefix)
		case !slices.Contains(rules.Types, callback.TypeOf(number)):
			return "", string(callback.RuleType)
		case slices.ContainsFunc(rules.Blocked, func(b string) bool { return strings.HasPrefix(number, b) }):
			return "", string(callback.RuleBlocked)
		}
		endpoint, err := callback.DialString(k.c.opts.Callbacks.Endpoint, number)
		if err != nil {
			return "", "endpoint"
		}
		return endpoint, ""
	}
	return "", "unknown"
}

// dial rings whom the caller is put through to. The leg's id is on disk by now, so
// that a restart finds the leg and dials nobody twice.
func (k *call) dial(a dialplan.Dial) {
	leg := telephony.ChannelID(k.rec.Dialled)
	over := func(result dialplan.TransferResult, why string) {
		k.send(dialplan.DialOver{Seq: a.Seq, Result: result, Why: why})
	}
	endpoint, why := k.endpoint(a)
	if why == "" && a.Kind == dialplan.ToNumber {
		why = k.overLimit(leg)
	}
	if why != "" {
		k.rec.Dialled = ""
		k.logger().Warn("a caller is not put through", zap.String("to", string(a.Kind)), zap.String("why", why))
		over(dialplan.TransferFailed, why)
		return
	}
	shown := k.c.opts.Callbacks.CallerID
	if a.Kind == dialplan.ToAgent {
		shown = telephony.CallerID{Name: k.rec.State.Caller.Name, Number: k.rec.State.ANI}
	}
	ctx, cancel := context.WithTimeout(k.c.ctx, switchTimeout)
	defer cancel()
	err := k.c.opts.Switch.Originate(ctx, telephony.OriginateRequest{
		ID: leg, Endpoint: endpoint, CallerID: shown, Timeout: a.Timeout, Args: []string{"transfer", k.id},
	})
	switch {
	case err == nil, telephony.IsExists(err), k.c.ctx.Err() != nil:
	case telephony.IsUnanswered(err):
		k.c.lookAgain() // it may ring all the same
	default:
		// The words of the switch repeat the number, which the caller may have keyed in.
		kind := telephony.KindOf(err).String()
		k.c.met.switchErrors.WithLabelValues(kind).Inc()
		k.logger().Warn("whom a caller is put through to cannot be rung", zap.String("to", string(a.Kind)), zap.String("kind", kind))
		k.rec.Dialled = ""
		k.c.tolls.over(leg)
		over(dialplan.TransferFailed, "switch")
	}
}

// dialAnswered is told by the router: somebody picked up.
func (k *call) dialAnswered(leg telephony.ChannelID) {
	k.box.post(func() {
		_, n, _ := ownedBy(leg, prefixDial)
		if string(leg) != k.rec.Dialled || k.ended || k.rec.State.Phase != dialplan.PhaseDialling && k.rec.State.Phase != dialplan.PhasePutThrough {
			k.c.hangupLater(leg) // nobody waits for it any more
			return
		}
		k.step(dialplan.DialAnswered{Seq: n})
	})
}

// dialEnded is told by the router: the leg is gone.
func (k *call) dialEnded(leg telephony.ChannelID, cause telephony.Cause) {
	k.box.post(func() { k.dialGone(leg, cause) })
}

func (k *call) dialGone(leg telephony.ChannelID, cause telephony.Cause) {
	_, n, _ := ownedBy(leg, prefixDial)
	if string(leg) != k.rec.Dialled {
		return
	}
	k.rec.Dialled = ""
	result := dialEnd(cause)
	if k.rec.State.Phase == dialplan.PhasePutThrough {
		result = dialplan.TransferOver
	}
	k.step(dialplan.DialOver{Seq: n, Result: result})
}

// dialEnd puts into a word why nobody answered.
func dialEnd(cause telephony.Cause) dialplan.TransferResult {
	switch cause {
	case telephony.CauseBusy, telephony.CauseRejected:
		return dialplan.TransferBusy
	case telephony.CauseNormal, telephony.CauseNoAnswer, telephony.CauseNoUserResponse:
		return dialplan.TransferNoAnswer
	}
	return dialplan.TransferFailed
}

// putThrough bridges the two. Without a bridge the other one is let go, and the caller
// goes on.
func (k *call) putThrough(a dialplan.PutThrough) {
	k.hush()
	err := k.c.onSwitch("put through", func(ctx context.Context) error {
		return k.c.opts.Switch.Bridge(ctx, telephony.BridgeID(k.rec.Bridge), telephony.ChannelID(k.rec.Channel), telephony.ChannelID(k.rec.Dialled))
	})
	if err != nil && !telephony.IsGone(err) { // of who is gone the end is told
		k.dropDial()
		k.send(dialplan.DialOver{Seq: a.Seq, Result: dialplan.TransferFailed, Why: "switch"})
	}
}

// dropDial ends the leg of a transfer.
func (k *call) dropDial() {
	if leg := telephony.ChannelID(k.rec.Dialled); leg != "" {
		k.rec.Dialled = ""
		k.c.hangupLater(leg)
	}
}

// lend sends the caller through the switch's own dialplan, which gives the call back
// to context linekeeper-return.
func (k *call) lend(a dialplan.Lend) {
	leg := telephony.ChannelID(k.rec.Channel)
	_ = k.c.onSwitch("name the call", func(ctx context.Context) error { return k.c.opts.Switch.SetVariable(ctx, leg, varCall, k.id) })
	err := k.c.onSwitch("lend the caller", func(ctx context.Context) error {
		return k.c.opts.Switch.Lend(ctx, leg, telephony.Extension{Context: a.Context, Number: a.Exten, Priority: a.Priority})
	})
	over := func(why string) {
		k.send(dialplan.DialOver{Seq: a.Seq, Result: dialplan.TransferFailed, Why: why})
	}
	switch {
	case err == nil, telephony.IsGone(err), k.c.ctx.Err() != nil:
	case telephony.IsUnanswered(err):
		k.c.lookAgain() // it may have been sent
	case telephony.KindOf(err) == telephony.KindPermanent:
		over("no_context")
	default:
		over("switch")
	}
}

// sentAway is told by the router: the caller's leg is in the switch's own dialplan. That
// is kept, so that a restart knows that it was.
func (k *call) sentAway() {
	if k.ended || k.rec.Away || k.rec.State.Phase != dialplan.PhaseLent {
		return
	}
	k.rec.Away = true
	k.c.store(store.Batch{Calls: []store.Call{k.rec}})
}

// cameBack goes on with a caller who was lent. One who was sent away later than
// anybody expected hears what was said meanwhile.
func (k *call) cameBack(args []string) {
	result := ""
	if len(args) > 0 {
		result = strings.ToLower(args[0])
	}
	k.box.post(func() {
		if k.rec.State.Phase != dialplan.PhaseLent {
			k.playing = ""
			k.step(dialplan.Resumed{})
			return
		}
		k.rec.Away = false
		k.step(dialplan.Returned{Result: result})
	})
}

// notLent settles how a caller who is with us was lent: gone and back, though not heard
// of, or never sent.
func (k *call) notLent() {
	if !k.rec.Away {
		k.step(dialplan.DialOver{Seq: k.rec.State.Dialling, Result: dialplan.TransferFailed, Why: "switch"})
		return
	}
	k.rec.Away = false
	k.step(dialplan.Returned{})
}

// compareDial settles a transfer by what the switch shows, when something may have been
// missed.
func (k *call) compareDial(now onSwitchNow) {
	k.box.post(func() {
		if k.ended {
			return
		}
		switch leg := telephony.ChannelID(k.rec.Dialled); {
		case k.rec.State.Phase == dialplan.PhaseLent && now.away(k.rec.Channel):
			k.sentAway()
		case k.rec.State.Phase == dialplan.PhaseLent && now.taken(k.rec.Channel):
			if time.Since(k.rec.State.DialledAt) < settle { // the list may be older than the request
				k.c.lookAgain()
				return
			}
			k.notLent()
		case leg == "":
		case now.taken(string(leg)):
			if k.rec.State.Phase == dialplan.PhaseDialling {
				_, n, _ := ownedBy(leg, prefixDial)
				k.step(dialplan.DialAnswered{Seq: n})
			}
		case now.alive(string(leg)):
		case time.Since(k.rec.DialledAt) < settle:
			k.c.lookAgain()
		default:
			k.dialGone(leg, telephony.CauseFailure)
		}
	})
}

// compareDials does so for all calls, and ends legs that nobody waits for. It runs in
// the main mailbox.
func (c *Controller) compareDials(now onSwitchNow) {
	c.tolls.compare(now)
	for leg := range now {
		if id, _, ok := ownedBy(leg, prefixDial); ok && c.calls[id] == nil {
			c.hangupLater(leg)
		}
	}
	for _, k := range c.calls {
		k.compareDial(now)
	}
}
