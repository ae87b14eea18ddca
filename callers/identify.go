package callers

import (
	"context"
	"fmt"
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

// Identify finds the record that account and PIN fit. An unknown account, a
// record without a PIN and a wrong PIN give ok=false and take the same time, so
// that nobody learns which accounts exist; that holds while the hashes of the
// directory are made with DefaultHashParams. An error is the directory's, or
// means that the stored hash is unusable.
//
// It blocks for tens of milliseconds beside the directory's own time and uses
// the memory that the hash names (19 MiB by default) while it does.
func Identify(ctx context.Context, dir Directory, account, pin string) (rec Record, ok bool, err error) {
	rec, found, err := dir.ByAccount(ctx, account)
	if err != nil {
		return Record{}, false, fmt.Errorf("find the account: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return Record{}, false, fmt.Errorf("identify: %w", err)
	}
	checkable := found && rec.PINHash != ""
	hash := strangerHash
	if checkable {
		hash = rec.PINHash
	}
	fits, err := VerifyPIN(hash, pin)
	if err != nil {
		return Record{}, false, fmt.Errorf("account %q: %w", account, err)
	}
	if !checkable || !fits {
		return Record{}, false, nil
	}
	return rec, true, nil
}
