package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/store"
)

const (
	// journalPoll is how often a followed journal looks for news.
	journalPoll = 200 * time.Millisecond
	// journalPage is how many entries are read from the store at once.
	journalPage = 1000
	// journalError is the trailer that says why a stream ended early: with the
	// first entry sent, it is too late for a status.
	journalError = "Linekeeper-Error"
)

// journal writes one JSON object per line, all that there are or at most limit;
// with follow=true it goes on until the other end hangs up.
func (s *Server) journal(w http.ResponseWriter, r *http.Request) {
	q := &query{r: r}
	f := store.EventFilter{
		AfterSeq: int64(q.number("after")), Call: q.text("call"), Callback: q.text("callback"), Place: q.text("place"),
		Queue: q.text("queue"), Type: q.text("type"), Since: q.time("since"),
	}
	out := &journalStream{s: s, w: w, r: r, f: f, left: q.number("limit"), follow: q.flag("follow")}
	out.endless = out.left == 0
	if err := q.err; err != nil {
		writeError(w, err)
		return
	}
	if err := out.resolve(); err != nil {
		writeError(w, err)
		return
	}
	out.run()
}

// journalStream is one answer under way.
type journalStream struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	f       store.EventFilter
	left    int  // entries still to be sent
	endless bool // no limit
	follow  bool
	begun   bool // an entry was sent
}

// resolve replaces endings of ids by the ids.
func (j *journalStream) resolve() error {
	if j.f.Call != "" {
		c, err := j.s.findCall(j.r.Context(), j.f.Call)
		if err != nil {
			return err
		}
		j.f.Call = c.ID
	}
	if j.f.Callback != "" {
		c, err := j.s.findCallback(j.r.Context(), j.f.Callback)
		if err != nil {
			return err
		}
		j.f.Callback = c.ID
	}
	return nil
}

func (j *journalStream) run() {
	tick := time.NewTicker(journalPoll)
	defer tick.Stop()
	for {
		more, err := j.page()
		switch {
		case j.r.Context().Err() != nil:
			return
		case err != nil && !j.begun:
			writeError(j.w, err)
			return
		case err != nil:
			j.w.Header().Set(http.TrailerPrefix+journalError, err.Error())
			return
		case more:
			continue
		case !j.follow || !j.endless && j.left == 0:
			j.begin() // an empty journal is an empty answer
			return
		}
		j.begin()
		if http.NewResponseController(j.w).Flush() != nil {
			return // the other end hung up
		}
		select {
		case <-tick.C:
		case <-j.r.Context().Done():
			return
		}
	}
}

func (j *journalStream) begin() {
	if !j.begun {
		j.w.Header().Set("Content-Type", "application/x-ndjson")
		j.begun = true
	}
}

// page sends the next entries; more says that others are there already.
func (j *journalStream) page() (more bool, err error) {
	j.f.Limit = journalPage
	if !j.endless {
		j.f.Limit = min(journalPage, j.left)
	}
	events, err := j.s.daemon.Events(j.r.Context(), j.f)
	if err != nil {
		return false, err
	}
	enc := json.NewEncoder(j.w)
	for _, ev := range events {
		j.begin()
		if err := enc.Encode(showEvent(ev)); err != nil {
			return false, err
		}
		j.f.AfterSeq = ev.Seq
		j.left--
	}
	return len(events) == j.f.Limit && (j.endless || j.left > 0), nil
}
