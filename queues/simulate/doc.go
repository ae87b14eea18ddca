// Package simulate plays a day of a call centre through an engine of package
// queues in virtual time: callers who arrive, wait, hang up, talk or leave a
// promise; agents who come, answer, work after a call, take breaks and go. What
// comes of it is measured from the engine's own journal entries, so a simulated
// day and a real one are measured by the same rule.
//
// Days are drawn at random, but the same seed draws the same day, and the callers
// of a day do not depend on the agents: two staff plans are compared on the same
// callers. The package is pure: it starts nothing and reads no clock, so several
// days may be played at once, each in a goroutine of its own.
package simulate
