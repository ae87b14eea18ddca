package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/api"
)

// redraw puts the cursor at the top left and clears what is below it.
const redraw = "\x1b[H\x1b[J"

func (e *env) queueWatchCmd() *cobra.Command {
	var every time.Duration
	cmd := &cobra.Command{
		Use: "watch [NAME]", Short: "Follow one queue, or all, until Ctrl-C", Args: cobra.MaximumNArgs(1),
		Long: `Follow one queue, or all, until Ctrl-C.

As a table it is drawn anew each time. As tsv each change is a line: time,
queue, "place" or "agent", id, state, and for places position, kind, number and
agent; a place or agent that is gone has the state "gone". As json each change
of a queue is the whole queue on one line.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if every < 100*time.Millisecond {
				return usagef("--every %v is less than 100ms", every)
			}
			return e.watch(cmd.Context(), args, every)
		},
	}
	cmd.Flags().DurationVar(&every, "every", time.Second, "how often to look")
	return cmd
}

func (e *env) watch(ctx context.Context, args []string, every time.Duration) error {
	c := e.client()
	defer c.Close()
	tick := time.NewTicker(every)
	defer tick.Stop()
	show := e.watcher()
	for {
		queues, err := chosen(ctx, c, args)
		if ctx.Err() != nil {
			return nil // Ctrl-C is how it ends
		}
		if err != nil {
			return err
		}
		if err := show(queues); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// watcher gives what shows one look after the other.
func (e *env) watcher() func([]api.Queue) error {
	switch e.output {
	case outTable:
		return func(queues []api.Queue) error {
			var b bytes.Buffer
			b.WriteString(redraw)
			if err := e.showQueues(&b, queues); err != nil {
				return err
			}
			_, err := e.stdout.Write(b.Bytes()) // in one piece, so that nothing flickers
			return err
		}
	case outJSON:
		before := map[string]string{}
		return func(queues []api.Queue) error {
			for _, q := range queues {
				key := strings.Join(lines(q), "\n")
				if old, seen := before[q.Name]; seen && old == key {
					continue
				}
				before[q.Name] = key
				if err := e.writeJSONLine(q); err != nil {
					return err
				}
			}
			return nil
		}
	}
	before := map[string][]string{}
	return func(queues []api.Queue) error {
		for _, q := range queues {
			now := lines(q)
			for _, line := range changes(before[q.Name], now) {
				if _, err := fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", e.now().UTC().Format(time.RFC3339), clean(q.Name), line); err != nil {
					return err
				}
			}
			before[q.Name] = now
		}
		return nil
	}
}

// lines says what can change about a queue beside the time: a line for each
// place and agent, which begins with what it is and its id.
func lines(q api.Queue) []string {
	var out []string
	add := func(fields ...string) {
		for i := range fields {
			fields[i] = clean(fields[i])
		}
		out = append(out, strings.Join(fields, "\t"))
	}
	for _, p := range q.Places {
		add("place", p.ID, p.State, strconv.Itoa(p.Position), p.Kind, p.Number, p.Agent)
	}
	for _, a := range q.Agents {
		add("agent", a.ID, a.State)
	}
	return out
}

// changes gives the lines that are new, and one for each thing that is gone.
func changes(before, now []string) []string {
	var out []string
	for _, line := range before {
		key := subject(line)
		if !slices.ContainsFunc(now, func(l string) bool { return subject(l) == key }) {
			out = append(out, key+"\tgone")
		}
	}
	for _, line := range now {
		if !slices.Contains(before, line) {
			out = append(out, line)
		}
	}
	return out
}

func subject(line string) string {
	fields := strings.SplitN(line, "\t", 3)
	return fields[0] + "\t" + fields[1]
}
