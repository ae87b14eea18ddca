package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/linekeeper/linekeeper/telephony"
)

// mappedTypes are the events that we use, and what the event filter allows.
// ApplicationReplaced is sent whatever the filter says; it is listed so that
// nothing depends on that.
var mappedTypes = []string{
	"ApplicationReplaced",
	"ChannelDestroyed",
	"ChannelDtmfReceived",
	"ChannelStateChange",
	"ChannelTalkingFinished",
	"ChannelTalkingStarted",
	"ChannelUserevent",
	"PlaybackFinished",
	"RecordingFailed",
	"RecordingFinished",
	"StasisEnd",
	"StasisStart",
}

var isMapped = func() map[string]bool {
	m := make(map[string]bool, len(mappedTypes))
	for _, t := range mappedTypes {
		m[t] = true
	}
	return m
}()

// errUnmapped says that an event is of a type that we do not use.
var errUnmapped = errors.New("event type is not used")

// decode turns one websocket message into an event of the port. It returns the
// type's name also with an error, as far as it could be read.
func decode(data []byte) (telephony.Event, string, error) {
	var head struct {
		Type    string `json:"type"`
		Channel struct {
			Language string `json:"language"` // ari.ChannelData loses it
		} `json:"channel"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		// The channel may have an unforeseen shape in an event we do not use.
		if t := typeOf(data); t != "" && !isMapped[t] {
			return nil, t, errUnmapped
		}
		return nil, typeOf(data), fmt.Errorf("decode event: %w", err)
	}
	if head.Type == "" {
		return nil, "", errors.New("decode event: no type")
	}
	if !isMapped[head.Type] {
		return nil, head.Type, errUnmapped
	}
	raw, err := ari.DecodeEvent(data)
	if err != nil {
		return nil, head.Type, fmt.Errorf("decode event: %w", err)
	}
	ev, err := mapEvent(raw, head.Channel.Language)
	if err != nil {
		return nil, head.Type, fmt.Errorf("decode event: %w", err)
	}
	return ev, head.Type, nil
}

func typeOf(data []byte) string {
	var head struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(data, &head) != nil {
		return ""
	}
	return head.Type
}

func mapEvent(raw ari.Event, language string) (telephony.Event, error) {
	switch e := raw.(type) {
	case *ari.ApplicationReplaced:
		return telephony.Replaced{}, nil
	case *ari.StasisStart:
		ch := channelOf(&e.Channel, language)
		ch.Arrived = true
		return telephony.ChannelArrived{Channel: ch, Args: e.Args, At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.StasisEnd:
		return telephony.ChannelLeft{ID: telephony.ChannelID(e.Channel.ID), At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.ChannelStateChange:
		return telephony.ChannelChanged{Channel: channelOf(&e.Channel, language), At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.ChannelDestroyed:
		return telephony.ChannelEnded{
			ID: telephony.ChannelID(e.Channel.ID), Cause: telephony.Cause(e.Cause), At: at(e.EventData),
		}, need(e.Channel.ID)
	case *ari.ChannelDtmfReceived:
		digit, err := digitOf(e.Digit)
		if err != nil {
			return nil, err
		}
		return telephony.DigitReceived{ID: telephony.ChannelID(e.Channel.ID), Digit: digit, At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.ChannelTalkingStarted:
		return telephony.Talking{ID: telephony.ChannelID(e.Channel.ID), On: true, At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.ChannelTalkingFinished:
		return telephony.Talking{ID: telephony.ChannelID(e.Channel.ID), At: at(e.EventData)}, need(e.Channel.ID)
	case *ari.PlaybackFinished:
		ch, _ := strings.CutPrefix(e.Playback.TargetURI, "channel:")
		return telephony.PlaybackFinished{
			ID: telephony.PlaybackID(e.Playback.ID), Channel: telephony.ChannelID(ch),
			Failed: e.Playback.State == "failed", At: at(e.EventData),
		}, need(e.Playback.ID)
	case *ari.RecordingFinished:
		return recordingOf(e.Recording, e.EventData, false), need(e.Recording.Name)
	case *ari.RecordingFailed:
		return recordingOf(e.Recording, e.EventData, true), need(e.Recording.Name)
	case *ari.ChannelUserevent:
		return telephony.UserEvent{
			Name: e.Eventname, ID: telephony.ChannelID(e.Channel.ID), Fields: fieldsOf(e.Userevent), At: at(e.EventData),
		}, need(e.Eventname)
	}
	return nil, fmt.Errorf("no mapping for %T", raw)
}

// need refuses an event that does not say whom it is about.
func need(id string) error {
	if id == "" {
		return errors.New("no id")
	}
	return nil
}

func at(d ari.EventData) time.Time { return time.Time(d.Timestamp) }

func channelOf(d *ari.ChannelData, language string) telephony.Channel {
	ch := telephony.Channel{
		ID:       telephony.ChannelID(d.ID),
		Name:     d.Name,
		State:    stateOf(d.State),
		Language: language,
	}
	if d.Caller != nil {
		ch.Caller = telephony.CallerID{Name: d.Caller.Name, Number: d.Caller.Number}
	}
	if d.Dialplan != nil {
		ch.Dialed = d.Dialplan.Exten
	}
	return ch
}

// stateOf maps Asterisk's state names (ast_state2str). "Ring" is a caller who
// waits for us to answer, "Ringing" a phone that we called.
func stateOf(s string) telephony.ChannelState {
	switch s {
	case "Up":
		return telephony.StateUp
	case "Ring", "Ringing", "Pre-ring":
		return telephony.StateRinging
	}
	return telephony.StateDown
}

func digitOf(s string) (rune, error) {
	r, size := utf8.DecodeRuneInString(s)
	if 'a' <= r && r <= 'd' {
		r -= 'a' - 'A'
	}
	if size == len(s) && strings.ContainsRune("0123456789*#ABCD", r) && r != utf8.RuneError {
		return r, nil
	}
	return 0, fmt.Errorf("digit %.10q is not a key of a telephone", s)
}

// fieldsOf gives the headers of a dialplan's UserEvent without its name.
func fieldsOf(v any) map[string]string {
	m, _ := v.(map[string]any)
	fields := make(map[string]string, len(m))
	for k, v := range m {
		if k == "eventname" {
			continue
		}
		if s, ok := v.(string); ok {
			fields[k] = s
		} else {
			fields[k] = fmt.Sprint(v)
		}
	}
	return fields
}
