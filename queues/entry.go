package queues

import (
	"strconv"
	"strings"
	"time"
)

// channelPrefix begins the channel id of every placeholder.
const channelPrefix = "lk-place-"

// ChannelID is the channel id of a place's placeholder. Each entry has its own,
// so that asking the switch twice cannot make two.
func ChannelID(placeID string, entry int) string {
	return channelPrefix + placeID + "-" + strconv.Itoa(entry)
}

// ParseChannelID takes a channel id apart. ok is false when it is not that of a
// placeholder.
func ParseChannelID(channel string) (placeID string, entry int, ok bool) {
	rest, ours := strings.CutPrefix(channel, channelPrefix)
	cut := strings.LastIndexByte(rest, '-')
	if !ours || cut <= 0 {
		return "", 0, false
	}
	entry, err := strconv.Atoi(rest[cut+1:])
	if err != nil || entry < 1 || ChannelID(rest[:cut], entry) != channel {
		return "", 0, false
	}
	return rest[:cut], entry, true
}

// joinPatience is how long an ordered entry may keep the next one waiting when
// the switch does not show it in its queue.
const joinPatience = 2 * time.Second

// letEnter inserts the resting places whose time has come, first to be served
// first. Entries whose order matters go one at a time: the next is asked for when
// the switch shows the one before it in the queue, because the switch carries out
// requests that are close together in any order. A new caller at the end need not
// wait for that.
func (l *Line) letEnter(t *turn) {
	inserted := len(l.foreign)
	for _, s := range l.order {
		if s.State.inserted() && s.sight != missing {
			inserted++
		}
	}
	free := l.free(t.now)
	for _, s := range l.order {
		if s.State != PlaceResting || s.EnterAfter.IsZero() || t.now.Before(s.EnterAfter) {
			continue
		}
		// Nobody is on the line, and an agent would be rung for it at once.
		if s.promise() && !s.asked && free > inserted {
			continue
		}
		position := l.position(s)
		newcomer := s.fresh && position == 0
		if !newcomer && (l.gateClosed(t.now) || !l.restored.IsZero()) {
			continue
		}
		l.insert(t, s, position)
		inserted++
		if !newcomer {
			l.gate = s.Channel
		}
	}
}

func (l *Line) gateClosed(now time.Time) bool {
	s := l.channels[l.gate]
	return s != nil && s.State == PlaceEntering && now.Before(s.EnteredAt.Add(joinPatience))
}

func (l *Line) insert(t *turn, s *spot, position int) {
	if !l.move(s, stepInsert) {
		return
	}
	s.Entry++
	s.Channel = ChannelID(s.ID, s.Entry)
	s.EnteredAt, s.EnterAfter = t.now, time.Time{}
	s.sight, s.asked, s.fresh = unseen, false, false
	l.channels[s.Channel] = s
	l.queueIn(standee{s.Channel, s.Priority, t.now}, position)
	t.do(Save{s.Place}, Insert{Place: s.Place, Channel: s.Channel, Position: position})
	if s.lost != "" {
		t.notePlace("place.reentered", s, map[string]any{
			"reason": s.lost, "entry": s.Entry, "position": position, "attempt": s.retries,
		})
		s.lost = ""
	}
}

// The back-off of a lost placeholder doubles from the first to the last; one
// that stood longer than the last was not lost in a row.
const (
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

func backoff(retries int) time.Duration {
	d := firstRetry
	for i := 1; i < retries && d < lastRetry; i++ {
		d *= 2
	}
	return min(d, lastRetry)
}

// retry lets a place that lost its placeholder enter again. A promise is never
// given up for it, only tried more slowly.
func (l *Line) retry(t *turn, s *spot, why string) {
	if t.now.Sub(s.EnteredAt) > lastRetry {
		s.retries = 0
	}
	s.retries++
	s.lost = why
	switch {
	case s.retries <= l.settings.MaxReentries:
		l.putToRest(t, s, t.now.Add(backoff(s.retries)), why)
	case s.CallbackID != "":
		l.putToRest(t, s, t.now.Add(l.settings.PromiseRetry), why)
	default:
		l.end(t, s, LeftFailed)
	}
}

// dropChannel forgets a placeholder that has ended by itself.
func (l *Line) dropChannel(t *turn, s *spot) {
	l.offersOver(t, s.Channel)
	l.queueOut(s.Channel)
	delete(l.channels, s.Channel)
	s.Channel = ""
}

// restore takes up a place as it was saved. What must enter again does so when
// all is known; see Apply.
func (l *Line) restore(t *turn, ev Restore) {
	if _, known := l.spots[ev.Place.ID]; known || ev.Place.State == PlaceLeft {
		return
	}
	if l.restored.IsZero() {
		l.restored = t.now
	}
	s := &spot{Place: ev.Place}
	was := s.State
	switch {
	case was == PlaceResting:
		s.Channel = ""
	case ev.Alive && ev.Served:
		s.State = PlaceServed
		if s.ServedAt.IsZero() {
			s.ServedAt = t.now
		}
	case ev.Alive && was == PlaceServed: // the switch knows better
		s.State, s.ServedAt, s.Agent = PlaceEntering, time.Time{}, ""
	}
	s.shown = true // whatever the switch shows of agents is newer
	l.adopt(s)
	if s.State.inserted() && ev.Alive {
		l.queueIn(standee{s.Channel, s.Priority, s.EnteredAt}, l.position(s))
	}
	switch {
	case was == PlaceResting:
	case s.State == PlaceServed && ev.Alive:
		if was != PlaceServed {
			l.noteServed(t, s)
		}
		t.do(Save{s.Place}, Serve{Place: s.Place, Channel: s.Channel})
	case ev.Alive:
		t.do(Save{s.Place})
	case was == PlaceServed:
		s.endUnseen = true
		l.dropChannel(t, s)
		l.end(t, s, LeftServed)
	default:
		s.lost = "restart"
		l.dropChannel(t, s)
		l.putToRest(t, s, t.now, s.lost)
	}
}
