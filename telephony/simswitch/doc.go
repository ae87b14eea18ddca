// Package simswitch is a telephone switch in memory: a telephony.Switch and a
// telephony.QueueFeed with phones, trunks, queues and agents that tests script.
//
// It uses the plain time package and no sockets, so that inside a
// testing/synctest bubble an hour of waiting callers takes no time; New then
// belongs inside the bubble. What is due at one instant happens in the order in
// which it was asked for, so that a test sees the same every time. Only what the
// test's own goroutines do at the very instant at which something is due may
// come before or after it.
//
// An Agent takes calls of either kind: those of the switch's own queues, reached
// by a placeholder, and those for which linekeeper dials the phone itself.
//
// It imitates what Asterisk was seen to do where that is awkward: a call that
// comes while nobody listens falls back to the switch's own dialplan, a leg that
// is answered then ends, events of a gap are lost, a request may be carried out
// although its reply comes late or never, and a bridge waits for a playback.
//
// It never judges: it does not fail a test by itself. One mutex guards all of
// it; it starts goroutines only in Run, for timers and for OnAnswer.
package simswitch
