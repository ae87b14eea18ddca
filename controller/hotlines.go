package controller

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// hotlines are the documents that new calls go by. It is never changed: a reload
// puts another one in its place, so whoever looks sees one state of all of them.
type hotlines struct {
	byName  map[string]*hotline // those that were removed too, for their promises
	numbers map[string]*dialplan.Document
	since   map[string]time.Time // by version: when it was loaded; of all that calls may go by
}

// hotline is the latest version of one document.
type hotline struct {
	doc     *dialplan.Document
	policy  callback.Policy
	removed bool // takes no more calls
}

// served gives the hotlines that take calls, by name.
func (h *hotlines) served() []*hotline {
	var list []*hotline
	for _, name := range slices.Sorted(maps.Keys(h.byName)) {
		if one := h.byName[name]; !one.removed {
			list = append(list, one)
		}
	}
	return list
}

// versions are those that new calls and promises go by.
func (h *hotlines) versions() []string {
	var list []string
	for _, one := range h.served() {
		list = append(list, one.doc.Version)
	}
	return list
}

// hotline is the document that a promise of this hotline goes by, nil when there
// is none. A hotline that was removed has its last one.
func (c *Controller) hotline(name string) *dialplan.Document {
	if h := c.hotlines.Load().byName[name]; h != nil {
		return h.doc
	}
	return nil
}

// policyOf is how promises of a hotline are kept now: the rules of the latest
// version, whatever version made the promise.
func (c *Controller) policyOf(name string) callback.Policy {
	if h := c.hotlines.Load().byName[name]; h != nil {
		return h.policy
	}
	return callback.Policy{}
}

// newHotlines checks documents that are to be served together.
func (c *Controller) newHotlines(list []*hotline) (*hotlines, error) {
	h := &hotlines{byName: map[string]*hotline{}, numbers: map[string]*dialplan.Document{}, since: map[string]time.Time{}}
	for _, one := range list {
		d := one.doc
		if other := h.byName[d.Hotline]; other != nil {
			return nil, fmt.Errorf("controller: two documents are called %q", d.Hotline)
		}
		h.byName[d.Hotline] = one
		for _, n := range d.Numbers {
			if other := h.numbers[c.dialed(n)]; other != nil {
				return nil, fmt.Errorf("controller: number %s belongs to hotlines %q and %q", n, other.Hotline, d.Hotline)
			}
			h.numbers[c.dialed(n)] = d
		}
		if err := c.servable(one); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// servable says whether one hotline has what it needs here.
func (c *Controller) servable(one *hotline) error {
	for _, q := range one.doc.Queues() {
		if c.lines[q] == nil {
			return fmt.Errorf("controller: hotline %q uses queue %q, which is not configured", one.doc.Hotline, q)
		}
	}
	if len(one.policy.Prefixes) == 0 {
		return nil // nobody may be called: no template is needed
	}
	if err := callback.CheckTemplate(c.opts.Callbacks.Endpoint); err != nil {
		return fmt.Errorf("controller: the endpoint for callbacks of hotline %q: %w", one.doc.Hotline, err)
	}
	return nil
}

// takeDocuments takes up the versions that the last run left: those of calls under
// way, and the last ones of hotlines that are no longer there. It gives what is to
// be stored of this run's. It runs before any owner does.
func (c *Controller) takeDocuments(open store.Open, now time.Time) store.Batch {
	h := c.hotlines.Load()
	h = &hotlines{byName: maps.Clone(h.byName), numbers: h.numbers, since: map[string]time.Time{}}
	defer c.hotlines.Store(h)
	latest, known := map[string]string{}, map[string]store.Document{}
	for _, d := range open.Documents {
		known[d.Version] = d
		if latest[d.Hotline] == "" {
			latest[d.Hotline] = d.Version
		}
	}
	var b store.Batch
	for _, one := range h.served() {
		d := one.doc
		h.since[d.Version] = now
		if latest[d.Hotline] == d.Version {
			h.since[d.Version] = known[d.Version].Since
			continue
		}
		b.Documents = append(b.Documents, recordOf(d, now))
		b.Events = append(b.Events, loadedEntry(d, latest[d.Hotline], now))
	}
	goneBy := map[string]bool{}
	for _, call := range open.Calls {
		goneBy[call.Document] = true
	}
	for _, d := range open.Documents {
		lost := h.byName[d.Hotline] == nil
		if _, current := h.since[d.Version]; current || !lost && !goneBy[d.Version] {
			continue
		}
		draft := c.opts.Documents.parse(d.File, []byte(d.Source))
		if draft.Document == nil {
			c.tellUnreadable(d, draft.Err)
			continue
		}
		h.since[d.Version] = d.Since
		c.kept[d.Version] = draft.Document
		if lost {
			h.byName[d.Hotline] = &hotline{doc: draft.Document, policy: draft.Policy, removed: true}
		}
	}
	return b
}

// documentOf is the version that a call of the last run goes by; the latest one of
// its hotline when that version cannot be had, nil when there is none at all.
func (c *Controller) documentOf(rec store.Call) *dialplan.Document {
	latest := c.hotline(rec.Hotline)
	if kept := c.kept[rec.Document]; kept != nil {
		return kept
	}
	return latest
}

func recordOf(d *dialplan.Document, since time.Time) store.Document {
	return store.Document{Version: d.Version, Hotline: d.Hotline, File: d.File, Since: since, Source: string(d.Source)}
}

func loadedEntry(d *dialplan.Document, before string, now time.Time) store.Event {
	data := map[string]any{"hotline": d.Hotline, "version": d.Version, "file": d.File}
	if before != "" {
		data["before"] = before
	}
	return store.Event{At: now, Type: "hotline.loaded", Data: data}
}
