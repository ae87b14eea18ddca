package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackPostponeCmd() *cobra.Command {
	var p api.PostponeCallback
	cmd := &cobra.Command{
		Use: "postpone ID WHEN", Short: "Put a callback off until a time", Args: idAnd("WHEN"),
		Long: `Put a callback off until a time: 2h or 3d from now, 16:00 (the next time it is
four), "tomorrow 16:00", "2026-02-01 16:00", or RFC 3339. Times are by the
customer's clock, and are said back with it. The place keeps its time, so that
the customer is served then before all who came later.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p.Until = args[1]
			c := e.client()
			defer c.Close()
			put, err := c.PostponeCallback(cmd.Context(), args[0], p)
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(put)
			}
			e.say("not called before %s by the clock of %s", put.Local, put.Zone)
			return e.did(put.Callback, "postponed", e.moment(put.Until).plain)
		},
	}
	cmd.Flags().StringVar(&p.Zone, "zone", "", "read WHEN by the clock of this zone, like Europe/Moscow (default the customer's)")
	cmd.Flags().BoolVar(&p.Anew, "anew", false, "give the place up: a new one counts from then on")
	cmd.Flags().StringVar(&p.Why, "why", "", "reason, for the journal")
	return cmd
}

func (e *env) callbackRetryCmd() *cobra.Command {
	return &cobra.Command{
		Use: "retry ID", Short: "End a callback's wait for the next attempt, or for its window; the rules still apply", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			cb, err := c.RetryCallback(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(cb)
			}
			if cb.NotBefore != nil {
				e.say("still not called before %s: %s", e.moment(*cb.NotBefore).human, whyNow(cb))
			}
			return e.did(cb, "hastened")
		},
	}
}

func (e *env) callbackResolveCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "resolve ID reached|failed|cancelled",
		Short: "Say what became of an uncertain attempt", Args: idAnd(oneOf(api.Resolutions())), ValidArgs: api.Resolutions(),
		Long: `Say what became of an uncertain attempt, after asking the agents or the customer:

reached    the customer was talked with: the promise is kept
failed     nobody was reached: it counts as a try, and the next one follows
cancelled  no call is wanted any more`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			cb, err := c.ResolveCallback(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if e.output == outJSON {
				return e.writeJSON(cb)
			}
			return e.did(cb, "resolved")
		},
	}
}

// did says what was done with a callback, and how it stands now.
func (e *env) did(cb api.Callback, what string, more ...string) error {
	line := fmt.Sprintf("%s\t%s\t%s", cb.ID, what, cb.State)
	for _, m := range more {
		line += "\t" + m
	}
	_, err := fmt.Fprintln(e.stdout, line)
	return err
}

// idAnd wants an ID and one thing more.
func idAnd(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 2 {
			return nil
		}
		return fmt.Errorf("%q needs an ID and then %s", cmd.CommandPath(), what)
	}
}
