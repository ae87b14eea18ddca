package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show all that is known of one callback; the end of its id will do", Args: exactly("an ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := e.client()
			defer c.Close()
			cb, err := c.Callback(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			columns := append(e.callbackColumns(), e.callbackDetails()...)
			columns = known(e, []api.Callback{cb}, columns, e.callbackMore())
			return record(e, cb, append(columns, e.attemptRows(cb)...))
		},
	}
}

// callbackDetails are shown of every callback.
func (e *env) callbackDetails() []column[api.Callback] {
	return []column[api.Callback]{
		{"HOTLINE", func(c api.Callback) cell { return text(c.Hotline) }},
		{"REASON", func(c api.Callback) cell { return text(c.Reason) }},
		{"PLACE", func(c api.Callback) cell { return e.moment(c.PlaceAt) }},
		{"NOT BEFORE", func(c api.Callback) cell { return e.momentOf(c.NotBefore) }},
		{"ENDED", func(c api.Callback) cell { return e.momentOf(c.EndedAt) }},
		{"END REASON", func(c api.Callback) cell { return text(c.EndReason) }},
		{"CALL", func(c api.Callback) cell { return text(c.Call) }},
	}
}

// callbackMore is shown where there is something to show.
func (e *env) callbackMore() []column[api.Callback] {
	return []column[api.Callback]{
		{"POSITION", func(c api.Callback) cell {
			if c.Position == 0 {
				return cell{"-", "0"}
			}
			return number(c.Position)
		}},
		{"EWT", func(c api.Callback) cell { return wait(c.EWT) }},
		{"DELAYED BY", func(c api.Callback) cell { return text(c.DelayedBy) }},
		{"WANTED FROM", func(c api.Callback) cell { return e.momentOf(c.WindowFrom) }},
		{"PROMISED BY", func(c api.Callback) cell { return e.momentOf(c.WindowUntil) }},
		{"CUSTOMER'S CLOCK", func(c api.Callback) cell {
			at := c.NotBefore
			if at == nil {
				at = c.WindowFrom
			}
			return text(inZone(at, c.Zone))
		}},
		{"LATE", func(c api.Callback) cell { return spanIf(c.LateS) }},
		{"POSTPONED", func(c api.Callback) cell {
			if c.Postponed == 0 {
				return cell{"-", "0"}
			}
			return number(c.Postponed)
		}},
		{"REJECTED", func(c api.Callback) cell {
			if c.Rejected == 0 {
				return cell{"-", "0"}
			}
			return number(c.Rejected)
		}},
		{"PAUSED", func(c api.Callback) cell { return e.pause(c.Paused) }},
		{"MODE", func(c api.Callback) cell {
			if c.Mode == "customer_first" { // as nearly always
				return cell{"-", c.Mode}
			}
			return text(c.Mode)
		}},
		{"VERIFY", func(c api.Callback) cell { return text(c.Verify) }},
		{"QUESTION", func(c api.Callback) cell { return text(c.Question) }},
		{"MESSAGE", func(c api.Callback) cell { return text(c.Message) }},
		{"MESSAGE URL", func(c api.Callback) cell { return text(c.MessageURL) }},
		{"PATH", func(c api.Callback) cell { return words(c.Path) }},
		{"ASSURANCE", func(c api.Callback) cell {
			if c.Assurance == "none" {
				return cell{"-", c.Assurance}
			}
			return text(c.Assurance)
		}},
		{"WAITED", func(c api.Callback) cell { return spanIf(c.WaitedS) }},
		{"ACCOUNT", func(c api.Callback) cell { return text(c.Account) }},
		{"PRIORITY", func(c api.Callback) cell {
			if c.Priority == 0 {
				return cell{"-", "0"}
			}
			return number(c.Priority)
		}},
		{"LANGUAGE", func(c api.Callback) cell { return text(c.Language) }},
		{"ZONE", func(c api.Callback) cell { return text(c.Zone) }},
		{"CAMPAIGN", func(c api.Callback) cell { return text(c.Campaign) }},
		{"KEY", func(c api.Callback) cell { return text(c.Key) }},
	}
}

// attemptRows has a row for each attempt.
func (e *env) attemptRows(cb api.Callback) []column[api.Callback] {
	var rows []column[api.Callback]
	for i, a := range cb.Attempts {
		said := joined(a.Outcome, ", ", a.Detail)
		run := ""
		if a.Epoch > 0 {
			run = " (run " + strconv.FormatInt(a.Epoch, 10) + ")"
		}
		at := e.moment(a.At)
		rows = append(rows, column[api.Callback]{fmt.Sprintf("ATTEMPT %d", i+1), func(api.Callback) cell {
			return cell{at.human + " " + said + run, at.plain + " " + said + run}
		}})
	}
	return rows
}

// pause shows an order that nobody is called back.
func (e *env) pause(p *api.Pause) cell {
	if p == nil {
		return text("")
	}
	since := e.moment(p.Since)
	said := joined(" by "+p.By, ": ", p.Why)
	return cell{"since " + since.human + said, since.plain}
}
