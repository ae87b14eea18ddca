// Package ami is a client of Asterisk's Manager Interface: queues and their
// members, and the few things that ARI cannot tell.
//
// One reader appends events to an unbounded queue, so nothing is dropped while
// Run goes on and a slow consumer cuts nothing off. Answers are matched by
// ActionID, lists are collected until their end, headers that repeat are kept,
// and whatever is sent is cleaned of line breaks, which would start a header or
// action of their own.
//
// A Client reconnects by itself. Its event stream shows each connection's begin
// and end, because Asterisk does not replay what happened in between: whoever
// mirrors the queues asks for QueueStatus after each Connected.
//
// # Keeping a mirror
//
// Asterisk may send an event after a list that contains its effect already.
// The goroutine that takes the events should therefore ask for the list itself
// and take no event meanwhile; the events that it finds afterwards, applied in
// order, lead to the present state although some of them repeat the past.
package ami
