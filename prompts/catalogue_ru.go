package prompts

// catalogueRU holds the Russian texts. They avoid words that would need the
// caller's gender ("вы следующий").
var catalogueRU = map[Key]string{
	KeyQueuePosition: "Ваше место в очереди: {0}.",
	KeyQueueNext:     "Ваш звонок следующий в очереди.",
	KeyWaitQuote:     "{0}",
	KeyStillWaiting:  "Спасибо за ожидание. Вы по-прежнему в очереди.",
	KeyConnecting:    "Соединяем с оператором.",
	KeyAgentLeft:     "Оператор завершил разговор.",
	KeyEscalated:     "Оставайтесь, пожалуйста, на линии. Соединяем со специалистом.",

	keyWaitLess:   "Вам ответят меньше чем через минуту.",
	keyWaitAbout:  "Вам ответят примерно через {0}.",
	keyWaitBrief:  "Вам ответят через {0}-{1}.",
	keyWaitFromTo: "Время ожидания от {0} до {1}.",
	keyWaitUpTo:   "Время ожидания до {0}.",
	keyWaitMore:   "Время ожидания больше {0}.",

	KeyClosed:           "Сейчас мы не работаем.",
	KeyNoAgents:         "Сейчас на линии нет ни одного оператора.",
	KeyQueueFull:        "К сожалению, очередь сейчас заполнена.",
	KeyWaitTooLong:      "К сожалению, за это время никто не смог ответить.",
	KeyTechnicalProblem: "Извините, у нас неполадка.",
	KeyGoodbye:          "До свидания!",

	KeyOfferCallback:     "Можно не ждать на линии: мы перезвоним, когда подойдёт ваша очередь. Для этого нажмите {0}.",
	KeyConfirmNumber:     "Мы перезвоним на номер {0}. Если номер верный, нажмите один. Чтобы ввести другой номер, нажмите два.",
	KeyEnterNumber:       "Введите номер телефона с кодом города или оператора и нажмите решётку.",
	KeyNumberInvalid:     "Такого номера не бывает.",
	KeyCallbackPromised:  "Мы перезвоним, когда подойдёт ваша очередь. Можно положить трубку.",
	KeyCallbackLater:     "Мы перезвоним {0}, когда подойдёт ваша очередь. Можно положить трубку.",
	KeyCallbackExists:    "Мы уже обещали вам перезвонить, и обещание в силе.",
	KeyCallbackRefused:   "К сожалению, на этот номер мы перезвонить не можем.",
	KeyCallbackGreeting:  "Здравствуйте, {0}! Это {1}. Вы просили вам перезвонить.",
	keyGreetingUnnamed:   "Здравствуйте! Это {1}. Вы просили вам перезвонить.",
	KeyPressOneToConnect: "Чтобы поговорить с оператором, нажмите один. Если звонок уже не нужен, нажмите девять.",

	KeyAgentHoldOn:       "Обратный звонок. Набираем клиента: {0}, номер {1}. Подождите, пожалуйста.",
	keyHoldOnUnnamed:     "Обратный звонок. Набираем клиента, номер {1}. Подождите, пожалуйста.",
	KeyAgentCustomerLost: "Клиент не ответил. Спасибо, можно положить трубку.",

	KeyWhisper:         "{0}, {1}, ждёт {2}.",
	keyWhisperBrief:    "{0}, {1}, ждёт меньше минуты.",
	KeyWhisperCallback: "{0}, {1}, обратный звонок.",

	KeyAgentLoggedIn:         "Вы на смене.",
	KeyAgentLoggedOut:        "Смена окончена.",
	KeyAgentPaused:           "Вы на паузе.",
	KeyAgentUnpaused:         "Пауза окончена.",
	KeyAgentReady:            "Обработка звонка окончена.",
	KeyAgentAlreadyLoggedIn:  "Вы уже на смене.",
	KeyAgentAlreadyLoggedOut: "Смена уже окончена.",
	KeyAgentAlreadyPaused:    "Вы уже на паузе.",
	KeyAgentNotPaused:        "Вы не на паузе.",
	KeyAgentNotInWrapUp:      "Обработка звонка не идёт.",
	KeyAgentPauseUsedUp:      "Время такой паузы исчерпано.",
	KeyAgentLogInFirst:       "Сначала начните смену.",
	KeyAgentNobodyThere:      "Там сейчас никто не работает. Звонящий остаётся с вами.",
	KeyAgentUnknownPhone:     "Это не телефон оператора.",

	KeyEnterAccount:  "Введите номер лицевого счёта и нажмите решётку.",
	KeyEnterPIN:      "Введите пин-код и нажмите решётку.",
	KeyWrongPIN:      "Номер счёта или пин-код не подходит.",
	KeyNotUnderstood: "Такого пункта нет.",
	KeyNoInput:       "Вы ничего не нажали.",
}
