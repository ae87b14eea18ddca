package api

import (
	"net/http"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// CallbackStates are the words in Callback.State, in the order of a promise's life.
func CallbackStates() []string {
	return show([]callback.State{
		callback.Waiting, callback.Shown, callback.Dialling, callback.Ringing, callback.Answered, callback.Confirmed,
		callback.Connected, callback.Done, callback.GivenUp, callback.Cancelled, callback.Uncertain,
	}, func(s callback.State) string { return string(s) })
}

// CallbackReasons are the words in Callback.Reason: how a promise was asked for.
func CallbackReasons() []string {
	return show([]callback.Reason{
		callback.ReasonInLine, callback.ReasonInstead, callback.ReasonAbandoned,
		callback.ReasonOperator, callback.ReasonWeb, callback.ReasonImport,
	}, func(r callback.Reason) string { return string(r) })
}

// nextHeader is the header of a page after which there is another: the id that
// after= wants for it.
const nextHeader = "Linekeeper-Next"

const (
	// usualPage is how many promises a page has that does not say.
	usualPage = 100
	// mostOfPage is how many it may have at most.
	mostOfPage = 10_000
)

// callbacks gives one page of promises, the newest first.
func (s *Server) callbacks(w http.ResponseWriter, r *http.Request) {
	f, err := s.callbackFilter(r)
	if err != nil {
		writeError(w, err)
		return
	}
	page := f.Limit
	f.Limit++ // one more tells whether there are more
	cbs, err := s.daemon.Callbacks(r.Context(), f)
	if err != nil {
		writeError(w, err)
		return
	}
	if len(cbs) > page {
		cbs = cbs[:page]
		w.Header().Set(nextHeader, cbs[page-1].ID)
	}
	shown, err := s.showCallbacks(r.Context(), cbs)
	if err != nil {
		writeError(w, err)
		return
	}
	write(w, http.StatusOK, shown)
}

func (s *Server) callbackFilter(r *http.Request) (store.CallbackFilter, error) {
	q := &query{r: r}
	f := store.CallbackFilter{
		Open: q.flag("open"), States: states(q.someOf("state", CallbackStates())), Queue: q.text("queue"),
		Number: q.e164("number"), Account: q.text("account"), Campaign: q.text("campaign"),
		Reason: callback.Reason(q.oneOf("reason", CallbackReasons())), DueBefore: q.time("due_before"),
		AskedSince: q.time("since"), AskedBefore: q.time("until"), After: q.text("after"), Limit: q.number("limit"),
	}
	switch {
	case f.Limit == 0:
		f.Limit = usualPage
	case f.Limit > mostOfPage:
		q.fail("limit=%d is more than %d", f.Limit, mostOfPage)
	}
	if q.err != nil || f.After == "" {
		return f, q.err
	}
	last, err := s.findCallback(r.Context(), f.After)
	f.After = last.ID
	return f, err
}

func states(words []string) []callback.State {
	return show(words, func(w string) callback.State { return callback.State(w) })
}
