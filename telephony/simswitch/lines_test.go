package simswitch_test

import (
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

func trim(s string) string { return strings.Join(strings.Fields(s), " ") }

// line writes an event in a few words, without its time.
func line(ev telephony.Event) string {
	switch e := ev.(type) {
	case telephony.Connected:
		return fmt.Sprintf("connected with %d channels, %d bridges", len(e.Snapshot.Channels), len(e.Snapshot.Bridges))
	case telephony.Disconnected:
		return "disconnected"
	case telephony.Replaced:
		return "replaced"
	case telephony.ChannelArrived:
		return fmt.Sprintf("arrived %s %s", e.Channel.ID, strings.Join(e.Args, " "))
	case telephony.ChannelChanged:
		return fmt.Sprintf("changed %s %d", e.Channel.ID, e.Channel.State)
	case telephony.ChannelLeft:
		return fmt.Sprintf("left %s", e.ID)
	case telephony.ChannelEnded:
		return fmt.Sprintf("ended %s %v", e.ID, e.Cause)
	case telephony.DigitReceived:
		return fmt.Sprintf("digit %s %c", e.ID, e.Digit)
	case telephony.PlaybackFinished:
		return fmt.Sprintf("played %s failed=%v", e.ID, e.Failed)
	case telephony.RecordingFinished:
		return fmt.Sprintf("recorded %s", e.Name)
	case telephony.UserEvent:
		return fmt.Sprintf("user %s %s %s %s", e.Name, e.ID, e.Fields["Place"], e.Fields["Status"])
	}
	return fmt.Sprintf("%T", ev)
}
