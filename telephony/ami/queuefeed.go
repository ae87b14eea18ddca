package ami

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// QueueFeed tells what happens in Asterisk's queues and what its phones do, from
// the events of one Client. It is the client's only consumer.
type QueueFeed struct {
	client  *Client
	out     chan telephony.QueueEvent
	phones  phones
	wrapUps wrapUps
	talks   talks
	told    bool // how everything stands, and nothing was lost since
}

var _ telephony.QueueFeed = (*QueueFeed)(nil)

// NewQueueFeed makes a feed; nothing is told before Run.
func NewQueueFeed(c *Client) *QueueFeed {
	return &QueueFeed{client: c, out: make(chan telephony.QueueEvent), phones: phones{}, wrapUps: wrapUps{}, talks: talks{}}
}

// QueueEvents is the stream; it is closed when Run returns.
func (f *QueueFeed) QueueEvents() <-chan telephony.QueueEvent { return f.out }

// Run runs the client and turns its events into queue events until ctx is done
// or the client is closed. It blocks and may be called once.
func (f *QueueFeed) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer close(f.out)
	ended := make(chan error, 1)
	go func() { ended <- f.client.Run(ctx) }()
	// A list that failed is asked for again: without it the mirror is not the truth.
	retry := time.NewTimer(0)
	<-retry.C
	defer retry.Stop()
	for {
		select {
		case ev, ok := <-f.client.Events():
			switch {
			case !ok:
				return <-ended
			case ev.State == Connected:
				f.reset(ctx, retry)
			case ev.State == Disconnected && f.told:
				f.told = false
				f.emit(ctx, []telephony.QueueEvent{{Kind: telephony.QueueLost, At: time.Now()}})
			case ev.State == Happened:
				now := time.Now()
				events := append(queueEvent(ev.Message, now), f.phones.change(ev.Message, now)...)
				for i := range events {
					f.wrapUps.complete(events[i].Members)
					f.talks.complete(&events[i])
				}
				f.emit(ctx, events)
			}
		case <-retry.C:
			f.reset(ctx, retry)
		}
	}
}

// resetRetry is the pause before a list that failed is asked for again.
const resetRetry = 2 * time.Second

// reset asks for everything. Events wait meanwhile in the client, so those that
// come after the lists are applied after them.
func (f *QueueFeed) reset(ctx context.Context, retry *time.Timer) {
	ev, err := f.everything(ctx)
	if err != nil {
		retry.Reset(resetRetry)
		return
	}
	f.told = true
	f.emit(ctx, []telephony.QueueEvent{ev})
}

// everything is what a QueueReset tells.
func (f *QueueFeed) everything(ctx context.Context) (telephony.QueueEvent, error) {
	list, err := f.client.QueueStatus(ctx, "")
	if err != nil {
		return telephony.QueueEvent{}, err
	}
	ev := resetEvent(list, time.Now())
	clear(f.talks)
	if err := f.wrapUps.read(ctx, f.client, list); err != nil {
		return telephony.QueueEvent{}, err
	}
	f.wrapUps.complete(ev.Members)
	devices, err := f.client.DeviceStateList(ctx)
	if err != nil && telephony.KindOf(err) == telephony.KindPermanent {
		return ev, nil // the account may not, or the module is not there: no phones
	}
	if err != nil {
		return telephony.QueueEvent{}, err
	}
	ev.Phones = f.phones.reset(devices)
	return ev, nil
}

func (f *QueueFeed) emit(ctx context.Context, events []telephony.QueueEvent) {
	for _, ev := range events {
		select {
		case f.out <- ev:
		case <-ctx.Done():
		}
	}
}

// resetEvent reads the elements of QueueStatus.
func resetEvent(list []Message, now time.Time) telephony.QueueEvent {
	ev := telephony.QueueEvent{Kind: telephony.QueueReset, At: now}
	for _, m := range list {
		switch m.Name() {
		case "QueueMember":
			member := memberOf(m)
			member.Interface, member.Name = m.Get("Location"), m.Get("Name")
			ev.Members = append(ev.Members, member)
		case "QueueEntry":
			ev.Waiting = append(ev.Waiting, telephony.QueueCaller{
				Queue: m.Get("Queue"), Channel: nearLeg(m.Get("Uniqueid")), Position: number(m, "Position"),
				Priority: number(m, "Priority"), Since: now.Add(-time.Duration(number(m, "Wait")) * time.Second),
			})
		}
	}
	return ev
}

// talks remembers whom an agent of a queue talks to. When the caller's channel is
// gone by the time that Asterisk tells of it, AgentComplete does not name it
// (seen on 22.10.1 on a busy machine).
type talks map[[2]string]telephony.ChannelID

// complete learns from an event, or fills in what it lacks.
func (t talks) complete(ev *telephony.QueueEvent) {
	key := [2]string{ev.Queue, ev.Agent.Interface}
	switch ev.Kind {
	case telephony.AgentConnected:
		t[key] = ev.Channel
	case telephony.AgentCompleted:
		if ev.Channel == "" {
			ev.Channel = t[key]
		}
		delete(t, key)
	}
}

// kinds are the events about callers and agents that are passed on.
var kinds = map[string]telephony.QueueEventKind{
	"QueueCallerJoin":   telephony.CallerJoined,
	"QueueCallerLeave":  telephony.CallerLeft,
	"AgentCalled":       telephony.AgentRinging,
	"AgentConnect":      telephony.AgentConnected,
	"AgentComplete":     telephony.AgentCompleted,
	"AgentRingNoAnswer": telephony.AgentNoAnswer,
}

// queueEvent reads one event; nil when it is not about a queue.
// QueueCallerAbandon is left out: it comes beside QueueCallerLeave, and also
// after a timeout or a withdrawal, so it does not say what its name says.
func queueEvent(m Message, now time.Time) []telephony.QueueEvent {
	name := m.Name()
	ev := telephony.QueueEvent{Queue: m.Get("Queue"), At: now}
	if kind, ok := kinds[name]; ok {
		ev.Kind, ev.Channel, ev.Position = kind, nearLeg(m.Get("Uniqueid")), number(m, "Position")
		if iface := m.Get("Interface"); iface != "" {
			ev.Agent = telephony.QueueAgent{Interface: iface, Name: m.Get("MemberName")}
		}
		if kind == telephony.AgentCompleted {
			ev.Reason = strings.ToLower(m.Get("Reason"))
		}
		return []telephony.QueueEvent{ev}
	}
	switch name {
	case "QueueMemberStatus", "QueueMemberAdded", "QueueMemberPause", "QueueMemberPenalty":
		ev.Kind = telephony.MemberChanged
		ev.Members = []telephony.QueueMember{memberOf(m)}
	case "QueueMemberRemoved":
		ev.Kind = telephony.MemberRemoved
	default:
		return nil
	}
	ev.Agent = telephony.QueueAgent{Interface: m.Get("Interface"), Name: m.Get("MemberName")}
	return []telephony.QueueEvent{ev}
}

// memberOf reads what events and list elements about a member have in common.
func memberOf(m Message) telephony.QueueMember {
	member := telephony.QueueMember{
		Queue: m.Get("Queue"), Interface: m.Get("Interface"), Name: m.Get("MemberName"), Status: statusOf(number(m, "Status")),
		Paused: m.Get("Paused") == "1", PausedReason: m.Get("PausedReason"), Penalty: number(m, "Penalty"),
		InCall: m.Get("InCall") == "1", CallsTaken: number(m, "CallsTaken"), WrapUp: seconds(m, "Wrapuptime"),
	}
	if last := number(m, "LastCall"); last > 0 {
		member.LastCall = time.Unix(int64(last), 0).UTC()
	}
	return member
}

// statusOf reads a device state as app_queue numbers it (devicestate.h).
func statusOf(n int) telephony.MemberStatus {
	switch n {
	case 1: // not in use
		return telephony.MemberIdle
	case 2, 3, 7, 8: // in use, busy, in use and ringing, on hold
		return telephony.MemberInUse
	case 6:
		return telephony.MemberRinging
	case 4, 5: // invalid, unavailable
		return telephony.MemberUnavailable
	}
	return telephony.MemberUnknown
}

// farLeg ends the id that the ARI driver gives the far leg of a placeholder,
// which is the one that stands in the queue.
const farLeg = ";2"

func nearLeg(id string) telephony.ChannelID {
	return telephony.ChannelID(strings.TrimSuffix(id, farLeg))
}

// number reads a header as a whole number; 0 when it is none.
func number(m Message, key string) int {
	n, err := strconv.Atoi(m.Get(key))
	if err != nil {
		return 0
	}
	return n
}
