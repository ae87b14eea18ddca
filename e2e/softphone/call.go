package softphone

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/sipgo/sip"
)

// Call is one call of a phone, from its first ring to its end and beyond: what was heard can be asked
// for after the end too.
type Call struct {
	phone    *Phone
	incoming bool
	started  time.Time
	serial   int
	callID   string // guarded by phone.mu
	dialled  string

	lifted   chan struct{} // closed by Answer
	liftOnce sync.Once
	released context.Context // ends when the script lets the call go
	release  context.CancelFunc
	answered chan struct{} // closed when the call is up
	ended    chan struct{} // closed when it is over

	ear   *ear
	mouth *mouth // set before answered is closed

	mu         sync.Mutex
	remote     display
	status     int // to reject with
	rang       bool
	answeredAt time.Time
	accepted   time.Time
	reason     End  // cause and text of the other side's BYE
	bye        bool // that came
	end        End
	recording  string
	mediaErr   error
}

func newCall(p *Phone, incoming bool, dialled string, remote display) *Call {
	c := &Call{
		phone: p, incoming: incoming, dialled: dialled, remote: remote, started: time.Now(),
		lifted: make(chan struct{}), answered: make(chan struct{}), ended: make(chan struct{}),
	}
	c.released, c.release = context.WithCancel(context.Background())
	c.ear = newEar(c)
	return c
}

// dialog is what incoming and outgoing calls of the SIP library have in common.
type dialog interface {
	Context() context.Context
	Hangup(context.Context) error
	Close() error
}

// Incoming says whether the other side called.
func (c *Call) Incoming() bool { return c.incoming }

// Dialled is the number that was dialled, here or by the other side: a phone behind a trunk is called by many.
func (c *Call) Dialled() string { return c.dialled }

// StartedAt is when the call was dialled or began to ring here.
func (c *Call) StartedAt() time.Time { return c.started }

// AnsweredAt is when the call was answered, the zero time if it was not.
func (c *Call) AnsweredAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answeredAt
}

// AcceptedAt is when the 200 OK came or, of an incoming call, was sent: a few milliseconds before
// AnsweredAt. It is the zero time if the call was not answered.
func (c *Call) AcceptedAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}

func (c *Call) accept() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accepted = time.Now()
}

// RemoteNumber is the number on the phone's display: who calls, or who was called. A switch may
// change it during the call.
func (c *Call) RemoteNumber() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remote.number
}

// RemoteName is the name on the phone's display, "" if the switch sent none.
func (c *Call) RemoteName() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remote.name
}

// Recording is the path of the call's WAV file; "" if it is not recorded or not answered. The
// file is complete when the call has ended.
func (c *Call) Recording() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recording
}

// MediaErr is the first error of sending, receiving or recording sound, nil if there was none.
func (c *Call) MediaErr() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mediaErr
}

// WaitAnswered waits until the call is up. It gives an *EndedError when the call ends unanswered.
func (c *Call) WaitAnswered(ctx context.Context) error {
	select {
	case <-c.answered:
		return nil
	case <-c.ended:
		return c.endedError()
	case <-ctx.Done():
		return fmt.Errorf("wait for an answer from %s: %w", c.RemoteNumber(), context.Cause(ctx))
	}
}

// WaitEnded waits until the call is over and says how it ended.
func (c *Call) WaitEnded(ctx context.Context) (End, error) {
	select {
	case <-c.ended:
		return c.EndCause(), nil
	case <-ctx.Done():
		return End{}, fmt.Errorf("wait for the end of the call with %s: %w", c.RemoteNumber(), context.Cause(ctx))
	}
}

// Done is closed when the call is over.
func (c *Call) Done() <-chan struct{} { return c.ended }

// EndCause says how the call ended; the zero End while it has not.
func (c *Call) EndCause() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// Hangup ends the call in whatever state it is: it cancels, declines (603) or hangs up. It returns when
// the other side has taken notice, or after 3 s; when ctx ends first the hangup goes on without it.
func (c *Call) Hangup(ctx context.Context) error {
	c.letGo(sip.StatusGlobalDecline)
	_, err := c.WaitEnded(ctx)
	return err
}

// letGo asks the owner of the call to end it; status is what a ringing call is rejected with. Only the
// first call counts.
func (c *Call) letGo(status int) {
	c.mu.Lock()
	if c.status == 0 {
		c.status = status
	}
	c.mu.Unlock()
	c.release()
}

// over says whether either side has hung up.
func (c *Call) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bye || c.released.Err() != nil
}

func (c *Call) releaseStatus() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.status < 400 || c.status > 699 {
		return sip.StatusGlobalDecline
	}
	return c.status
}

// ringing notes the first sign of ringing at the other side.
func (c *Call) ringing() {
	c.mu.Lock()
	first := !c.rang
	c.rang = true
	c.mu.Unlock()
	if first {
		c.phone.emit(Event{Kind: RingingThere, Call: c, Number: c.RemoteNumber()})
	}
}

// live carries an answered call to its end. It runs in the goroutine that owns the call.
func (c *Call) live(m *diago.DialogMedia, d dialog) {
	stopMedia := c.startMedia(m)
	c.mu.Lock()
	c.answeredAt = time.Now()
	c.mu.Unlock()
	c.phone.emit(Event{Kind: Answered, Call: c, Number: c.RemoteNumber(), Name: c.RemoteName()})
	close(c.answered)

	end := End{By: Them}
	select {
	case <-d.Context().Done():
		c.mu.Lock()
		end.Cause, end.Reason = c.reason.Cause, c.reason.Reason
		c.mu.Unlock()
	case <-c.released.Done():
		end.By = Us
	case <-c.phone.ctx.Done():
		end = End{By: Us, Reason: "phone closed"}
	}
	if end.By == Us {
		ctx, cancel := context.WithTimeout(context.Background(), byeTimeout)
		if err := d.Hangup(ctx); err != nil {
			end.Reason = "hang up: " + err.Error()
		}
		cancel()
	}
	_ = d.Close() // closes the media sockets, which ends the reader
	stopMedia()
	c.finish(end)
}

// finish makes the end known.
func (c *Call) finish(end End) {
	c.mu.Lock()
	c.end = end
	c.mu.Unlock()
	c.release()
	c.ear.stop()
	c.phone.emit(Event{Kind: Ended, Call: c, Number: c.RemoteNumber(), Text: end.String()})
	close(c.ended)
}

// overhear reads a request of the other side within the call.
func (c *Call) overhear(req *sip.Request) {
	switch req.Method {
	case sip.BYE:
		c.mu.Lock()
		readReason(req.GetHeader("Reason"), &c.reason)
		c.bye = true
		c.mu.Unlock()
	case sip.INVITE, sip.UPDATE:
		now := shown(req)
		c.mu.Lock()
		changed := now.number != "" && now != c.remote
		if changed {
			c.remote = now
		}
		c.mu.Unlock()
		if changed {
			c.phone.emit(Event{Kind: Displayed, Call: c, Number: now.number, Name: now.name})
		}
	}
}

func (c *Call) mediaFailed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mediaErr == nil {
		c.mediaErr = err
	}
}

func (c *Call) endedError() error {
	return &EndedError{Number: c.RemoteNumber(), End: c.EndCause()}
}
