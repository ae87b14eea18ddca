package chain

import (
	"strconv"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

func TestCacheAges(t *testing.T) {
	t.Parallel()
	c := newCache(Cache{Known: time.Minute, Stranger: 20 * time.Second})
	known := []callers.Record{{Account: "1001"}}
	start := time.Unix(0, 0)
	for _, s := range []struct {
		q       question
		records []callers.Record
		age     time.Duration
	}{
		{question{byNumber, "+79161234501"}, known, time.Minute},
		{question{byNumber, "+79161234509"}, nil, 20 * time.Second},
		{question{byAccount, "1001"}, known, SecretAge},
		{question{byCode, "77"}, nil, SecretAge},
	} {
		c.put(s.q, s.records, start)
		got, ok := c.get(s.q, start.Add(s.age-1))
		if !ok || len(got) != len(s.records) {
			t.Errorf("%v before its age: %v, %v", s.q, got, ok)
		}
		if _, ok := c.get(s.q, start.Add(s.age)); ok {
			t.Errorf("%v is used at its age", s.q)
		}
	}
	if len(c.entries) != 0 || c.order.Len() != 0 {
		t.Errorf("%d entries, %d in order are left", len(c.entries), c.order.Len())
	}
}

func TestCacheForgetsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	c := newCache(Cache{Size: 3, Known: time.Minute, Stranger: time.Minute})
	now := time.Unix(0, 0)
	q := func(n int) question { return question{byNumber, strconv.Itoa(n)} }
	for n := range 3 {
		c.put(q(n), nil, now)
	}
	c.get(q(0), now)
	c.put(q(3), nil, now)
	for n, want := range []bool{true, false, true, true} {
		if _, ok := c.get(q(n), now); ok != want {
			t.Errorf("%d is kept: %v", n, ok)
		}
	}
}

func TestNoCacheUnlessAsked(t *testing.T) {
	t.Parallel()
	c := newCache(Cache{Size: 3})
	c.put(question{byNumber, "1"}, []callers.Record{{Account: "1"}}, time.Unix(0, 0))
	if len(c.entries) != 0 {
		t.Error("it remembers")
	}
}
