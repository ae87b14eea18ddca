package controller_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		removeScale()
		os.Exit(code)
	}))
}

// rig is a whole daemon on a simulated switch with a real database, in virtual
// time. It lives in one synctest bubble.
type rig struct {
	t     *testing.T
	sim   *simswitch.Switch
	queue *simswitch.Queue
	db    string
	dir   people

	options   func(*controller.Options) // may be nil
	awake     int                       // how many promises of a queue are awake at once; 0 is the default
	documents []string

	ctl   *controller.Controller
	store *sqlite.Store
	stop  context.CancelFunc
	done  chan error

	people sync.WaitGroup // those who act beside the test
	over   chan struct{}  // closed when the test ends and they should go home
}

// inBubble runs a test in virtual time with a daemon that has one queue.
func inBubble(t *testing.T, test func(r *rig)) {
	inBubbleWith(t, nil, nil, test)
}

// inBubbleWith has more hotlines and other options.
func inBubbleWith(t *testing.T, options func(*controller.Options), documents []string, test func(r *rig)) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{
			t: t, options: options, documents: append([]string{"testdata/support.yaml"}, documents...), over: make(chan struct{}), db: filepath.Join(dir, "lk.db"), dir: thePeople(t),
			sim: simswitch.New(simswitch.Options{Duration: readingTime}),
		}
		r.queue = r.sim.Queue("support", simswitch.QueueOptions{JoinOnlyStaffed: true})
		defer r.sim.Close()
		defer r.people.Wait()
		defer close(r.over)
		defer func() {
			r.kill()
			r.prove()
		}()
		r.start()
		test(r)
	})
}

// readingTime makes a text last as long as it takes to read it out.
func readingTime(m telephony.Media) time.Duration {
	if strings.HasPrefix(string(m), "text:") {
		return time.Duration(len(m)) * 50 * time.Millisecond
	}
	return simswitch.DefaultDuration(m)
}

// speaker says texts as media that read like the text.
type speaker struct{}

func (speaker) Media(_ context.Context, _, text string) (telephony.Media, error) {
	return telephony.Media("text:" + text), nil
}

// people is a directory in memory.
type people map[string]callers.Record

func (p people) ByNumber(_ context.Context, number string) ([]callers.Record, error) {
	var found []callers.Record
	for _, account := range slices.Sorted(maps.Keys(p)) {
		if p[account].Number == number {
			found = append(found, p[account])
		}
	}
	return found, nil
}

func (p people) ByCode(_ context.Context, code string) (callers.Record, bool, error) {
	if code == theCode {
		return p["1001"], true, nil
	}
	return callers.Record{}, false, nil
}

func (p people) ByAccount(_ context.Context, account string) (callers.Record, bool, error) {
	r, ok := p[account]
	return r, ok, nil
}

// theCode is Ivan's.
const theCode = "12345678"

func thePeople(t *testing.T) people {
	hash, err := callers.HashPIN("2580", callers.HashParams{MemoryKiB: 1024, Passes: 1, Lanes: 1}, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return people{"1001": {
		Number: "+79161234501", Account: "1001", Name: "Ivan", Language: "en", PINHash: hash,
		Answers: map[string]string{"birth_date": "02031984"},
		Balance: &callers.Money{Minor: 152350, Currency: "RUB"},
	}}
}

// start runs a daemon on the rig's switch and database.
func (r *rig) start() {
	r.t.Helper()
	var err error
	r.store, err = sqlite.Open(context.Background(), r.db)
	r.must(err)
	opts := controller.Options{
		Switch: r.sim, Feed: r.sim, Store: r.store, Directory: r.dir, Voice: speaker{},
		Queues: map[string]queues.Settings{"support": {PriorHandleTime: time.Minute}},
		Callbacks: controller.CallbackOptions{
			Endpoint: "PJSIP/{number}@trunk", Policies: map[string]callback.Policy{},
		},
		Region: "RU", Log: zaptest.NewLogger(r.t, zaptest.Level(zapLevel())),
	}
	for _, file := range r.documents {
		src, err := os.ReadFile(file)
		r.must(err)
		doc, err := dialplan.Parse(file, src)
		r.must(err)
		opts.Hotlines = append(opts.Hotlines, doc)
		opts.Callbacks.Policies[doc.Hotline] = callback.Policy{Prefixes: doc.Callback.Prefixes, RetryAfter: doc.Callback.RetryAfter}
	}
	if r.options != nil {
		r.options(&opts)
	}
	r.ctl, err = controller.New(opts)
	r.must(err)
	if r.awake > 0 {
		r.ctl.KeepAwake(r.awake)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.done = cancel, make(chan error, 1)
	ctl, done := r.ctl, r.done // another daemon may run beside this one
	go func() { done <- ctl.Run(ctx) }()
	synctest.Wait()
}

// kill ends the daemon as a crash would: without a word to the switch.
func (r *rig) kill() {
	r.t.Helper()
	if r.stop == nil {
		return // dead already
	}
	r.stop()
	r.stop = nil
	if err := <-r.done; !errors.Is(err, errDead) { // a crash leaves nobody to say anything
		r.must(err)
	}
	r.must(r.store.Close())
}

// restart kills the daemon and starts it again after a while.
func (r *rig) restart(away time.Duration) {
	r.t.Helper()
	r.kill()
	time.Sleep(away)
	r.sim.Reopen()
	r.start()
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// ctx is a deadline in virtual time for waiting.
func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	r.t.Cleanup(cancel)
	return ctx
}

// hears waits until the phone hears a text that contains the words.
func (r *rig) hears(p *simswitch.Phone, words string) {
	r.t.Helper()
	r.until("the caller hears "+words, func() bool { return heard(p, words) })
}

func heard(p *simswitch.Phone, words string) bool {
	for _, h := range p.Heard() {
		if strings.Contains(string(h.Media), words) {
			return true
		}
	}
	return false
}

// until lets virtual time pass until something holds.
func (r *rig) until(what string, cond func() bool) {
	r.t.Helper()
	deadline := time.Now().Add(30 * time.Minute)
	for {
		synctest.Wait()
		if cond() {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("it never comes to this: %s", what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// call finds the newest call from a number.
func (r *rig) call(number string) store.Call {
	r.t.Helper()
	calls, err := r.store.Calls(context.Background(), store.CallFilter{Number: number, Limit: 1})
	r.must(err)
	if len(calls) == 0 {
		return store.Call{}
	}
	return calls[0]
}

// result waits for the end of the newest call from a number.
func (r *rig) result(number, want string) store.Call {
	r.t.Helper()
	r.until("the call from "+number+" ends", func() bool { return r.call(number).Ended() })
	c := r.call(number)
	if c.Result != want {
		r.t.Errorf("the call from %s ended as %q, want %q", number, c.Result, want)
	}
	return c
}

// promise gives the only promise.
func (r *rig) promise() callback.Callback {
	r.t.Helper()
	cbs, err := r.store.Callbacks(context.Background(), store.CallbackFilter{})
	r.must(err)
	if len(cbs) != 1 {
		r.t.Fatalf("there are %d promises, want 1", len(cbs))
	}
	return cbs[0]
}

func (r *rig) events(typ string) []store.Event {
	r.t.Helper()
	evs, err := r.store.Events(context.Background(), store.EventFilter{Type: typ})
	r.must(err)
	return evs
}

// line shows the only queue.
func (r *rig) line() queues.View {
	r.t.Helper()
	v, err := r.ctl.Queue(r.ctx(), "support")
	r.must(err)
	return v
}
