package cli

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callerListCmd() *cobra.Command {
	var f api.EntryFilter
	cmd := &cobra.Command{
		Use: "list", Short: "List linekeeper's own table of callers, by account", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.Entries(cmd.Context(), f)
			if err != nil {
				return err
			}
			return list(e, all, "the table has no such callers", []column[api.Entry]{
				{"ACCOUNT", func(r api.Entry) cell { return text(r.Account) }},
				{"NUMBER", func(r api.Entry) cell { return text(r.Number) }},
				{"NAME", func(r api.Entry) cell { return text(r.Name) }},
				{"LANG", func(r api.Entry) cell { return text(r.Language) }},
				{"BALANCE", func(r api.Entry) cell { return text(r.Balance) }},
				{"VIP", func(r api.Entry) cell { return whether(r.VIP) }},
				{"PIN", func(r api.Entry) cell { return whether(r.HasPIN) }},
				{"CODE", func(r api.Entry) cell { return whether(r.HasCode) }},
			})
		},
	}
	cmd.Flags().StringVar(&f.Search, "search", "", "only those whose account, number or name has this in it")
	cmd.Flags().StringVar(&f.After, "after", "", "go on after this account")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	return cmd
}

// whether shows a truth; "no" is a dash for people.
func whether(yes bool) cell {
	if yes {
		return cell{"yes", "yes"}
	}
	return cell{"-", "no"}
}

func (e *env) callerShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show ACCOUNT", Short: "Show a caller of linekeeper's own table", Args: exactly("an ACCOUNT"),
		Long: `Show a caller of linekeeper's own table. Of PIN, code and answers it is only said
whether they are there.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			entry, err := c.Entry(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			columns := []column[api.Entry]{
				{"account", func(r api.Entry) cell { return text(r.Account) }},
				{"number", func(r api.Entry) cell { return text(r.Number) }},
				{"name", func(r api.Entry) cell { return text(r.Name) }},
				{"language", func(r api.Entry) cell { return text(r.Language) }},
				{"time zone", func(r api.Entry) cell { return text(r.TimeZone) }},
				{"balance", func(r api.Entry) cell { return text(r.Balance) }},
				{"vip", func(r api.Entry) cell { return whether(r.VIP) }},
				{"pin", func(r api.Entry) cell { return whether(r.HasPIN) }},
				{"code", func(r api.Entry) cell { return whether(r.HasCode) }},
				{"answers", func(r api.Entry) cell { return text(strings.Join(r.Answers, " ")) }},
				{"changed", func(r api.Entry) cell { return e.moment(r.ChangedAt) }},
			}
			for _, name := range slices.Sorted(maps.Keys(entry.Fields)) {
				columns = append(columns, column[api.Entry]{"field " + name, func(r api.Entry) cell { return text(r.Fields[name]) }})
			}
			return record(e, entry, columns)
		},
	}
}
