package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
)

// CallerLock is what counts against an account or a number after wrong PINs, codes
// or answers.
type CallerLock struct {
	Kind     string     `json:"kind"` // account, number
	Key      string     `json:"key"`  // the account as it was keyed in, which need not exist; E.164
	Failures int        `json:"failures"`
	LastAt   *time.Time `json:"last_at"` // of the last one
	Until    *time.Time `json:"until"`   // entries are refused before this time; null when none was yet
}

// Unlocked is the answer of an unlock: the lock as it was. Already says that there
// was none.
type Unlocked struct {
	Lock    CallerLock `json:"lock"`
	Already bool       `json:"already"`
}

func showLock(l callers.Lock) CallerLock {
	return CallerLock{Kind: string(l.Kind), Key: l.Key, Failures: l.Failures, LastAt: when(l.LastAt), Until: when(l.Until)}
}

func (s *Server) callerLocks(r *http.Request) (any, error) {
	all, err := s.daemon.CallerLocks(r.Context())
	return show(all, showLock), err
}

func (s *Server) unlockAccount(r *http.Request) (any, error) {
	account := r.PathValue("account")
	if account == "" || strings.Trim(account, "0123456789") != "" {
		return nil, badRequest{fmt.Errorf("%q is no account number: it has digits only", account)}
	}
	return s.unlock(r, callers.LockAccount, account)
}

func (s *Server) unlockNumber(r *http.Request) (any, error) {
	number := r.PathValue("number")
	if !callback.ValidNumber(number) {
		return nil, badRequest{fmt.Errorf("%q is not an international number like +79161234567", number)}
	}
	return s.unlock(r, callers.LockNumber, number)
}

func (s *Server) unlock(r *http.Request, kind callers.LockKind, key string) (any, error) {
	was, already, err := s.daemon.UnlockCaller(r.Context(), kind, key, callback.ByOperator)
	return Unlocked{Lock: showLock(was), Already: already}, err
}
