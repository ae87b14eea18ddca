// Command demo plays a small cast of callers and an operator on a real
// Asterisk with a real linekeeper, tells what everybody hears and does and what
// linekeeper decides, and checks at the end that everything expected stands in
// the journal.
//
//	demo        the play; takes about a minute and a half
//	demo up     the same set-up with a speaking voice, for phones of your own
//
// It is run inside the checkout; make demo and make up build and run it. The
// exit code is 0 when every expected outcome stands in the journal, 1 when one
// is missing or something failed, 2 for a wrong command line, and 128 and the
// signal's number when a signal ended the play.
package main
