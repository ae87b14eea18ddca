package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

func (e *env) journalCmd() *cobra.Command {
	var f api.JournalFilter
	var since string
	cmd := &cobra.Command{
		Use: "journal", Short: "Read the journal of everything that happened, the oldest first", Args: cobra.NoArgs,
		Long: `Read the journal of everything that happened, the oldest first. With --follow it
goes on with what happens from now on (or from --since on) until Ctrl-C.
With --output json each entry is one line.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.Since, err = e.since(since); err != nil {
				return err
			}
			if f.Follow && since == "" && f.After == 0 {
				f.Since = e.now()
			}
			c := e.client()
			defer c.Close()
			none := true
			err = c.Journal(cmd.Context(), f, func(ev api.Event) error {
				none = false
				return e.writeEvent(ev)
			})
			if errors.Is(err, context.Canceled) {
				return nil // Ctrl-C is how it ends
			}
			if err == nil && none && !f.Follow {
				e.say("no entries")
			}
			if err == nil && f.Follow && f.Limit == 0 {
				e.say("linekeeper has stopped")
			}
			return err
		},
	}
	cmd.AddCommand(e.journalVerifyCmd())
	cmd.Flags().BoolVarP(&f.Follow, "follow", "f", false, "go on with what happens")
	cmd.Flags().StringVar(&f.Call, "call", "", "only entries about this call; the end of its id will do")
	cmd.Flags().StringVar(&f.Callback, "callback", "", "only entries about this callback; the end of its id will do")
	cmd.Flags().StringVar(&f.Place, "place", "", "only entries about this place")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only entries about this queue")
	cmd.Flags().StringVar(&f.Type, "type", "", `only this type, like call.ended, or all that begin so, like "place."`)
	cmd.Flags().StringVar(&since, "since", "", sinceHelp)
	cmd.Flags().Int64Var(&f.After, "after", 0, "only entries with a greater seq")
	cmd.Flags().IntVar(&f.Limit, "limit", 0, "at most so many (default all)")
	return cmd
}

// writeEvent writes one entry at once: who follows the journal waits for it. So
// the columns of the table have fixed widths.
func (e *env) writeEvent(ev api.Event) error {
	var err error
	switch e.output {
	case outJSON:
		err = e.writeJSONLine(ev)
	case outTSV:
		data := ""
		if len(ev.Data) > 0 {
			b, err := json.Marshal(ev.Data)
			if err != nil {
				return fmt.Errorf("write journal entry %d: %w", ev.Seq, err)
			}
			data = string(b)
		}
		fields := []string{fmt.Sprint(ev.Seq), e.moment(ev.At).plain, ev.Type, ev.Call, ev.Place, ev.Callback, ev.Queue, ev.Agent, data}
		for i := range fields {
			fields[i] = clean(fields[i])
		}
		_, err = fmt.Fprintln(e.stdout, strings.Join(fields, "\t"))
	default:
		line := fmt.Sprintf("%6d  %-8s  %-22s  %s", ev.Seq, e.moment(ev.At).human, ev.Type, clean(about(ev)))
		_, err = fmt.Fprintln(e.stdout, strings.TrimRight(line, " "))
	}
	return err
}

// about is whom an entry is about, and its data in words.
func about(ev api.Event) string {
	var parts []string
	add := func(name string, value any) {
		if value != "" && value != nil {
			parts = append(parts, fmt.Sprintf("%s=%v", name, value))
		}
	}
	add("call", ev.Call)
	add("place", ev.Place)
	add("callback", ev.Callback)
	add("queue", ev.Queue)
	add("agent", ev.Agent)
	shown := map[string]bool{"queue": ev.Queue != "", "agent": ev.Agent != "", "call": ev.Call != "", "callback": ev.Callback != ""}
	for _, name := range slices.Sorted(maps.Keys(ev.Data)) {
		if !shown[name] {
			add(name, ev.Data[name])
		}
	}
	return strings.Join(parts, " ")
}

// writeJSONLine writes a value on one line.
func (e *env) writeJSONLine(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
