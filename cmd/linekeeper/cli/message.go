package cli

import (
	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) messageCmd() *cobra.Command {
	cmd := group("message", "What callers left at message nodes")
	cmd.AddCommand(e.messageListCmd(), e.messageShowCmd(), e.messageDoneCmd())
	return cmd
}

func (e *env) messageListCmd() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "list", Short: "List messages that nobody took care of, the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			messages, err := c.Messages(cmd.Context(), all)
			if err != nil {
				return err
			}
			return list(e, messages, "no messages", e.messageColumns())
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "those that are done, too")
	return cmd
}

func (e *env) messageColumns() []column[api.Message] {
	return []column[api.Message]{
		{"RECORDING", func(m api.Message) cell { return text(m.Recording) }},
		{"LEFT", func(m api.Message) cell { return e.moment(m.At) }},
		{"FROM", func(m api.Message) cell { return text(m.From) }},
		{"ACCOUNT", func(m api.Message) cell { return text(m.Account) }},
		{"HOTLINE", func(m api.Message) cell { return text(m.Hotline) }},
		{"LENGTH", func(m api.Message) cell { return spanIf(m.LengthS) }},
		{"DONE", func(m api.Message) cell { return e.momentOf(m.DoneAt) }},
	}
}

func (e *env) messageShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show RECORDING", Short: "Show one message and where its sound is; the end of its name will do", Args: exactly("a RECORDING"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			m, err := c.Message(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return record(e, m, append(e.messageColumns(), []column[api.Message]{
				{"BY", func(m api.Message) cell { return text(m.DoneBy) }},
				{"CALL", func(m api.Message) cell { return text(m.Call) }},
				{"NODE", func(m api.Message) cell { return text(m.Node) }},
				{"URL", func(m api.Message) cell { return text(m.RecordingURL) }},
			}...))
		},
	}
}

func (e *env) messageDoneCmd() *cobra.Command {
	return &cobra.Command{
		Use: "done RECORDING", Short: "Say that somebody took care of a message; the end of its name will do", Args: exactly("a RECORDING"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			m, err := c.MessageDone(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return record(e, m, e.messageColumns())
		},
	}
}
