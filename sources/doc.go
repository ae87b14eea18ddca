// Package sources asks other systems a configured question: an HTTP request whose
// answer is JSON, or an SQL query. A question has named inputs, an answer is rows
// of text by field name. Caller directories and the lookup nodes of hotlines are
// made of it.
//
// Inputs may be digits that a caller pressed, so they never get into an error, and
// nothing of an answer does. They never become part of a program either: in SQL
// they are parameters, in a request they are escaped for the place where they
// stand.
//
// Everything here is safe for concurrent use and starts no goroutine that outlives
// Close, but for those of idle connections.
package sources
