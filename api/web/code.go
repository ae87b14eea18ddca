package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// codeTries is how often a code may be given wrong.
const codeTries = 3

// codes are those that were sent and not given yet, hashed with a key that lives
// as long as the daemon: after a restart the customer asks anew. It is pure but
// for the dice, and has one user at a time.
type codes struct {
	secret [32]byte
	most   int
	open   map[string]*sentCode // by the promise's key
}

type sentCode struct {
	hash  [sha256.Size]byte
	until time.Time
	tries int // that are left
	id    string
}

func newCodes(most int) *codes {
	c := &codes{most: most, open: map[string]*sentCode{}}
	_, _ = rand.Read(c.secret[:]) // never fails
	return c
}

// issue makes the code for a promise; false when too many are open.
func (c *codes) issue(key, id string, now time.Time) (code string, ok bool) {
	for other, s := range c.open {
		if !s.until.After(now) {
			delete(c.open, other)
		}
	}
	if len(c.open) >= c.most {
		return "", false
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", false
	}
	code = fmt.Sprintf("%06d", n)
	c.open[key] = &sentCode{hash: c.hash(key, code), until: now.Add(callback.VerifyTimeout), tries: codeTries, id: id}
	return code, true
}

// try gives the promise when the code is right, and forgets the code. Unknown
// keys, codes that are over and wrong ones are the same answer, and take as long.
func (c *codes) try(key, code string, now time.Time) (id string, ok bool) {
	given := c.hash(key, code)
	s := c.open[key]
	if s == nil {
		s = &sentCode{} // its time is over
	}
	right := hmac.Equal(given[:], s.hash[:])
	switch {
	case !s.until.After(now):
		delete(c.open, key)
		return "", false
	case right:
		delete(c.open, key)
		return s.id, true
	}
	if s.tries--; s.tries <= 0 {
		delete(c.open, key)
	}
	return "", false
}

func (c *codes) hash(key, code string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, c.secret[:])
	_, _ = mac.Write([]byte(key + "\x00" + code)) // never fails
	mac.Sum(sum[:0])
	return sum
}
