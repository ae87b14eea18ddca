package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callerLocksCmd() *cobra.Command {
	return &cobra.Command{
		Use: "locks", Short: "List accounts and numbers with wrong PINs, codes or answers that still count", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.CallerLocks(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, all, "nothing counts against anybody", []column[api.CallerLock]{
				{"KIND", func(l api.CallerLock) cell { return text(l.Kind) }},
				{"KEY", func(l api.CallerLock) cell { return text(l.Key) }},
				{"WRONG", func(l api.CallerLock) cell { return text(fmt.Sprint(l.Failures)) }},
				{"LAST", func(l api.CallerLock) cell { return e.momentOf(l.LastAt) }},
				{"REFUSED UNTIL", func(l api.CallerLock) cell {
					if l.Until != nil && l.Until.Before(e.now()) {
						return text("")
					}
					return e.momentOf(l.Until)
				}},
			})
		},
	}
}

func (e *env) callerUnlockCmd() *cobra.Command {
	var number string
	cmd := &cobra.Command{
		Use: "unlock [ACCOUNT]", Short: "Forget the wrong PINs for an account, or from a number",
		Args: func(_ *cobra.Command, args []string) error {
			if (len(args) == 1) == (number != "") || len(args) > 1 {
				return usagef("say either an ACCOUNT or --number")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			order, key := (*api.Client).UnlockNumber, number
			if len(args) == 1 {
				order, key = (*api.Client).UnlockAccount, args[0]
			}
			return e.unlock(cmd.Context(), c, order, key)
		},
	}
	cmd.Flags().StringVar(&number, "number", "", "from which the wrong entries came, like +79161234567")
	return cmd
}

func (e *env) unlock(ctx context.Context, c *api.Client, order func(*api.Client, context.Context, string) (api.Unlocked, error), key string) error {
	done, err := order(c, ctx, key)
	if err != nil {
		return err
	}
	if e.output == outJSON {
		return e.writeJSON(done)
	}
	did := "unlocked"
	if done.Already {
		did = "already_unlocked"
	}
	_, err = fmt.Fprintf(e.stdout, "%s\t%s\n", clean(done.Lock.Key), did)
	return err
}
