package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Ids are long and end with random characters, so people may give the end
// alone: of at least minEnding characters, looked for among the newest
// searched records.
const (
	minEnding = 4
	searched  = 1000
)

// ambiguousError says that an ending fits several ids.
type ambiguousError struct {
	what, ending string
	ids          []string // the newest first
}

func (e *ambiguousError) Error() string {
	return fmt.Sprintf("%d %ss end with %q: %s", len(e.ids), e.what, e.ending, strings.Join(e.ids, ", "))
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
	return rec, &ambiguousError{what: what, ending: id, ids: ids}
}
