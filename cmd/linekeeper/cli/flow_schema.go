package cli

import (
	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/dialplan"
)

func (e *env) flowSchemaCmd() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON schema of hotline documents, for editors", Args: cobra.NoArgs,
		Long: `Print the JSON schema of hotline documents. An editor that knows it completes keys
and marks wrong ones while a document is written.`,
		RunE: func(*cobra.Command, []string) error {
			text, err := dialplan.Schema()
			if err != nil {
				return err
			}
			_, err = e.stdout.Write(text)
			return err
		},
	}
}
