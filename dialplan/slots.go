package dialplan

import "time"

// Slots are the times that a callback node offers to choose from.
type Slots struct {
	Days     int           // today and the days after it, 1 to 7
	Hours    *Hours        // when they are; nil: those of the hotline, or all day
	Length   time.Duration // of each
	Capacity int           // how many promises of the queue one slot takes
	Ahead    time.Duration // from now until the first may begin
	Offer    int           // how many are told at once, 1 to 7
}

// Slot is a span of time in which a call is promised.
type Slot struct {
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Candidates lists the slots from now on, the soonest first. Each lies on the grid
// of its day's opening and is open from its beginning to its end, holidays and
// changes of the clocks considered: a slot in an hour that does not exist is left
// out, one in an hour that comes twice is its first, and one into which the slot
// before it reaches because the clocks went forward is left out. Hours are those
// of the hotline, nil where it is always open.
func (s *Slots) Candidates(hours *Hours, now time.Time) []Slot {
	if s.Hours != nil {
		hours = s.Hours
	}
	if hours == nil {
		hours = allDay
	}
	var found []Slot
	local := now.In(hours.Location)
	for day := range s.Days {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, 12, 0, 0, 0, hours.Location)
		for _, span := range hours.spansOn(at) {
			found = s.within(found, hours, at, span, now.Add(s.Ahead))
		}
	}
	return found
}

// within adds the slots of one span of a day that do not begin before first.
func (s *Slots) within(found []Slot, hours *Hours, day time.Time, span Span, first time.Time) []Slot {
	end := span.To
	if end <= span.From {
		end += minutesOfDay
	}
	length := int(s.Length / time.Minute)
	for minute := span.From; minute+length <= end; minute += length {
		from := time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, hours.Location)
		slot := Slot{From: from, Until: from.Add(s.Length)}
		exists := from.Hour()*60+from.Minute() == minute%minutesOfDay
		apart := len(found) == 0 || !from.Before(found[len(found)-1].Until)
		if exists && apart && !from.Before(first) && hours.openAll(slot) {
			found = append(found, slot)
		}
	}
	return found
}

// openAll says whether the hours are open from the beginning of a slot to its end.
func (h *Hours) openAll(s Slot) bool {
	for t := s.From; t.Before(s.Until); t = h.Turn(t) {
		if !h.IsOpen(t) {
			return false
		}
	}
	return true
}

const minutesOfDay = 24 * 60

// allDay are the hours of a hotline that is always open.
var allDay = func() *Hours {
	h := &Hours{Location: time.UTC}
	for day := range h.Week {
		h.Week[day] = []Span{{0, minutesOfDay}}
	}
	return h
}()

// after drops the slots that do not begin later than the last one told.
func after(slots []Slot, last time.Time) []Slot {
	for i, s := range slots {
		if s.From.After(last) {
			return slots[i:]
		}
	}
	return nil
}
