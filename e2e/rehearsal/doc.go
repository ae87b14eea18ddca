// Package rehearsal calls a hotline on a real Asterisk through every kind of
// moment, in Russian and in English, and has what the callers heard judged: words
// that are cut short by a key, a slow directory, a slow question to another system,
// a PIN, a number that is read back, a wait in line with music and announcements,
// an agent who comes and goes, and a call back.
package rehearsal
