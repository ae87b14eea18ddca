package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackCmd() *cobra.Command {
	cmd := group("callback", "Callbacks: promises to call people back")
	cmd.AddCommand(e.callbackListCmd(), e.callbackShowCmd(), e.callbackWhyCmd(), e.callbackAddCmd(), e.callbackCancelCmd())
	return cmd
}

func (e *env) callbackListCmd() *cobra.Command {
	var f api.CallbackFilter
	cmd := &cobra.Command{
		Use: "list", Short: "List callbacks, the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			cbs, err := c.Callbacks(cmd.Context(), f)
			if err != nil {
				return err
			}
			return list(e, cbs, "no callbacks", e.callbackColumns())
		},
	}
	cmd.Flags().BoolVar(&f.Open, "open", false, "only those to which something may still happen")
	cmd.Flags().StringVar(&f.State, "state", "", "only those in this state: "+oneOf(api.CallbackStates()))
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those of this queue")
	cmd.Flags().StringVar(&f.Number, "number", "", "only those to this number, like +79161234567")
	cmd.Flags().IntVar(&f.Limit, "limit", 0, "at most so many (default 100)")
	return cmd
}

func (e *env) callbackColumns() []column[api.Callback] {
	return []column[api.Callback]{
		{"ID", func(c api.Callback) cell { return text(c.ID) }},
		{"ASKED", func(c api.Callback) cell { return e.moment(c.AskedAt) }},
		{"NUMBER", func(c api.Callback) cell { return text(c.Number) }},
		{"NAME", func(c api.Callback) cell { return text(c.Name) }},
		{"QUEUE", func(c api.Callback) cell { return text(c.Queue) }},
		{"STATE", func(c api.Callback) cell { return text(c.State) }},
		{"ATTEMPTS", attempts},
		{"CONNECTED", func(c api.Callback) cell { return e.momentOf(c.ConnectedAt) }},
		{"AGENT", func(c api.Callback) cell { return text(c.Agent) }},
	}
}

// attempts says how many there were and how the last one ended.
func attempts(c api.Callback) cell {
	n := strconv.Itoa(len(c.Attempts))
	if len(c.Attempts) == 0 {
		return cell{n, n}
	}
	return cell{n + " " + c.Attempts[len(c.Attempts)-1].Outcome, n}
}

func (e *env) callbackShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one callback; the end of its id will do", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			cb, err := c.Callback(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			columns := append(e.callbackColumns(), []column[api.Callback]{
				{"HOTLINE", func(c api.Callback) cell { return text(c.Hotline) }},
				{"REASON", func(c api.Callback) cell { return text(c.Reason) }},
				{"PLACE", func(c api.Callback) cell { return e.moment(c.PlaceAt) }},
				{"NOT BEFORE", func(c api.Callback) cell { return e.momentOf(c.NotBefore) }},
				{"ENDED", func(c api.Callback) cell { return e.momentOf(c.EndedAt) }},
				{"END REASON", func(c api.Callback) cell { return text(c.EndReason) }},
				{"CALL", func(c api.Callback) cell { return text(c.Call) }},
			}...)
			for i, a := range cb.Attempts {
				at := e.moment(a.At)
				columns = append(columns, column[api.Callback]{fmt.Sprintf("ATTEMPT %d", i+1), func(api.Callback) cell {
					return cell{at.human + " " + joined(a.Outcome, ", ", a.Detail), at.plain + " " + joined(a.Outcome, ", ", a.Detail)}
				}})
			}
			return record(e, cb, columns)
		},
	}
}

func joined(a, sep, b string) string {
	if b == "" || b == a {
		return a
	}
	return a + sep + b
}

func (e *env) callbackWhyCmd() *cobra.Command {
	return &cobra.Command{
		Use: "why ID", Short: "Tell what was decided about a callback, when and why", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			story, err := c.Why(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(story)
			}
			for _, line := range story.Story {
				if _, err := fmt.Fprintln(e.stdout, clean(line)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (e *env) callbackAddCmd() *cobra.Command {
	var n api.AddCallback
	cmd := &cobra.Command{
		Use: "add NUMBER", Short: "Promise to call a number; its place counts from now", Args: exactly("a NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n.Number = args[0]
			c := e.client()
			defer c.Close()
			cb, err := c.AddCallback(cmd.Context(), n)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(cb)
			}
			return writeRows(e, e.stdout, []api.Callback{cb.Callback}, e.callbackColumns())
		},
	}
	cmd.Flags().StringVar(&n.Hotline, "hotline", "", "hotline whose language and policy count (needed where there are several)")
	cmd.Flags().StringVar(&n.Queue, "queue", "", "queue to wait in (needed where the hotline has several)")
	cmd.Flags().StringVar(&n.Name, "name", "", "name of the customer, shown to the agent")
	return cmd
}

func (e *env) callbackCancelCmd() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "cancel ID", Short: "Cancel a callback; one that is closed already stays as it is", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			done, err := c.CancelCallback(cmd.Context(), args[0], why)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(done)
			}
			did := "cancelled"
			if done.AlreadyClosed {
				did = "already_closed"
			}
			_, err = fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", done.Callback.ID, did, done.Callback.State)
			return err
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "reason, for the journal")
	return cmd
}
