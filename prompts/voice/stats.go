package voice

import (
	"sync"
	"time"
)

// Stats are what a cache has done since it was made, and what its folder held
// when it was last swept.
type Stats struct {
	Rendered int   // texts that the engine spoke
	Failed   int   // texts that it did not
	Swept    int   // sounds that were removed
	Sounds   int   // in the folder
	Bytes    int64 // of them
	Resting  bool  // the engine failed too often and is not asked now
}

type counts struct {
	mu sync.Mutex
	s  Stats
}

func (c *counts) rendered(err error, ours bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case ours: // the daemon ends
	case err == nil:
		c.s.Rendered++
	default:
		c.s.Failed++
	}
}

func (c *counts) swept(removed int, bytes int64, left int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.Swept += removed
	c.s.Bytes, c.s.Sounds = bytes, left
}

// Stats gives the figures as they are now.
func (c *Cache) Stats() Stats {
	c.counts.mu.Lock()
	defer c.counts.mu.Unlock()
	s := c.counts.s
	s.Resting = c.breaker.resting(time.Now())
	return s
}
