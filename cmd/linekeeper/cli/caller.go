package cli

import "github.com/spf13/cobra"

func (e *env) callerCmd() *cobra.Command {
	cmd := group("caller", "Callers: linekeeper's own table of them, their PINs, and whose wrong PINs count")
	cmd.AddCommand(e.callerListCmd(), e.callerShowCmd(), e.callerImportCmd(), e.callerSetPINCmd(), e.callerForgetCmd(), e.callerLocksCmd(), e.callerUnlockCmd())
	return cmd
}
