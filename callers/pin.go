package callers

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// HashParams is what hashing a PIN costs (RFC 9106, section 3.1).
type HashParams struct {
	MemoryKiB uint32 // 8 times Lanes to 262144 (256 MiB)
	Passes    uint32 // 1 to 10
	Lanes     uint8  // 1 to 16
}

// DefaultHashParams is the least that OWASP's Password Storage Cheat Sheet asks
// for: 19 MiB, two passes, one lane. A PIN has few digits: the hash slows a
// thief of the file down, the limit of tries protects the line.
var DefaultHashParams = HashParams{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}

const (
	maxMemoryKiB = 256 * 1024
	maxPasses    = 10
	maxLanes     = 16
	minSalt      = 8
	maxSalt      = 64
	minKey       = 16
	maxKey       = 64
	keyLength    = 32
)

// HashPIN hashes a PIN to a PHC string, "$argon2id$v=19$m=19456,t=2,p=1$salt$key".
// Salt is 8 to 64 random bytes, a new one for each PIN. It fails when the PIN is
// empty or params or salt are out of range.
func HashPIN(pin string, params HashParams, salt []byte) (string, error) {
	if pin == "" {
		return "", errors.New("hash PIN: the PIN is empty")
	}
	if err := params.check(); err != nil {
		return "", fmt.Errorf("hash PIN: %w", err)
	}
	if len(salt) < minSalt || len(salt) > maxSalt {
		return "", fmt.Errorf("hash PIN: the salt has %d bytes, want %d to %d", len(salt), minSalt, maxSalt)
	}
	key := argon2.IDKey([]byte(pin), salt, params.Passes, params.MemoryKiB, params.Lanes, keyLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		params.MemoryKiB, params.Passes, params.Lanes, phcBase64.EncodeToString(salt), phcBase64.EncodeToString(key)), nil
}

// VerifyPIN says whether the PIN fits the PHC string; the keys are compared in
// constant time. It takes tens of milliseconds and the memory that the hash
// names. A hash that is malformed or asks for too much is an error.
func VerifyPIN(hash, pin string) (bool, error) {
	h, err := parseHash(hash)
	if err != nil {
		return false, fmt.Errorf("verify PIN: %w", err)
	}
	key := argon2.IDKey([]byte(pin), h.salt, h.params.Passes, h.params.MemoryKiB, h.params.Lanes, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1, nil
}

// CheckHash says what is wrong with a PHC string; nil means that VerifyPIN can
// use it. The error does not repeat the hash.
func CheckHash(hash string) error {
	_, err := parseHash(hash)
	return err
}

func (p HashParams) check() error {
	switch {
	case p.Passes < 1 || p.Passes > maxPasses:
		return fmt.Errorf("t=%d is not in 1 to %d", p.Passes, maxPasses)
	case p.Lanes < 1 || p.Lanes > maxLanes:
		return fmt.Errorf("p=%d is not in 1 to %d", p.Lanes, maxLanes)
	case p.MemoryKiB < 8*uint32(p.Lanes) || p.MemoryKiB > maxMemoryKiB:
		return fmt.Errorf("m=%d is not in %d to %d KiB", p.MemoryKiB, 8*uint32(p.Lanes), maxMemoryKiB)
	}
	return nil
}

// pinHash is a parsed PHC string.
type pinHash struct {
	params    HashParams
	salt, key []byte
}

// phcBase64 is the "B64" of the PHC string format: no padding, and strict, so
// that one hash has one spelling.
var phcBase64 = base64.RawStdEncoding.Strict()

func parseHash(hash string) (pinHash, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return pinHash{}, errors.New("not a PHC string of argon2id ($argon2id$v=19$m=...,t=...,p=...$salt$key)")
	}
	if want := "v=" + strconv.Itoa(argon2.Version); parts[2] != want {
		return pinHash{}, fmt.Errorf("argon2 version is not %s", want)
	}
	var h pinHash
	var err error
	if h.params, err = parseHashParams(parts[3]); err != nil {
		return pinHash{}, err
	}
	if h.salt, err = decodeWithin(parts[4], minSalt, maxSalt); err != nil {
		return pinHash{}, fmt.Errorf("salt: %w", err)
	}
	if h.key, err = decodeWithin(parts[5], minKey, maxKey); err != nil {
		return pinHash{}, fmt.Errorf("key: %w", err)
	}
	return h, nil
}

func parseHashParams(s string) (HashParams, error) {
	fields := strings.Split(s, ",")
	var numbers [3]uint32
	for i, name := range [...]string{"m=", "t=", "p="} {
		if i >= len(fields) || len(fields) > len(numbers) {
			return HashParams{}, errors.New("parameters are not m=,t=,p=")
		}
		digits, ok := strings.CutPrefix(fields[i], name)
		n, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil || strconv.FormatUint(n, 10) != digits {
			return HashParams{}, fmt.Errorf("parameter %s is not a plain number", name)
		}
		numbers[i] = uint32(n)
	}
	if numbers[2] > maxLanes {
		return HashParams{}, fmt.Errorf("p=%d is not in 1 to %d", numbers[2], maxLanes)
	}
	p := HashParams{MemoryKiB: numbers[0], Passes: numbers[1], Lanes: uint8(numbers[2])}
	return p, p.check()
}

func decodeWithin(s string, low, high int) ([]byte, error) {
	b, err := phcBase64.DecodeString(s)
	if err != nil {
		return nil, errors.New("not base64 without padding")
	}
	if len(b) < low || len(b) > high || phcBase64.EncodeToString(b) != s {
		return nil, fmt.Errorf("%d bytes, want %d to %d", len(b), low, high)
	}
	return b, nil
}
