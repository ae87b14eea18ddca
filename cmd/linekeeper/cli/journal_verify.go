package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/queues/verify"
)

func (e *env) journalVerifyCmd() *cobra.Command {
	var queue, since string
	cmd := &cobra.Command{
		Use: "verify [FILE]", Short: "Prove from the journal that nobody was overtaken or lost", Args: cobra.MaximumNArgs(1),
		Long: `Prove from the journal that no place was overtaken except by the stated rules,
that none vanished, that no agent had two calls at once, and that no promise was
dialled or kept too often. FILE is what "linekeeper journal --output json" prints,
- is standard input; without it the running daemon's journal is read. Broken rules
are named with the entries that break them, and end the command with exit code 6.
The rules are in docs/journal.md.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := verify.New(verify.Options{})
			if len(args) == 0 {
				if err := e.verifyLive(cmd, v, queue, since); err != nil {
					return err
				}
				return e.verified(v.Done())
			}
			if queue != "" || since != "" {
				return usagef("--queue and --since choose from the daemon's journal; a file is read as a whole")
			}
			if err := readJournal(args[0], cmd.InOrStdin(), v.Add); err != nil {
				return err
			}
			return e.verified(v.Done())
		},
	}
	cmd.Flags().StringVar(&queue, "queue", "", "only entries about this queue")
	cmd.Flags().StringVar(&since, "since", "", sinceHelp)
	return cmd
}

func (e *env) verifyLive(cmd *cobra.Command, v *verify.Verifier, queue, since string) error {
	from, err := e.since(since)
	if err != nil {
		return err
	}
	c := e.client()
	defer c.Close()
	return c.Journal(cmd.Context(), api.JournalFilter{Queue: queue, Since: from}, v.Add)
}

// verified prints what was proved.
func (e *env) verified(r verify.Report) error {
	if e.output == outJSON {
		if err := e.writeJSON(r); err != nil {
			return err
		}
	} else {
		for _, f := range r.Faults {
			for line := range strings.Lines(f.String()) {
				if _, err := fmt.Fprintln(e.stdout, clean(strings.TrimSuffix(line, "\n"))); err != nil {
					return err
				}
			}
		}
		for _, what := range r.Unproved {
			e.say("not proved: %s", what)
		}
		if more := r.FaultCount - len(r.Faults); more > 0 {
			e.say("faults that are not shown: %d", more)
		}
		if _, err := fmt.Fprintln(e.stdout, r); err != nil {
			return err
		}
	}
	if r.FaultCount > 0 {
		return errProblems
	}
	return nil
}
