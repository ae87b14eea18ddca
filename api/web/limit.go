package web

import (
	"container/list"
	"time"
)

// Rate is how many requests are let through within a span.
type Rate struct {
	N   int // 0: no limit
	Per time.Duration
}

// limiter counts requests by a key (an address, a number) in sliding windows: of
// any span as long as Per, at most N requests were let through. It is pure, and
// remembers at most most keys: the one that was quiet longest is forgotten first.
// It has one user at a time.
type limiter struct {
	rates []Rate
	most  int
	byKey map[string]*list.Element // of *visits
	order *list.List               // the latest first
}

// visits are when requests with a key were let through, the oldest first.
type visits struct {
	key string
	at  []time.Time
}

// mostKeys bounds the memory of a limiter: some 20 MB with 20 requests a day each.
const mostKeys = 50_000

func newLimiter(rates ...Rate) *limiter {
	l := &limiter{most: mostKeys, byKey: map[string]*list.Element{}, order: list.New()}
	for _, r := range rates {
		if r.N > 0 && r.Per > 0 {
			l.rates = append(l.rates, r)
		}
	}
	return l
}

// allow counts a request and says zero, or how long to wait until one is let
// through again; those that are not do not count.
func (l *limiter) allow(key string, now time.Time) (wait time.Duration) {
	if len(l.rates) == 0 {
		return 0
	}
	v := l.visits(key)
	l.forget(v, now)
	for _, r := range l.rates {
		if len(v.at) < r.N {
			continue
		}
		if again := v.at[len(v.at)-r.N].Add(r.Per); again.After(now) {
			wait = max(wait, again.Sub(now))
		}
	}
	if wait == 0 {
		v.at = append(v.at, now)
	}
	return wait
}

// visits finds those of a key, or begins them.
func (l *limiter) visits(key string) *visits {
	if e := l.byKey[key]; e != nil {
		l.order.MoveToFront(e)
		return e.Value.(*visits)
	}
	if l.order.Len() >= l.most {
		oldest := l.order.Back()
		delete(l.byKey, oldest.Value.(*visits).key)
		l.order.Remove(oldest)
	}
	v := &visits{key: key}
	l.byKey[key] = l.order.PushFront(v)
	return v
}

// forget drops what no rate looks at any more.
func (l *limiter) forget(v *visits, now time.Time) {
	var longest time.Duration
	for _, r := range l.rates {
		longest = max(longest, r.Per)
	}
	old := 0
	for old < len(v.at) && !v.at[old].Add(longest).After(now) {
		old++
	}
	v.at = append(v.at[:0], v.at[old:]...)
}
