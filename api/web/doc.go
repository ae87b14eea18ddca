// Package web is the endpoint for forms on web pages: whoever can reach it may ask
// for a call, within limits, and nothing else. It listens on TCP apart from the
// socket of the command line. docs/web-callbacks.md is its reference.
//
// What it answers never tells what is known of a number: whether a call is
// promised to it already, was made lately, or must not be made is the same answer.
package web
