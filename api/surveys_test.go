package api

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/store"
)

func TestSurveysOfTheJournal(t *testing.T) {
	t.Parallel()
	answer := func(hotline, node, question string, key float64) store.Event {
		return store.Event{Type: "survey.answer", Data: map[string]any{"hotline": hotline, "node": node, "question": question, "key": key}}
	}
	since := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	var asked store.EventFilter
	c := client(t, &fake{events: func(_ context.Context, f store.EventFilter) ([]store.Event, error) {
		asked = f
		return []store.Event{
			answer("support", "how", "score", 5), answer("support", "how", "again", 1), answer("support", "how", "score", 4),
			answer("sales", "how", "score", 1), answer("support", "how", "score", 5),
		}, nil
	}})
	score := SurveyRow{Hotline: "support", Node: "how", Question: "score", N: 3, Mean: 4.67, Answers: map[string]int{"4": 1, "5": 2}}
	again := SurveyRow{Hotline: "support", Node: "how", Question: "again", N: 1, Mean: 1, Answers: map[string]int{"1": 1}}
	sales := SurveyRow{Hotline: "sales", Node: "how", Question: "score", N: 1, Mean: 1, Answers: map[string]int{"1": 1}}
	for hotline, want := range map[string][]SurveyRow{"": {sales, again, score}, "support": {again, score}, "none": {}} {
		got, err := c.Surveys(t.Context(), SurveyFilter{Since: since, Hotline: hotline, Queue: "help"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", hotline, diff)
		}
	}
	want := store.EventFilter{Type: "survey.answer", Since: since, Queue: "help", Limit: statsPage}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked the journal for (-want +got):\n%s", diff)
	}
}
