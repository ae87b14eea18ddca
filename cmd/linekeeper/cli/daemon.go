package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers/table"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/controller/donotcall"
	"github.com/linekeeper/linekeeper/controller/watch"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ami"
	"github.com/linekeeper/linekeeper/telephony/ari"
)

// daemon is everything that serve puts together.
type daemon struct {
	log         *zap.Logger
	sight       watch.Sight // of the hotline documents, before they were read
	hotlines    *hotlines
	directories *directories
	table       *table.Table
	lookups     *lookups
	feed        *ami.QueueFeed
	controller  *controller.Controller

	store   *sqlite.Store
	speech  *speech
	engine  string          // of the voice
	warming context.Context // ends with the daemon
	endWarm context.CancelFunc
	warmed  sync.WaitGroup
}

// newDaemon reads what the configuration names and connects the parts; nothing
// runs yet but the rendering of texts. All faults of documents and callers are
// reported at once.
func newDaemon(ctx context.Context, cfg *config.Config, log *zap.Logger) (_ *daemon, err error) {
	d := &daemon{log: log, engine: cfg.Voice.Engine}
	d.warming, d.endWarm = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	d.sight = watch.Look(cfg.Hotlines)
	files, err := documentFiles(cfg.Hotlines)
	if err != nil {
		return d, err
	}
	d.hotlines = readHotlines(files, cfg)
	d.directories, err = openDirectories(cfg, log)
	doNotCall, listErr := openDoNotCall(cfg, log)
	asked, lookupErr := openLookups(cfg)
	d.lookups = asked
	if err := errors.Join(d.hotlines.err(), err, listErr, lookupErr); err != nil {
		return d, err
	}
	sw, feed, err := openSwitch(cfg.Asterisk)
	if err != nil {
		return d, err
	}
	d.feed = feed
	if d.store, err = sqlite.Open(ctx, cfg.Store.SQLite); err != nil {
		return d, err
	}
	d.table = table.New(d.store, cfg.Region)
	d.directories.table.inner = d.table
	if d.speech, err = openSpeech(cfg, sw.Fetch, log); err != nil {
		return d, err
	}
	opts := controller.Options{
		Recordings: cfg.Recordings.Folder,
		Switch:     sw, Feed: feed, Store: d.store, Directory: d.directories.chain, Locks: cfg.Callers.Lock.Rules(), Voice: d.speech.voice(), VoiceWait: cfg.Voice.Wait, LeadIn: cfg.Voice.LeadIn, Pieces: pieces,
		Hotlines: d.hotlines.docs, Documents: d.documents(cfg), Queues: map[string]queues.Settings{}, Own: cfg.Rules(),
		Conversations: map[string]controller.Conversation{}, Codes: codes(cfg.AgentCodes),
		Callbacks: controller.CallbackOptions{
			Endpoint: cfg.Callbacks.Endpoint,
			CallerID: telephony.CallerID{Name: cfg.Callbacks.CallerName, Number: cfg.Callbacks.CallerID},
			Policies: d.hotlines.policies, DoNotCall: doNotCall,
			Machines: controller.Detection(cfg.Callbacks.Machine.Detect),
		},
		Lookups:   d.lookups.sources,
		Transfers: controller.TransferOptions(cfg.Transfers),
		Region:    cfg.Region, Music: cfg.Music, Dispositions: cfg.Dispositions, Log: log,
	}
	for _, name := range cfg.QueuesOf(config.EngineAsterisk) {
		opts.Queues[name] = cfg.Queues[name].Settings()
	}
	for name, q := range cfg.Queues {
		opts.Conversations[name] = controller.Conversation{
			Title: q.Whisper, EscalateKeys: q.Escalate.Keys, EscalateTo: q.Escalate.To, Record: q.Record,
			Music: q.Music,
		}
	}
	if err := crashSteps(&opts); err != nil {
		return d, err
	}
	if d.controller, err = controller.New(opts); err != nil {
		return d, err
	}
	d.warm(d.hotlines.docs)
	return d, nil
}

// codes gives what each code that agents dial is for.
func codes(c config.AgentCodes) controller.Codes {
	return controller.Codes{
		c.LogIn: controller.AgentLogin, c.LogOut: controller.AgentLogout, c.Pause: controller.AgentPause,
		c.Unpause: controller.AgentUnpause, c.Ready: controller.AgentReady,
	}
}

// close releases what newDaemon opened; the controller must have ended.
func (d *daemon) close() error {
	var errs []error
	d.endWarm()
	d.warmed.Wait()
	if d.lookups != nil {
		d.lookups.close()
	}
	if d.directories != nil {
		errs = append(errs, d.directories.close())
	}
	if d.speech != nil {
		errs = append(errs, d.speech.close())
	}
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	return errors.Join(errs...)
}

// warm makes the texts of documents that are the same for every caller before the
// first one needs them, and linekeeper's own. It goes on beside the calls.
func (d *daemon) warm(docs []*dialplan.Document) {
	rows := spoken(docs)
	if d.engine == "marks" { // tests want the documents' texts and not to wait
		rows = slices.DeleteFunc(rows, func(r promptRow) bool { return r.Hotline == "" })
	}
	d.warmed.Go(func() { d.speech.warm(d.warming, certain(rows), d.log) })
}

// openDoNotCall reads the list of numbers that are never called; nil for none.
func openDoNotCall(cfg *config.Config, log *zap.Logger) (func(string) bool, error) {
	if cfg.Callbacks.DoNotCall == "" {
		return nil, nil
	}
	list, err := donotcall.Open(cfg.Callbacks.DoNotCall, cfg.Region, func(err error) {
		log.Error("the do-not-call list could not be read anew; the numbers known before stay on it", zap.Error(err))
	})
	if err != nil {
		return nil, err
	}
	return list.Has, nil
}

// openSwitch prepares both connections to Asterisk: ARI carries the calls, AMI
// tells what happens in its queues.
func openSwitch(c config.Asterisk) (*ari.Client, *ami.QueueFeed, error) {
	o, err := ariOptions(c.ARI)
	if err != nil {
		return nil, nil, err
	}
	sw, err := ari.New(o)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration: asterisk.ari: %w", err)
	}
	m, err := amiOptions(c.AMI)
	if err != nil {
		return nil, nil, err
	}
	manager, err := ami.New(m)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration: asterisk.ami: %w", err)
	}
	return sw, ami.NewQueueFeed(manager), nil
}

func ariOptions(c config.ARI) (ari.Options, error) {
	password, err := c.Password.Reveal()
	if err != nil {
		return ari.Options{}, fmt.Errorf("configuration: asterisk.ari.password: %w", err)
	}
	return ari.Options{BaseURL: c.URL, User: c.User, Password: password, App: c.App}, nil
}

func amiOptions(c config.AMI) (ami.Options, error) {
	secret, err := c.Password.Reveal()
	if err != nil {
		return ami.Options{}, fmt.Errorf("configuration: asterisk.ami.password: %w", err)
	}
	o := ami.Options{Addr: c.Address, User: c.User, Secret: secret, Events: "agent,call"}
	if c.TLS {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return o, nil
}
