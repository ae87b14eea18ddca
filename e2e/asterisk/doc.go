// Package asterisk obtains and runs a private Asterisk for the demo and the
// end-to-end tests: on loopback, on free ports, with the configuration of
// asterisk-conf, in a folder of its own that disappears when it is stopped.
package asterisk
