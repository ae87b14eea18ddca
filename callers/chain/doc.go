// Package chain asks several directories in order, so that no look-up takes
// longer than its budget, whatever becomes of the directories.
//
// The first directory that has a record answers. One that fails, is slow or
// rests is passed over, and callers.TellFailure says so; only when none of the
// others has a record is that an error, because the stranger may be somebody
// whom the silent directory knows.
//
// The order is one of trust, too: an account or a code says who somebody is, and
// when a directory is silent about it, those behind it are not asked in its place
// unless Link.StandsIn says so. Otherwise whoever takes the first one down could log
// in with an old PIN that another one still has. By number everybody is asked: that
// is for greetings.
//
// Each directory has a time-out, a cache (of records and of strangers), and a
// breaker that lets it rest when it fails again and again. Equal questions at the
// same time are asked once. Answers by number carry no secrets; those by account
// or code do, and are never older than SecretAge.
package chain
