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
		Use: "show ACCOUNT|NUMBER", Short: "Show what is known of a caller, and the last calls", Args: exactly("an ACCOUNT, or a NUMBER like +79161234567"),
		Long: `Show what linekeeper's own table has of a caller, and what is remembered of calls and
callbacks, with what agents said of them. It knows callers of other directories by
their calls only. Of PIN, code and answers it is only said whether they are there.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			known, err := c.KnownCaller(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := record(e, known, e.knownColumns(known)); err != nil || e.output != outTable {
				return err
			}
			return e.writePast("Calls", known.Calls, known.Promises)
		},
	}
}

func (e *env) knownColumns(who api.KnownCaller) []column[api.KnownCaller] {
	columns := []column[api.KnownCaller]{
		{"account", func(k api.KnownCaller) cell { return text(k.Account) }},
		{"number", func(k api.KnownCaller) cell { return text(k.Number) }},
		{"in the table", func(k api.KnownCaller) cell { return whether(k.InTable) }},
	}
	if len(who.Accounts) > 0 {
		columns = append(columns, column[api.KnownCaller]{"accounts", func(k api.KnownCaller) cell { return text(strings.Join(k.Accounts, " ")) }})
	}
	if who.InTable {
		columns = append(columns, []column[api.KnownCaller]{
			{"name", func(k api.KnownCaller) cell { return text(k.Name) }},
			{"language", func(k api.KnownCaller) cell { return text(k.Language) }},
			{"time zone", func(k api.KnownCaller) cell { return text(k.TimeZone) }},
			{"balance", func(k api.KnownCaller) cell { return text(k.Balance) }},
			{"vip", func(k api.KnownCaller) cell { return whether(k.VIP) }},
			{"pin", func(k api.KnownCaller) cell { return whether(k.HasPIN) }},
			{"code", func(k api.KnownCaller) cell { return whether(k.HasCode) }},
			{"answers", func(k api.KnownCaller) cell { return text(strings.Join(k.Answers, " ")) }},
			{"changed", func(k api.KnownCaller) cell { return e.momentOf(k.ChangedAt) }},
		}...)
	}
	for _, name := range slices.Sorted(maps.Keys(who.Fields)) {
		columns = append(columns, column[api.KnownCaller]{"field " + name, func(k api.KnownCaller) cell { return text(k.Fields[name]) }})
	}
	return append(columns, []column[api.KnownCaller]{
		{"calls today", func(k api.KnownCaller) cell { return number(k.History.CallsToday) }},
		{"calls in 7 days", func(k api.KnownCaller) cell { return number(k.History.CallsWeek) }},
		{"last call", func(k api.KnownCaller) cell { return e.momentOf(k.History.LastAt) }},
		{"last queue", func(k api.KnownCaller) cell { return text(k.History.LastQueue) }},
		{"last result", func(k api.KnownCaller) cell { return text(k.History.LastResult) }},
		{"last agent", func(k api.KnownCaller) cell { return text(k.History.LastAgent) }},
		{"last disposition", func(k api.KnownCaller) cell { return text(k.History.LastDisposition) }},
		{"callbacks open", func(k api.KnownCaller) cell { return number(k.History.CallbacksOpen) }},
		{"callbacks kept", func(k api.KnownCaller) cell { return number(k.History.CallbacksKept) }},
	}...)
}
