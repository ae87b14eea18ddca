package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// Ids are long and end with random characters, so people may give the end
// alone: of at least minEnding characters, looked for among the newest
// searched records.
const (
	minEnding = 4
	searched  = 1000
)

// ambiguousError says that what was given fits several ids.
type ambiguousError struct {
	what  string // "calls end with"
	given string
	ids   []string
}

func (e *ambiguousError) Error() string {
	return fmt.Sprintf("%d %s %q: %s", len(e.ids), e.what, e.given, strings.Join(e.ids, ", "))
}

func (s *Server) findCall(ctx context.Context, id string) (store.Call, error) {
	return find(ctx, "call", id, s.daemon.Call, func(c store.Call) string { return c.ID }, func() ([]store.Call, error) {
		return s.daemon.Calls(ctx, store.CallFilter{Limit: searched})
	})
}

func (s *Server) findCallback(ctx context.Context, id string) (callback.Callback, error) {
	return find(ctx, "callback", id, s.daemon.Callback, func(c callback.Callback) string { return c.ID }, func() ([]callback.Callback, error) {
		return s.daemon.Callbacks(ctx, store.CallbackFilter{Limit: searched})
	})
}

// find looks a record up by its id, or else by a unique ending of it.
func find[T any](ctx context.Context, what, id string, exact func(context.Context, string) (T, error), idOf func(T) string, newest func() ([]T, error)) (T, error) {
	rec, err := exact(ctx, id)
	if !errors.Is(err, store.ErrNotFound) || len(id) < minEnding {
		return rec, err
	}
	all, listErr := newest()
	if listErr != nil {
		return rec, listErr
	}
	var ids []string
	for _, r := range all {
		if strings.HasSuffix(idOf(r), id) {
			rec, ids = r, append(ids, idOf(r))
		}
	}
	switch len(ids) {
	case 0:
		return rec, err
	case 1:
		return rec, nil
	}
	return rec, &ambiguousError{what: what + "s end with", given: id, ids: ids}
}

// findPlace looks an open place up by its id or that of the call or callback
// that holds it, or by a unique ending of one of them.
func (s *Server) findPlace(ctx context.Context, id string) (queues.Place, error) {
	views, err := s.daemon.Queues(ctx)
	if err != nil {
		return queues.Place{}, err
	}
	var found []queues.Place
	for _, v := range views {
		for _, p := range v.Places {
			for _, name := range []string{p.ID, p.CallID, p.CallbackID} {
				if name != "" && name == id {
					return p.Place, nil
				}
			}
			if len(id) >= minEnding && (strings.HasSuffix(p.ID, id) || strings.HasSuffix(p.CallID, id) || strings.HasSuffix(p.CallbackID, id)) {
				found = append(found, p.Place)
			}
		}
	}
	switch len(found) {
	case 0:
		return queues.Place{}, fmt.Errorf("place %q: %w", id, store.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return queues.Place{}, &ambiguousError{what: "places fit", given: id, ids: show(found, func(p queues.Place) string { return p.ID })}
}
