package queues

import "slices"

// meetForeign notes a caller who came by another way. One who is known already
// is not news.
func (l *Line) meetForeign(t *turn, f Joined) {
	known := slices.ContainsFunc(l.foreign, func(k Joined) bool { return k.Channel == f.Channel })
	l.addForeign(f)
	if !known {
		t.note("foreign.joined", "", map[string]any{"channel": f.Channel, "priority": f.Priority})
	}
}

// partForeign notes that such a caller is not in the queue any more; the switch
// does not say here whether an agent took it.
func (l *Line) partForeign(t *turn, channel string) {
	i := slices.IndexFunc(l.foreign, func(k Joined) bool { return k.Channel == channel })
	if i < 0 {
		return
	}
	f := l.foreign[i]
	l.foreign = slices.Delete(l.foreign, i, i+1)
	l.offersOver(t, channel)
	t.note("foreign.left", "", map[string]any{"channel": f.Channel, "priority": f.Priority})
}
