package cli

import "github.com/spf13/cobra"

func (e *env) callerCmd() *cobra.Command {
	cmd := group("caller", "Callers: whose wrong PINs count, and how to forget them")
	cmd.AddCommand(e.callerLocksCmd(), e.callerUnlockCmd())
	return cmd
}
