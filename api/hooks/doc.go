// Package hooks tells others what happens to promises: it reads the journal, and
// sends the entries that somebody wants to an address or a command. How far it has
// come is kept in the store, so that every entry is sent at least once, in order,
// whatever stops in between. Each hook has a goroutine of its own: one whose
// receiver is away delays nobody, and its entries wait in the journal.
package hooks
