package controller

import (
	"encoding/json"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// owed is what is to be stored: of each record the latest, and the journal entries in
// their order. Its zero value is nothing.
type owed struct {
	calls  latest[store.Call]
	places latest[queues.Place]
	agents latest[queues.Duty]
	events []store.Event
	bytes  int // as JSON
}

// latest are records by id.
type latest[T any] map[string]sized[T]

type sized[T any] struct {
	rec   T
	bytes int
}

func (o *owed) empty() bool { return len(o.calls)+len(o.places)+len(o.agents)+len(o.events) == 0 }

func (o *owed) count() (records, entries int) {
	return len(o.calls) + len(o.places) + len(o.agents), len(o.events)
}

// add takes copies of what lines and calls store, up to so many bytes in all, and
// says how many records and entries it dropped: what has no room, and what no store
// could encode.
func (o *owed) add(b store.Batch, most int) (records, entries int) {
	for _, c := range b.Calls {
		records += put(&o.calls, c.ID, c, &o.bytes, most)
	}
	for _, p := range b.Places {
		records += put(&o.places, p.ID, p, &o.bytes, most)
	}
	for _, a := range b.Agents {
		records += put(&o.agents, a.Agent, a, &o.bytes, most)
	}
	for _, ev := range b.Events {
		own, n, err := copied(ev)
		if err != nil || o.bytes+n > most {
			entries++
			continue
		}
		o.events = append(o.events, own)
		o.bytes += n
	}
	return records, entries
}

// put keeps a copy of a record and counts its bytes. It gives 1 when it dropped it. A
// newer one of the same id is kept whether there is room or not.
func put[T any](all *latest[T], id string, rec T, bytes *int, most int) (dropped int) {
	own, n, err := copied(rec)
	older, known := (*all)[id]
	if err != nil || !known && *bytes+n > most {
		return 1
	}
	if *all == nil {
		*all = latest[T]{}
	}
	(*all)[id] = sized[T]{own, n}
	*bytes += n - older.bytes
	return 0
}

// copied makes a copy that shares nothing with what goes on being changed: the one
// that a restart would read.
func copied[T any](v T) (own T, bytes int, err error) {
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &own)
	}
	return own, len(data), err
}

// join adds what was owed later.
func (o *owed) join(later owed) {
	o.bytes += later.bytes - override(&o.calls, later.calls) - override(&o.places, later.places) - override(&o.agents, later.agents)
	o.events = append(o.events, later.events...)
}

// override puts newer records in the place of older ones, and says how many bytes those had.
func override[T any](all *latest[T], newer latest[T]) (bytes int) {
	if *all == nil {
		*all = latest[T]{}
	}
	for id, r := range newer {
		bytes += (*all)[id].bytes
		(*all)[id] = r
	}
	return bytes
}

// batch is one commit of everything.
func (o *owed) batch() store.Batch {
	b := store.Batch{Events: o.events}
	for _, c := range o.calls {
		b.Calls = append(b.Calls, c.rec)
	}
	for _, p := range o.places {
		b.Places = append(b.Places, p.rec)
	}
	for _, a := range o.agents {
		b.Agents = append(b.Agents, a.rec)
	}
	return b
}
