package chain

import (
	"container/list"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// SecretAge is how old an answer that carries secrets may be: a PIN that was
// changed or taken away stops to fit after that.
const SecretAge = 10 * time.Second

// Cache says what is remembered of a directory. The zero value remembers nothing.
type Cache struct {
	Size     int           // answers, the oldest forgotten first; 10000 by default
	Known    time.Duration // age of records
	Stranger time.Duration // age of the answer that there is no record
}

const defaultSize = 10_000

// age gives how long an answer may be used.
func (c Cache) age(q question, known bool) time.Duration {
	age := c.Stranger
	if known {
		age = c.Known
	}
	if q.by != byNumber {
		age = min(age, SecretAge)
	}
	return age
}

// cache keeps answers; its owner locks it.
type cache struct {
	rules   Cache
	entries map[question]*list.Element
	order   *list.List // of *entry, the one used last in front
}

type entry struct {
	question question
	records  []callers.Record
	until    time.Time
}

func newCache(rules Cache) *cache {
	if rules.Size <= 0 {
		rules.Size = defaultSize
	}
	return &cache{rules: rules, entries: map[question]*list.Element{}, order: list.New()}
}

func (c *cache) get(q question, now time.Time) (records []callers.Record, ok bool) {
	at := c.entries[q]
	if at == nil {
		return nil, false
	}
	e := at.Value.(*entry)
	if !now.Before(e.until) {
		c.remove(at)
		return nil, false
	}
	c.order.MoveToFront(at)
	return e.records, true
}

func (c *cache) put(q question, records []callers.Record, now time.Time) {
	age := c.rules.age(q, len(records) > 0)
	if age <= 0 {
		return
	}
	if at := c.entries[q]; at != nil {
		c.remove(at)
	}
	for c.order.Len() >= c.rules.Size {
		c.remove(c.order.Back())
	}
	c.entries[q] = c.order.PushFront(&entry{q, records, now.Add(age)})
}

func (c *cache) remove(at *list.Element) {
	delete(c.entries, at.Value.(*entry).question)
	c.order.Remove(at)
}

func (c *cache) clear() {
	clear(c.entries)
	c.order.Init()
}
