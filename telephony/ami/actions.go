package ami

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

// Do sends an action and gives Asterisk's answer to it. An answer that is an
// error comes back as an error with Asterisk's words, beside the message. Every
// error is a *telephony.Error: KindGone for a queue, member or channel that does
// not exist, KindExists for a member that is there already, KindRetryable
// without a connection or in time.
func (c *Client) Do(ctx context.Context, action Message) (Message, error) {
	cl, err := c.call(ctx, action, false)
	if cl == nil {
		return nil, err
	}
	return cl.response, err
}

// List sends an action that is answered with a list and gives its elements,
// without the event that ends it. Errors are as for Do, and nil elements come
// with them: half a list is none.
func (c *Client) List(ctx context.Context, action Message) ([]Message, error) {
	cl, err := c.call(ctx, action, true)
	if err != nil {
		return nil, err
	}
	return cl.items, nil
}

func (c *Client) call(ctx context.Context, action Message, list bool) (*call, error) {
	if len(action) == 0 {
		return nil, &telephony.Error{Op: "send an action", Kind: telephony.KindPermanent, Err: errors.New("it is empty")}
	}
	op := "manager action " + cleaner.Replace(action.Get("Action"))
	cn, err := c.current()
	if err != nil {
		return nil, &telephony.Error{Op: op, Kind: telephony.KindRetryable, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.ActionTimeout)
	defer cancel()
	cl, err := cn.do(ctx, action, list)
	if err != nil {
		err = &telephony.Error{Op: op, Kind: kindOf(err), Err: err}
	}
	return cl, err
}

// refusedError is an answer "Response: Error".
type refusedError struct{ words string }

func (e *refusedError) Error() string { return e.words }

// refusal makes an error of an answer that is one.
func refusal(m Message) error {
	if !strings.EqualFold(m.Get("Response"), "Error") {
		return nil
	}
	words := m.Get("Message")
	// A command that fails says why in its output.
	if out := m.All("Output"); len(out) > 0 {
		words = strings.Join(out, "; ")
	}
	if words == "" {
		words = "refused without a reason"
	}
	const limit = 300
	if len(words) > limit {
		words = strings.ToValidUTF8(words[:limit], "") + "..."
	}
	return &refusedError{words}
}

// kindOf classifies by Asterisk's words (app_queue.c, manager.c), since AMI has
// no codes.
func kindOf(err error) telephony.Kind {
	var refused *refusedError
	if !errors.As(err, &refused) {
		return telephony.KindRetryable
	}
	words := strings.ToLower(refused.words)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(words, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("no such command"):
		return telephony.KindPermanent
	case has("already"):
		return telephony.KindExists
	case has("no such", "not found", "not there", "does not exist", "unable to find", "caller not"):
		return telephony.KindGone
	case has("fully booted", "try again"):
		return telephony.KindRetryable
	}
	return telephony.KindPermanent
}

// QueueStatus lists queues, members and callers as Asterisk's events
// QueueParams, QueueMember and QueueEntry; queue "" stands for all. An unknown
// queue gives an empty list, not an error.
func (c *Client) QueueStatus(ctx context.Context, queue string) ([]Message, error) {
	return c.List(ctx, NewAction("QueueStatus", "Queue", queue))
}

// QueueSummary lists one event QueueSummary for each queue; queue "" stands for
// all. An unknown queue gives an empty list, not an error.
func (c *Client) QueueSummary(ctx context.Context, queue string) ([]Message, error) {
	return c.List(ctx, NewAction("QueueSummary", "Queue", queue))
}

// QueueWithdrawCaller takes a caller out of a queue; the dialplan goes on after
// Queue() with QUEUESTATUS WITHDRAW. channel is the name of the channel that
// runs Queue(), as QueueEntry and QueueCallerJoin give it in Channel; its id does
// not do. info, unless "", is set as QUEUE_WITHDRAW_INFO.
func (c *Client) QueueWithdrawCaller(ctx context.Context, queue, channel, info string) error {
	_, err := c.Do(ctx, NewAction("QueueWithdrawCaller", "Queue", queue, "Caller", channel, "WithdrawInfo", info))
	return err
}

// Member describes a queue member to add.
type Member struct {
	Interface string // what is dialled: "PJSIP/101"
	Name      string // for people; "" is the interface
	StateFrom string // the device whose state counts; "" is the interface
	Penalty   int    // members with a lower one are rung first; at least 0
	Paused    bool
	Reason    string // of the pause
}

// QueueAdd adds a member to a queue.
func (c *Client) QueueAdd(ctx context.Context, queue string, m Member) error {
	action := NewAction("QueueAdd", "Queue", queue, "Interface", m.Interface, "MemberName", m.Name,
		"StateInterface", m.StateFrom, "Penalty", fmt.Sprint(m.Penalty))
	if m.Paused {
		action = append(action, Header{"Paused", "true"}, Header{"Reason", m.Reason})
	}
	_, err := c.Do(ctx, action)
	return err
}

// QueueRemove removes a member from a queue.
func (c *Client) QueueRemove(ctx context.Context, queue, iface string) error {
	_, err := c.Do(ctx, NewAction("QueueRemove", "Queue", queue, "Interface", iface))
	return err
}

// QueuePause pauses or unpauses a member in a queue, in all its queues when
// queue is "".
func (c *Client) QueuePause(ctx context.Context, queue, iface string, paused bool, reason string) error {
	_, err := c.Do(ctx, NewAction("QueuePause", "Queue", queue, "Interface", iface,
		"Paused", fmt.Sprint(paused), "Reason", reason))
	return err
}

// Command runs a command of Asterisk's console and gives the lines it prints,
// also beside an error. It needs the permission "command".
func (c *Client) Command(ctx context.Context, command string) ([]string, error) {
	m, err := c.Do(ctx, NewAction("Command", "Command", command))
	return m.All("Output"), err
}

// CoreSettings gives the headers of the action of this name: AsteriskVersion,
// AMIversion, SystemName, CoreMaxCalls, CoreMaxLoadAvg and others.
func (c *Client) CoreSettings(ctx context.Context) (Message, error) {
	return c.Do(ctx, NewAction("CoreSettings"))
}

// CoreStatus gives the headers of the action of this name: CoreStartupDate,
// CoreStartupTime, CoreReloadDate, CoreReloadTime and CoreCurrentCalls.
func (c *Client) CoreStatus(ctx context.Context) (Message, error) {
	return c.Do(ctx, NewAction("CoreStatus"))
}
