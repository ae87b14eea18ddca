package controller

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// Draft is a hotline document as it was read.
type Draft struct {
	File     string
	Document *dialplan.Document // nil when it has faults
	Policy   callback.Policy    // of its promises
	Err      error              // the faults
}

// Documents is where hotline documents come from. The zero value has none to
// reload. Its functions may be called by any goroutine, one at a time, and block
// while they read.
type Documents struct {
	// Read reads all documents as they stand now, faulty ones too. An error means
	// that nothing is known of any.
	Read func() ([]Draft, error)
	// Parse reads a version that was kept, with what Read would make of it; nil is
	// dialplan.Parse.
	Parse func(file string, src []byte) Draft
	// Loaded is told what new calls go by from now on; may be nil.
	Loaded func([]*dialplan.Document)
}

func (d Documents) parse(file string, src []byte) Draft {
	if d.Parse != nil {
		return d.Parse(file, src)
	}
	doc, err := dialplan.Parse(file, src)
	return Draft{File: file, Document: doc, Policy: callback.Policy{}.WithDefaults(), Err: err}
}

// ErrNoReload says that this daemon was given its documents once and for all.
var ErrNoReload = errors.New("the documents of this daemon cannot be reloaded")

// Reloaded is what a reload came to.
type Reloaded struct {
	Loaded  []*dialplan.Document // new versions, and new hotlines
	Removed []string             // hotlines whose document is gone
	Refused []Refused
}

// Refused is a document that was not taken; what there was of it stays.
type Refused struct {
	File    string // "" when the documents do not go together, and none was taken
	Hotline string // that goes on with its former version, "" when there is none
	Version string // the former version
	Err     error
}

// Reload reads the hotline documents and lets new calls go by them. Calls under
// way end on the version they began with. A document with faults leaves its
// hotline as it is; documents that contradict each other leave all as they are.
// It blocks until the documents are on disk; reloads wait for one another. The
// error says that nothing could be read or stored, and nothing has changed then.
func (c *Controller) Reload(ctx context.Context) (Reloaded, error) {
	if c.opts.Documents.Read == nil {
		return Reloaded{}, ErrNoReload
	}
	c.reloading.Lock()
	defer c.reloading.Unlock()
	if _, err := ask(ctx, c.main, func() bool { return true }); err != nil {
		return Reloaded{}, err // nothing runs yet, or any more
	}
	drafts, err := c.opts.Documents.Read()
	if err != nil {
		c.refuse(Refused{Err: err})
		return Reloaded{}, fmt.Errorf("controller: read the hotline documents: %w", err)
	}
	before := c.hotlines.Load()
	list, out := c.choose(before, drafts)
	next, err := c.newHotlines(list)
	if err != nil {
		out = Reloaded{Refused: append(out.Refused, Refused{Err: err})}
		c.refuse(out.Refused...)
		return out, nil
	}
	c.refuse(out.Refused...)
	b := c.change(before, next, &out, time.Now())
	if len(b.Events) > 0 {
		if err := c.commit(b); err != nil {
			return Reloaded{Refused: out.Refused}, err
		}
		c.hotlines.Store(next)
		c.met.reloads.WithLabelValues("loaded").Add(float64(len(out.Loaded)))
		c.log.Info("hotline documents were reloaded", zap.Int("loaded", len(out.Loaded)), zap.Strings("removed", out.Removed))
		if c.opts.Documents.Loaded != nil {
			c.opts.Documents.Loaded(out.Loaded)
		}
	}
	c.forget(ctx)
	return out, nil
}

// choose takes the good drafts, and of the others what there was before.
func (c *Controller) choose(before *hotlines, drafts []Draft) (list []*hotline, out Reloaded) {
	ofFile, unread, strange := map[string]*hotline{}, map[string]*hotline{}, false
	for _, one := range before.served() {
		ofFile[one.doc.File], unread[one.doc.File] = one, one
	}
	for _, draft := range drafts {
		delete(unread, draft.File)
		one := &hotline{doc: draft.Document, policy: draft.Policy}
		err := draft.Err
		if err == nil {
			err = c.servable(one)
		}
		if err == nil {
			list = append(list, one)
			continue
		}
		refused := Refused{File: draft.File, Err: err}
		if former := ofFile[draft.File]; former != nil {
			refused.Hotline, refused.Version = former.doc.Hotline, former.doc.Version
			list = append(list, former)
		} else {
			strange = true
		}
		out.Refused = append(out.Refused, refused)
	}
	if strange { // a file with a new name may be the faulty version of one that seems gone
		for _, file := range slices.Sorted(maps.Keys(unread)) {
			list = append(list, unread[file])
		}
	}
	return list, out
}

// change finds what is new, carries over what calls and promises still need, and
// gives what is to be stored.
func (c *Controller) change(before, next *hotlines, out *Reloaded, now time.Time) store.Batch {
	var b store.Batch
	for version, since := range before.since {
		next.since[version] = since
	}
	for _, one := range next.served() {
		d, former := one.doc, before.byName[one.doc.Hotline]
		if former != nil && !former.removed && former.doc.Version == d.Version {
			continue
		}
		was := ""
		if former != nil {
			was = former.doc.Version
		}
		next.since[d.Version] = now
		out.Loaded = append(out.Loaded, d)
		b.Documents = append(b.Documents, recordOf(d, now))
		b.Events = append(b.Events, loadedEntry(d, was, now))
	}
	for name, former := range before.byName {
		if next.byName[name] != nil {
			continue
		}
		next.byName[name] = &hotline{doc: former.doc, policy: former.policy, removed: true}
		if !former.removed {
			out.Removed = append(out.Removed, name)
		}
	}
	slices.Sort(out.Removed)
	for _, name := range out.Removed {
		b.Events = append(b.Events, store.Event{At: now, Type: "hotline.removed", Data: map[string]any{
			"hotline": name, "version": before.byName[name].doc.Version,
		}})
	}
	return b
}

// refuse tells of documents that were not taken: log, journal and metric.
func (c *Controller) refuse(list ...Refused) {
	c.met.faulty.Set(float64(len(list)))
	if len(list) == 0 {
		return
	}
	b := store.Batch{}
	for _, r := range list {
		c.met.reloads.WithLabelValues("refused").Inc()
		c.log.Error("a hotline document is refused; calls go by the former one",
			zap.String("file", r.File), zap.String("hotline", r.Hotline), zap.Error(r.Err))
		data := map[string]any{"file": r.File, "why": r.Err.Error()}
		if r.Hotline != "" {
			data["hotline"], data["version"] = r.Hotline, r.Version
		}
		b.Events = append(b.Events, store.Event{At: time.Now(), Type: "hotline.refused", Data: data})
	}
	c.store(b)
}

func (c *Controller) tellUnreadable(d store.Document, err error) {
	c.log.Error("a version of a hotline document that was kept is no longer understood; its calls go by the latest one",
		zap.String("hotline", d.Hotline), zap.String("version", d.Version), zap.Error(err))
}

// forget deletes the versions that nothing goes by any more: no call under way and,
// of a hotline that was removed, no open promise. A promise holds no version of its
// own: it may sleep for weeks, and whoever is called is to hear the words, and to
// be treated by the rules, that hold on that day.
func (c *Controller) forget(ctx context.Context) {
	used, err := ask(ctx, c.main, func() []string {
		var list []string
		for _, k := range c.calls {
			list = append(list, k.doc.Version)
		}
		return list
	})
	if err != nil {
		return // the daemon stops; the next run looks again
	}
	unused, err := c.opts.Store.UnusedDocuments(ctx, append(used, c.hotlines.Load().versions()...))
	if err != nil {
		c.log.Warn("old hotline documents are kept", zap.Error(err))
		return
	}
	if len(unused) > 0 && c.commit(store.Batch{Forget: unused}) == nil {
		c.log.Debug("old hotline documents were deleted", zap.Strings("versions", unused))
	}
}

// released looks whether the version of a call that ended is still needed. It runs
// in the main mailbox.
func (c *Controller) released(d *dialplan.Document) {
	if latest := c.hotlines.Load().byName[d.Hotline]; latest != nil && !latest.removed && latest.doc.Version == d.Version {
		return
	}
	for _, k := range c.calls {
		if k.doc.Version == d.Version {
			return
		}
	}
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, storeTimeout)
		defer cancel()
		c.forget(ctx)
	})
}
