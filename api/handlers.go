package api

import (
	"context"
	"net/http"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// CallResults are the words in Call.Result of a call that ended.
func CallResults() []string {
	return []string{
		dialplan.ResultIVR, dialplan.ResultAgent, dialplan.ResultTransferred, dialplan.ResultAbandoned,
		dialplan.ResultCallback, dialplan.ResultNoAgents, dialplan.ResultFailed,
	}
}

func (s *Server) calls(r *http.Request) (any, error) {
	q := &query{r: r}
	f := store.CallFilter{
		Live: q.flag("live"), Hotline: q.text("hotline"), Number: q.e164("number"),
		Result: q.oneOf("result", CallResults()), Since: q.time("since"), Limit: q.number("limit"),
	}
	if q.err != nil {
		return nil, q.err
	}
	calls, err := s.daemon.Calls(r.Context(), f)
	return show(calls, showCall), err
}

func (s *Server) call(r *http.Request) (any, error) {
	c, err := s.findCall(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	shown := showCall(c)
	shown.Answers, err = s.answersOf(r.Context(), c.ID)
	return shown, err
}

func (s *Server) dispose(r *http.Request) (any, error) {
	var body DisposeCall
	if err := read(r, &body); err != nil {
		return nil, err
	}
	found, err := s.findCall(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	c, err := s.daemon.Dispose(r.Context(), found.ID, store.Disposition{Code: body.Code, Note: body.Note, By: callback.ByOperator})
	return showCall(c), err
}

func (s *Server) queues(r *http.Request) (any, error) {
	v, err := s.daemon.Queues(r.Context())
	if err != nil {
		return nil, err
	}
	return s.showQueues(r.Context(), v)
}

func (s *Server) queue(r *http.Request) (any, error) {
	v, err := s.daemon.Queue(r.Context(), r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	all, err := s.showQueues(r.Context(), []queues.View{v})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// showQueues shows queues with their pauses.
func (s *Server) showQueues(ctx context.Context, views []queues.View) ([]Queue, error) {
	on, err := s.pauses(ctx)
	if err != nil {
		return nil, err
	}
	return show(views, func(v queues.View) Queue {
		out := showQueue(v)
		out.Paused = on[v.Queue]
		return out
	}), nil
}

func (s *Server) callback(r *http.Request) (any, error) {
	c, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.showOne(r.Context(), c)
}

func (s *Server) why(r *http.Request) (any, error) {
	c, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	lines, err := s.daemon.Why(r.Context(), c.ID)
	return Story{ID: c.ID, Story: append([]string{}, lines...)}, err
}

func (s *Server) cancel(r *http.Request) (any, error) {
	var body CancelCallback
	if err := read(r, &body); err != nil {
		return nil, err
	}
	found, err := s.findCallback(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	c, closed, err := s.daemon.CancelCallback(r.Context(), found.ID, callback.ByOperator, body.Why)
	return Cancelled{Callback: showCallback(c), AlreadyClosed: closed}, err
}
