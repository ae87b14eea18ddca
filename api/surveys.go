package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/store"
)

// SurveyRow is what callers answered to one question of a survey node.
type SurveyRow struct {
	Hotline  string         `json:"hotline"`
	Node     string         `json:"node"`
	Question string         `json:"question"`
	N        int            `json:"n"`       // answers
	Mean     float64        `json:"mean"`    // of the keys, with two decimals
	Answers  map[string]int `json:"answers"` // by key; those that nobody pressed are left out
}

// SurveyFilter chooses answers; zero fields choose all.
type SurveyFilter struct {
	Since   time.Time // given at or after
	Hotline string
	Queue   string // that the call was in last before the survey
}

func (s *Server) surveys(r *http.Request) (any, error) {
	q := &query{r: r}
	f := store.EventFilter{Type: "survey.answer", Since: q.time("since"), Queue: q.text("queue")}
	hotline := q.text("hotline")
	if q.err != nil {
		return nil, q.err
	}
	rows := map[[3]string]*SurveyRow{}
	err := s.each(r.Context(), f, func(ev store.Event) {
		a := answerOf(ev)
		from, _ := ev.Data["hotline"].(string)
		if hotline != "" && hotline != from {
			return
		}
		id := [3]string{from, a.Node, a.Question}
		row := rows[id]
		if row == nil {
			row = &SurveyRow{Hotline: from, Node: a.Node, Question: a.Question, Answers: map[string]int{}}
			rows[id] = row
		}
		row.N++
		row.Mean += float64(a.Key) // the sum, until all are there
		row.Answers[strconv.Itoa(a.Key)]++
	})
	if err != nil {
		return nil, err
	}
	out := []SurveyRow{}
	for _, row := range rows {
		row.Mean = math.Round(100*row.Mean/float64(row.N)) / 100
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b SurveyRow) int {
		return cmp.Or(cmp.Compare(a.Hotline, b.Hotline), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Question, b.Question))
	})
	return out, nil
}

// answerOf reads an entry of the journal.
func answerOf(ev store.Event) SurveyAnswer {
	node, _ := ev.Data["node"].(string)
	question, _ := ev.Data["question"].(string)
	key, _ := ev.Data["key"].(float64)
	return SurveyAnswer{Node: node, Question: question, Key: int(key)}
}

// each goes through the entries that a filter chooses, a page at a time.
func (s *Server) each(ctx context.Context, f store.EventFilter, do func(store.Event)) error {
	f.Limit = statsPage
	for {
		events, err := s.daemon.Events(ctx, f)
		if err != nil {
			return err
		}
		for _, ev := range events {
			do(ev)
			f.AfterSeq = ev.Seq
		}
		if len(events) < statsPage {
			return nil
		}
	}
}

// Surveys counts the answers to surveys, by hotline, node and question.
func (c *Client) Surveys(ctx context.Context, f SurveyFilter) ([]SurveyRow, error) {
	return get[[]SurveyRow](ctx, c, "/v1/surveys", values{"since": stamp(f.Since), "hotline": f.Hotline, "queue": f.Queue})
}
