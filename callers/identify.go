package callers

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
)

// strangerHash is the hash of a random text, made with DefaultHashParams.
// Checking it costs what checking a real one costs.
const strangerHash = "$argon2id$v=19$m=19456,t=2,p=1$74cQAU5SdAYAhSXjba8X0A$VJ5Dwv6/04UO+k3gpEKkr3ok7pzVMNHA3TadzQwdyAo"

// Caller gives what a call may know of the record. Number is the one that the
// call came from, which need not be the record's.
func (r Record) Caller(number string, assurance Assurance) Caller {
	return Caller{
		Number: number, Account: r.Account, Name: r.Name, Language: r.Language, TimeZone: r.TimeZone,
		Balance: r.Balance, VIP: r.VIP, Assurance: assurance, Fields: r.Fields,
	}
}

// ErrHash says that a hash in the directory cannot be used. Callers are told no
// more than of a wrong PIN: it would say that the account exists.
var ErrHash = errors.New("the stored hash cannot be used")

// Claim is what somebody on the phone says to know. Code, or Account with Digits.
type Claim struct {
	Code     string // a code that is enough by itself
	Account  string
	Question string // whose answer the digits are; "" for the PIN
	Digits   string // of the PIN or the answer
}

// Identifier checks claims against a directory.
type Identifier struct {
	Directory Directory
	// Verify compares digits with a hash; nil is VerifyPIN.
	Verify func(hash, digits string) (bool, error)
}

// Check finds the record that a claim fits. An account that does not exist, one
// without what was asked for, wrong digits, and a claim that is to be refused
// whatever it says, because of too many wrong ones before, give ok=false after the
// same work: one look into the directory and, but for a code, one hash. So nobody
// learns from the time which accounts exist or are locked; that holds while the
// hashes of the directory are made with DefaultHashParams. An error is the
// directory's, or means that the stored hash is unusable; it names no digits.
//
// It blocks for tens of milliseconds beside the directory's own time and uses
// the memory that the hash names (19 MiB by default) while it does.
func (i Identifier) Check(ctx context.Context, claim Claim, refuse bool) (rec Record, ok bool, err error) {
	if claim.Code != "" {
		rec, found, err := i.Directory.ByCode(ctx, claim.Code)
		if err != nil {
			return Record{}, false, fmt.Errorf("find the code: %w", hidden(err, claim.Code))
		}
		if !found || refuse {
			return Record{}, false, nil
		}
		return rec, true, nil
	}
	rec, found, err := i.Directory.ByAccount(ctx, claim.Account)
	if err != nil {
		return Record{}, false, fmt.Errorf("find the account: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return Record{}, false, fmt.Errorf("identify: %w", err)
	}
	fits, err := i.fits(rec, claim)
	if err != nil {
		return Record{}, false, fmt.Errorf("account %q: %w: %w", claim.Account, ErrHash, err)
	}
	if !found || !fits || refuse {
		return Record{}, false, nil
	}
	return rec, true, nil
}

// fits compares digits with what the directory has, by one hash in any case. Only
// answers may be stored as digits: a PIN that is no hash is an error.
func (i Identifier) fits(rec Record, claim Claim) (bool, error) {
	verify := i.Verify
	if verify == nil {
		verify = VerifyPIN
	}
	stored, plain := rec.PINHash, false
	if claim.Question != "" {
		stored = rec.Answers[claim.Question]
		plain = stored != "" && onlyDigits(stored)
	}
	if stored != "" && !plain {
		return verify(stored, claim.Digits)
	}
	if _, err := verify(strangerHash, claim.Digits); err != nil {
		return false, err
	}
	return plain && subtle.ConstantTimeCompare([]byte(stored), []byte(claim.Digits)) == 1, nil
}

// hiddenError is an error of a directory whose text repeats what was looked for.
type hiddenError struct {
	error
	digits string
}

// hidden keeps digits out of the text of an error.
func hidden(err error, digits string) error {
	if !strings.Contains(err.Error(), digits) {
		return err
	}
	return hiddenError{err, digits}
}

// Error is the text without the digits.
func (e hiddenError) Error() string { return strings.ReplaceAll(e.error.Error(), e.digits, "***") }

// Unwrap gives the error itself.
func (e hiddenError) Unwrap() error { return e.error }
