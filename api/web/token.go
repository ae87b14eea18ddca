package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// A token is 120 bits and a check of 10 bits, as 26 letters and digits. It is the only
// way by which a stranger names a promise; the store has it hashed, as the
// promise's key.
const (
	tokenBytes = 15
	tokenChars = 24
	checkChars = 2
)

var tokenAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// shortestKey is how long a key must be from which a token is made: whoever guesses
// the key has the token.
const shortestKey = 16

// newToken makes the token of a request. With a key, asking again gives the same
// one, also after a restart; without it is random.
func newToken(key, number string) string {
	secret := make([]byte, tokenBytes)
	if key == "" {
		_, _ = rand.Read(secret) // never fails
	} else {
		sum := sha256.Sum256([]byte("linekeeper web token\x00" + key + "\x00" + number))
		copy(secret, sum[:])
	}
	text := tokenAlphabet.EncodeToString(secret)
	return text + check(text)
}

// check tells a slip of the finger from a token of nobody. It is no secret.
func check(text string) string {
	sum := sha256.Sum256([]byte("linekeeper web check\x00" + text))
	return tokenAlphabet.EncodeToString(sum[:2])[:checkChars]
}

// wellFormed says whether s can be a token.
func wellFormed(s string) bool {
	return len(s) == tokenChars+checkChars && check(s[:tokenChars]) == s[tokenChars:]
}

// keyOf is the key of the promise that a token is for.
func keyOf(token string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(token)))
	return "web-" + hex.EncodeToString(sum[:])
}
