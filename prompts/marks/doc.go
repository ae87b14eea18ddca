// Package marks is a tone code by which a machine can hear which prompt was played to it.
//
// A test cannot ask a telephone call "which sentence was that?". So in tests the sentence
// carries its own name: a mark of 380 ms in front of it, made of pure tones that survive G.711,
// packet loss and any level a switch may choose. What would be speech after the mark is a soft hum as
// long as the sentence would take (Filler), so that pace, interruption and overlap stay real.
//
// A mark is a preamble of two tones (1550 Hz then 3350 Hz, 30 ms each) and eight symbols of
// 40 ms. A symbol is one of sixteen tones, 1750 Hz to 3250 Hz in steps of 100 Hz, and carries
// four bits: six symbols of code, two of checksum. Every tone is a multiple of 50 Hz, so a
// window of 20 ms holds a whole number of periods of each and the tones do not leak into
// one another. One tone sounds at a time and none is a DTMF low tone, so no DTMF detector fires;
// dial, busy and fax tones (350 to 620, 1100 and 2100 Hz) are kept clear of.
//
// The package is pure: it reads no clock and no file and starts no goroutine.
package marks

// Rate is the sample rate of every function of this package, in samples per second.
const Rate = 8000

// CodeBits is the width of a code; higher bits of a code are ignored by Encode.
const CodeBits = 24

// HumHz is the frequency of the hum that stands for speech.
const HumHz = 550

// FirstHz is the frequency with which every mark begins.
const FirstHz = firstBin * binHz

// MarkSamples is the length of an encoded mark: 380 ms.
const MarkSamples = 2*preambleLen + symbols*symbolLen

const (
	preambleLen = 240 // samples of each preamble tone: 30 ms
	symbolLen   = 320 // samples of a symbol: 40 ms
	symbols     = codeSymbols + 2
	codeSymbols = CodeBits / 4

	window = 160 // samples looked at to judge one tone: 20 ms, one period of 50 Hz

	firstBin = 31 // preamble tones, in units of 50 Hz
	lastBin  = 67
	lowBin   = 35 // symbol tone 0, in units of 50 Hz
	binStep  = 2  // from one symbol tone to the next
	binHz    = Rate / window
)

// PartyTones are frequencies in Hz that parties of a test call may play to be recognised by each
// other. They are clear of marks, hum, DTMF (by 3% or more), dial, busy and fax tones, and,
// being multiples of 50 Hz, of each other.
var PartyTones = [...]int{1000, 400, 1150, 650, 1400, 300, 1050, 900}
