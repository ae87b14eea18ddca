package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callerForgetCmd() *cobra.Command {
	var who api.ForgetCaller
	cmd := &cobra.Command{
		Use: "forget [ACCOUNT]", Short: "Take a person out of everything that linekeeper keeps",
		Long: `Take a person out of everything that linekeeper keeps: the record in its own table
is removed, and in calls, callbacks, places and the journal an alias stands in place
of account, number and name, so that counts and waits stay true. What stood on the
disk is overwritten, and a search afterwards must find nothing. It is refused while
the person is on the line or is to be called back. It cannot be undone.

Recordings are deleted where recordings.folder of the configuration is set; else they
are named, to be deleted on the switch. Files and directories of others, backups and
logs are not touched.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 0 && who.Number == "" {
				return usagef("say an ACCOUNT, --number, or both")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				who.Account = args[0]
			}
			c := e.client()
			defer c.Close()
			done, err := c.ForgetCaller(cmd.Context(), who)
			if err != nil {
				return err
			}
			if err := e.answerForgotten(done); err != nil {
				return err
			}
			if done.Left > 0 {
				e.say("a search still found %s; forget again", plural(done.Left, "trace"))
				return errProblems
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&who.Number, "number", "", "number of the person, like +79161234567 (default that in the table)")
	return cmd
}

func (e *env) answerForgotten(done api.Forgotten) error {
	return record(e, done, []column[api.Forgotten]{
		{"alias", func(f api.Forgotten) cell { return text(f.Alias) }},
		{"in the table", func(f api.Forgotten) cell { return whether(f.Entry) }},
		{"calls", func(f api.Forgotten) cell { return text(fmt.Sprint(f.Calls)) }},
		{"callbacks", func(f api.Forgotten) cell { return text(fmt.Sprint(f.Callbacks)) }},
		{"places", func(f api.Forgotten) cell { return text(fmt.Sprint(f.Places)) }},
		{"journal", func(f api.Forgotten) cell { return text(fmt.Sprint(f.Journal)) }},
		{"recordings", func(f api.Forgotten) cell { return text(strings.Join(f.Recordings, " ")) }},
		{"deleted", func(f api.Forgotten) cell { return text(strings.Join(f.Deleted, " ")) }},
		{"left", func(f api.Forgotten) cell { return text(fmt.Sprint(f.Left)) }},
	})
}
