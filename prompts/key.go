package prompts

// Key names a standing message. The comment beside each key lists the arguments
// that Message wants for it.
type Key string

// The messages to a caller who waits.
const (
	KeyQueuePosition Key = "queue_position" // ahead int: places ahead; says ahead+1, and KeyQueueNext for 0
	KeyQueueNext     Key = "queue_next"
	KeyWaitQuote     Key = "wait_quote" // quote queues.Quote; the text is "" when the quote says nothing
	KeyStillWaiting  Key = "still_waiting"
	KeyConnecting    Key = "connecting"
	KeyAgentLeft     Key = "agent_left" // the operator ended the talk
	KeyEscalated     Key = "escalated"  // the operator passed the caller on
)

// The messages to a caller who cannot wait, or not any longer.
const (
	KeyClosed           Key = "closed" // outside the hours
	KeyNoAgents         Key = "no_agents"
	KeyQueueFull        Key = "queue_full"
	KeyWaitTooLong      Key = "wait_too_long"     // the longest wait that the queue allows is over
	KeyTechnicalProblem Key = "technical_problem" // something broke on our side
	KeyGoodbye          Key = "goodbye"
)

// The messages about a callback.
const (
	KeyOfferCallback     Key = "offer_callback"     // key string: one of "0" to "9", "*", "#"
	KeyConfirmNumber     Key = "confirm_number"     // number string, E.164; offers 1 for yes and 2 for another number
	KeyConfirmOwnNumber  Key = "confirm_own_number" // number string, E.164; offers 1 for yes
	KeyEnterNumber       Key = "enter_number"       // offers # as the end
	KeyNumberInvalid     Key = "number_invalid"
	KeyCallbackPromised  Key = "callback_promised"
	KeyCallbackLater     Key = "callback_later"       // later Later: promised, but not called before
	KeyCallbackExists    Key = "callback_exists"      // there is a promise to this customer already
	KeyCallbackRefused   Key = "callback_refused"     // this number may not be called
	KeyCallbackGreeting  Key = "callback_greeting"    // name, title string: name may be "", title is the hotline's
	KeyVerifyGreeting    Key = "verify_greeting"      // title string: somebody asked for a call to this number
	KeyPressOneToWant    Key = "press_one_to_want"    // offers 1 for yes and 9 for no, about that call
	KeyVerifyThanks      Key = "verify_thanks"        // the call will come
	KeyMachineMessage    Key = "machine_message"      // title string: what an answering machine is told
	KeyPressOneToConnect Key = "press_one_to_connect" // offers 1 for yes and 9 for no
)

// The messages about how and when somebody is called back.
const (
	KeyCallbackSlot        Key = "callback_slot"      // slot Slot: promised for this time
	KeySlotSoon            Key = "slot_soon"          // offers 1 for no time at all
	KeySlotOffer           Key = "slot_offer"         // slot Slot, key string
	KeySlotOther           Key = "slot_other"         // offers 9 for other times
	KeySlotTaken           Key = "slot_taken"         // somebody was faster
	KeyCallbackCancel      Key = "callback_cancel"    // offers 9 after KeyCallbackExists
	KeyCallbackKept        Key = "callback_kept"      // 9 was not pressed
	KeyCallbackCancelled   Key = "callback_cancelled" // 9 was pressed
	KeyMessageInvite       Key = "message_invite"     // offers # as the end; a tone follows
	KeyMessageSilent       Key = "message_silent"     // nobody spoke
	KeyMessageReview       Key = "message_review"     // offers 1 to keep it, 2 to record anew, 3 for none
	KeyMessageReviewNeeded Key = "message_review_needed"
	KeyMessageMissing      Key = "message_missing" // there must be one
	KeyMessageKept         Key = "message_kept"    // a message of its own, not of a callback
	KeyOneMoment           Key = "one_moment"      // while another system is asked
	KeyTransferFailed      Key = "transfer_failed" // the caller cannot be put through
	KeyCutOffConsent       Key = "cut_off_consent" // key string: agrees to be called back when cut off
	KeyCutOffConsentThanks Key = "cut_off_consent_thanks"
)

// The messages to an agent who took the place of a promise.
const (
	KeyAgentHoldOn       Key = "agent_hold_on"       // name, number string: the customer is being called; name may be ""
	KeyAgentCustomerLost Key = "agent_customer_lost" // the customer did not answer
)

// What an agent hears before being connected.
const (
	KeyWhisper         Key = "whisper"          // title, name string, waited time.Duration: name may be ""
	KeyWhisperCallback Key = "whisper_callback" // title, name string: the customer was called back; name may be ""
)

// The answers to an agent who dialled a code.
const (
	KeyAgentLoggedIn         Key = "agent_logged_in"
	KeyAgentLoggedOut        Key = "agent_logged_out"
	KeyAgentPaused           Key = "agent_paused"
	KeyAgentUnpaused         Key = "agent_unpaused"
	KeyAgentReady            Key = "agent_ready" // the work after a call is over
	KeyAgentAlreadyLoggedIn  Key = "agent_already_logged_in"
	KeyAgentAlreadyLoggedOut Key = "agent_already_logged_out"
	KeyAgentAlreadyPaused    Key = "agent_already_paused"
	KeyAgentNotPaused        Key = "agent_not_paused"
	KeyAgentNotInWrapUp      Key = "agent_not_in_wrap_up"
	KeyAgentPauseUsedUp      Key = "agent_pause_used_up" // the allowance of the reason
	KeyAgentLogInFirst       Key = "agent_log_in_first"  // for codes that only agents on duty can use
	KeyAgentNobodyThere      Key = "agent_nobody_there"  // the caller cannot be sent on
	KeyAgentUnknownPhone     Key = "agent_unknown_phone" // no agent has the phone
)

// The messages about keys and identification.
const (
	KeyEnterAccount   Key = "enter_account" // offers # as the end
	KeyEnterPIN       Key = "enter_pin"     // offers # as the end
	KeyWrongPIN       Key = "wrong_pin"     // account or PIN: which one is not told
	KeyWhichAccount   Key = "which_account" // several have the number of the call; offers # as the end
	KeyEnterCode      Key = "enter_code"    // offers # as the end
	KeyEnterBirthDate Key = "enter_birth_date"
	KeyDateInvalid    Key = "date_invalid"  // the digits are no date
	KeyNoMatch        Key = "no_match"      // code, account or answer: which one is not told
	KeyAskWhoCalls    Key = "ask_who_calls" // read by an agent
	KeyYouEntered     Key = "you_entered"   // words string: the entry, as it is read back
	KeyConfirmEntry   Key = "confirm_entry" // offers 1 for yes and 2 for another entry
	KeyEntryShort     Key = "entry_short"   // digits are missing
	KeyEntryWrong     Key = "entry_wrong"   // the digits cannot be what was asked for
	KeyNotUnderstood  Key = "not_understood"
	KeyNoInput        Key = "no_input"
)

// Keys lists every key that Message knows, in a stable order.
func Keys() []Key {
	return []Key{
		KeyQueuePosition, KeyQueueNext, KeyWaitQuote, KeyStillWaiting, KeyConnecting, KeyAgentLeft, KeyEscalated,
		KeyClosed, KeyNoAgents, KeyQueueFull, KeyWaitTooLong, KeyTechnicalProblem, KeyGoodbye,
		KeyOfferCallback, KeyConfirmNumber, KeyConfirmOwnNumber, KeyEnterNumber, KeyNumberInvalid, KeyCallbackPromised,
		KeyCallbackLater, KeyCallbackExists, KeyCallbackRefused, KeyCallbackGreeting, KeyPressOneToConnect,
		KeyVerifyGreeting, KeyPressOneToWant, KeyVerifyThanks, KeyMachineMessage,
		KeyCallbackSlot, KeySlotSoon, KeySlotOffer, KeySlotOther, KeySlotTaken, KeyCallbackCancel, KeyCallbackKept,
		KeyCallbackCancelled, KeyMessageInvite, KeyMessageSilent, KeyMessageReview, KeyMessageReviewNeeded,
		KeyMessageMissing, KeyMessageKept, KeyOneMoment, KeyTransferFailed, KeyCutOffConsent, KeyCutOffConsentThanks,
		KeyAgentHoldOn, KeyAgentCustomerLost, KeyWhisper, KeyWhisperCallback,
		KeyAgentLoggedIn, KeyAgentLoggedOut, KeyAgentPaused, KeyAgentUnpaused, KeyAgentReady,
		KeyAgentAlreadyLoggedIn, KeyAgentAlreadyLoggedOut, KeyAgentAlreadyPaused, KeyAgentNotPaused,
		KeyAgentNotInWrapUp, KeyAgentPauseUsedUp, KeyAgentLogInFirst, KeyAgentNobodyThere, KeyAgentUnknownPhone,
		KeyEnterAccount, KeyEnterPIN, KeyWrongPIN, KeyWhichAccount, KeyEnterCode, KeyEnterBirthDate,
		KeyDateInvalid, KeyNoMatch, KeyAskWhoCalls,
		KeyYouEntered, KeyConfirmEntry, KeyEntryShort, KeyEntryWrong, KeyNotUnderstood, KeyNoInput,
	}
}

// The variants that Message chooses by its arguments. They are catalogue
// entries of their own and not for callers.
const (
	keyGreetingUnnamed Key = "callback_greeting.unnamed"
	keyHoldOnUnnamed   Key = "agent_hold_on.unnamed"
	keyWhisperBrief    Key = "whisper.brief" // waited less than a minute
)
