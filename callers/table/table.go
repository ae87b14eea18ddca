// Package table is a callers.Directory in linekeeper's own database, and what
// operators do with it: import, list, set PINs, forget.
package table

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// Table is the directory. It is safe for concurrent use.
type Table struct {
	book   store.Book
	region string
	// hashing bounds the memory that hashing takes.
	hashing chan struct{}
}

var _ callers.Directory = (*Table)(nil)

// hashesAtOnce is how many PINs and answers are hashed at the same time: each wants
// 19 MiB.
const hashesAtOnce = 2

// New makes the directory of a book. Region (ISO 3166) is that of numbers without a
// country code.
func New(book store.Book, region string) *Table {
	return &Table{book: book, region: region, hashing: make(chan struct{}, hashesAtOnce)}
}

// ByNumber finds the records with a number.
func (t *Table) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	entries, err := t.book.EntriesWith(ctx, number)
	var records []callers.Record
	for _, e := range entries {
		records = append(records, e.Record)
	}
	return records, err
}

// ByAccount finds the record with an account.
func (t *Table) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	return found(t.book.Entry(ctx, account))
}

// ByCode finds the record with a code.
func (t *Table) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	return found(t.book.EntryWithCode(ctx, code))
}

func found(e store.Entry, err error) (callers.Record, bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return callers.Record{}, false, nil
	}
	return e.Record, err == nil, err
}

// Entry finds an entry; store.ErrNotFound if there is none.
func (t *Table) Entry(ctx context.Context, account string) (store.Entry, error) {
	return t.book.Entry(ctx, account)
}

// EntriesWith lists the entries with a number, by account.
func (t *Table) EntriesWith(ctx context.Context, number string) ([]store.Entry, error) {
	return t.book.EntriesWith(ctx, number)
}

// Entries lists entries by account.
func (t *Table) Entries(ctx context.Context, f store.EntryFilter) ([]store.Entry, error) {
	return t.book.Entries(ctx, f)
}

// The lengths of PINs.
const (
	LeastPIN = 4
	MostPIN  = 12
)

// ErrPIN says that a PIN cannot be taken. It does not repeat the PIN.
var ErrPIN = fmt.Errorf("the PIN is not %d to %d digits", LeastPIN, MostPIN)

// SetPIN gives an account a new PIN. It is hashed, which takes tens of milliseconds,
// and the old one fits no more when it returns. The error is ErrPIN, store.ErrNotFound
// or the store's.
func (t *Table) SetPIN(ctx context.Context, account, pin string) error {
	if len(pin) < LeastPIN || len(pin) > MostPIN || callers.CheckCode(pin) != nil {
		return ErrPIN
	}
	e, err := t.book.Entry(ctx, account)
	if err != nil {
		return err
	}
	if e.Record.PINHash, err = t.hash(ctx, pin); err != nil {
		return err
	}
	e.ChangedAt = time.Now()
	return t.book.PutEntries(ctx, []store.NewEntry{{Entry: e}})
}

// RandomPIN makes up a PIN of so many digits, LeastPIN to MostPIN.
func RandomPIN(digits int) (string, error) {
	if digits < LeastPIN || digits > MostPIN {
		return "", ErrPIN
	}
	pin := make([]byte, digits)
	for i := range pin {
		n, err := rand.Int(rand.Reader, big.NewInt(10))
		if err != nil {
			return "", fmt.Errorf("make up a PIN: %w", err)
		}
		pin[i] = '0' + byte(n.Int64())
	}
	return string(pin), nil
}

// hash hashes digits as PINs are.
func (t *Table) hash(ctx context.Context, digits string) (string, error) {
	select {
	case t.hashing <- struct{}{}:
		defer func() { <-t.hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	return callers.HashPIN(digits, callers.DefaultHashParams, salt)
}
