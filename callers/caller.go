// Package callers says who is calling: a record found by number (ANI) or by
// account and PIN, and how sure we are of it. It is pure: directories that read
// files or databases live in sub-packages.
package callers

import (
	"context"
	"slices"
)

// Assurance is how sure we are who the caller is, in rising order.
type Assurance int

// The levels of assurance. A number can be spoofed, so AssuranceANI is enough
// for a greeting and never for data. AssuranceAnswer is of those who know
// something that others may know too: a date of birth, the code on a letter.
const (
	AssuranceNone Assurance = iota
	AssuranceANI
	AssuranceAnswer
	AssurancePIN
)

var assurances = []string{"none", "ani", "answer", "pin"}

// String is the level's name, as documents and the journal have it.
func (a Assurance) String() string {
	if a < 0 || int(a) >= len(assurances) {
		return "none"
	}
	return assurances[a]
}

// ParseAssurance reads a level's name; ok is false for any other word.
func ParseAssurance(name string) (a Assurance, ok bool) {
	i := slices.Index(assurances, name)
	return Assurance(max(i, 0)), i >= 0
}

// Caller is what a call knows of the person. It is plain data, saved with the
// call, and holds no secret.
type Caller struct {
	Number    string    `json:"number,omitempty"`  // E.164 with "+"; "" when withheld or unusable
	Account   string    `json:"account,omitempty"` // "" for an unknown caller
	Name      string    `json:"name,omitempty"`
	Language  string    `json:"language,omitempty"`  // "ru", "en" or "" for the hotline's
	TimeZone  string    `json:"time_zone,omitempty"` // IANA name; "" when not known
	Balance   *Money    `json:"balance,omitempty"`
	VIP       bool      `json:"vip,omitempty"`
	Assurance Assurance `json:"assurance"`
	// Fields are whatever else the directory knows and lets documents use.
	Fields map[string]string `json:"fields,omitempty"`
}

// Known says whether a directory has a record of this caller.
func (c Caller) Known() bool { return c.Account != "" }

// Money is an amount in the smallest unit of its currency.
type Money struct {
	Minor    int64  `json:"minor"`    // kopecks, cents; may be negative
	Currency string `json:"currency"` // ISO 4217: "RUB", "USD", "EUR"
}

// Record is an entry of a directory. PINHash and Answers never leave the process.
type Record struct {
	Number   string
	Account  string
	PINHash  string // PHC string of argon2id
	Name     string
	Language string
	TimeZone string // IANA name, "" when not known
	Balance  *Money
	VIP      bool
	Fields   map[string]string
	// Answers are what the caller must know, by the name of the question: a PHC
	// string of argon2id, or the digits themselves where a directory has only those.
	Answers map[string]string
}

// Sole is the one record there is: when several people share a number, nobody is
// to be greeted by somebody else's name.
func Sole(records []Record) (rec Record, ok bool) {
	if len(records) != 1 {
		return Record{}, false
	}
	return records[0], true
}

// Directory finds records. It is safe for concurrent use, honours ctx, and
// finds nothing, without an error, for a stranger.
type Directory interface {
	// ByNumber finds the records with an E.164 number, by account: several people
	// may call from one phone.
	ByNumber(ctx context.Context, number string) ([]Record, error)
	// ByAccount finds a record by account number, digits only.
	ByAccount(ctx context.Context, account string) (rec Record, found bool, err error)
	// ByCode finds a record by a code that only this caller has, digits only. A
	// directory without codes finds none.
	ByCode(ctx context.Context, code string) (rec Record, found bool, err error)
}
