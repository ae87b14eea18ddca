package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackPauseCmd() *cobra.Command {
	return e.pauseCmd("pause", "paused", "Call nobody back for a queue until resume; promises are made and keep their places", (*api.Client).PauseCallbacks)
}

func (e *env) callbackResumeCmd() *cobra.Command {
	return e.pauseCmd("resume", "resumed", "Call back for a queue again", (*api.Client).ResumeCallbacks)
}

func (e *env) pauseCmd(do, done, short string, order func(c *api.Client, ctx context.Context, queue, why string) (api.PauseOrdered, error)) *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: do + " QUEUE", Short: short, Args: exactly("a QUEUE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			ordered, err := order(c, cmd.Context(), args[0], why)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(ordered)
			}
			did := done
			if ordered.Already {
				did = "already_" + done
			}
			_, err = fmt.Fprintf(e.stdout, "%s\t%s\n", clean(ordered.Pause.Queue), did)
			return err
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "reason, for the journal and for those who look")
	return cmd
}

func (e *env) callbackPausesCmd() *cobra.Command {
	return &cobra.Command{
		Use: "pauses", Short: "List the queues for which nobody is called back", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.Pauses(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, all, "no queue is paused", []column[api.Pause]{
				{"QUEUE", func(p api.Pause) cell { return text(p.Queue) }},
				{"SINCE", func(p api.Pause) cell { return e.moment(p.Since) }},
				{"BY", func(p api.Pause) cell { return text(p.By) }},
				{"WHY", func(p api.Pause) cell { return text(p.Why) }},
			})
		},
	}
}
