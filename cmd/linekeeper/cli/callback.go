package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackCmd() *cobra.Command {
	cmd := group("callback", "Callbacks: promises to call people back")
	cmd.AddCommand(
		e.callbackListCmd(), e.callbackShowCmd(), e.callbackWhyCmd(), e.callbackAddCmd(), e.callbackImportCmd(), e.callbackCancelCmd(),
		e.callbackPostponeCmd(), e.callbackRetryCmd(), e.callbackResolveCmd(),
		e.callbackStatsCmd(), e.callbackPauseCmd(), e.callbackResumeCmd(), e.callbackPausesCmd(),
	)
	return cmd
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
