package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callCardCmd() *cobra.Command {
	return &cobra.Command{
		Use: "card CALL", Short: "Show who is calling and why, before saying hello", Args: exactly("a CALL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			card, err := c.Card(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := record(e, card, known(e, []api.Card{card}, e.cardColumns(), e.cardMore(card))); err != nil || e.output != outTable {
				return err
			}
			return e.writePast("Earlier calls", card.Calls, card.Promises)
		},
	}
}

// writePast gives the calls and promises of a person as tables, those that there are.
func (e *env) writePast(title string, calls []api.Call, promises []api.Callback) error {
	if len(calls) > 0 {
		if _, err := fmt.Fprintln(e.stdout, "\n"+title); err != nil {
			return err
		}
		if err := writeRows(e, e.stdout, calls, e.earlierColumns()); err != nil {
			return err
		}
	}
	if len(promises) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(e.stdout, "\nCallbacks"); err != nil {
		return err
	}
	return writeRows(e, e.stdout, promises, e.callbackColumns())
}

// cardColumns are on every card.
func (e *env) cardColumns() []column[api.Card] {
	return []column[api.Card]{
		{"CALL", func(c api.Card) cell { return text(c.Call.ID) }},
		{"CALLER", func(c api.Card) cell { return text(c.Caller.Name) }},
		{"NUMBER", func(c api.Card) cell { return text(c.Caller.Number) }},
		{"ACCOUNT", func(c api.Card) cell { return text(c.Caller.Account) }},
		{"ASSURANCE", func(c api.Card) cell { return text(c.Caller.Assurance) }},
		{"LANGUAGE", func(c api.Card) cell { return text(c.Caller.Language) }},
		{"HOTLINE", func(c api.Card) cell { return text(c.Call.Hotline) }},
		{"PATH", func(c api.Card) cell { return words(c.Call.Path) }},
		{"WAITED", func(c api.Card) cell { return spanIf(c.Call.WaitedS) }},
		{"CALLS TODAY", func(c api.Card) cell { return number(c.History.CallsToday) }},
		{"CALLS IN 7 DAYS", func(c api.Card) cell { return number(c.History.CallsWeek) }},
	}
}

// cardMore is shown where there is something to show.
func (e *env) cardMore(card api.Card) []column[api.Card] {
	more := []column[api.Card]{
		{"QUESTION", func(c api.Card) cell { return text(c.Question) }},
		{"QUEUE", func(c api.Card) cell { return text(c.Call.Queue) }},
		{"POSITION", func(c api.Card) cell {
			if c.Place == nil || c.Place.Position == 0 {
				return cell{"-", ""}
			}
			return number(c.Place.Position)
		}},
		{"VIP", func(c api.Card) cell {
			if !c.Caller.VIP {
				return cell{"-", ""}
			}
			return text("yes")
		}},
		{"BALANCE", func(c api.Card) cell { return text(c.Caller.Balance) }},
		{"TIME ZONE", func(c api.Card) cell { return text(c.Caller.TimeZone) }},
		{"LAST CALL", func(c api.Card) cell { return e.momentOf(c.History.LastAt) }},
		{"LAST RESULT", func(c api.Card) cell { return text(c.History.LastResult) }},
		{"LAST AGENT", func(c api.Card) cell { return text(c.History.LastAgent) }},
		{"LAST DISPOSITION", func(c api.Card) cell { return text(c.History.LastDisposition) }},
	}
	for _, name := range slices.Sorted(maps.Keys(card.Caller.Fields)) {
		more = append(more, column[api.Card]{"FIELD " + name, func(c api.Card) cell { return text(c.Caller.Fields[name]) }})
	}
	for _, name := range slices.Sorted(maps.Keys(card.Vars)) {
		more = append(more, column[api.Card]{"VAR " + name, func(c api.Card) cell { return text(strings.TrimSpace(fmt.Sprint(c.Vars[name]))) }})
	}
	return more
}

func (e *env) earlierColumns() []column[api.Call] {
	return []column[api.Call]{
		{"STARTED", func(c api.Call) cell { return e.moment(c.StartedAt) }},
		{"HOTLINE", func(c api.Call) cell { return text(c.Hotline) }},
		{"QUEUE", func(c api.Call) cell { return text(c.Queue) }},
		{"PATH", func(c api.Call) cell { return words(c.Path) }},
		{"RESULT", result},
		{"AGENT", func(c api.Call) cell { return text(c.Agent) }},
		{"DISPOSITION", func(c api.Call) cell { return text(dispositionOf(c).Code) }},
		{"NOTE", func(c api.Call) cell { return text(dispositionOf(c).Note) }},
	}
}
