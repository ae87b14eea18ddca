// Package callers says who is calling: a record found by number (ANI) or by
// account and PIN, and how sure we are of it. It is pure: directories that read
// files or databases live in sub-packages.
package callers

import "context"

// Assurance is how sure we are who the caller is, in rising order.
type Assurance int

// The levels of assurance. A number can be spoofed, so AssuranceANI is enough
// for a greeting and never for data.
const (
	AssuranceNone Assurance = iota
	AssuranceANI
	AssurancePIN
)

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
}

// Known says whether a directory has a record of this caller.
func (c Caller) Known() bool { return c.Account != "" }

// Money is an amount in the smallest unit of its currency.
type Money struct {
	Minor    int64  `json:"minor"`    // kopecks, cents; may be negative
	Currency string `json:"currency"` // ISO 4217: "RUB", "USD", "EUR"
}

// Record is an entry of a directory. PINHash never leaves the process.
type Record struct {
	Number   string
	Account  string
	PINHash  string // PHC string of argon2id
	Name     string
	Language string
	TimeZone string // IANA name, "" when not known
	Balance  *Money
	VIP      bool
}

// Directory finds records. It is safe for concurrent use, honours ctx, and
// returns found=false with no error for a stranger.
type Directory interface {
	// ByNumber finds a record by E.164 number.
	ByNumber(ctx context.Context, number string) (rec Record, found bool, err error)
	// ByAccount finds a record by account number, digits only.
	ByAccount(ctx context.Context, account string) (rec Record, found bool, err error)
}
