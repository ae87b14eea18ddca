package cli

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) surveyCmd() *cobra.Command {
	var f api.SurveyFilter
	var since string
	cmd := &cobra.Command{
		Use: "survey", Short: "Count what callers answered in surveys", Args: cobra.NoArgs,
		Long: `Count what callers answered in surveys: a line for each question, with the number
of answers, the mean of the keys, and how often each key was pressed.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.Since, err = e.timeOf("--since", since); err != nil {
				return err
			}
			c := e.client()
			defer c.Close()
			rows, err := c.Surveys(cmd.Context(), f)
			if err != nil {
				return err
			}
			return list(e, rows, "no answers", surveyColumns())
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only answers from this time on: 10m or 7d (ago), today, 15:04, 2006-01-02 or RFC 3339")
	cmd.Flags().StringVar(&f.Hotline, "hotline", "", "only those in this hotline")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those of calls that were in this queue")
	return cmd
}

func surveyColumns() []column[api.SurveyRow] {
	return []column[api.SurveyRow]{
		{"HOTLINE", func(r api.SurveyRow) cell { return text(r.Hotline) }},
		{"NODE", func(r api.SurveyRow) cell { return text(r.Node) }},
		{"QUESTION", func(r api.SurveyRow) cell { return text(r.Question) }},
		{"NUMBER", func(r api.SurveyRow) cell { return number(r.N) }},
		{"MEAN", func(r api.SurveyRow) cell { return text(strconv.FormatFloat(r.Mean, 'f', 2, 64)) }},
		{"ANSWERS", func(r api.SurveyRow) cell { return text(answersOf(r)) }},
	}
}

// answersOf writes how often each key was pressed: "1:3 5:12".
func answersOf(r api.SurveyRow) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(r.Answers)) {
		parts = append(parts, key+":"+strconv.Itoa(r.Answers[key]))
	}
	return strings.Join(parts, " ")
}
