package prompts

// catalogueEN holds the English texts.
var catalogueEN = map[Key]string{
	KeyQueuePosition: "You are number {0} in line.",
	KeyQueueNext:     "You are next in line.",
	KeyWaitQuote:     "{0}",
	KeyStillWaiting:  "Thank you for waiting. You are still in line.",
	KeyConnecting:    "Connecting you to an operator.",
	KeyAgentLeft:     "The operator has ended the call.",
	KeyEscalated:     "Please stay on the line. We are connecting you to a specialist.",

	keyWaitLess:   "The wait is less than a minute.",
	keyWaitAbout:  "The wait is about {0}.",
	keyWaitBrief:  "The wait is {0} to {1}.",
	keyWaitFromTo: "The wait is {0} to {1}.",
	keyWaitUpTo:   "The wait is up to {0}.",
	keyWaitMore:   "The wait is more than {0}.",

	KeyClosed:           "We are closed now.",
	KeyNoAgents:         "There is no operator on duty now.",
	KeyQueueFull:        "We are sorry, the line is full.",
	KeyWaitTooLong:      "We are sorry, nobody could answer in this time.",
	KeyTechnicalProblem: "We are sorry, something is wrong on our side.",
	KeyGoodbye:          "Goodbye!",

	KeyOfferCallback:     "You need not stay on the line: we can call you back when your turn comes. For this, press {0}.",
	KeyConfirmNumber:     "We will call you back at {0}. If this is right, press one. To enter another number, press two.",
	KeyEnterNumber:       "Enter your phone number with the area code, then press the hash key.",
	KeyNumberInvalid:     "There is no such number.",
	KeyCallbackPromised:  "We will call you when your turn comes. You may hang up now.",
	KeyCallbackExists:    "We have already promised to call this number, and the promise stands.",
	KeyCallbackRefused:   "We are sorry, we cannot call this number.",
	KeyCallbackGreeting:  "Hello, {0}! This is {1}. You asked us to call you back.",
	keyGreetingUnnamed:   "Hello! This is {1}. You asked us to call you back.",
	KeyPressOneToConnect: "To speak to an operator, press one. If you no longer need the call, press nine.",

	KeyAgentHoldOn:       "A callback. We are calling the customer: {0}, number {1}. Please hold on.",
	keyHoldOnUnnamed:     "A callback. We are calling the customer, number {1}. Please hold on.",
	KeyAgentCustomerLost: "The customer did not answer. Thank you, you may hang up.",

	KeyEnterAccount:  "Enter your account number, then press the hash key.",
	KeyEnterPIN:      "Enter your PIN, then press the hash key.",
	KeyWrongPIN:      "The account number or the PIN is wrong.",
	KeyNotUnderstood: "There is no such choice.",
	KeyNoInput:       "You did not press anything.",
}
