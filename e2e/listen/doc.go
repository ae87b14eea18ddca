// Package listen judges what a caller heard, from the packets that a soft-phone
// kept: how soon the first sound came, which prompts, whether each was whole and
// how loud, silences, overlaps, and how soon a key ended what was being said.
//
// Sound is laid out in time by the sender's clock. Prompts are recognised by their
// marks (Marks, for the engine of tests) or by their files (Files, for real
// voices); hold music by its pitch. A prompt that goes on after a hole where it
// stopped is whole: the hole is a silence within it, which the machine caused.
package listen
