package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/queues"
)

func (e *env) queueCmd() *cobra.Command {
	cmd := group("queue", "Queues: who waits, who serves, how long it takes")
	cmd.AddCommand(e.queueListCmd(), e.queueShowCmd(), e.queueWatchCmd(), e.queueMoveCmd())
	return cmd
}

func (e *env) queueListCmd() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List queues with their numbers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.Queues(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, all, "no queues", known(e, all, queueColumns(), e.queueExtras()))
		},
	}
}

func (e *env) queueShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show [NAME]", Short: "Show the places of one queue, or of all", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			some, err := chosen(cmd.Context(), c, args)
			switch {
			case err != nil:
				return err
			case e.output == outJSON && len(args) == 1:
				return e.writeJSON(some[0])
			case e.output == outJSON:
				return e.writeJSON(some)
			case e.output == outTSV:
				return e.placesTSV(some)
			}
			return e.showQueues(e.stdout, some)
		},
	}
}

// chosen asks for the queue that is named, or for all.
func chosen(ctx context.Context, c *api.Client, args []string) ([]api.Queue, error) {
	if len(args) == 0 {
		return c.Queues(ctx)
	}
	q, err := c.Queue(ctx, args[0])
	return []api.Queue{q}, err
}

// place is a place with the queue it is in.
type place struct {
	queue string
	api.Place
}

func (e *env) placesTSV(some []api.Queue) error {
	var places []place
	for _, q := range some {
		for _, p := range q.Places {
			places = append(places, place{q.Name, p})
		}
	}
	columns := append([]column[place]{{"QUEUE", func(p place) cell { return text(p.queue) }}}, e.placeColumns()...)
	return list(e, places, "nobody waits", append(columns, placeExtras()...))
}

// showQueues writes all of each queue, for people.
func (e *env) showQueues(w io.Writer, some []api.Queue) error {
	for i, q := range some {
		gap := "\n"
		if i == 0 {
			gap = ""
		}
		if _, err := fmt.Fprintf(w, "%s%s\n", gap, clean(e.headline(q))); err != nil {
			return err
		}
		var places []place
		for _, p := range q.Places {
			places = append(places, place{q.Name, p})
		}
		if len(places) > 0 {
			if err := writeRows(e, w, places, known(e, places, e.placeColumns(), placeExtras())); err != nil {
				return err
			}
		}
		if len(q.Agents) > 0 {
			if err := writeRows(e, w, q.Agents, known(e, q.Agents, e.agentColumns()[1:], e.agentExtras())); err != nil {
				return err
			}
		}
	}
	return nil
}

// headline sums a queue up.
func (e *env) headline(q api.Queue) string {
	line := fmt.Sprintf("Queue %s: %d waiting", q.Name, q.Waiting)
	if q.Engine == queues.EngineLinekeeper {
		line = fmt.Sprintf("Queue %s (engine linekeeper): %d waiting", q.Name, q.Waiting)
	}
	if q.Foreign > 0 {
		line += fmt.Sprintf(", %d of them not through linekeeper", q.Foreign)
	}
	if q.EWT != nil {
		line += "; who joins now waits " + wait(q.EWT).human
	}
	if q.Paused != nil {
		line += "; callbacks paused " + e.pause(q.Paused).human
	}
	return line
}
