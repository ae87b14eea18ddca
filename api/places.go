package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
)

func (s *Server) escalate(r *http.Request) (any, error) {
	var body EscalateCall
	if err := read(r, &body); err != nil {
		return nil, err
	}
	found, err := s.findCall(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := s.daemon.Escalate(r.Context(), found.ID, body.Queue, callback.ByOperator); err != nil {
		return nil, err
	}
	c, err := s.daemon.Call(r.Context(), found.ID)
	return showCall(c), err
}

func (s *Server) movePlace(r *http.Request) (any, error) {
	var body MovePlace
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if body.Queue == "" {
		return nil, badRequest{errors.New("the queue to move to is missing")}
	}
	found, err := s.findPlace(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p, err := s.daemon.MovePlace(r.Context(), found.ID, body.Queue, body.Keep == nil || *body.Keep, callback.ByOperator)
	if err != nil {
		return nil, err
	}
	return s.standing(r.Context(), p)
}

// standing shows a place as its queue has it now. One that has left meanwhile is
// shown as it was moved, without a position.
func (s *Server) standing(ctx context.Context, p queues.Place) (Moved, error) {
	v, err := s.daemon.Queue(ctx, p.Queue)
	if err != nil {
		return Moved{}, err
	}
	for _, seen := range v.Places {
		if seen.ID == p.ID {
			return Moved{Queue: p.Queue, Place: showPlace(seen, v.At)}, nil
		}
	}
	out := showPlace(queues.PlaceView{Place: p}, v.At)
	out.Position = 0
	return Moved{Queue: p.Queue, Place: out}, nil
}
