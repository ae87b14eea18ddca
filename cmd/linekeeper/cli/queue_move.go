package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (e *env) queueMoveCmd() *cobra.Command {
	var to string
	var anew bool
	cmd := &cobra.Command{
		Use: "move PLACE", Short: "Move who waits into another queue", Args: exactly("a PLACE"),
		Long: `Move who waits into another queue.

PLACE is the id of the place, or of the call or callback that holds it; its end
will do. The place keeps its time, and so stands in the other queue before
everybody of its priority who came later.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usagef("name the queue with --to")
			}
			c := e.client()
			defer c.Close()
			moved, err := c.MovePlace(cmd.Context(), args[0], to, !anew)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(moved)
			}
			_, err = fmt.Fprintf(e.stdout, "%s\tmoved\t%s\t%d\n", moved.Place.ID, clean(moved.Queue), moved.Place.Position)
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the queue to move to")
	cmd.Flags().BoolVar(&anew, "anew", false, "its time begins anew: it stands behind all of its priority")
	return cmd
}
