package share

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Links makes and checks addresses of sounds that nobody can guess and that end.
// It is safe for concurrent use.
type Links struct {
	base  string
	key   []byte
	valid time.Duration
}

// NewLinks makes addresses under base, a URL. Each is good for valid at least and
// for twice as long at most; so long it is the same, and the switch keeps what is
// behind it. Different sounds change their addresses at different times.
func NewLinks(base string, key []byte, valid time.Duration) *Links {
	return &Links{strings.TrimRight(base, "/"), key, max(valid, time.Second)}
}

// The kinds of addresses.
const (
	kindSound = "sounds"
	kindProbe = "probe" // a sound of our own, for doctor
	kindSeen  = "seen"  // whether a probe was fetched
)

// Media is the medium of a sound by its name without extension.
func (l *Links) Media(name string, now time.Time) telephony.Media {
	return telephony.Media("sound:" + l.base + l.path(kindSound, name, now))
}

// Probe is the medium of a test by a name that was not used before, and Seen the
// path where a Server tells whether somebody fetched it.
func (l *Links) Probe(name string, now time.Time) (probe telephony.Media, seen string) {
	return telephony.Media("sound:" + l.base + l.path(kindProbe, name, now)), l.path(kindSeen, name, now)
}

func (l *Links) path(kind, name string, now time.Time) string {
	ends := strconv.FormatInt(l.ends(name, now).Unix(), 10)
	return "/" + kind + "/" + ends + "/" + l.sign(kind, ends, name) + "/" + name + ".wav"
}

// ends is when the address of a sound does that is made now.
func (l *Links) ends(name string, now time.Time) time.Time {
	sum := sha256.Sum256([]byte(name))
	shift := time.Duration(uint64(sum[0])<<8|uint64(sum[1])) * l.valid / (1 << 16)
	return now.Add(shift).Truncate(l.valid).Add(2*l.valid - shift).Truncate(time.Second)
}

func (l *Links) sign(kind, ends, name string) string {
	mac := hmac.New(sha256.New, l.key)
	fmt.Fprintf(mac, "%s\n%s\n%s", kind, ends, name)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

var (
	errForged  = errors.New("the address is not one of ours")
	errExpired = errors.New("the address has expired")
)

// check says until when the address is good.
func (l *Links) check(kind, ends, signature, name string, now time.Time) (time.Time, error) {
	if !hmac.Equal([]byte(signature), []byte(l.sign(kind, ends, name))) {
		return time.Time{}, errForged
	}
	unix, err := strconv.ParseInt(ends, 10, 64)
	if err != nil {
		return time.Time{}, errForged
	}
	until := time.Unix(unix, 0)
	if !now.Before(until) {
		return time.Time{}, errExpired
	}
	return until, nil
}

// Key reads the key that is kept in a file, and makes one where there is none.
func Key(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(path); err == nil || errors.Is(err, fs.ErrExist) { // another process was faster
			key, err = os.ReadFile(path)
		}
	}
	if err == nil && len(key) < 16 {
		err = fmt.Errorf("%s is too short for a key; remove it", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the sounds' addresses: %w", err)
	}
	return key, nil
}

// makeKey writes a key beside its place and links it there, whole or not at all.
func makeKey(path string) (err error) {
	half := path + "." + rand.Text()
	if err := os.WriteFile(half, []byte(rand.Text()+rand.Text()), 0o600); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(half)) }()
	return os.Link(half, path)
}
