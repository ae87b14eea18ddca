package api

import (
	"net/http"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// CallResults are the words in Call.Result of a call that ended.
func CallResults() []string {
	return []string{
		dialplan.ResultIVR, dialplan.ResultAgent, dialplan.ResultAbandoned,
		dialplan.ResultCallback, dialplan.ResultNoAgents, dialplan.ResultFailed,
	}
}

// CallbackStates are the words in Callback.State, in the order of a promise's life.
func CallbackStates() []string {
	return show([]callback.State{
		callback.Waiting, callback.Dialling, callback.Ringing, callback.Answered, callback.Confirmed,
		callback.Connected, callback.Done, callback.GivenUp, callback.Cancelled, callback.Uncertain,
	}, func(s callback.State) string { return string(s) })
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
	return showCall(c), err
}

func (s *Server) queues(r *http.Request) (any, error) {
	v, err := s.daemon.Queues(r.Context())
	return show(v, showQueue), err
}

func (s *Server) queue(r *http.Request) (any, error) {
	v, err := s.daemon.Queue(r.Context(), r.PathValue("name"))
	return showQueue(v), err
}

func (s *Server) callbacks(r *http.Request) (any, error) {
	q := &query{r: r}
	f := store.CallbackFilter{
		Open: q.flag("open"), States: states(q.someOf("state", CallbackStates())), Queue: q.text("queue"),
		Number: q.e164("number"), Limit: q.number("limit"),
	}
	if q.err != nil {
		return nil, q.err
	}
	cbs, err := s.daemon.Callbacks(r.Context(), f)
	return show(cbs, showCallback), err
}

func states(words []string) []callback.State {
	var all []callback.State
	for _, w := range words {
		all = append(all, callback.State(w))
	}
	return all
}

func (s *Server) callback(r *http.Request) (any, error) {
	c, err := s.findCallback(r.Context(), r.PathValue("id"))
	return showCallback(c), err
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
