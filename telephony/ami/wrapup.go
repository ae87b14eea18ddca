package ami

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// wrapUps are the queues' own wrapuptime, by queue. Asterisk's events tell only
// that of a member that has its own (Wrapuptime: 0 means the queue's), so the
// rest is read from queues.conf.
type wrapUps map[string]time.Duration

// read asks for the wrapuptime of the queues that list, the answer to
// QueueStatus, names. A queue whose setting cannot be read (a realtime queue, no
// func_config, no permission) has none. It gives an error when asking again may
// help.
func (w wrapUps) read(ctx context.Context, c *Client, list []Message) error {
	clear(w)
	for _, m := range list {
		queue := m.Get("Queue")
		if m.Name() != "QueueParams" || !plainArgument(queue) {
			continue
		}
		answer, err := c.Do(ctx, NewAction("Getvar", "Variable", fmt.Sprintf("AST_CONFIG(queues.conf,%s,wrapuptime)", queue)))
		if err != nil && telephony.KindOf(err) == telephony.KindRetryable {
			return fmt.Errorf("read wrapuptime of queue %s: %w", queue, err)
		}
		w[queue] = seconds(answer, "Value")
	}
	return nil
}

// complete says of each member how long it is left alone after a call, and until
// when after the latest one.
func (w wrapUps) complete(members []telephony.QueueMember) {
	for i := range members {
		m := &members[i]
		if m.WrapUp == 0 {
			m.WrapUp = w[m.Queue]
		}
		if m.WrapUp > 0 && !m.LastCall.IsZero() {
			m.WrapUpUntil = m.LastCall.Add(m.WrapUp)
		}
	}
}

// seconds reads a header as a length of time, 0 when it is none.
func seconds(m Message, key string) time.Duration {
	return time.Duration(max(number(m, key), 0)) * time.Second
}

// plainArgument says whether a name is safe as an argument of a dialplan function.
func plainArgument(name string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_. "
	return name != "" && strings.Trim(name, allowed) == ""
}
