package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) queueCmd() *cobra.Command {
	cmd := group("queue", "Queues: who waits, who serves, how long it takes")
	cmd.AddCommand(e.queueListCmd(), e.queueShowCmd(), e.queueWatchCmd())
	return cmd
}

func (e *env) queueListCmd() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List queues with their numbers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			queues, err := c.Queues(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, queues, "no queues", queueColumns())
		},
	}
}

func queueColumns() []column[api.Queue] {
	agents := func(state string) func(api.Queue) cell {
		return func(q api.Queue) cell {
			n := 0
			for _, a := range q.Agents {
				if a.State == state {
					n++
				}
			}
			return number(n)
		}
	}
	return []column[api.Queue]{
		{"QUEUE", func(q api.Queue) cell { return text(q.Name) }},
		{"WAITING", func(q api.Queue) cell { return number(q.Waiting) }},
		{"CALLBACKS", func(q api.Queue) cell {
			n := 0
			for _, p := range q.Places {
				if p.Kind == "callback" && p.State != "served" {
					n++
				}
			}
			return number(n)
		}},
		{"EWT", func(q api.Queue) cell { return wait(q.EWT) }},
		{"IDLE", agents("idle")},
		{"RINGING", agents("ringing")},
		{"TALKING", agents("talking")},
		{"PAUSED", agents("paused")},
		{"OFFLINE", agents("offline")},
	}
}

func (e *env) queueShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show [NAME]", Short: "Show the places of one queue, or of all", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			queues, err := chosen(cmd.Context(), c, args)
			switch {
			case err != nil:
				return err
			case e.output == outJSON && len(args) == 1:
				return e.writeJSON(queues[0])
			case e.output == outJSON:
				return e.writeJSON(queues)
			case e.output == outTSV:
				return e.placesTSV(queues)
			}
			return e.showQueues(e.stdout, queues)
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

func (e *env) placesTSV(queues []api.Queue) error {
	var places []place
	for _, q := range queues {
		for _, p := range q.Places {
			places = append(places, place{q.Name, p})
		}
	}
	columns := append([]column[place]{{"QUEUE", func(p place) cell { return text(p.queue) }}}, e.placeColumns()...)
	return list(e, places, "nobody waits", columns)
}

// showQueues writes all of each queue, for people.
func (e *env) showQueues(w io.Writer, queues []api.Queue) error {
	for i, q := range queues {
		gap := "\n"
		if i == 0 {
			gap = ""
		}
		if _, err := fmt.Fprintf(w, "%s%s\n", gap, clean(headline(q))); err != nil {
			return err
		}
		var places []place
		for _, p := range q.Places {
			places = append(places, place{q.Name, p})
		}
		if len(places) > 0 {
			if err := writeRows(e, w, places, e.placeColumns()); err != nil {
				return err
			}
		}
		if len(q.Agents) > 0 {
			if err := writeRows(e, w, q.Agents, e.agentColumns()[1:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// headline sums a queue up.
func headline(q api.Queue) string {
	line := fmt.Sprintf("Queue %s: %d waiting", q.Name, q.Waiting)
	if q.Foreign > 0 {
		line += fmt.Sprintf(", %d of them not through linekeeper", q.Foreign)
	}
	if q.EWT != nil {
		line += "; who joins now waits " + wait(q.EWT).human
	}
	return line
}

func (e *env) placeColumns() []column[place] {
	return []column[place]{
		{"POS", func(p place) cell {
			if p.Position == 0 {
				return cell{"-", "0"}
			}
			return number(p.Position)
		}},
		{"KIND", func(p place) cell { return text(p.Kind) }},
		{"NUMBER", func(p place) cell { return text(p.Number) }},
		{"NAME", func(p place) cell { return text(p.Name) }},
		{"PRIO", func(p place) cell { return number(p.Priority) }},
		{"TAKEN", func(p place) cell { return e.moment(p.TakenAt) }},
		{"WAITED", func(p place) cell { return span(p.WaitedS) }},
		{"EWT", func(p place) cell { return wait(p.EWT) }},
		{"STATE", func(p place) cell { return text(p.State) }},
		{"AGENT", func(p place) cell { return text(p.Agent) }},
		{"CALL", func(p place) cell { return text(p.Call) }},
		{"CALLBACK", func(p place) cell { return text(p.Callback) }},
	}
}
