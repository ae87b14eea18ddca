// Package switch_test runs the conformance suite of telephony.Switch with the
// ARI driver on a real Asterisk, with SIP phones around it. The driver in memory
// passes the same suite, so what holds there holds on the wire.
package switch_test
