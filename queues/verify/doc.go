// Package verify proves from a journal that the line was fair and that nothing
// got lost: no place was overtaken except by the stated rules, none vanished, no
// agent had two calls at once, and no promise was dialled more often or kept
// more often than it may be. It reads entries one after another and keeps only
// what is still open, so a journal of any length will do. It is pure: where the
// entries come from is the caller's affair.
//
// The rules, for a supervisor, are in docs/journal.md. In one sentence: order is
// priority, then the time at which the place was taken first, then the id; with
// engine asterisk it is judged when an agent takes a place, with engine
// linekeeper when an agent is offered one.
package verify
