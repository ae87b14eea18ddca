// Package telephony is the port between linekeeper and a telephone switch.
//
// It says what linekeeper needs of a switch and nothing more: channels that
// arrive, are answered, hear media, send digits, are bridged, recorded and hung
// up, and channels that linekeeper originates under an id of its own choosing.
// Drivers live in sub-packages: telephony/ari for Asterisk, telephony/simswitch
// in memory. telephony/switchtest is the one suite that every driver passes.
package telephony
