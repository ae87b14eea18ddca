package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/callback"
)

var t0 = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := newLimiter(Rate{2, time.Hour}, Rate{3, 24 * time.Hour}, Rate{0, time.Minute})
	for i, tc := range []struct{ at, wait time.Duration }{
		{0, 0},
		{10 * time.Minute, 0},
		{20 * time.Minute, 40 * time.Minute},
		{59 * time.Minute, time.Minute},
		{time.Hour, 0},
		{2 * time.Hour, 22 * time.Hour}, // three within a day
		{24 * time.Hour, 0},
	} {
		if got := l.allow("a", t0.Add(tc.at)); got != tc.wait {
			t.Errorf("%d, after %v: wait %v, want %v", i, tc.at, got, tc.wait)
		}
	}
	if l.allow("b", t0) != 0 {
		t.Error("another key waits")
	}
	if newLimiter().allow("a", t0) != 0 {
		t.Error("without a rate somebody waits")
	}
}

func TestLimiterForgetsTheQuietest(t *testing.T) {
	t.Parallel()
	l := newLimiter(Rate{1, time.Hour})
	l.most = 3
	for i := range 100 {
		l.allow(fmt.Sprint(i), t0)
		l.allow("0", t0) // never quiet
	}
	if len(l.byKey) != 3 || l.order.Len() != 3 {
		t.Errorf("remembers %d keys", len(l.byKey))
	}
	if l.allow("0", t0) == 0 || l.allow("5", t0) != 0 {
		t.Error("forgot the wrong one")
	}
}

// In no span as long as a rate's, more than its N are let through; and who waits as
// long as told is let through.
func TestLimiterHoldsItsRates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rates := []Rate{{rapid.IntRange(1, 4).Draw(t, "n"), time.Minute}, {rapid.IntRange(1, 6).Draw(t, "m"), 5 * time.Minute}}
		l, now := newLimiter(rates...), t0
		var let []time.Time
		for range 60 {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "pause")) * time.Second)
			wait := l.allow("k", now)
			if wait > 0 {
				now = now.Add(wait)
				if again := l.allow("k", now); again != 0 {
					t.Fatalf("waited %v, and is to wait %v more", wait, again)
				}
			}
			let = append(let, now)
			for _, r := range rates {
				n := 0
				for _, at := range let {
					if at.After(now.Add(-r.Per)) {
						n++
					}
				}
				if n > r.N {
					t.Fatalf("%d within %v, at most %d", n, r.Per, r.N)
				}
			}
		}
	})
}

func TestClientBehindProxies(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tc := range []struct {
		peer, forwarded, want string
	}{
		{"192.0.2.1:5000", "", "192.0.2.1"},
		{"192.0.2.1:5000", "198.51.100.7", "192.0.2.1"}, // nobody of ours says so
		{"10.0.0.1:5000", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5000", "1.1.1.1, 198.51.100.7, 10.2.3.4", "198.51.100.7"},
		{"10.0.0.1:5000", "10.0.0.9", "10.0.0.9"},
		{"10.0.0.1:5000", "unknown", "10.0.0.1"},
		{"10.0.0.1:5000", "198.51.100.7, nonsense", "10.0.0.1"},
		{"10.0.0.1:5000", "198.51.100.7:4711", "198.51.100.7"},
		{"[::1]:5000", "[2001:db8::1]:443", "2001:db8::1"},
		{"[::ffff:10.0.0.1]:5000", "2001:db8::1", "2001:db8::1"},
		{"@", "198.51.100.7", "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: tc.peer, Header: http.Header{}}
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := clientOf(r, trusted).String(); got != tc.want {
			t.Errorf("%s, forwarded for %q, is %s, want %s", tc.peer, tc.forwarded, got, tc.want)
		}
	}
	if a, b := limitKey(netip.MustParseAddr("2001:db8::1")), limitKey(netip.MustParseAddr("2001:db8::ffff:2")); a != b {
		t.Errorf("one network is limited as %s and %s", a, b)
	}
	if a, b := limitKey(netip.MustParseAddr("192.0.2.1")), limitKey(netip.MustParseAddr("192.0.2.2")); a == b {
		t.Error("two addresses are limited as one")
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-z0-9]{0,20}`).Draw(t, "key")
		token := newToken(key, "+79161234567")
		if !wellFormed(token) || (key != "") != (token == newToken(key, "+79161234567")) {
			t.Fatalf("%q makes %s", key, token)
		}
		i := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		to := rapid.SampledFrom([]byte("0123456789abcdefghjkmnpqrstvwxyz")).Draw(t, "to")
		slip := token[:i] + string(to) + token[i+1:]
		if slip != token && keyOf(slip) == keyOf(token) {
			t.Fatalf("%s and %s have one key", token, slip)
		}
	})
	slips := 0
	token := newToken("", "")
	for i := range token {
		for _, to := range "0123456789abcdefghjkmnpqrstvwxyz" {
			if slip := token[:i] + string(to) + token[i+1:]; slip != token && wellFormed(slip) {
				slips++
			}
		}
	}
	if slips > 10 { // some 0.8 of 806 by chance
		t.Errorf("%d of %d slips of one sign are not noticed", slips, 31*len(token))
	}
	for _, bad := range []string{"", "x", strings.Repeat("0", 26) + "0", strings.Repeat("é", 13)} {
		if wellFormed(bad) {
			t.Errorf("%q is taken for a token", bad)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	wrong := func(code string) string {
		if code == "000000" {
			return "000001"
		}
		return "000000"
	}
	c := newCodes(2)
	code, ok := c.issue("k1", "b1", t0)
	if !ok || !sixDigits.MatchString(code) {
		t.Fatalf("the code is %q", code)
	}
	for key, s := range c.open {
		if strings.Contains(fmt.Sprintf("%+v", *s), code) {
			t.Errorf("the code of %s is kept as it is", key)
		}
	}
	if _, ok := c.try("k2", code, t0); ok {
		t.Error("a code of another promise is taken")
	}
	for range codeTries - 1 {
		if _, ok := c.try("k1", wrong(code), t0); ok {
			t.Error("a wrong code is taken")
		}
	}
	if id, ok := c.try("k1", code, t0.Add(callback.VerifyTimeout-1)); !ok || id != "b1" {
		t.Errorf("the code gives %q, %v", id, ok)
	}
	if _, ok := c.try("k1", code, t0); ok {
		t.Error("a code is taken twice")
	}
	// Three wrong ones end it.
	code, _ = c.issue("k1", "b1", t0)
	for range codeTries {
		c.try("k1", wrong(code), t0)
	}
	if _, ok := c.try("k1", code, t0); ok {
		t.Error("a code is taken after three wrong ones")
	}
	// So does time; and there is no room for more than may be open.
	first, _ := c.issue("k1", "b1", t0)
	if _, ok := c.issue("k2", "b2", t0); !ok {
		t.Error("no room for two")
	}
	if _, ok := c.issue("k3", "b3", t0); ok {
		t.Error("room for three")
	}
	if _, ok := c.issue("k3", "b3", t0.Add(callback.VerifyTimeout)); !ok {
		t.Error("codes that are over take room")
	}
	if _, ok := c.try("k1", first, t0.Add(callback.VerifyTimeout)); ok {
		t.Error("an old code is taken")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("application/json", "", []byte(mine))
	f.Add("application/json", "6c1b9d0e-6f6e-4d2a", []byte(`{"number":"1","when":{"from":"2026-03-29T02:30"},"time_zone":"Europe/Berlin"}`))
	f.Add("application/x-www-form-urlencoded", "", []byte("number=1&when=now&h-captcha-response=x&key=0123456789abcdef"))
	f.Add("text/plain", "x", []byte("\x00"))
	f.Fuzz(func(t *testing.T, kind, key string, body []byte) {
		form, gotKey, err := decode(kind, key, strings.NewReader(string(body)))
		if err != nil {
			var bad *fault
			if !errors.As(err, &bad) || bad.status/100 != 4 || bad.message == "" {
				t.Fatalf("%q gives %v", body, err)
			}
			return
		}
		if gotKey != "" && len(gotKey) < shortestKey {
			t.Fatalf("the key %q is taken", gotKey)
		}
		if len(form.Number)+len(form.Question)+len(form.Name) > 3*maxBody {
			t.Fatalf("a form of %d bytes gives %+v", len(body), form)
		}
		if form.When.From != "" && !strings.Contains(string(body), "from") {
			t.Fatalf("a window out of nothing: %+v", form)
		}
	})
}
