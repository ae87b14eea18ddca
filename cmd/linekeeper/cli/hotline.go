package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) hotlineCmd() *cobra.Command {
	cmd := group("hotline", "Close a hotline for a while, whatever its hours say, and open it again")
	cmd.AddCommand(e.hotlineCloseCmd(), e.hotlineOpenCmd(), e.hotlineClosedCmd())
	return cmd
}

func (e *env) hotlineCloseCmd() *cobra.Command {
	var order api.CloseHotline
	cmd := &cobra.Command{
		Use: "close HOTLINE", Short: "Close a hotline from now on, whatever its hours say", Args: exactly("a HOTLINE"),
		Long: `Close a hotline from now on, whatever its hours say.

New calls go where the document sends calls outside of the hours, or to --node;
nodes that decide by hours are closed too. Who waits in line waits on, and calls
under way go on. The order survives a restart, and ends with --until or hotline open.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			done, err := c.CloseHotline(cmd.Context(), args[0], order)
			return e.closingOrdered(done, "closed", err)
		},
	}
	cmd.Flags().StringVar(&order.Until, "until", "", "when it ends by itself: 2h (from now), 18:00, 'tomorrow 9:00', '2027-01-09 9:00' or RFC 3339")
	cmd.Flags().StringVar(&order.Node, "node", "", "the node of the document where calls go")
	cmd.Flags().StringVar(&order.Why, "why", "", "reason, for the journal and for those who look")
	return cmd
}

func (e *env) hotlineOpenCmd() *cobra.Command {
	return &cobra.Command{
		Use: "open HOTLINE", Short: "Let a hotline go by its hours again", Args: exactly("a HOTLINE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			done, err := c.OpenHotline(cmd.Context(), args[0])
			did := "opened"
			if done.Already {
				did = "already_open"
			}
			return e.closingOrdered(done, did, err)
		},
	}
}

func (e *env) closingOrdered(done api.ClosingOrdered, did string, err error) error {
	if err != nil {
		return err
	}
	if e.output == outJSON {
		return e.writeJSON(done)
	}
	_, err = fmt.Fprintf(e.stdout, "%s\t%s\n", clean(done.Closing.Hotline), did)
	return err
}

func (e *env) hotlineClosedCmd() *cobra.Command {
	return &cobra.Command{
		Use: "closed", Short: "List the hotlines that are closed by order", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.Closings(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, all, "no hotline is closed by order", []column[api.Closing]{
				{"HOTLINE", func(c api.Closing) cell { return text(c.Hotline) }},
				{"SINCE", func(c api.Closing) cell { return e.moment(c.Since) }},
				{"UNTIL", func(c api.Closing) cell { return e.momentOf(c.Until) }},
				{"NODE", func(c api.Closing) cell { return text(c.Node) }},
				{"BY", func(c api.Closing) cell { return text(c.By) }},
				{"WHY", func(c api.Closing) cell { return text(c.Why) }},
			})
		},
	}
}
