package softphone

import (
	"context"
	"fmt"

	"github.com/emiago/diago"
	"github.com/emiago/sipgo/sip"
)

// Caller is who an outgoing call claims to be from. The zero value is the account itself.
type Caller struct {
	// Number is the user part of From; a switch may or may not believe it.
	Number string
	// Name is the display name in From.
	Name string
	// Asserted is the number in P-Asserted-Identity, as a trusted trunk sets it; From stays the account's.
	Asserted string
	// Private asks the switch, by a Privacy header, to show the number to nobody.
	Private bool
}

// Call calls a number as the phone's account and returns when it is answered. When ctx ends first the call
// is cancelled. A call that is refused gives an *EndedError with the SIP status.
func (p *Phone) Call(ctx context.Context, number string) (*Call, error) {
	return p.CallAs(ctx, number, Caller{})
}

// CallAs is Call with a caller identity.
func (p *Phone) CallAs(ctx context.Context, number string, as Caller) (*Call, error) {
	c, err := p.Dial(number, as)
	if err != nil {
		return nil, err
	}
	if err := c.WaitAnswered(ctx); err != nil {
		c.letGo(0)
		return nil, err
	}
	return c, nil
}

// Dial begins a call and returns at once; WaitAnswered tells how it goes on, Hangup cancels it.
func (p *Phone) Dial(number string, as Caller) (*Call, error) {
	uri := p.server
	uri.User = escape(number)
	d, err := p.dg.NewDialog(uri, diago.NewDialogOptions{Transport: "udp"})
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", number, err)
	}
	callID := sip.CallIDHeader(sip.GenerateTagN(24))
	d.InviteRequest.AppendHeader(&callID)
	p.identify(d.InviteRequest, as)

	c := newCall(p, false, number, display{number: number})
	if status := p.adopt(c); status != 0 {
		_ = d.Close() // nothing was sent yet
		return nil, fmt.Errorf("call %s: the phone is closed or has no free line (%d)", number, status)
	}
	p.name(c, callID.Value())
	p.emit(Event{Kind: Dialling, Call: c, Number: number})
	go c.runOutgoing(d)
	return c, nil
}

// identify writes the caller's identity into an INVITE.
func (p *Phone) identify(req *sip.Request, as Caller) {
	from := sip.FromHeader{
		DisplayName: as.Name,
		Address:     sip.Uri{Scheme: "sip", User: as.Number, Host: p.server.Host},
		Params:      sip.NewParams(),
	}
	if from.DisplayName == "" {
		from.DisplayName = p.opts.DisplayName
	}
	if from.Address.User == "" {
		from.Address.User = p.opts.User
	}
	req.AppendHeader(&from)
	if as.Asserted != "" {
		req.AppendHeader(sip.NewHeader("P-Asserted-Identity", fmt.Sprintf("<sip:%s@%s>", as.Asserted, p.server.Host)))
	}
	if as.Private {
		req.AppendHeader(sip.NewHeader("Privacy", "id"))
	}
}

// runOutgoing owns an outgoing call from its INVITE to its end.
func (c *Call) runOutgoing(d *diago.DialogClientSession) {
	defer c.phone.disown(c)
	ctx, cancel := context.WithCancel(c.phone.ctx)
	defer cancel()
	stop := context.AfterFunc(c.released, cancel) // a hangup before the answer is a CANCEL
	err := d.Invite(ctx, diago.InviteClientOptions{
		Username: c.phone.opts.User,
		Password: c.phone.opts.Password,
		OnResponse: func(res *sip.Response) error {
			if res.StatusCode == sip.StatusRinging || res.StatusCode == sip.StatusSessionInProgress {
				c.ringing()
			}
			return nil
		},
	})
	stop()
	if err == nil {
		c.accept()
		err = d.Ack(context.WithoutCancel(ctx))
	} else if ctx.Err() != nil {
		c.settleCrossing(d)
	}
	if err != nil {
		end := endOf(err)
		if ctx.Err() != nil {
			end = End{By: Us, Status: sip.StatusRequestTerminated, Reason: "cancelled"}
		}
		c.finish(end)
		_ = d.Close() // its sockets only; the call is over
		return
	}
	c.live(&d.DialogMedia, d)
}

// settleCrossing ends a call whose 200 OK crossed our CANCEL: without ACK and BYE the other side would
// believe in it for half a minute.
func (c *Call) settleCrossing(d *diago.DialogClientSession) {
	if res := d.InviteResponse; res == nil || !res.IsSuccess() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), byeTimeout)
	defer cancel()
	if d.Ack(ctx) == nil {
		_ = d.Bye(ctx) // the call is over for us whatever is said to this
	}
}
