package controller

import (
	"crypto/rand"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Prefixes of the ids that linekeeper chooses on the switch.
const (
	prefixPlace  = "lk-place-" // lk-place-<place>-<entry>: near leg of a placeholder
	prefixCust   = "lk-cb-"    // lk-cb-<callback>-<attempt>: the customer's leg of a callback
	prefixDial   = "lk-tr-"    // lk-tr-<call>-<n>: whom a caller is put through to
	prefixBridge = "lk-br-"    // lk-br-<call>
	prefixPlay   = "lk-say-"   // lk-say-<call>-<n>
)

var idAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID gives a short id that sorts by time: 40 bits of hundredths of a second
// (good until 2318) and 40 random bits. Two ids made in the same hundredth are
// equal with a chance of one in 10^12.
func newID(kind string, now time.Time) string {
	var b [10]byte
	t := uint64(now.UnixMilli() / 10)
	for i := 4; i >= 0; i-- {
		b[i] = byte(t)
		t >>= 8
	}
	_, _ = rand.Read(b[5:]) // never fails: crypto/rand.Read ends the program rather than return an error
	return kind + idAlphabet.EncodeToString(b[:])
}

// ownedBy splits an id of ours "<prefix><owner>-<n>".
func ownedBy(id telephony.ChannelID, prefix string) (owner string, n int, ok bool) {
	rest, found := strings.CutPrefix(string(id), prefix)
	if !found {
		return "", 0, false
	}
	i := strings.LastIndexByte(rest, '-')
	if i < 1 {
		return "", 0, false
	}
	n, err := strconv.Atoi(rest[i+1:])
	return rest[:i], n, err == nil
}
