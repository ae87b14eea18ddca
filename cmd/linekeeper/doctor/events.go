package doctor

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// What manager.conf must have for the account, as the drop-in has it.
const (
	wantRead   = "agent,call,user"
	wantFilter = "^Event: (Queue|Agent|DeviceStateChange|UserEvent)"
)

// The events that are needed, as Asterisk's filter sees them.
const (
	queueEvent = "Event: QueueMemberStatus\r\nPrivilege: agent,all\r\nQueue: support\r\n"
	phoneEvent = "Event: DeviceStateChange\r\nPrivilege: call,all\r\nDevice: PJSIP/101\r\nState: INUSE\r\n"
)

// checkEvents reads which events the AMI account gets: those of queues, and
// those of phones when linekeeper itself rings agents.
func checkEvents(ctx context.Context, p *patient) []Finding {
	const what = "ami events"
	if !p.amiUp {
		return skip(what, "AMI does not answer")
	}
	user := p.AMI.User
	read, known := p.setting(ctx, "manager.conf", user, "read")
	if !known || read == "" {
		return skip(what, fmt.Sprintf("which events are sent cannot be read; manager.conf must have read = %s for %s", wantRead, user))
	}
	remedy := func(key, value string) string {
		return fmt.Sprintf("manager.conf, [%s]: %s = %s; then asterisk -rx 'manager reload'", user, key, value)
	}
	var out []Finding
	if !has(read, "agent") && !has(read, "all") {
		out = append(out, Finding{Fail, what, fmt.Sprintf("user %s gets no events of queues (read = %s)", user, read), remedy("read", wantRead)})
	}
	calls := has(read, "call") || has(read, "all")
	if !calls && p.ownQueues() {
		out = append(out, Finding{Fail, what, fmt.Sprintf("user %s is not told what agents' phones do (read = %s)", user, read), remedy("read", wantRead)})
	}
	filters, err := p.filters(ctx)
	switch {
	case err != nil:
		out = append(out, Finding{Warn, what, err.Error(), remedy("eventfilter", wantFilter)})
	case len(filters) == 0 && calls:
		out = append(out, Finding{Warn, what, "every event of every call is sent, of which few are of use", remedy("eventfilter", wantFilter)})
	case !passes(filters, queueEvent):
		out = append(out, Finding{Fail, what, "eventfilter leaves out the events of queues", remedy("eventfilter", wantFilter)})
	case p.ownQueues() && !passes(filters, phoneEvent):
		out = append(out, Finding{Fail, what, "eventfilter leaves out what agents' phones do (DeviceStateChange)", remedy("eventfilter", wantFilter)})
	}
	if len(out) == 0 {
		return []Finding{ok(what, "read "+read)}
	}
	return out
}

// filter is one eventfilter of manager.conf.
type filter struct {
	*regexp.Regexp
	out bool // what matches is left out
}

// maxFilters bounds how many are asked for.
const maxFilters = 50

// filters reads the account's filters. Asterisk's newer notation, in which the
// key itself says what is filtered, cannot be seen and is none.
func (p *patient) filters(ctx context.Context) ([]filter, error) {
	var out []filter
	for i := range maxFilters {
		text, known := p.setting(ctx, "manager.conf", p.AMI.User, fmt.Sprintf("eventfilter,%d", i))
		if !known || text == "" {
			break
		}
		pattern, negated := strings.CutPrefix(text, "!")
		re, err := regexp.Compile("(?s)" + pattern)
		if err != nil {
			return nil, fmt.Errorf("eventfilter %q cannot be read: %w", text, err)
		}
		out = append(out, filter{re, negated})
	}
	return out, nil
}

// passes says whether Asterisk sends an event: it matches one of the filters
// without !, if there are any, and none of those with it.
func passes(filters []filter, event string) bool {
	wanted, chosen := false, false
	for _, f := range filters {
		switch match := f.MatchString(event); {
		case f.out && match:
			return false
		case !f.out:
			wanted, chosen = true, chosen || match
		}
	}
	return chosen || !wanted
}
