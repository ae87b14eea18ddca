package prompts

// coin is how a currency is called: its unit, and the part of which parts make
// one. Where people count no parts (CLDR), there are none.
type coin struct {
	unit, part noun
	parts      uint64
}

// hundred is a currency of a hundred parts.
func hundred(unit, part noun) coin { return coin{unit, part, 100} }

// hardRU declines a Russian masculine noun with a hard ending: "доллар".
func hardRU(word string) noun { return scaleRU(word) }

// fixedRU is a Russian noun that is not declined: "евро".
func fixedRU(word string) noun { return sameInAllCases(Masculine, word, word, word) }

var (
	rubleRU  = nounRU(Masculine, "рубль, рубля, рублю, рубль, рублём, рубле", "рубля", "рублей, рублям, рублями, рублях")
	kopeckRU = nounRU(Feminine, "копейка, копейки, копейке, копейку, копейкой, копейке", "копейки", "копеек, копейкам, копейками, копейках")
	centRU   = hardRU("цент")
	kopeckEN = nounEN("kopeck", "kopecks")
	centEN   = nounEN("cent", "cents")
)

// coins are the currencies with names: those of Russia and its neighbours, and
// those that people travel and pay with most.
var coins = map[string]map[string]coin{
	Russian: {
		"RUB": hundred(rubleRU, kopeckRU),
		"RUR": hundred(rubleRU, kopeckRU), // the code until 1998, which some books still keep
		"USD": hundred(hardRU("доллар"), centRU),
		"EUR": hundred(fixedRU("евро"), centRU),
		"GBP": hundred(hardRU("фунт"), hardRU("пенс")),
		"KZT": hundred(fixedRU("тенге"), hardRU("тиын")),
		"BYN": hundred(nounRU(Masculine,
			"белорусский рубль, белорусского рубля, белорусскому рублю, белорусский рубль, белорусским рублём, белорусском рубле",
			"белорусских рубля", "белорусских рублей, белорусским рублям, белорусскими рублями, белорусских рублях"), kopeckRU),
		"UAH": hundred(nounRU(Feminine, "гривна, гривны, гривне, гривну, гривной, гривне", "гривны", "гривен, гривнам, гривнами, гривнах"), kopeckRU),
		"CNY": hundred(nounRU(Masculine, "юань, юаня, юаню, юань, юанем, юане", "юаня", "юаней, юаням, юанями, юанях"),
			nounRU(Masculine, "фэнь, фэня, фэню, фэнь, фэнем, фэне", "фэня", "фэней, фэням, фэнями, фэнях")),
		"CHF": hundred(nounRU(Masculine,
			"швейцарский франк, швейцарского франка, швейцарскому франку, швейцарский франк, швейцарским франком, швейцарском франке",
			"швейцарских франка", "швейцарских франков, швейцарским франкам, швейцарскими франками, швейцарских франках"), hardRU("сантим")),
		"JPY": {unit: nounRU(Feminine, "иена, иены, иене, иену, иеной, иене", "иены", "иен, иенам, иенами, иенах")},
		"TRY": hundred(nounRU(Feminine,
			"турецкая лира, турецкой лиры, турецкой лире, турецкую лиру, турецкой лирой, турецкой лире",
			"турецкие лиры", "турецких лир, турецким лирам, турецкими лирами, турецких лирах"),
			nounRU(Masculine, "куруш, куруша, курушу, куруш, курушем, куруше", "куруша", "курушей, курушам, курушами, курушах")),
		"PLN": hundred(nounRU(Masculine, "злотый, злотого, злотому, злотый, злотым, злотом", "злотых", "злотых, злотым, злотыми, злотых"),
			nounRU(Masculine, "грош, гроша, грошу, грош, грошом, гроше", "гроша", "грошей, грошам, грошами, грошах")),
		"GEL": hundred(fixedRU("лари"), fixedRU("тетри")),
		"AMD": {unit: hardRU("драм")},
		"AZN": hundred(hardRU("манат"), nounRU(Masculine, "гяпик, гяпика, гяпику, гяпик, гяпиком, гяпике", "гяпика", "гяпиков, гяпикам, гяпиками, гяпиках")),
		"KGS": hundred(hardRU("сом"), hardRU("тыйын")),
		"UZS": {unit: hardRU("сум")},
		"AED": hundred(hardRU("дирхам"), hardRU("филс")),
	},
	English: {
		"RUB": hundred(nounEN("ruble", "rubles"), kopeckEN),
		"RUR": hundred(nounEN("ruble", "rubles"), kopeckEN),
		"USD": hundred(nounEN("dollar", "dollars"), centEN),
		"EUR": hundred(nounEN("euro", "euros"), centEN),
		"GBP": hundred(nounEN("pound", "pounds"), nounEN("penny", "pence")),
		"KZT": hundred(nounEN("tenge", "tenge"), nounEN("tiyn", "tiyn")),
		"BYN": hundred(nounEN("Belarusian ruble", "Belarusian rubles"), kopeckEN),
		"UAH": hundred(nounEN("hryvnia", "hryvnias"), kopeckEN),
		"CNY": hundred(nounEN("yuan", "yuan"), nounEN("fen", "fen")),
		"CHF": hundred(nounEN("Swiss franc", "Swiss francs"), nounEN("centime", "centimes")),
		"JPY": {unit: nounEN("yen", "yen")},
		"TRY": hundred(nounEN("Turkish lira", "Turkish lira"), nounEN("kurush", "kurush")),
		"PLN": hundred(nounEN("zloty", "zlotys"), nounEN("grosh", "groshy")),
		"GEL": hundred(nounEN("lari", "lari"), nounEN("tetri", "tetri")),
		"AMD": {unit: nounEN("dram", "drams")},
		"AZN": hundred(nounEN("manat", "manats"), nounEN("qepik", "qepiks")),
		"KGS": hundred(nounEN("som", "soms"), nounEN("tyiyn", "tyiyn")),
		"UZS": {unit: nounEN("sum", "sums")},
		"AED": hundred(nounEN("dirham", "dirhams"), nounEN("fils", "fils")),
	},
}
