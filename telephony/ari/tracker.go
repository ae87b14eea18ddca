package ari

import (
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// farLeg is what Asterisk appends to the id of a Local channel's second leg.
const farLeg = ";2"

// playback is one Play that has not ended yet.
type playback struct {
	channel  telephony.ChannelID
	accepted bool // Asterisk took it, so it owes us an end
	over     bool // its channel ended while the request was on its way
}

// tracker remembers the little that Asterisk's events do not say: which
// channels we originated, which playbacks owe us an end, what records where and
// which far legs are callers. Its owner holds a lock around every call.
type tracker struct {
	originated map[telephony.ChannelID]bool // true once Asterisk took the request
	arrivedFar map[telephony.ChannelID]bool
	away       map[telephony.ChannelID]bool   // left Stasis, on this connection, and did not come back
	watches    map[telephony.ChannelID]*watch // of channels that came by themselves
	playbacks  map[telephony.PlaybackID]*playback
	supplied   map[telephony.PlaybackID]bool // ends that we reported in Asterisk's place
	recordings map[string]*recording         // by name
	messages   map[string]*message           // by name
}

func newTracker() *tracker {
	return &tracker{
		originated: map[telephony.ChannelID]bool{},
		arrivedFar: map[telephony.ChannelID]bool{},
		away:       map[telephony.ChannelID]bool{},
		watches:    map[telephony.ChannelID]*watch{},
		playbacks:  map[telephony.PlaybackID]*playback{},
		supplied:   map[telephony.PlaybackID]bool{},
		recordings: map[string]*recording{},
		messages:   map[string]*message{},
	}
}

// see takes an event from the wire and gives the events that the consumer sees
// in its place: none, itself, or itself after the ends of playbacks.
func (t *tracker) see(ev telephony.Event, prefix string) []telephony.Event {
	switch e := ev.(type) {
	case telephony.ChannelArrived:
		if isFar(e.Channel.ID) {
			t.arrivedFar[e.Channel.ID] = true
		}
		delete(t.away, e.Channel.ID)
		if w := t.watches[e.Channel.ID]; w != nil {
			w.left = false // it came back
		}
		e.Channel = t.describe(e.Channel, prefix)
		return []telephony.Event{e}
	case telephony.ChannelChanged:
		if t.hidden(e.Channel.ID) {
			return nil
		}
		e.Channel = t.describe(e.Channel, prefix)
		return []telephony.Event{e}
	case telephony.DigitReceived:
		if t.hidden(e.ID) {
			return nil
		}
	case telephony.ChannelLeft:
		if t.hidden(e.ID) {
			return nil
		}
		t.away[e.ID] = true
		return append(append(t.endPlaybacks(e.ID, e.At), e), t.leave(e.ID, e.At)...)
	case telephony.ChannelEnded:
		if t.hidden(e.ID) {
			return nil
		}
		t.forget(e.ID)
		return append(t.endPlaybacks(e.ID, e.At), e)
	case telephony.PlaybackFinished:
		delete(t.playbacks, e.ID)
		if t.supplied[e.ID] {
			delete(t.supplied, e.ID)
			return nil
		}
	case telephony.RecordingFinished:
		if t.pause(e) {
			return nil
		}
		return []telephony.Event{t.endMessage(e, time.Now())}
	case telephony.UserEvent:
		if t.hidden(e.ID) {
			e.ID = telephony.ChannelID(strings.TrimSuffix(string(e.ID), farLeg))
			return []telephony.Event{e}
		}
	}
	return []telephony.Event{ev}
}

func isFar(id telephony.ChannelID) bool { return strings.HasSuffix(string(id), farLeg) }

func (t *tracker) hidden(id telephony.ChannelID) bool { return isFar(id) && !t.arrivedFar[id] }

// ours says whether linekeeper chose this id, now or in an earlier process.
func (t *tracker) ours(id telephony.ChannelID, prefix string) bool {
	_, known := t.originated[id]
	return (known || strings.HasPrefix(string(id), prefix)) && !isFar(id)
}

// describe corrects what Asterisk says about a channel that we originated: its
// extension is where the call goes, not a number that somebody dialled.
func (t *tracker) describe(ch telephony.Channel, prefix string) telephony.Channel {
	if t.ours(ch.ID, prefix) {
		ch.Dialed = ""
	}
	return ch
}

// settled lists the channels that Asterisk must show in a snapshot requested
// from now on, if they live.
func (t *tracker) settled() []telephony.ChannelID {
	var ids []telephony.ChannelID
	for id, accepted := range t.originated {
		if accepted {
			ids = append(ids, id)
		}
	}
	for id := range t.arrivedFar {
		ids = append(ids, id)
	}
	for id := range t.watches {
		ids = append(ids, id)
	}
	return ids
}

// forget drops what is remembered of a channel that is gone.
func (t *tracker) forget(id telephony.ChannelID) {
	delete(t.originated, id)
	delete(t.arrivedFar, id)
	delete(t.watches, id)
	delete(t.away, id)
}

// compare takes a snapshot and forgets the settled channels that it lacks.
func (t *tracker) compare(snap telephony.Snapshot, settled []telephony.ChannelID) {
	alive := map[telephony.ChannelID]bool{}
	for _, ch := range snap.Channels {
		alive[ch.ID] = true
		if isFar(ch.ID) {
			t.arrivedFar[ch.ID] = true
		}
	}
	for _, id := range settled {
		if !alive[id] {
			t.forget(id)
		}
	}
}
