package controller

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/sources"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// ErrStopped says that the daemon is stopping and took no more work.
var ErrStopped = errors.New("linekeeper is stopping")

// Voice turns a text into something the switch can play. It is safe for
// concurrent use and blocks while the text is rendered for the first time.
type Voice interface {
	Media(ctx context.Context, lang, text string) (telephony.Media, error)
}

// Options are the parts that a daemon is made of. All are needed unless said
// otherwise; the controller closes none of them.
type Options struct {
	Switch        telephony.Switch
	Feed          telephony.QueueFeed
	Store         store.Store
	Directory     callers.Directory
	Locks         callers.LockRules // after wrong PINs, codes and answers; zero for callers.DefaultLockRules
	Voice         Voice
	VoiceWait     time.Duration                             // that a caller waits for texts which are not rendered yet; 0 is 3 s
	LeadIn        time.Duration                             // from the answer to the first words: the sound's way may take that long to open
	Pieces        func(lang, text string) []telephony.Media // the switch's own sounds for a text that the voice cannot speak; may be nil
	Hotlines      []*dialplan.Document
	Documents     Documents                  // where they come from, to be reloaded; may be zero
	Queues        map[string]queues.Settings // of the switch, by name; a hotline may name no queue but these and Own's
	Own           acd.Rules                  // queues and agents of linekeeper's own distribution
	Conversations map[string]Conversation    // by queue; may lack any
	Codes         Codes                      // dialled by agents
	Dispositions  []string                   // that agents may give; none: any
	AgentLanguage string                     // of what agents hear who dial a code; "" is the first hotline's
	Callbacks     CallbackOptions
	Lookups       map[string]sources.Source // that lookup nodes may name; may lack any
	Transfers     TransferOptions
	Clock         func() time.Time // the clock on the wall, for promises; nil is time.Now
	Region        string           // for numbers without a country code: "RU"
	Recordings    string           // folder of the switch's recordings as it is seen here, for those of whom is forgotten; "" for none
	Music         string           // class of hold music; "" is the switch's default
	Log           *zap.Logger      // may be nil

	// At is called when a promise (its id) is at a step, by the goroutine that goes
	// on when it returns: a test may end the daemon there. Nil in production.
	At func(s Step, id string)
}

// CallbackOptions say how customers are called.
type CallbackOptions struct {
	Endpoint string             // template of the endpoint to dial: "PJSIP/{number}@trunk"
	CallerID telephony.CallerID // what the customer's phone shows
	Policies map[string]callback.Policy
	// DoNotCall says whether a number (E.164) must not be called; nil for no list.
	// It is asked before each call and must not block.
	DoNotCall func(number string) bool
	// Machines is how the switch tells that a machine answered.
	Machines Detection
}

// Deadlines for work that another party may delay. A call waits for nothing
// longer than these.
const (
	switchTimeout = 5 * time.Second
	storeTimeout  = 10 * time.Second
	voiceWait     = 3 * time.Second // unless Options say otherwise
	storeRetry    = time.Second     // until a promise that could not be stored is tried again
)

// pinsAtOnce bounds the memory that checking PINs takes: argon2id wants tens of
// megabytes for each.
const pinsAtOnce = 4

// Controller is the daemon.
type Controller struct {
	opts Options
	log  *zap.Logger
	met  *Metrics

	pins  chan struct{} // a token for each PIN that may be checked at once
	guard *guard
	tolls *tolls

	failed chan error // what ends Run
	debts  *debts

	main *mailbox // owns the fields below
	wg   sync.WaitGroup
	ctx  context.Context // of Run; ends every owner

	calls       map[string]*call // by call id
	byLeg       map[telephony.ChannelID]*call
	arriving    map[telephony.ChannelID]bool                 // customers' legs that picked up and have no call yet; true once they hung up
	exams       map[telephony.ChannelID]*examination         // of customers' legs that picked up
	unheard     bool                                         // it was said that there are no examinations
	queueOf     map[string]string                            // by place: the queue of each open place
	queueStatus map[string]string                            // by place: how Queue() ended, until the placeholder's end is told
	whispers    map[telephony.PlaybackID]*call               // what agents hear before a conversation
	codes       int                                          // calls to agents' codes so far
	listeners   map[telephony.ChannelID]func(key rune)       // who takes what agents press, before it is taken for orders
	keys        map[telephony.ChannelID]agentKeys            // what agents pressed in conversations
	farewells   map[telephony.PlaybackID]telephony.ChannelID // last words to agents, and the legs to hang up after them
	open        store.Open                                   // records of the last run, until they are taken over
	adopted     bool                                         // they have been
	looking     bool                                         // a second look at the switch is planned
	linked      bool                                         // the switch is connected
	feedUp      bool                                         // the queue feed stands and has told everything

	lines    map[string]*line // by queue; fixed after New
	all      []*line          // each once
	promises *promises        // fixed after New

	closings  atomic.Pointer[map[string]store.Closing] // by hotline: orders
	hotlines  atomic.Pointer[hotlines]                 // a reload changes it
	reloading sync.Mutex                               // held by the one reload under way
	kept      map[string]*dialplan.Document            // by version: those of the last run's calls; fixed before any owner runs
}

// New checks the options and puts the parts together; nothing runs yet.
func New(opts Options) (*Controller, error) {
	if opts.Switch == nil || opts.Store == nil || opts.Voice == nil || opts.Directory == nil {
		return nil, errors.New("controller: switch, store, voice and directory are needed")
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	c := &Controller{
		opts: opts, log: opts.Log, met: newMetrics(), main: newMailbox(),
		pins: make(chan struct{}, pinsAtOnce), failed: make(chan error, 1),
		calls: map[string]*call{}, byLeg: map[telephony.ChannelID]*call{},
		queueOf: map[string]string{}, queueStatus: map[string]string{}, arriving: map[telephony.ChannelID]bool{},
		farewells: map[telephony.PlaybackID]telephony.ChannelID{}, exams: map[telephony.ChannelID]*examination{},
		whispers: map[telephony.PlaybackID]*call{}, keys: map[telephony.ChannelID]agentKeys{},
		listeners: map[telephony.ChannelID]func(rune){},
		lines:     map[string]*line{}, kept: map[string]*dialplan.Document{},
	}
	if d, ok := opts.Directory.(watched); ok {
		d.Watch(c.met.directories.outcome)
	}
	if c.opts.VoiceWait <= 0 {
		c.opts.VoiceWait = voiceWait
	}
	c.debts = newDebts(c.write, c.met, c.log)
	c.guard = newGuard(opts.Locks, c.store)
	c.tolls = newTolls(opts.Transfers)
	if err := c.makeLines(); err != nil {
		return nil, err
	}
	var list []*hotline
	for _, d := range opts.Hotlines {
		list = append(list, &hotline{doc: d, policy: opts.Callbacks.Policies[d.Hotline]})
	}
	h, err := c.newHotlines(list)
	if err != nil {
		return nil, err
	}
	c.hotlines.Store(h)
	c.closings.Store(&map[string]store.Closing{})
	c.promises = newPromises(c)
	c.met.Registry.MustRegister(newOverdue(c.promises))
	return c, nil
}

// makeLines gives each queue its owner.
func (c *Controller) makeLines() error {
	for _, name := range slices.Sorted(maps.Keys(c.opts.Queues)) {
		c.all = append(c.all, newLine(c, name, c.opts.Queues[name]))
	}
	if err := errors.Join(c.opts.Own.Check()...); err != nil {
		return fmt.Errorf("controller: the rules of the own distribution: %w", err)
	}
	for _, rules := range c.opts.Own.Groups() {
		c.all = append(c.all, newGroup(c, rules))
	}
	for _, l := range c.all {
		for _, name := range l.queues {
			if c.lines[name] != nil {
				return fmt.Errorf("controller: queue %q is both the switch's and linekeeper's", name)
			}
			c.lines[name] = l
		}
	}
	for name, conv := range c.opts.Conversations {
		if conv.EscalateTo != "" && c.lines[conv.EscalateTo] == nil {
			return fmt.Errorf("controller: queue %q escalates to %q, which is not configured", name, conv.EscalateTo)
		}
	}
	return nil
}

// Run takes over what the last run left, serves calls, and returns when ctx
// ends or the switch or store is lost for good. Callers stay on the switch: a
// later Run finds them. It may be called once.
func (c *Controller) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	open, err := c.load(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // told to stop before anything had begun
	case err != nil:
		return err
	}
	c.ctx, c.open = ctx, open

	c.wg.Go(func() { c.main.run(ctx) })
	c.wg.Go(func() { c.debts.run(ctx) })
	for _, l := range c.all {
		l.start(ctx)
	}
	c.promises.start(ctx)
	c.wg.Go(func() { c.pumpSwitch(ctx) })
	if c.opts.Feed != nil {
		c.wg.Go(func() { c.pumpFeed(ctx) })
	}
	c.wg.Go(func() {
		if err := c.opts.Switch.Run(ctx); err != nil && ctx.Err() == nil {
			c.fail(fmt.Errorf("controller: the switch: %w", err))
		}
	})

	select {
	case <-ctx.Done():
	case err = <-c.failed:
	}
	cancel()
	c.wg.Wait()
	if owed := c.debts.pay(0); owed != nil {
		err = errors.Join(err, fmt.Errorf("controller: what callers and agents did last is not stored: %w", owed))
	}
	return err
}

// fail ends Run with an error; the first one counts.
func (c *Controller) fail(err error) {
	select {
	case c.failed <- err:
	default:
	}
}

// load reads what the last run left.
func (c *Controller) load(ctx context.Context) (store.Open, error) {
	open, err := c.opts.Store.Load(ctx)
	if err != nil {
		return open, fmt.Errorf("controller: load the records of the last run: %w", err)
	}
	if b := c.takeDocuments(open, time.Now()); len(b.Events) > 0 {
		if err := c.opts.Store.Commit(ctx, b); err != nil {
			return open, fmt.Errorf("controller: store the hotline documents: %w", err)
		}
	}
	if err := c.promises.restore(ctx, open.Callbacks); err != nil {
		return open, err
	}
	c.promises.takePauses(open.Pauses)
	c.takeClosings(open.Closings)
	c.guard.restore(open.Locks)
	return open, c.tolls.restore(ctx, c.opts.Store, open.Calls, time.Now())
}

// dialed brings a called number to the form in which hotlines are found:
// E.164 where it is a full number, else as it is (short internal numbers).
func (c *Controller) dialed(n string) string {
	if e164, ok := callers.Normalize(n, c.opts.Region); ok {
		return e164
	}
	return n
}

// commit stores a batch, after what is owed, for whoever acts only when it is on disk.
func (c *Controller) commit(b store.Batch) error { return c.debts.commit(b) }

// store stores a batch, or owes it: for whoever goes on whatever the disk does. It is
// false when another daemon has the say.
func (c *Controller) store(b store.Batch) bool { return c.debts.store(b) }

// write is one commit; it says in log and metrics when it failed.
func (c *Controller) write(b store.Batch) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), storeTimeout)
	defer cancel()
	start := time.Now()
	err := c.opts.Store.Commit(ctx, b)
	c.met.commit(time.Since(start), err)
	if err != nil {
		c.log.Error("records could not be stored", zap.Error(err))
		if errors.Is(err, store.ErrFenced) {
			c.fail(fmt.Errorf("controller: nobody is dialled any more: %w; stop one of the two", err))
		}
		return fmt.Errorf("store records: %w", err)
	}
	return nil
}

// onSwitch runs one request to the switch with the usual deadline and logs the
// errors that matter; a leg that is gone is told by its own event.
func (c *Controller) onSwitch(what string, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(c.ctx, switchTimeout)
	defer cancel()
	err := f(ctx)
	if err != nil && !telephony.IsGone(err) && c.ctx.Err() == nil {
		c.met.switchErrors.WithLabelValues(telephony.KindOf(err).String()).Inc()
		c.log.Warn("the switch refused", zap.String("what", what), zap.Error(err))
	}
	return err
}
