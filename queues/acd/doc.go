// Package acd is linekeeper's own distribution (automatic call distribution) for
// queues that share agents: who is rung for whom, when, and what becomes of it.
// It is pure, like package queues, whose events it takes and whose commands it
// answers with.
package acd
