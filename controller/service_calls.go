package controller

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/store"
)

// maxNote is how many characters the note of a disposition may have.
const maxNote = 500

var dispositionPattern = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,31}$`)

// MessageDone notes that somebody took care of a message that was left in a call.
func (c *Controller) MessageDone(ctx context.Context, recording, call, by string) error {
	ev := store.Event{At: time.Now(), Type: "message.done", Call: call, Data: map[string]any{"recording": recording, "by": by}}
	if err := c.opts.Store.Commit(ctx, store.Batch{Events: []store.Event{ev}}); err != nil {
		return fmt.Errorf("note that message %s is done: %w", recording, err)
	}
	return nil
}

// Dispose keeps what a call was about, during the call or later; said again, the
// last word counts. It returns store.ErrNotFound for a call that is not known,
// and *DeniedError for a code that is none or not one of those configured.
func (c *Controller) Dispose(ctx context.Context, id string, d store.Disposition) (store.Call, error) {
	if err := c.checkDisposition(d); err != nil {
		return store.Call{}, err
	}
	d.Note, d.At = strings.Join(strings.Fields(d.Note), " "), time.Now()
	k, err := ask(ctx, c.main, func() *call { return c.calls[id] })
	if err != nil {
		return store.Call{}, err
	}
	if k != nil {
		var committed error
		rec, err := ask(ctx, k.box, func() store.Call {
			k.rec.Disposition = &d
			committed = c.opts.Store.Commit(ctx, disposed(k.rec))
			return k.rec
		})
		if !errors.Is(err, ErrStopped) {
			return rec, errors.Join(err, committed)
		}
		// It ended meanwhile: its record is nobody's now.
	}
	rec, err := c.opts.Store.Call(ctx, id)
	if err != nil {
		return store.Call{}, err
	}
	rec.Disposition = &d
	if err := c.opts.Store.Commit(ctx, disposed(rec)); err != nil {
		return store.Call{}, fmt.Errorf("keep what call %s was about: %w", id, err)
	}
	return rec, nil
}

// disposed is what is stored of it. The note is not in the journal, which is
// never changed: it may hold what has to be forgotten.
func disposed(rec store.Call) store.Batch {
	return store.Batch{Calls: []store.Call{rec}, Events: []store.Event{{
		At: rec.Disposition.At, Type: "call.disposed", Call: rec.ID, Place: rec.PlaceID, Callback: rec.CallbackID, Queue: rec.Queue, Agent: rec.Agent,
		Data: map[string]any{"code": rec.Disposition.Code, "by": rec.Disposition.By},
	}}}
}

func (c *Controller) checkDisposition(d store.Disposition) error {
	known := c.opts.Dispositions
	switch {
	case !dispositionPattern.MatchString(d.Code):
		return &DeniedError{Message: fmt.Sprintf("%q is no code of a disposition: up to 32 letters, digits, dots, dashes and underscores, such as complaint", d.Code)}
	case len(known) > 0 && !slices.Contains(known, d.Code):
		return &DeniedError{Message: fmt.Sprintf("the disposition %q is none of %s (dispositions in the configuration)", d.Code, strings.Join(known, ", "))}
	case utf8.RuneCountInString(d.Note) > maxNote:
		return &DeniedError{Message: fmt.Sprintf("the note has %d characters; shorten it to %d", utf8.RuneCountInString(d.Note), maxNote)}
	}
	return nil
}
