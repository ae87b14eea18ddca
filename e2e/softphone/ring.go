package softphone

import (
	"context"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/sipgo/sip"
)

// Policy says what a phone does by itself with a call that rings. The zero value does nothing: the script
// takes the call from Incoming and answers or rejects it, or lets it ring.
type Policy struct {
	answer bool
	after  time.Duration
	status int
}

// AutoAnswer answers each call when it has rung for the given time.
func AutoAnswer(after time.Duration) Policy { return Policy{answer: true, after: after} }

// Busy rejects each call with 486.
func Busy() Policy { return Policy{status: sip.StatusBusyHere} }

// Decline rejects each call with 603.
func Decline() Policy { return Policy{status: sip.StatusGlobalDecline} }

// Ignore lets each call ring until the caller gives up. It is the zero Policy under a name of its own.
func Ignore() Policy { return Policy{} }

// ring owns an incoming call from its INVITE to its end. The SIP library runs it in a goroutine of the
// call's own and takes its return for the end of the dialog.
func (p *Phone) ring(in *diago.DialogServerSession) {
	c := newCall(p, true, unescape(in.InviteRequest.Recipient.User), shown(in.InviteRequest))
	if status := p.adopt(c); status != 0 {
		_ = in.Respond(status, statusText(status), nil) // if it is lost, the caller asks again
		return
	}
	defer p.disown(c)
	p.name(c, in.InviteRequest.CallID().Value())
	if err := in.Ringing(); err != nil {
		c.finish(End{By: Network, Reason: err.Error()})
		return
	}
	p.mu.Lock()
	policy := p.policy
	p.mu.Unlock()
	p.emit(Event{Kind: RingingHere, Call: c, Number: c.RemoteNumber(), Name: c.RemoteName()})
	p.incoming.put(c)

	var patience <-chan time.Time
	switch {
	case policy.status != 0:
		c.letGo(policy.status)
	case policy.answer:
		timer := time.NewTimer(policy.after)
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case <-patience:
	case <-c.lifted:
	case <-c.released.Done():
		status := c.releaseStatus()
		err := in.Respond(status, statusText(status), nil)
		c.finish(endOfReject(in, status, err))
		return
	case <-in.Context().Done():
		c.finish(End{By: Them, Status: sip.StatusRequestTerminated, Reason: "cancelled by the caller"})
		return
	case <-p.ctx.Done():
		_ = in.Respond(sip.StatusTemporarilyUnavailable, statusText(sip.StatusTemporarilyUnavailable), nil)
		c.finish(End{By: Us, Status: sip.StatusTemporarilyUnavailable, Reason: "phone closed"})
		return
	}
	c.accept()
	if err := in.AnswerOptions(diago.AnswerOptions{}); err != nil {
		end := End{By: Network, Reason: "answer: " + err.Error()}
		if in.Context().Err() != nil {
			end = End{By: Them, Status: sip.StatusRequestTerminated, Reason: "cancelled by the caller"}
		}
		c.finish(end)
		return
	}
	c.live(&in.DialogMedia, in)
}

// endOfReject says how a rejected call ended: the caller may have cancelled first.
func endOfReject(in *diago.DialogServerSession, status int, err error) End {
	if err != nil && in.Context().Err() != nil {
		return End{By: Them, Status: sip.StatusRequestTerminated, Reason: "cancelled by the caller"}
	}
	return End{By: Us, Status: status, Reason: statusText(status)}
}

// statusText is the reason phrase of the statuses a phone rejects with.
func statusText(status int) string {
	switch status {
	case sip.StatusBusyHere:
		return "Busy Here"
	case sip.StatusGlobalDecline:
		return "Decline"
	case sip.StatusTemporarilyUnavailable:
		return "Temporarily Unavailable"
	}
	return "Rejected"
}

// Answer picks up a call that rings and returns when it is up.
func (c *Call) Answer(ctx context.Context) error {
	c.liftOnce.Do(func() { close(c.lifted) })
	return c.WaitAnswered(ctx)
}

// Reject refuses a call that rings, with a SIP status of 400 to 699 such as 486 (busy) or 603 (declined), and
// returns when that is done. On an answered call it is Hangup.
func (c *Call) Reject(ctx context.Context, status int) error {
	c.letGo(status)
	_, err := c.WaitEnded(ctx)
	return err
}
