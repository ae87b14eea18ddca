package softphone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/diago/media"
	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Options describe a phone. User and Server are required.
type Options struct {
	// User is the account: it authenticates, and is the user part of Contact and, unless a call says
	// otherwise, of From.
	User     string
	Password string
	// Server is the address of the switch, such as "127.0.0.1:5060".
	Server string
	// Bind is the local address, "127.0.0.1:0" (a free port) if empty.
	Bind string
	// DisplayName is shown to those who are called.
	DisplayName string
	// Tone in Hz is what Talk plays, a multiple of 50; 0 means 1000. See marks.PartyTones.
	Tone int
	// Lexicon gives the text of a mark's code, "" if it is not known; nil knows none.
	Lexicon func(code uint32) string
	// OnRing says what to do with incoming calls; the zero value leaves them to the script.
	OnRing Policy
	// Listen are tones in Hz that make ToneOn and ToneOff events.
	Listen []float64
	// Pace is the pause between keys of Press, 120 ms if 0.
	Pace time.Duration
	// Lines is how many calls the phone holds at once; further ones get 486 busy. 0 means no limit.
	Lines int
	// Expiry is the asked lifetime of a registration, 5 minutes if 0.
	Expiry time.Duration
	// RecordDir is where each answered call is recorded to a WAV file of what was heard; "" records nothing.
	RecordDir string
	// Keep keeps every packet that is heard, for Call.Sound: 16 kB for a second.
	Keep bool
	// Logger receives what the SIP library has to say; nil is silent.
	Logger *slog.Logger
}

// Phone is a SIP phone. Create it with New and end it with Close.
type Phone struct {
	opts   Options
	server sip.Uri
	sock   *socket
	served chan struct{} // closed when nobody reads the socket any more
	voice  voice

	ua     *sipgo.UserAgent
	dg     *diago.Diago
	ctx    context.Context // ends when the phone is closed
	cancel context.CancelFunc
	unbind func() bool // from the context given to New

	closing  sync.Once
	closeErr error

	wg sync.WaitGroup
	// requests are those of other sides that are being answered; deaf, guarded by mu, admits no more.
	requests sync.WaitGroup
	deaf     bool

	events   *feed[Event]
	incoming *feed[*Call]

	mu     sync.Mutex
	closed bool
	policy Policy
	calls  map[*Call]struct{}
	byID   map[string]*Call // by Call-ID
	made   int              // calls so far, to number the recordings
	reg    *registration
}

var silenceMedia sync.Once

// settle is how long the SIP library is given to take up the last messages before its socket is closed.
const settle = 50 * time.Millisecond

// New makes a phone that listens on its address at once but is not registered. ctx bounds the phone's
// life: when it ends, the phone is closed as by Close.
func New(ctx context.Context, opts Options) (*Phone, error) {
	if opts.User == "" || opts.Server == "" {
		return nil, errors.New("softphone needs a user and a server")
	}
	server, err := addressOf(opts.Server)
	if err != nil {
		return nil, fmt.Errorf("server of phone %s: %w", opts.User, err)
	}
	if opts.Bind == "" {
		opts.Bind = "127.0.0.1:0"
	}
	bind, err := addressOf(opts.Bind)
	if err != nil {
		return nil, fmt.Errorf("bind address of phone %s: %w", opts.User, err)
	}
	if opts.Tone == 0 {
		opts.Tone = 1000
	}
	if opts.Pace == 0 {
		opts.Pace = 120 * time.Millisecond
	}
	if opts.Expiry == 0 {
		opts.Expiry = 5 * time.Minute
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	silenceMedia.Do(func() { media.SetDefaultLogger(slog.New(slog.DiscardHandler)) })

	ua, err := sipgo.NewUA(sipgo.WithUserAgent(opts.User), sipgo.WithUserAgentHostname(server.Host),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(opts.Logger)),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(opts.Logger)))
	if err != nil {
		return nil, fmt.Errorf("make user agent of phone %s: %w", opts.User, err)
	}
	sock, err := listen(bind)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("phone %s: %w", opts.User, err), ua.Close())
	}
	srv, err := sipgo.NewServer(ua, sipgo.WithServerLogger(opts.Logger))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make server of phone %s: %w", opts.User, err), ua.Close(), sock.release())
	}
	p := &Phone{
		opts: opts, server: server, voice: newVoice(opts.Tone), ua: ua, sock: sock, policy: opts.OnRing,
		calls: make(map[*Call]struct{}), byID: make(map[string]*Call),
		events: newFeed[Event](), incoming: newFeed[*Call](), served: make(chan struct{}),
	}
	p.dg = diago.NewDiago(ua, diago.WithLogger(opts.Logger), diago.WithServer(srv),
		diago.WithServerRequestMiddleware(p.overhear),
		diago.WithTransport(diago.Transport{Transport: "udp", BindHost: bind.Host, BindPort: sock.port()}))
	p.dg.HandleFunc(p.ring)
	// Not a child of ctx: hanging up needs the sockets for a moment longer than ctx lasts.
	p.ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(p.served)
		_ = srv.ServeUDP(sock) // it reports no more than that reading has ended
	}()
	if err := p.waitListening(); err != nil {
		return nil, errors.Join(fmt.Errorf("phone %s listens on %s: %w", opts.User, opts.Bind, err), p.shut())
	}
	p.unbind = context.AfterFunc(ctx, func() { _ = p.Close() }) // who calls Close gets its error
	return p, nil
}

// waitListening waits until the SIP library sends from the socket it listens on. A request sent before
// would try to bind the address a second time.
func (p *Phone) waitListening() error {
	for deadline := time.Now().Add(byeTimeout); ; time.Sleep(time.Millisecond) {
		conn, err := p.ua.TransportLayer().GetConnection("udp", p.Addr())
		if err == nil {
			_, err = conn.TryClose() // gives back our share of it only
			return err
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}

// Addr is the address the phone listens on, with the port that was found free.
func (p *Phone) Addr() string { return p.sock.LocalAddr().String() }

// User is the account of the phone.
func (p *Phone) User() string { return p.opts.User }

// Events delivers everything that happens to the phone, in order. Nothing is dropped and nobody has to
// read; the channel is closed by Close, and what was not read by then is lost.
func (p *Phone) Events() <-chan Event { return p.events.out }

// Incoming delivers each incoming call when it begins to ring, whatever the policy does with it. It
// is closed by Close.
func (p *Phone) Incoming() <-chan *Call { return p.incoming.out }

// SetOnRing changes what happens to the incoming calls from now on.
func (p *Phone) SetOnRing(policy Policy) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.policy = policy
}

// Calls are the calls that have not ended.
func (p *Phone) Calls() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := make([]*Call, 0, len(p.calls))
	for c := range p.calls {
		calls = append(calls, c)
	}
	return calls
}

// Close hangs up every call, removes the registration, closes the sockets and waits until all goroutines
// of the phone are gone. It takes at most about ten seconds, when the server is silent. The error tells what could
// not be undone at the server. Every call of Close waits and returns the same error.
func (p *Phone) Close() error {
	p.closing.Do(func() { p.closeErr = p.close() })
	return p.closeErr
}

func (p *Phone) close() error {
	p.unbind()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()

	for _, c := range p.Calls() {
		c.letGo(sip.StatusTemporarilyUnavailable)
	}
	unregistered := p.unregister()
	grace, stop := context.WithTimeout(context.Background(), byeTimeout)
	defer stop()
	for _, c := range p.Calls() {
		_, _ = c.WaitEnded(grace) // who has not answered our BYE by now is not waited for
	}
	return errors.Join(unregistered, p.shut())
}

// shut ends everything that runs. Reading ends last, and the port is given back after that: a request that is
// looked at when the socket is gone makes the SIP library open another one, which it never closes.
func (p *Phone) shut() error {
	p.cancel()
	p.ua.TransactionLayer().Close() // calls may still wait for transactions
	p.wg.Wait()
	p.sock.mute()
	p.mu.Lock()
	p.deaf = true
	p.mu.Unlock()
	p.requests.Wait()
	time.Sleep(settle) // nothing tells when the library is through with a message it has just read
	err := p.sock.Close()
	<-p.served
	if err = errors.Join(err, p.ua.TransportLayer().Close(), p.sock.release()); err != nil {
		err = fmt.Errorf("close sockets of phone %s: %w", p.opts.User, err)
	}
	p.events.stop()
	p.incoming.stop()
	return err
}

// adopt takes a call into the phone's books, or says with which SIP status it must be refused.
func (p *Phone) adopt(c *Call) (status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return sip.StatusTemporarilyUnavailable
	case p.opts.Lines > 0 && p.engaged() >= p.opts.Lines:
		return sip.StatusBusyHere
	}
	p.made++
	c.serial = p.made
	p.calls[c] = struct{}{}
	p.wg.Add(1)
	return 0
}

// engaged is how many lines are in use. One is free as soon as either side has hung
// up, not only when the other has said that it knows. It needs p.mu.
func (p *Phone) engaged() int {
	n := 0
	for c := range p.calls {
		if !c.over() {
			n++
		}
	}
	return n
}

// name lets requests within a call find it.
func (p *Phone) name(c *Call, callID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.callID = callID
	p.byID[callID] = c
}

// disown forgets a call that has ended.
func (p *Phone) disown(c *Call) {
	p.mu.Lock()
	delete(p.calls, c)
	delete(p.byID, c.callID)
	p.mu.Unlock()
	p.wg.Done()
}

// overhear reads from requests within a call what diago keeps to itself: why the other side hangs up and
// a display that changes during the call.
func (p *Phone) overhear(next sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		p.mu.Lock()
		if p.deaf {
			p.mu.Unlock()
			return
		}
		p.requests.Add(1)
		defer p.requests.Done()
		var c *Call
		if id := req.CallID(); id != nil {
			c = p.byID[id.Value()]
		}
		p.mu.Unlock()
		if c != nil {
			c.overhear(req)
		}
		next(req, tx)
	}
}

func (p *Phone) emit(e Event) {
	e.At, e.Phone = time.Now(), p.opts.User
	p.events.put(e)
}

// addressOf splits host:port into an address without a user.
func addressOf(hostport string) (sip.Uri, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return sip.Uri{}, fmt.Errorf("read address: %w", err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return sip.Uri{}, fmt.Errorf("read port of %q: %w", hostport, err)
	}
	return sip.Uri{Scheme: "sip", Host: host, Port: int(n), UriParams: sip.NewParams(), Headers: sip.NewParams()}, nil
}
