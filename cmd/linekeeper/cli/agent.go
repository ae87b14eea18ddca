package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/controller"
)

func (e *env) agentCmd() *cobra.Command {
	cmd := group("agent", "Agents: what they do, and what they are to do")
	cmd.AddCommand(
		e.agentListCmd(), e.agentShowCmd(),
		e.agentOrderCmd(controller.AgentLogin, "logged_in", "Put an agent on duty"),
		e.agentOrderCmd(controller.AgentLogout, "logged_out", "Take an agent off duty; a call that goes on is not ended"),
		e.agentOrderCmd(controller.AgentPause, "paused", "Keep calls from an agent"),
		e.agentOrderCmd(controller.AgentUnpause, "unpaused", "End an agent's pause"),
		e.agentOrderCmd(controller.AgentReady, "ready", "End an agent's wrap-up"),
	)
	return cmd
}

func (e *env) agentListCmd() *cobra.Command {
	var queue string
	cmd := &cobra.Command{
		Use: "list", Short: "List agents and what they do", Args: cobra.NoArgs,
		Long: `List agents and what they do.

An agent to whom linekeeper gives the calls is listed once, with all queues that
it serves. A member of several of the switch's queues is listed once for each,
because it is paused and counted there by queue.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			agents, err := c.Agents(cmd.Context(), queue)
			if err != nil {
				return err
			}
			return list(e, agents, "no agents", known(e, agents, e.agentColumns(), e.agentExtras()))
		},
	}
	cmd.Flags().StringVar(&queue, "queue", "", "only agents of this queue")
	return cmd
}

func (e *env) agentShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show AGENT", Short: "Show one agent, by id, name or phone", Args: exactly("an AGENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			agent, err := c.Agent(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			columns := append(e.agentColumns(), e.agentExtras()...)
			return record(e, agent, append(columns, []column[api.Agent]{
				{"PLACE", func(a api.Agent) cell { return text(a.Place) }},
				{"SKILLS", func(a api.Agent) cell { return skills(a.Skills) }},
				{"ENGINE", func(a api.Agent) cell { return text(a.Engine) }},
			}...))
		},
	}
}

// agentOrderCmd is the command that has an agent do something; done is what is
// said of it.
func (e *env) agentOrderCmd(do controller.AgentAction, done, short string) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: string(do) + " AGENT", Short: short, Args: exactly("an AGENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			ordered, err := c.OrderAgent(cmd.Context(), args[0], do, reason)
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
			_, err = fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", clean(ordered.Agent.ID), did, ordered.Agent.State)
			return err
		},
	}
	if do == controller.AgentPause {
		cmd.Flags().StringVar(&reason, "reason", "", "what for: lunch; some reasons have an allowance, after which the pause ends by itself")
	}
	return cmd
}

func (e *env) agentColumns() []column[api.Agent] {
	return []column[api.Agent]{
		{"QUEUE", func(a api.Agent) cell { return cell{orDash(strings.Join(a.Queues, ", ")), strings.Join(a.Queues, ",")} }},
		{"AGENT", func(a api.Agent) cell { return text(a.ID) }},
		{"NAME", func(a api.Agent) cell { return text(a.Name) }},
		{"STATE", func(a api.Agent) cell { return text(a.State) }},
		{"SINCE", func(a api.Agent) cell { return e.moment(a.Since) }},
		{"REASON", func(a api.Agent) cell { return text(a.Reason) }},
		{"CALLS", func(a api.Agent) cell { return number(a.Calls) }},
	}
}

// agentExtras are known of linekeeper's own agents only.
func (e *env) agentExtras() []column[api.Agent] {
	return []column[api.Agent]{
		{"TALK", func(a api.Agent) cell { return spanIf(a.TalkS) }},
		{"CALL OF", func(a api.Agent) cell { return text(a.CallQueue) }},
		{"UNTIL", func(a api.Agent) cell { return e.momentOf(a.Until) }},
		{"PHONE", func(a api.Agent) cell { return text(a.Phone) }},
	}
}

// skills shows them with their levels: "english 5, sales 3".
func skills(all []api.Skill) cell {
	var human, plain []string
	for _, s := range all {
		human = append(human, fmt.Sprintf("%s %d", s.Name, s.Level))
		plain = append(plain, fmt.Sprintf("%s:%d", s.Name, s.Level))
	}
	return cell{orDash(strings.Join(human, ", ")), strings.Join(plain, ",")}
}
