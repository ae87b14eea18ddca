// Package softphone is a scripted SIP phone for tests and the demo: it registers, calls, answers,
// presses keys, plays its own tone, and tells which prompts, keys and tones it hears.
//
// Prompts are heard by their marks (package prompts/marks). A Phone may hold many calls at once, and many
// phones run in one process: a call costs four goroutines of ours and of the SIP library, one packet each
// way every 20 ms, and a few multiplications for each sample heard.
//
// A Phone owns its goroutines; Close ends them all and returns when they are gone. Every method
// may be called from any goroutine. Blocking methods take a context and return its cause when it
// is done.
//
// The phone is built on diago v0.28.0 and sipgo v1.2.1 and works around what was found in them:
//   - diago's DTMF writer does not put the RTP clock forward, so that the same key pressed twice looks
//     like one press, and it holds up the audio meanwhile. The phone paces its own packets.
//   - Unregister removes every contact of the account ("Contact: *"). The phone removes its own.
//   - A 200 OK that crosses our CANCEL is neither acknowledged nor ended. The phone does both.
//   - Answer waits for the ACK for ever and knows no context; ending the phone ends the wait.
//   - Cancelling a call that nothing has answered at all waits for the transaction to time out (32 s),
//     or for Close; Hangup itself returns when its context is done.
//   - More than ten provisional responses to one INVITE fail the call (sipgo).
//   - Both log through package-wide loggers; New silences those of the media layer once for the process.
package softphone
