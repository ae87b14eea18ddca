package softphone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/sipgo/sip"
)

const (
	registerRetry = 2 * time.Second
	// byeTimeout bounds the requests that end a call or a registration.
	byeTimeout = 3 * time.Second
)

// registration is what keeps a phone registered. tx is used by one goroutine at a time: the caller of
// Register, then the renewal, and after its end Close.
type registration struct {
	tx   *diago.RegisterTransaction
	stop context.CancelFunc
	done chan struct{}
}

// Register registers the account at the server with its password (digest) and keeps it registered until
// Close. It returns when the server has accepted, or with the server's refusal. A second Register is
// an error.
func (p *Phone) Register(ctx context.Context) error {
	server := p.server
	server.User = p.opts.User
	tx, err := p.dg.RegisterTransaction(ctx, server, diago.RegisterOptions{
		Username: p.opts.User, Password: p.opts.Password, Expiry: p.opts.Expiry,
	})
	if err != nil {
		return fmt.Errorf("prepare registration of %s: %w", p.opts.User, err)
	}
	renewal, stop := context.WithCancel(p.ctx)
	reg := &registration{tx: tx, stop: stop, done: make(chan struct{})}

	p.mu.Lock()
	if p.closed || p.reg != nil {
		p.mu.Unlock()
		stop()
		return fmt.Errorf("register %s: already registered or closed", p.opts.User)
	}
	p.reg = reg
	p.wg.Add(1)
	p.mu.Unlock()

	err = tx.Register(ctx)
	if err != nil {
		p.mu.Lock()
		p.reg = nil
		p.mu.Unlock()
		stop()
		close(reg.done)
		p.wg.Done()
		return fmt.Errorf("register %s at %s: %w", p.opts.User, p.opts.Server, err)
	}
	p.emit(Event{Kind: Registered})
	go p.renew(renewal, reg)
	return nil
}

// renew registers again before the registration expires.
func (p *Phone) renew(ctx context.Context, reg *registration) {
	defer p.wg.Done()
	defer close(reg.done)
	wait := p.opts.Expiry * 3 / 4
	lost := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		err := reg.tx.Qualify(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait, lost = registerRetry, true
			p.emit(Event{Kind: Unregistered, Text: err.Error()})
		default:
			wait = p.opts.Expiry * 3 / 4
			if lost {
				p.emit(Event{Kind: Registered})
			}
			lost = false
		}
	}
}

// unregister removes the phone's own contact at the server, if there is one.
func (p *Phone) unregister() error {
	p.mu.Lock()
	reg := p.reg
	p.mu.Unlock()
	if reg == nil {
		return nil
	}
	reg.stop()
	<-reg.done
	ctx, cancel := context.WithTimeout(p.ctx, byeTimeout)
	defer cancel()

	// Not diago's Unregister: that would remove the other phones of this account too.
	req := reg.tx.Origin
	contact := req.Contact().Clone()
	if contact.Params == nil {
		contact.Params = sip.NewParams()
	}
	contact.Params.Add("expires", "0")
	req.ReplaceHeader(contact)
	expires := sip.ExpiresHeader(0)
	req.ReplaceHeader(&expires)
	if err := reg.tx.Qualify(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("unregister %s at %s: %w", p.opts.User, p.opts.Server, err)
	}
	return nil
}
