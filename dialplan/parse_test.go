package dialplan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
)

// head is a right beginning of a document; its last line is line 5.
const head = `hotline: t
numbers: ["600"]
language: ru
start: a
nodes:
`

func TestFaultsOfDocuments(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, src, want string }{
		{"empty", "", `d.yaml:1:1: the document is empty`},
		{"no YAML", "hotline: [\n", `d.yaml:2:1: this is no YAML: did not find expected node content`},
		{"open bracket", "hotline: t\nnumbers: [\"600\"\nstart: a\n", `d.yaml:2:1: this is no YAML: did not find expected ',' or ']'`},
		{"tab", "hotline: t\nnodes:\n\ta: b\n", `d.yaml:3:1: this is no YAML: found character that cannot start any token`},
		{"no UTF-8", "hotline: t\ntitle: \xff\n", `d.yaml:2:1: this is no YAML: invalid leading UTF-8 octet`},
		{"a list", "- a\n", `d.yaml:1:1: a hotline document must be a mapping, not a list`},
		{"nothing in it", "title: x\n", `
d.yaml:1:1: "hotline" is missing
d.yaml:1:1: "language" is missing
d.yaml:1:1: "nodes" is missing
d.yaml:1:1: "numbers" is missing
d.yaml:1:1: "start" is missing`},
		{"unknown key", head + "  a: {say: x, nxet: a, hangup: true}\n",
			`d.yaml:6:15: unknown key "nxet" (did you mean "next"?)`},
		{"unknown key for a needed one", head + "  a: {say: x, nxet: b}\n  b: {menu: x, kyes: {1: a}}\n  c: {identify: ani, knwon: a, unknown: a}\n", `
d.yaml:6:15: unknown key "nxet" (did you mean "next"?)
d.yaml:7:16: unknown key "kyes" (did you mean "keys"?)
d.yaml:8:22: unknown key "knwon" (did you mean "known"?)`},
		{"ways to ask", head + "  a: {callback: {queue: q, message: {longets: 1m, required: on}, slots: {days: 8, length: 90s, ofer: 2}}, next: b}\n" +
			"  b: {queue: q, if_longer: {tahn: 5m}, offer_callback: {after: 0s, message: {longest: 1h}}}\n  c: {callback: {queue: q, slots: {capacity: 0, hours: {timezone: UTC}}}}\n" +
			"callback: {abandoned: {consent: maybe, key: 7}, abandond: 1}\n", `
d.yaml:6:38: unknown key "longets" (did you mean "longest"?)
d.yaml:6:61: "required" must be true or false, not "on"
d.yaml:6:66: slots need "capacity" (how many calls one of them takes)
d.yaml:6:80: "days" must be between 1 and 7, not 8
d.yaml:6:91: "length" must be whole minutes (like 30m or 1h)
d.yaml:6:96: unknown key "ofer" (did you mean "offer"?)
d.yaml:7:17: "if_longer" needs "next"
d.yaml:7:17: "if_longer" needs "than"
d.yaml:7:29: unknown key "tahn" (did you mean "than"?)
d.yaml:7:64: "after" must be between 1s and 24h, not 0s
d.yaml:7:87: "longest" must be at most 10m0s
d.yaml:8:46: "capacity" must be between 1 and 10000, not 0
d.yaml:8:49: the hours name no day (like weekdays: "09:00-20:00")
d.yaml:9:33: unknown consent "maybe" (one of always, known, asked)
d.yaml:9:40: "key" is for "consent: asked"
d.yaml:9:49: unknown key "abandond" (did you mean "abandoned"?)`},
		{"a key with two meanings", head + "  a: {queue: q, offer_callback: {key: 5}}\ncallback: {abandoned: {consent: asked}}\n",
			`d.yaml:6:3: key "5" of node "a" means both the offer and the consent to be called back (choose another "key" for "callback: abandoned")`},
		{"abandoned calls without consent", head + "  a: {queue: q}\ncallback: {abandoned: {after: 10s}}\n",
			`d.yaml:7:12: who is called without having asked for it? write "consent" (always, known, asked)`},
		{"led aside in a circle", head + "  a: {queue: q, if_longer: {than: 5m, next: b}}\n  b: {goto: a}\n",
			`d.yaml:6:3: the call goes round for ever without a word to the caller: a -> b -> a`},
		{"unknown key at the top", head + "  a: {say: x, hangup: true}\nlangauge: ru\n",
			`d.yaml:7:1: unknown key "langauge" (did you mean "language"?)`},
		{"duplicate key", head + "  a: {say: x, hangup: true}\n  a: {say: y, hangup: true}\n",
			`d.yaml:7:3: key "a" is here twice (the first is on line 6)`},
		{"no value", head + "  a: {say: x, next: }\n", `d.yaml:6:15: "next" has no value`},
		{"anchor", head + "  a: &x {say: x, hangup: true}\n",
			`d.yaml:6:6: "a" uses a YAML anchor, which a hotline document cannot have (write the value out)`},
		{"anchor in a list", strings.Replace(head, `["600"]`, `["600", *x, [a], {b: c}, ~]`, 1) + "  a: {hangup: true}\n",
			`d.yaml:2:1: this is no YAML: unknown anchor 'x' referenced`},
		{"odd things in a list", strings.Replace(head, `["600"]`, `["600", [a], {b: c}, ~]`, 1) + "  a: {hangup: true}\n", `
d.yaml:2:18: "numbers" must be a list of single values, and this is a list
d.yaml:2:23: "numbers" must be a list of single values, and this is a mapping
d.yaml:2:31: "numbers" must be a list of single values, and this is empty`},
		{"a mapping for a list", strings.Replace(head, `["600"]`, `{a: b}`, 1) + "  a: {hangup: true}\n",
			`d.yaml:2:10: "numbers" must be a list, not a mapping`},
		{"odd key", head + "  a: {hangup: true}\n  ? [b]\n  : {hangup: true}\n", `d.yaml:7:5: a key must be a word, not a list`},
		{"hotline name", strings.Replace(head, "hotline: t", "hotline: my line", 1) + "  a: {hangup: true}\n",
			`d.yaml:1:10: "my line" is no name (letters, digits, _ and -, first a letter)`},
		{"lists for single values", head + "  a: {queue: [q], priority: [1], priority_vip: [1], announce: {every: [1s]}}\n", `
d.yaml:6:14: "queue" must be a single value, not a list
d.yaml:6:29: "priority" must be a single value, not a list
d.yaml:6:48: "priority_vip" must be a single value, not a list
d.yaml:6:71: "every" must be a single value, not a list`},
		{"nothing in the nodes", head[:len(head)-1] + " {}\n", `
d.yaml:4:8: there is no node "a"
d.yaml:5:8: a hotline needs a node`},
		{"two documents", head + "  a: {say: x, hangup: true}\n---\nb: 1\n",
			`d.yaml:7:1: a second document begins here (one file holds one hotline)`},
		{"unknown node", head + "  a: {goto: hlep}\n  help: {hangup: true}\n",
			`d.yaml:6:13: there is no node "hlep" (did you mean "help"?)`},
		{"unknown start", strings.Replace(head, "start: a", "start: menue", 1) + "  menu: {hangup: true}\n",
			`d.yaml:4:8: there is no node "menue" (did you mean "menu"?)`},
		{"unknown kind", head + "  a: {mneu: x, keys: {1: a}}\n",
			`d.yaml:6:7: unknown key "mneu" (did you mean "menu"?)`},
		{"no kind", head + "  a: {next: a}\n",
			`d.yaml:6:3: node "a" does not say what it does (one of say, menu, identify, queue, callback, goto, hours, collect, branch, set, wait, call, return, lookup, message, transfer, survey, hangup)`},
		{"two kinds", head + "  a: {say: x, menu: y, keys: {1: a}}\n",
			`d.yaml:6:3: node "a" does two things at once: say, menu`},
		{"foreign key", head + "  a: {say: x, hangup: true, tries: 3}\n",
			`d.yaml:6:29: "tries" does not belong to a node of kind "say"`},
		{"wrong type of node", head + "  a: x\n", `d.yaml:6:6: node "a" must be a mapping, not the value "x"`},
		{"wrong type of reference", head + "  a: {say: x, next: [a]}\n",
			`d.yaml:6:21: "next" must be a single value, not a list`},
		{"node name", head + "  a b: {hangup: true}\n  a: {hangup: true}\n",
			`d.yaml:6:3: "a b" is no name of a node (letters, digits, _ and -, first a letter)`},
		{"say ends nowhere", head + "  a: {say: x}\n",
			`d.yaml:6:7: after its text a say node needs "next" or "hangup: true"`},
		{"say goes on and hangs up", head + "  a: {say: x, next: a, hangup: true}\n",
			`d.yaml:6:15: a say node has "next" or "hangup: true", not both`},
		{"empty text", head + "  a: {say: \" \", hangup: true}\n", `d.yaml:6:12: the text is empty`},
		{"empty text of a language", head + "  a: {say: {ru: x, en: \"\"}, hangup: true}\n", `d.yaml:6:24: the text is empty`},
		{"unknown language", head + "  a: {say: {rus: x, ru: y}, hangup: true}\n",
			`d.yaml:6:13: unknown language "rus" (did you mean "ru"?)`},
		{"missing language", head + "  a: {say: {en: x}, hangup: true}\n",
			`d.yaml:6:12: the text has no "ru", the language of this hotline`},
		{"language of the hotline", strings.Replace(head, "language: ru", "language: de", 1) + "  a: {hangup: true}\n",
			`d.yaml:3:11: unknown language "de" (one of ru, en)`},
		{"unknown template", head + "  a: {say: \"{{caller.nmae}}\", hangup: true}\n",
			`d.yaml:6:22: there is no caller.nmae (did you mean "caller.name"?)`},
		{"template without filter", head + "  a: {require: pin, say: \"{{caller.balance}}\", hangup: true}\n",
			`d.yaml:6:29: {{caller.balance}} needs a filter (write {{caller.balance | money}})`},
		{"far template", head + "  a: {say: \"{{weather}}\", hangup: true}\n",
			`d.yaml:6:15: there is no "weather" (names begin with one of call, caller, history, now, vars)`},
		{"open template", head + "  a: {say: \"{{caller.name\", hangup: true}\n",
			`d.yaml:6:12: a template is not closed: it needs {{ and }}`},
		{"balance for anybody", head + "  a: {say: \"{{caller.balance|money}}\", hangup: true}\n",
			`d.yaml:6:15: {{caller.balance | money}} needs "require: pin" on its node (numbers can be spoofed)`},
		{"template in the title", head + "  a: {hangup: true}\ntitle: \"{{caller.name}}\"\n",
			`d.yaml:7:8: there can be no template here: {{caller.name}}`},
		{"menu without keys", head + "  a: {menu: x}\n", `d.yaml:6:7: a menu needs "keys"`},
		{"menu with no key", head + "  a: {menu: x, keys: {}}\n", `d.yaml:6:22: a menu needs at least one key`},
		{"no key of a phone", head + "  a: {menu: x, keys: {10: a}}\n",
			`d.yaml:6:23: "10" is no key of a phone (one of 0 to 9, "*", "#")`},
		{"tries", head + "  a: {menu: x, keys: {1: a}, tries: 0}\n", `d.yaml:6:37: "tries" must be between 1 and 10, not 0`},
		{"no number", head + "  a: {menu: x, keys: {1: a}, tries: x}\n", `d.yaml:6:37: "tries" must be a whole number, not "x"`},
		{"duration without unit", head + "  a: {menu: x, keys: {1: a}, timeout: 5}\n",
			`d.yaml:6:39: "5" is no duration (write "5s")`},
		{"no duration", head + "  a: {menu: x, keys: {1: a}, timeout: soon}\n",
			`d.yaml:6:39: "soon" is no duration (write it like 45s or 5m)`},
		{"long duration", head + "  a: {menu: x, keys: {1: a}, timeout: 25h}\n",
			`d.yaml:6:39: "timeout" must be between 1s and 24h, not 25h`},
		{"method", head + "  a: {identify: [ani, pim], next: b}\n  b: {hangup: true}\n",
			`d.yaml:6:23: unknown method "pim" (did you mean "pin"?)`},
		{"no method", head + "  a: {identify: [], next: b}\n  b: {hangup: true}\n",
			`d.yaml:6:17: identify needs a method (ani, pin)`},
		{"identify ends nowhere", head + "  a: {identify: ani, known: b}\n  b: {hangup: true}\n",
			`d.yaml:6:7: identify needs "unknown", or "next" for both outcomes`},
		{"digits", head + "  a: {identify: pin, pin_digits: 9-4, next: b}\n  b: {hangup: true}\n",
			`d.yaml:6:34: "pin_digits" is "9-4", which is no number of digits (write 4 or "4-12", at most 32)`},
		{"digits of nothing", head + "  a: {pin_digits: 4, hangup: true}\n",
			`d.yaml:6:7: "pin_digits" is for identify and nodes with "require"`},
		{"assurance", head + "  a: {require: ani, hangup: true}\n", `d.yaml:6:16: unknown assurance "ani" (one of answer, pin)`},
		{"refused of nothing", head + "  a: {refused: b, hangup: true}\n  b: {hangup: true}\n",
			`d.yaml:6:7: "refused" is for nodes with "require"`},
		{"priority", head + "  a: {queue: q, priority: high}\n",
			`d.yaml:6:27: there is no "high" (names begin with one of call, caller, history, now, vars)`},
		{"queue name", head + "  a: {queue: \"q@x\"}\n", `d.yaml:6:14: "q@x" is no name of a queue (letters, digits, _, . and -)`},
		{"announce", head + "  a: {queue: q, announce: {evry: 45s, position: maybe}}\n", `
d.yaml:6:28: unknown key "evry" (did you mean "every"?)
d.yaml:6:49: "position" must be true or false, not "maybe"`},
		{"offer", head + "  a: {queue: q, offer_callback: {key: one, number: [own]}}\n", `
d.yaml:6:39: "one" is no key of a phone (one of 0 to 9, "*", "#")
d.yaml:6:53: unknown source of a number "own" (one of ani, ask)`},
		{"callback without queue", head + "  a: {callback: {number: ani}}\n", `d.yaml:6:7: a callback needs "queue"`},
		{"callback from nowhere", head + "  a: {callback: {queue: q, number: []}}\n",
			`d.yaml:6:36: the number must come from somewhere (ani, ask)`},
		{"hangup: false", head + "  a: {hangup: false}\n", `d.yaml:6:15: a node that only hangs up cannot say false`},
		{"numbers", strings.Replace(head, `["600"]`, `["88005550101", 12-34, "600", "600"]`, 1) + "  a: {hangup: true}\n", `
d.yaml:2:11: "88005550101" is neither a full number nor an internal one (write "+78005550101")
d.yaml:2:26: "12-34" is neither a full number nor an internal one (write it like +78005550101 or 600)
d.yaml:2:40: number "600" is here twice`},
		{"no numbers", strings.Replace(head, `["600"]`, `[]`, 1) + "  a: {hangup: true}\n", `d.yaml:2:10: a hotline needs a number`},
		{"country", head + "  a: {hangup: true}\ncountry: Russia\n",
			`d.yaml:7:10: unknown country "Russia" (two letters of ISO 3166, like "RU")`},
		{"prefix", head + "  a: {hangup: true}\ncallback: {prefixes: [8], max_attempts: 99}\n", `
d.yaml:7:23: "8" is no prefix of an international number (write it like "+7")
d.yaml:7:41: "max_attempts" must be between 1 and 10, not 99`},
		{"hours", head + "  a: {hangup: true}\nhours: {weekdays: [\"9-21\", \"09:00-25:00\"], timezone: Europe/Moskow, holidays: [xx, 02-30]}\n", `
d.yaml:7:20: "9-21" is no span of time (write it like 09:00-21:00)
d.yaml:7:28: "09:00-25:00" is no span of time (write it like 09:00-21:00)
d.yaml:7:54: unknown time zone "Europe/Moskow" (like Europe/Moscow)
d.yaml:7:80: unknown holiday "xx" (a date like 2027-05-01, a day of every year like 05-01, or the calendar "ru")
d.yaml:7:84: unknown holiday "02-30" (a date like 2027-05-01, a day of every year like 05-01, or the calendar "ru")`},
		{"hours without days", head + "  a: {hangup: true}\nhours: {timezone: UTC}\n",
			`d.yaml:7:1: the hours name no day (daily, weekdays, weekends, mon, tue, wed, thu, fri, sat, sun)`},
		{"hours without zone", head + "  a: {hangup: true}\nhours: {daily: 09:00-10:00}\n",
			`d.yaml:7:8: hours need a "timezone" (like Europe/Moscow)`},
		{"hours node", head + "  a: {hours: {open: b}}\n  b: {hangup: true}\n", `
d.yaml:6:7: hours needs "closed"
d.yaml:6:7: there are no hours to go by (write "weekdays" and the like here, or "hours" for the hotline)`},
		{"goto loop", head + "  a: {goto: b}\n  b: {goto: c}\n  c: {goto: b}\n",
			`d.yaml:7:3: the call goes round for ever without a word to the caller: b -> c -> b`},
		{"hours and lookup loop", head + "  a: {identify: [ani, pin], known: b, unknown: c}\n  b: {goto: a}\n  c: {hangup: true}\n",
			`d.yaml:6:3: the call goes round for ever without a word to the caller: a -> b -> a`},
		{"full queues send each other the call", head + "  a: {queue: q, full: b}\n  b: {queue: r, full: a}\n",
			`d.yaml:6:3: the call goes round for ever without a word to the caller: a -> b -> a`},
		{"say loop", head + "  a: {say: x, next: b}\n  b: {say: y, next: a}\n",
			`d.yaml:6:3: a caller who presses nothing goes round for ever: a -> b -> a`},
		{"menu loop", head + "  a: {menu: x, keys: {1: b}, otherwise: a}\n  b: {hangup: true}\n",
			`d.yaml:6:3: a caller who presses nothing goes round for ever: a -> a`},
		{"refused loop", head + "  a: {menu: x, keys: {1: b}, otherwise: b}\n  b: {require: pin, hangup: true}\n",
			`d.yaml:6:3: a caller who presses nothing goes round for ever: a -> b -> a`},
		{"skills", head + "  a: {queue: q, skills: {two words: 1, english: 11, x: y, \"{{caller.name}}\": 1}, keep_place: maybe}\n  b: {queue: q, skills: [x], skils: 1}\n", `
d.yaml:6:26: "two words" is no name of a skill (letters, digits, _ and -, first a letter; or "{{caller.language}}")
d.yaml:6:49: "english" must be between 1 and 10, not 11
d.yaml:6:56: "x" must be a whole number, not "y"
d.yaml:6:59: "{{caller.name}}" is no name of a skill (letters, digits, _ and -, first a letter; or "{{caller.language}}")
d.yaml:6:94: "keep_place" must be true or false, not "maybe"
d.yaml:7:25: "skills" must be a mapping, not a list
d.yaml:7:30: unknown key "skils" (did you mean "skills"?)`},
		{"all at once, in order", head + "  a: {say: \"\", nxet: b, hangup: true}\n  b: {goto: x}\n  c: {queue: q, priority: x}\n", `
d.yaml:6:12: the text is empty
d.yaml:6:16: unknown key "nxet" (did you mean "next"?)
d.yaml:7:13: there is no node "x"
d.yaml:8:27: there is no "x" (names begin with one of call, caller, history, now, vars)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, err := dialplan.Parse("d.yaml", []byte(tc.src))
			if err == nil {
				t.Fatal("no fault was found")
			}
			if doc != nil {
				t.Error("a faulty document was returned")
			}
			if diff := cmp.Diff(strings.TrimSpace(tc.want), err.Error()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsCanBeTakenApart(t *testing.T) {
	t.Parallel()
	_, err := dialplan.Parse("d.yaml", []byte(head+"  a: {goto: abuot}\n  about: {hangup: true}\n"))
	var fault *dialplan.Error
	if !errors.As(err, &fault) {
		t.Fatalf("%v holds no Error", err)
	}
	want := dialplan.Error{File: "d.yaml", Line: 6, Col: 13, Msg: `there is no node "abuot"`, Hint: `did you mean "about"?`}
	if diff := cmp.Diff(want, *fault); diff != "" {
		t.Errorf("fault (-want +got):\n%s", diff)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("d.yaml", []byte(head+`  a: {say: {ru: x, en: y}, next: b}
  b: {say: z, next: c}
  c: {callback: {queue: q}}
  d: {hangup: true}
  e: {queue: q, full: f, timeout: g}
  f: {goto: h}
  g: {queue: q, keep_place: true}
  h: {queue: q, keep_place: true}
  i: {queue: q, keep_place: true, next: e}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := `d.yaml:7:3: warning: the text of node "b" has no "en", which other texts have
d.yaml:8:3: warning: node "c" promises callbacks, and "callback: prefixes" allows no number
d.yaml:9:3: warning: no call ever gets to node "d"
d.yaml:10:3: warning: no call ever gets to node "e"
d.yaml:11:3: warning: no call ever gets to node "f"
d.yaml:12:3: warning: no call ever gets to node "g"
d.yaml:13:3: warning: no call ever gets to node "h"
d.yaml:14:3: warning: no call ever gets to node "i"
d.yaml:14:3: warning: node "i" keeps a place, and none leads to it by "full", "no_agents" or "timeout" of a queue`
	if diff := cmp.Diff(want, doc.Warnings.Error()); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// sketch is the hotline of the design, with the node that its hours name.
const sketch = `
hotline: support
numbers: ["+78005550101"]
language: ru
hours: {weekdays: "09:00-21:00", timezone: Europe/Moscow, holidays: ru, closed: after_hours}
start: greet
nodes:
  greet:    {say: {ru: "Здравствуйте! Вы позвонили на горячую линию."}, next: who}
  who:      {identify: [ani, pin], known: menu, unknown: menu}
  menu:     {menu: {ru: "Баланс - один, специалист - два."}, keys: {1: balance, 2: help}, tries: 3, otherwise: help}
  balance:  {require: pin, say: {ru: "Ваш баланс {{caller.balance | money}}."}, next: menu}
  help:     {queue: support, priority: "caller.vip ? 10 : 0", announce: {every: 45s}, offer_callback: {after: 20s, key: 1}, full: sorry}
  sorry:    {say: {ru: "Мы перезвоним."}, next: callback}
  callback: {callback: {queue: support, number: [ani, ask]}, next: bye}
  bye:      {say: {ru: "До свидания!"}, hangup: true}
  after_hours: {say: {ru: "Мы закрыты."}, next: callback}
`

func TestTheSketchOfTheDesignIsValid(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("support.yaml", []byte(sketch))
	if err != nil {
		t.Fatal(err)
	}
	help := doc.Nodes["help"]
	if want := (dialplan.Priority{VIP: 10}); help.Priority != want {
		t.Errorf("priority %+v, want %+v", help.Priority, want)
	}
	want := dialplan.Offer{
		After: 20 * time.Second, Key: '1', Number: []dialplan.NumberSource{dialplan.FromANI, dialplan.FromAsk},
	}
	if diff := cmp.Diff(want, help.Offer); diff != "" {
		t.Errorf("offer (-want +got):\n%s", diff)
	}
	if want := (dialplan.Announce{Every: 45 * time.Second, Position: true}); help.Announce != want {
		t.Errorf("announce %+v, want %+v", help.Announce, want)
	}
	if diff := cmp.Diff([]string{"support"}, doc.Queues()); diff != "" {
		t.Errorf("queues (-want +got):\n%s", diff)
	}
	edges := []dialplan.Edge{{Label: "1", To: "balance"}, {Label: "2", To: "help"}, {Label: "otherwise", To: "help"}}
	if diff := cmp.Diff(edges, doc.Nodes["menu"].Edges()); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
}

func TestSettingsAndDefaults(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("d.yaml", []byte(head+`  a: {menu: x, keys: {1: q, 2: r, 3: s}, otherwise: q}
  q: {queue: one}
  r: {queue: two, priority: 2, priority_vip: 9, announce: {every: 0s, position: false}, offer_callback: {key: "#"}}
  s: {queue: three, offer_callback: false}
callback: {prefixes: ["+7", "+375"], retry_after: 1m, max_attempts: 3, ring_timeout: 20s, confirm_timeout: 10s}
queue_defaults: {announce: {every: 1m}, offer_callback: {after: 30s, every: 2m, number: ask}}
`))
	if err != nil {
		t.Fatal(err)
	}
	policy := dialplan.CallbackPolicy{
		Prefixes: []string{"+7", "+375"}, RetryAfter: time.Minute, MaxAttempts: 3,
		RingTimeout: 20 * time.Second, ConfirmTimeout: 10 * time.Second,
	}
	if diff := cmp.Diff(policy, doc.Callback); diff != "" {
		t.Errorf("callback policy (-want +got):\n%s", diff)
	}
	type wait struct {
		Priority dialplan.Priority
		Announce dialplan.Announce
		Offer    dialplan.Offer
	}
	ask := []dialplan.NumberSource{dialplan.FromAsk}
	both := []dialplan.NumberSource{dialplan.FromANI, dialplan.FromAsk}
	for name, want := range map[string]wait{
		"q": {
			Announce: dialplan.Announce{Every: time.Minute, Position: true},
			Offer:    dialplan.Offer{After: 30 * time.Second, Key: '1', Every: 2 * time.Minute, Number: ask},
		},
		"r": {
			Priority: dialplan.Priority{Normal: 2, VIP: 9},
			Offer:    dialplan.Offer{After: 20 * time.Second, Key: '#', Number: both},
		},
		"s": {Announce: dialplan.Announce{Every: time.Minute, Position: true}},
	} {
		n := doc.Nodes[name]
		if diff := cmp.Diff(want, wait{n.Priority, n.Announce, n.Offer}); diff != "" {
			t.Errorf("node %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFaultsBetweenDocuments(t *testing.T) {
	t.Parallel()
	parse := func(file, src string) *dialplan.Document {
		doc, err := dialplan.Parse(file, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	one := parse("one.yaml", head+"  a: {queue: support}\n")
	two := parse("two.yaml", strings.Replace(head, "hotline: t", "hotline: u", 1)+"  a: {queue: suport}\n")
	three := parse("three.yaml", strings.Replace(head, "600", "601", 1)+"  a: {hangup: true}\n")
	if err := dialplan.CheckAll([]*dialplan.Document{one, three}, nil); err == nil ||
		err.Error() != `three.yaml:1:10: hotline "t" is also in one.yaml` {
		t.Errorf("same name: %v", err)
	}
	err := dialplan.CheckAll([]*dialplan.Document{one, two}, []string{"sales", "support"})
	want := `two.yaml:2:11: number "600" also belongs to hotline "t"
two.yaml:6:14: the switch has no queue "suport" (did you mean "support"?)`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
	if err := dialplan.CheckAll([]*dialplan.Document{two}, nil); err != nil {
		t.Errorf("queues are not known, yet: %v", err)
	}
}

func TestSkillsThatNobodyHas(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("d.yaml", []byte(head+`  a: {queue: support, skills: {english: 2, englsh: 1, "{{caller.language}}": 1, spanish: 1}, full: b}
  b: {queue: sales, skills: {english: 1}, full: c}
  c: {queue: none, skills: {english: 1}}
`))
	if err != nil {
		t.Fatal(err)
	}
	err = dialplan.CheckSkills([]*dialplan.Document{doc}, map[string]map[string]int{
		"support": {"english": 1, "ru": 5}, "sales": nil,
	})
	want := `d.yaml:6:32: no agent of queue "support" has the skill "english" at level 2 (the highest is 1)
d.yaml:6:44: no agent of queue "support" has the skill "englsh" (did you mean "english"?)
d.yaml:6:55: no agent of queue "support" has the skill "en"
d.yaml:6:81: no agent of queue "support" has the skill "spanish"
d.yaml:7:30: queue "sales" has the engine asterisk, which knows no skills (give it "engine: linekeeper", or remove the skill)`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
	levels := map[string]map[string]int{"support": {"english": 2, "englsh": 1, "ru": 5, "en": 1, "spanish": 1}, "sales": {"english": 9}}
	if err := dialplan.CheckSkills([]*dialplan.Document{doc}, levels); err != nil {
		t.Errorf("every skill is there: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sketch))
	f.Add([]byte(head + "  a: {say: \"{{caller.name}}\", hangup: true}\n"))
	f.Add([]byte("a: &b [*b]\n---\n"))
	for _, text := range []string{ways, talkative, outer, gate} { // each kind of node is in one of them
		f.Add([]byte(text))
	}
	f.Add([]byte("hours: {sun: [22:00-06:00]}\nnodes: {a: {hours: {open: a}}}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, err := dialplan.Parse("f.yaml", src)
		if (doc == nil) == (err == nil) {
			t.Fatalf("document %v with error %v", doc, err)
		}
		if err != nil {
			var list dialplan.ErrorList
			if !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("%v is no list of faults", err)
			}
			for _, e := range list {
				if e.Line < 1 || e.Col < 1 || e.Msg == "" || strings.Contains(e.Error(), "\n") {
					t.Errorf("odd fault %q", e.Error())
				}
			}
			return
		}
		s, actions := dialplan.Step(doc, dialplan.NewState(doc, ""), dialplan.Started{}, time.Unix(0, 0))
		if len(actions) == 0 || s.Phase == dialplan.PhaseNew {
			t.Fatalf("a right document does nothing: %+v", s)
		}
	})
}
