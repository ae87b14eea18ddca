package cli

import (
	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) agentCmd() *cobra.Command {
	cmd := group("agent", "Agents, as the switch's queues show them")
	var queue string
	list := &cobra.Command{
		Use: "list", Short: "List agents and what they do", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			agents, err := c.Agents(cmd.Context(), queue)
			if err != nil {
				return err
			}
			return list(e, agents, "no agents", e.agentColumns())
		},
	}
	list.Flags().StringVar(&queue, "queue", "", "only agents of this queue")
	cmd.AddCommand(list)
	return cmd
}

func (e *env) agentColumns() []column[api.Agent] {
	return []column[api.Agent]{
		{"QUEUE", func(a api.Agent) cell { return text(a.Queue) }},
		{"AGENT", func(a api.Agent) cell { return text(a.ID) }},
		{"NAME", func(a api.Agent) cell { return text(a.Name) }},
		{"STATE", func(a api.Agent) cell { return text(a.State) }},
		{"SINCE", func(a api.Agent) cell { return e.moment(a.Since) }},
		{"REASON", func(a api.Agent) cell { return text(a.Reason) }},
		{"CALLS", func(a api.Agent) cell { return number(a.Calls) }},
	}
}
