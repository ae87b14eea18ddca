package controller

import (
	"maps"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// The contract between the controller and the dialplan stub of asterisk-conf:
// the variables that a placeholder carries into Queue(), and how its end is told.
const (
	varPlace    = "LINEKEEPER_PLACE"    // the place's id, for the UserEvent
	varPosition = "LINEKEEPER_POSITION" // Queue()'s position argument; absent for the end of the line
	varPriority = "QUEUE_PRIO"          // app_queue's own priority
	eventQueue  = "LinekeeperQueue"     // the UserEvent that carries QUEUESTATUS
)

func placeholderVars(p queues.Place, position int) map[string]string {
	vars := map[string]string{varPlace: p.ID}
	maps.Copy(vars, p.Display)
	if position > 0 {
		vars[varPosition] = strconv.Itoa(position)
	}
	if p.Priority != 0 {
		vars[varPriority] = strconv.Itoa(p.Priority)
	}
	return vars
}

// queuesUpdate turns the line's word into the dialplan's.
func queuesUpdate(u queues.Update) dialplan.PlaceUpdate {
	return dialplan.PlaceUpdate{Ahead: u.Ahead, Estimate: u.Estimate, Able: u.Able}
}

// feedEvents turns what the switch tells of one queue into what its line
// understands; a QueueReset is cut to that queue.
func feedEvents(ev telephony.QueueEvent, queue string) []queues.Event {
	switch ev.Kind {
	case telephony.QueueReset:
		m := queues.Mirror{}
		for _, member := range ev.Members {
			if member.Queue == queue {
				m.Agents = append(m.Agents, agentOf(member, ev.At))
			}
		}
		for _, w := range ev.Waiting {
			if w.Queue == queue {
				m.Waiting = append(m.Waiting, queues.Joined{Channel: string(w.Channel), Priority: w.Priority, At: w.Since})
			}
		}
		return []queues.Event{m}
	case telephony.CallerJoined:
		return []queues.Event{queues.Joined{Channel: string(ev.Channel), At: ev.At}}
	case telephony.CallerLeft:
		return []queues.Event{queues.Parted{Channel: string(ev.Channel)}}
	case telephony.AgentConnected:
		return []queues.Event{queues.AgentOn{Channel: string(ev.Channel), Agent: agentName(ev.Agent.Name, ev.Agent.Interface)}}
	case telephony.AgentRinging:
		return []queues.Event{queues.AgentRung{Channel: string(ev.Channel), Agent: agentName(ev.Agent.Name, ev.Agent.Interface)}}
	case telephony.AgentNoAnswer:
		return []queues.Event{queues.AgentMissed{Channel: string(ev.Channel), Agent: agentName(ev.Agent.Name, ev.Agent.Interface)}}
	case telephony.MemberChanged:
		var out []queues.Event
		for _, member := range ev.Members {
			out = append(out, queues.AgentSeen{Agent: agentOf(member, ev.At)})
		}
		return out
	case telephony.MemberRemoved:
		return []queues.Event{queues.AgentGone{ID: ev.Agent.Interface}}
	}
	return nil
}

func agentName(name, iface string) string {
	if name == "" {
		return iface
	}
	return name
}

// agentOf reduces a member to what a line needs to know of it. Since is only
// right when the state changed; the line keeps the older time when it did not.
func agentOf(m telephony.QueueMember, at time.Time) queues.Agent {
	a := queues.Agent{ID: m.Interface, Name: agentName(m.Name, m.Interface), Since: at, Reason: m.PausedReason, Calls: m.CallsTaken}
	switch {
	case m.Status == telephony.MemberUnavailable || m.Status == telephony.MemberUnknown:
		a.State = queues.AgentOffline
	case m.InCall || m.Status == telephony.MemberInUse:
		a.State = queues.AgentTalking
	case m.Paused:
		a.State = queues.AgentPaused
	case m.Status == telephony.MemberRinging:
		a.State = queues.AgentRinging
	case m.WrapUpUntil.After(at):
		a.State, a.Until = queues.AgentWrapUp, m.WrapUpUntil
	default:
		a.State = queues.AgentIdle
	}
	return a
}

// statusOf reads QUEUESTATUS out of the cause with which the stub hangs up a
// placeholder, for the case that its UserEvent was lost in a gap.
func statusOf(cause telephony.Cause) string { return causeStatus[cause] }

// causeStatus is the stub's table of hangup causes, read backwards.
var causeStatus = map[telephony.Cause]string{
	telephony.CauseNoRoute:          "UNKNOWN",
	telephony.CauseBusy:             "FULL",
	telephony.CauseNoUserResponse:   "LEAVEEMPTY",
	telephony.CauseNoAnswer:         "TIMEOUT",
	telephony.CauseSubscriberAbsent: "JOINEMPTY",
	telephony.CauseNormalOther:      "WITHDRAW",
}
