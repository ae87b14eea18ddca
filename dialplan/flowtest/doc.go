// Package flowtest walks calls through hotline documents without a switch, in
// virtual time and with the same dialplan.Step that serves callers: a Player is
// one call, of which a person or a script is the caller; a File holds scripted
// conversations with what must come of them, and Coverage tells which nodes and
// branches they have been through. It is pure: it takes documents and scripts as
// bytes and gives results as values.
package flowtest
