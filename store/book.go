package store

import (
	"context"
	"errors"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// ErrCodeTaken says that another caller has this code.
var ErrCodeTaken = errors.New("another account has this code")

// Entry is a caller in linekeeper's own table.
type Entry struct {
	Record    callers.Record
	HasCode   bool
	Run       string // the import that wrote it last, "" for none
	ChangedAt time.Time
}

// NewEntry is what is written of a caller.
type NewEntry struct {
	Entry
	// Code is what the caller is found by; nil leaves the one there is, and "" takes
	// it away. It cannot be read back.
	Code *string
}

// EntryFilter chooses callers, by account.
type EntryFilter struct {
	Search string // in account, number or name; "" for all
	After  string // account of the last one of the page before
	NotRun string // not written by this import; "" for all
	Limit  int    // at most so many; 0 means 100
}

// Book keeps linekeeper's own table of callers. It is safe for concurrent use.
type Book interface {
	// PutEntries writes callers, all or none; ErrCodeTaken when two would have the
	// same code.
	PutEntries(ctx context.Context, entries []NewEntry) error
	// DropEntries removes callers; those that are not there are passed over.
	DropEntries(ctx context.Context, accounts []string) error
	// Entry finds a caller; ErrNotFound if there is none.
	Entry(ctx context.Context, account string) (Entry, error)
	// EntriesWith lists the callers with a number, by account.
	EntriesWith(ctx context.Context, number string) ([]Entry, error)
	// EntryWithCode finds the caller with a code; ErrNotFound if there is none.
	EntryWithCode(ctx context.Context, code string) (Entry, error)
	// Entries lists callers by account.
	Entries(ctx context.Context, f EntryFilter) ([]Entry, error)
}
