package switchtest

// cases are the suite, in the order in which it runs.
var cases = []struct {
	name  string
	needs Caps
	run   func(*bench)
}{
	{"a call arrives with its arguments", Caps{}, arrives},
	{"answer", Caps{}, answer},
	{"requests about a gone channel", Caps{}, goneChannel},
	{"the caller hangs up", Caps{}, callerHangsUp},
	{"hang up with a cause", Caps{}, hangUp},
	{"digits in order", Caps{}, digits},
	{"variables", Caps{}, variables},
	{"a snapshot lists what is ours", Caps{}, snapshotLists},
	{"a cancelled request returns promptly", Caps{}, cancelled},
	{"twenty calls at once", Caps{}, crowd},
	{"run ends with its context", Caps{}, runEnds},

	{"play media in order", Caps{}, playList},
	{"stop a playback", Caps{}, stopPlay},
	{"a second playback waits", Caps{}, playQueued},
	{"hang up during playbacks", Caps{}, playHangup},
	{"media that do not exist", Caps{}, playMissing},
	{"music", Caps{}, music},

	{"originate and answer", Caps{}, originate},
	{"originate with an id in use", Caps{}, originateTwice},
	{"originate to busy", Caps{}, originateBusy},
	{"originate without an answer", Caps{}, originateNoAnswer},
	{"hang up while it rings", Caps{}, originateGivenUp},
	{"originate to nowhere", Caps{}, originateNowhere},
	{"originate to a phone that is not registered", Caps{}, originateUnplugged},

	{"lend a leg and a caller to the dialplan", Caps{}, lend},
	{"hang up while lent", Caps{}, lendHangup},
	{"lend what cannot be", Caps{}, lendNowhere},

	{"bridge two channels", Caps{}, bridgeTwo},
	{"bridge one after the other", Caps{}, bridgeLater},
	{"bridge a gone channel", Caps{}, bridgeGone},
	{"take a channel out and bring it back", Caps{}, unjoin},
	{"record a bridge", Caps{}, record},
	{"a recording outlives an empty bridge", Caps{}, recordAcross},
	{"a recording rests", Caps{}, recordRests},
	{"a message that is stopped", Caps{}, message},
	{"a message that silence ends", Caps{}, messageSilence},
	{"a message that its limit ends", Caps{}, messageLimit},
	{"hang up during a message", Caps{}, messageHangup},

	{"an agent's phone dials a code", Caps{}, code},
	{"whisper to an agent who has just answered", Caps{}, whisper},
	{"an agent's keys", Caps{}, agentKeys},
	{"what phones do", Caps{}, phones},
	{"wrap-up after a call of the switch's queue", Caps{}, wrapUp},

	{"a call that ends while the link is down", Caps{Link: true}, gap},
}
