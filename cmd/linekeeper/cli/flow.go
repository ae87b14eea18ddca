package cli

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) flowCmd() *cobra.Command {
	cmd := group("flow", "Hotline documents: which are served, and tools for their authors")
	cmd.AddCommand(e.flowSchemaCmd(), e.flowDrawCmd(), e.flowTryCmd(), e.flowTestCmd(), e.flowListCmd(), e.flowReloadCmd())
	return cmd
}

func (e *env) flowListCmd() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the versions of hotline documents that calls go by", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			all, err := c.Hotlines(cmd.Context())
			if err != nil {
				return err
			}
			return list(e, all, "no hotlines", []column[api.Hotline]{
				{"HOTLINE", func(h api.Hotline) cell { return text(h.Name) }},
				{"VERSION", func(h api.Hotline) cell { return text(h.Version) }},
				{"STATE", func(h api.Hotline) cell { return text(h.State) }},
				{"SINCE", func(h api.Hotline) cell { return e.moment(h.Since) }},
				{"CALLS", func(h api.Hotline) cell { return text(strconv.Itoa(h.Calls)) }},
				{"NUMBERS", func(h api.Hotline) cell { return text(strings.Join(h.Numbers, ", ")) }},
				{"FILE", func(h api.Hotline) cell { return text(h.File) }},
			})
		},
	}
}

// reloadRow is one line of what a reload came to.
type reloadRow struct{ what, hotline, version, file string }

func (e *env) flowReloadCmd() *cobra.Command {
	return &cobra.Command{
		Use: "reload", Short: "Have the daemon read its hotline documents anew", Args: cobra.NoArgs,
		Long: `Have the daemon read its hotline documents anew. Calls under way end on the
version they began with. A document with faults is refused, and its hotline goes
on as before; documents that contradict each other are refused together.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := e.client()
			defer c.Close()
			done, err := c.Reload(cmd.Context())
			if err != nil {
				return err
			}
			return e.reloaded(done)
		},
	}
}

func (e *env) reloaded(done api.Reloaded) error {
	if e.output == outJSON {
		if err := e.writeJSON(done); err != nil {
			return err
		}
	} else {
		var rows []reloadRow
		for _, h := range done.Loaded {
			rows = append(rows, reloadRow{"loaded", h.Name, h.Version, h.File})
		}
		for _, name := range done.Removed {
			rows = append(rows, reloadRow{what: "removed", hotline: name})
		}
		for _, h := range done.Refused {
			rows = append(rows, reloadRow{"refused", h.Name, h.Version, h.File})
		}
		if err := list(e, rows, "nothing has changed", []column[reloadRow]{
			{"WHAT", func(r reloadRow) cell { return text(r.what) }},
			{"HOTLINE", func(r reloadRow) cell { return text(r.hotline) }},
			{"VERSION", func(r reloadRow) cell { return text(r.version) }},
			{"FILE", func(r reloadRow) cell { return text(r.file) }},
		}); err != nil {
			return err
		}
	}
	for _, h := range done.Refused {
		for _, fault := range h.Faults {
			e.say("%s", clean(fault))
		}
	}
	if n := len(done.Refused); n > 0 {
		e.say("%s refused; calls go by the former version", plural(n, "document"))
		return errProblems
	}
	return nil
}
