package ami

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// phones remembers what each phone was last said to do, so that a phone is told
// once for several of Asterisk's states that are one of ours.
type phones map[string]telephony.MemberStatus

// DeviceStateList lists the state of every device that Asterisk knows as its
// events DeviceStateChange. It needs the permission "call" or "reporting" and
// Asterisk's module res_manager_devicestate, which also sends these events.
func (c *Client) DeviceStateList(ctx context.Context) ([]Message, error) {
	return c.List(ctx, NewAction("DeviceStateList"))
}

// reset reads the elements of DeviceStateList. The result is by name, and not
// nil.
func (p phones) reset(list []Message) []telephony.PhoneStatus {
	clear(p)
	for _, m := range list {
		if device := m.Get("Device"); isPhone(device) {
			p[device] = deviceStatus(m.Get("State"))
		}
	}
	out := make([]telephony.PhoneStatus, 0, len(p))
	for phone, status := range p {
		out = append(out, telephony.PhoneStatus{Phone: phone, Status: status})
	}
	slices.SortFunc(out, func(a, b telephony.PhoneStatus) int { return cmp.Compare(a.Phone, b.Phone) })
	return out
}

// change reads one event; nil when it is not about a phone or tells nothing new.
func (p phones) change(m Message, now time.Time) []telephony.QueueEvent {
	device := m.Get("Device")
	if m.Name() != "DeviceStateChange" || !isPhone(device) {
		return nil
	}
	status := deviceStatus(m.Get("State"))
	if told, known := p[device]; known && told == status {
		return nil
	}
	p[device] = status
	return []telephony.QueueEvent{{
		Kind: telephony.PhoneChanged, Agent: telephony.QueueAgent{Interface: device, Name: device},
		Phones: []telephony.PhoneStatus{{Phone: device, Status: status}}, At: now,
	}}
}

// internal are the technologies of channels that Asterisk makes for itself, to
// record, announce, overhear and park.
var internal = map[string]bool{
	"Announcer": true, "Bridge": true, "CBAnn": true, "CBRec": true, "Message": true,
	"Recorder": true, "Snoop": true, "Surrogate": true,
}

// isPhone tells a device of a channel technology, TECHNOLOGY/NAME, from those
// that are no telephones: PROVIDER:NAME (Queue:, Stasis:, Custom:), Asterisk's
// own channels, and our placeholders in queues.
func isPhone(device string) bool {
	tech, name, ok := strings.Cut(device, "/")
	switch {
	case !ok || tech == "" || name == "" || strings.Contains(tech, ":") || internal[tech]:
		return false
	case strings.EqualFold(tech, "Local"):
		return !strings.HasSuffix(name, "@linekeeper-queue")
	}
	return true
}

// deviceStatus reads a device state by its name (devicestate.h).
func deviceStatus(state string) telephony.MemberStatus {
	switch state {
	case "NOT_INUSE":
		return telephony.MemberIdle
	case "INUSE", "BUSY", "RINGINUSE", "ONHOLD":
		return telephony.MemberInUse
	case "RINGING":
		return telephony.MemberRinging
	case "INVALID", "UNAVAILABLE":
		return telephony.MemberUnavailable
	}
	return telephony.MemberUnknown
}
