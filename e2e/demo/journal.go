package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/linekeeper/linekeeper/api"
)

// journal is what the daemon has written so far, followed over its socket.
type journal struct {
	mu      sync.Mutex
	events  []api.Event
	changed chan struct{} // closed and replaced with every entry
}

func newJournal() *journal { return &journal{changed: make(chan struct{})} }

// follow reads until ctx ends or the daemon stops, and hands each entry to each.
func (j *journal) follow(ctx context.Context, client *api.Client, each func(api.Event)) error {
	err := client.Journal(ctx, api.JournalFilter{Follow: true}, func(ev api.Event) error {
		each(ev)
		j.mu.Lock()
		defer j.mu.Unlock()
		j.events = append(j.events, ev)
		close(j.changed)
		j.changed = make(chan struct{})
		return nil
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("follow the journal: %w", err)
	}
	return fmt.Errorf("follow the journal: linekeeper stopped")
}

// story is what stands in the journal now.
func (j *journal) story() story {
	s, _ := j.look()
	return s
}

func (j *journal) look() (story, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return story(j.events[:len(j.events):len(j.events)]), j.changed
}

// wait waits until something stands in the journal. what names it for the error.
func (j *journal) wait(ctx context.Context, what string, holds func(story) bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %v", patience))
	defer cancel()
	for {
		s, changed := j.look()
		if holds(s) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait until %s: %w", what, context.Cause(ctx))
		}
	}
}
