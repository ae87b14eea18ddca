package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callCmd() *cobra.Command {
	cmd := group("call", "Calls: those under way and those that were")
	cmd.AddCommand(e.callListCmd(), e.callShowCmd(), e.callCardCmd(), e.callDisposeCmd(), e.callEscalateCmd())
	return cmd
}

func (e *env) callListCmd() *cobra.Command {
	var f api.CallFilter
	var since string
	cmd := &cobra.Command{
		Use: "list", Short: "List calls, the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.Since, err = e.since(since); err != nil {
				return err
			}
			c := e.client()
			defer c.Close()
			calls, err := c.Calls(cmd.Context(), f)
			if err != nil {
				return err
			}
			return list(e, calls, "no calls", e.callColumns())
		},
	}
	cmd.Flags().BoolVar(&f.Live, "live", false, "only calls under way")
	cmd.Flags().StringVar(&f.Hotline, "hotline", "", "only calls of this hotline")
	cmd.Flags().StringVar(&f.Number, "number", "", "only calls from this number, like +79161234567")
	cmd.Flags().StringVar(&f.Result, "result", "", "only calls that ended so: "+oneOf(api.CallResults()))
	cmd.Flags().StringVar(&since, "since", "", sinceHelp)
	cmd.Flags().IntVar(&f.Limit, "limit", 0, "at most so many (default 100)")
	return cmd
}

func (e *env) callColumns() []column[api.Call] {
	return []column[api.Call]{
		{"ID", func(c api.Call) cell { return text(c.ID) }},
		{"DIR", func(c api.Call) cell { return text(c.Direction) }},
		{"STARTED", func(c api.Call) cell { return e.moment(c.StartedAt) }},
		{"FROM", func(c api.Call) cell { return text(c.From) }},
		{"CALLER", func(c api.Call) cell { return text(c.Caller) }},
		{"HOTLINE", func(c api.Call) cell { return text(c.Hotline) }},
		{"RESULT", result},
		{"QUEUE", func(c api.Call) cell { return text(c.Queue) }},
		{"WAITED", func(c api.Call) cell { return spanIf(c.WaitedS) }},
		{"TALKED", func(c api.Call) cell { return spanIf(c.TalkedS) }},
		{"AGENT", func(c api.Call) cell { return text(c.Agent) }},
	}
}

// result says where a call is that has none yet.
func result(c api.Call) cell {
	if c.EndedAt == nil {
		return cell{"at " + orDash(c.Node), ""}
	}
	return text(c.Result)
}

func (e *env) callShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one call; the end of its id will do", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			call, err := c.Call(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			columns := append(e.callColumns(), []column[api.Call]{
				{"NUMBER", func(c api.Call) cell { return text(c.Number) }},
				{"ENDED", func(c api.Call) cell { return e.momentOf(c.EndedAt) }},
				{"ACCOUNT", func(c api.Call) cell { return text(c.Account) }},
				{"ASSURANCE", func(c api.Call) cell { return text(c.Assurance) }},
				{"CALLBACK", func(c api.Call) cell { return text(c.Callback) }},
				{"NODE", func(c api.Call) cell { return text(c.Node) }},
				{"PATH", func(c api.Call) cell { return words(c.Path) }},
				{"RECORDING", func(c api.Call) cell { return text(c.Recording) }},
				{"DISPOSITION", func(c api.Call) cell { return text(dispositionOf(c).Code) }},
				{"NOTE", func(c api.Call) cell { return text(dispositionOf(c).Note) }},
			}...)
			for _, a := range call.Answers {
				columns = append(columns, column[api.Call]{"SURVEY " + a.Question, func(api.Call) cell { return number(a.Key) }})
			}
			return record(e, call, columns)
		},
	}
}

func dispositionOf(c api.Call) api.Disposition {
	if c.Disposition == nil {
		return api.Disposition{}
	}
	return *c.Disposition
}

func (e *env) callDisposeCmd() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "dispose CALL CODE", Short: "Say what a call was about, now or later", Args: exactly("a CALL", "a CODE"),
		Long: `Say what a call was about, now or later.

The code is one of the dispositions in the configuration, or any word where there
are none. The next agent sees it on the caller's card, and hotlines can go by it
(history.last_disposition). Said again, the last word counts.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			call, err := c.Dispose(cmd.Context(), args[0], args[1], note)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(call)
			}
			_, err = fmt.Fprintf(e.stdout, "%s\t%s\n", call.ID, dispositionOf(call).Code)
			return err
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "a sentence for whoever takes the next call")
	return cmd
}

func (e *env) callEscalateCmd() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "escalate CALL", Short: "Take a caller from the agent to the next level", Args: exactly("a CALL"),
		Long: `Take a caller from the agent to the next level.

The agent is let go, and the caller waits in the other queue with the time since
which the call counts there, the context and the recording. The end of the id of
the call will do.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			call, err := c.Escalate(cmd.Context(), args[0], to)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(call)
			}
			_, err = fmt.Fprintf(e.stdout, "%s\tescalated\n", call.ID)
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the queue of the next level (default as the present queue says)")
	return cmd
}
