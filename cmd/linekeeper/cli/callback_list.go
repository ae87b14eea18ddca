package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) callbackListCmd() *cobra.Command {
	var f api.CallbackFilter
	var within, older, since, until string
	cmd := &cobra.Command{
		Use: "list", Short: "List callbacks, the newest first", Args: cobra.NoArgs,
		Long: `List callbacks, the newest first, a page at a time. When there are more, the last
line on standard error says how to ask for the next page.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := e.times(&f, within, older, since, until); err != nil {
				return err
			}
			c := e.client()
			defer c.Close()
			cbs, next, err := c.CallbackPage(cmd.Context(), f)
			if err != nil {
				return err
			}
			if err := list(e, cbs, "no callbacks", known(e, cbs, e.callbackColumns(), e.callbackExtras())); err != nil {
				return err
			}
			if next != "" {
				e.say("more: --after %s", next)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&f.Open, "open", false, "only those to which something may still happen")
	cmd.Flags().StringSliceVar(&f.States, "state", nil, "only those in one of these states, with commas between: "+oneOf(api.CallbackStates()))
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those of this queue")
	cmd.Flags().StringVar(&f.Number, "number", "", "only those to this number, like +79161234567")
	cmd.Flags().StringVar(&f.Account, "account", "", "only those to the customer of this account")
	cmd.Flags().StringVar(&f.Campaign, "campaign", "", "only those that count for this campaign")
	cmd.Flags().StringVar(&f.Reason, "reason", "", "only those asked for so: "+oneOf(api.CallbackReasons()))
	cmd.Flags().StringVar(&within, "due", "", "only open ones that may be called within this time, like 2h")
	cmd.Flags().StringVar(&older, "age", "", "only those asked for longer ago than this, like 2h or 7d")
	cmd.Flags().StringVar(&since, "since", "", "only those asked for from this time on: 10m or 7d (ago), today, 15:04, 2006-01-02 or RFC 3339")
	cmd.Flags().StringVar(&until, "until", "", "only those asked for before this time, written likewise")
	cmd.Flags().StringVar(&f.After, "after", "", "only those after this one: the last of the page before")
	cmd.Flags().IntVar(&f.Limit, "limit", 0, "at most so many, 10000 at most (default 100)")
	return cmd
}

// times reads the times of a filter.
func (e *env) times(f *api.CallbackFilter, within, older, since, until string) error {
	now := e.now()
	if within != "" {
		d, err := span0("--due", within)
		if err != nil {
			return err
		}
		f.DueBefore = now.Add(d)
	}
	var err error
	if f.Since, err = e.timeOf("--since", since); err != nil {
		return err
	}
	if f.Until, err = e.timeOf("--until", until); err != nil {
		return err
	}
	if older == "" {
		return nil
	}
	d, err := span0("--age", older)
	if err != nil {
		return err
	}
	if old := now.Add(-d); f.Until.IsZero() || old.Before(f.Until) {
		f.Until = old
	}
	return nil
}

func (e *env) callbackColumns() []column[api.Callback] {
	return []column[api.Callback]{
		{"ID", func(c api.Callback) cell { return text(c.ID) }},
		{"ASKED", func(c api.Callback) cell { return e.moment(c.AskedAt) }},
		{"NUMBER", func(c api.Callback) cell { return text(c.Number) }},
		{"NAME", func(c api.Callback) cell { return text(c.Name) }},
		{"QUEUE", func(c api.Callback) cell { return text(c.Queue) }},
		{"STATE", func(c api.Callback) cell { return text(c.State) }},
		{"ATTEMPTS", attempts},
		{"CONNECTED", func(c api.Callback) cell { return e.momentOf(c.ConnectedAt) }},
		{"AGENT", func(c api.Callback) cell { return text(c.Agent) }},
	}
}

// callbackExtras are there for some callbacks only.
func (e *env) callbackExtras() []column[api.Callback] {
	return []column[api.Callback]{
		{"DUE", func(c api.Callback) cell { return e.momentOf(c.NotBefore) }},
		{"UNTIL", func(c api.Callback) cell { return e.momentOf(c.WindowUntil) }},
		{"LATE", func(c api.Callback) cell { return spanIf(c.LateS) }},
		{"CAMPAIGN", func(c api.Callback) cell { return text(c.Campaign) }},
		{"WHY", func(c api.Callback) cell { return text(whyNow(c)) }},
	}
}

// whyNow says in a few words why a callback stands where it stands.
func whyNow(c api.Callback) string {
	switch {
	case c.EndReason != "":
		return c.EndReason
	case c.Paused != nil && c.State == "waiting":
		return joined("queue paused", ": ", c.Paused.Why)
	case c.DelayedBy != "":
		return "rule " + c.DelayedBy
	case c.Verify != "" && c.State == "waiting":
		return "to be verified by " + c.Verify
	case c.NotBefore != nil && c.State == "waiting" && len(c.Attempts) > 0:
		return "next attempt"
	}
	return ""
}

// attempts says how many there were and how the last one ended.
func attempts(c api.Callback) cell {
	n := strconv.Itoa(len(c.Attempts))
	if len(c.Attempts) == 0 {
		return cell{n, n}
	}
	return cell{n + " " + c.Attempts[len(c.Attempts)-1].Outcome, n}
}

func joined(a, sep, b string) string {
	if b == "" || b == a {
		return a
	}
	return a + sep + b
}

// inZone tells a time by another clock than that of this machine, "" where that is
// not known here.
func inZone(t *time.Time, zone string) string {
	if t == nil || zone == "" {
		return ""
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return ""
	}
	return t.In(loc).Format("Mon 2006-01-02 15:04") + " in " + zone
}
