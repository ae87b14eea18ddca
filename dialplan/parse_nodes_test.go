package dialplan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
)

// faults is what is wrong with a document of these lines after the head.
func faults(t *testing.T, lines string) string {
	t.Helper()
	doc, err := dialplan.Parse("d.yaml", []byte(lines))
	switch {
	case err != nil:
		return err.Error()
	case len(doc.Warnings) > 0:
		return doc.Warnings.Error()
	}
	return ""
}

const bare = "hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: a\n"

func TestFaultsOfNodes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, lines, want string }{
		{"variables", "vars: {a-b: text, in: text, n: numbr, n: text}\nnodes: {a: {hangup: true}}", `
d.yaml:5:8: "a-b" is no name of a variable (letters, digits and _, first a letter)
d.yaml:5:19: "in" is no name of a variable (letters, digits and _, first a letter)
d.yaml:5:32: unknown kind of value "numbr" (did you mean "number"?)
d.yaml:5:39: key "n" is here twice (the first is on line 5)`},
		{"branch", `nodes:
  a: {branch: []}
  b: {branch: {if: x}, otherwise: a}
  c: {branch: [{if: "1 + 1", then: a}, {then: a}, {if: caller.vip, thn: a}, x], otherwise: nowhere}`, `
d.yaml:6:7: a branch needs "otherwise", for when none of its cases holds
d.yaml:6:15: a branch needs a case (like [{if: caller.vip, then: NODE}])
d.yaml:7:15: "branch" must be a list, not a mapping
d.yaml:8:22: "1 + 1" gives a number, and yes or no is needed here
d.yaml:8:40: a case of a branch needs "if"
d.yaml:8:51: a case of a branch needs "then"
d.yaml:8:68: unknown key "thn" (did you mean "then"?)
d.yaml:8:77: a case of a branch must be a mapping, not the value "x"
d.yaml:8:92: there is no node "nowhere"`},
		{"set and wait", `vars: {total: number, name: text}
nodes:
  a: {set: {totl: 1, total: caller.name, name: "caller.nam"}}
  b: {set: {}, next: c}
  c: {wait: 5, musik: true, next: a}
  d: {set: {name: caller.fields.city}, language: de, next: a}
  e: {require: answer, set: {name: caller.fields.city, total: "caller.assurance == 'pin' ? caller.balance : 0"}, next: c}`, `
d.yaml:7:7: a set node needs "next"
d.yaml:7:13: there is no variable "totl" (did you mean "total"?)
d.yaml:7:29: "caller.name" gives a text, and a number is needed here
d.yaml:7:56: there is no caller.nam (did you mean "caller.name"?)
d.yaml:8:7: "set" sets nothing
d.yaml:9:13: "5" is no duration (write "5s")
d.yaml:9:16: unknown key "musik" (did you mean "music"?)
d.yaml:10:19: caller.fields needs "require: answer" on its node, or a look at caller.assurance beside it (numbers can be spoofed)
d.yaml:10:50: unknown language "de" (one of ru, en)`},
		{"collect", `vars: {order: text, total: number, due: time, ok: yes_no}
nodes:
  a: {collect: "x"}
  b: {collect: "x", into: ok, digits: 4, end: 5, next: a}
  c: {collect: "x", into: total, digits: 20, readback: phon, confirm: true, next: a}
  d: {collect: "x", into: due, digits: 4, readback: money, confirm: true, next: a}
  e: {collect: "x", into: order, digits: 4, secret: true, readback: digits, next: a}
  f: {collect: "x", into: odrer, digits: 4, confirm: true, next: a}
  g: {collect: "x", into: total, digits: 4, readback: money, next: a}`, `
d.yaml:7:7: a collect node needs "next"
d.yaml:7:7: collect needs "digits"
d.yaml:7:7: collect needs "into"
d.yaml:8:27: digits are neither yes nor no (a menu asks for that)
d.yaml:8:47: an entry cannot end with "5" ("#" or "*")
d.yaml:9:42: a number has at most 15 digits (take a variable of kind text)
d.yaml:9:56: unknown way to read back "phon" (did you mean "phone"?)
d.yaml:10:40: a date has eight digits (write digits: 8, for DDMMYYYY)
d.yaml:10:53: a time is not read back as money
d.yaml:11:59: a secret is not read back
d.yaml:12:27: there is no variable "odrer" (did you mean "order"?)
d.yaml:12:45: to confirm an entry, it must be read back: write "readback"
d.yaml:13:55: money needs a currency (like money RUB)`},
		{"secrets are not said, nor what comes of them", `vars: {code: text, copy: text, more: text}
nodes:
  a: {collect: "x", into: code, digits: 4, secret: true, next: b}
  b: {set: {copy: "vars.code + '1'"}, next: c}
  c: {call: d, with: {it: vars.copy}, into: more, next: e}
  e: {say: "{{vars.more}}", hangup: true}
dialogues: {d: {params: {it: text}, start: s, nodes: {s: {say: "It is {{args.it}}.", next: r}, r: {return: args.it}}}}`, `
d.yaml:10:15: {{vars.more}} would be said aloud (it came from a secret entry)
d.yaml:11:73: {{args.it}} would be said aloud (it came from a secret entry)`},
		{"private values stay where the caller is sure", `vars: {debt: number, whose: text}
nodes:
  a: {require: pin, set: {debt: "-caller.balance", whose: caller.account}, next: b}
  b: {say: "You owe {{vars.debt | money RUB}}, {{vars.whose}}.", next: c}
  c: {require: answer, say: "You owe {{vars.debt | money RUB}}, {{vars.whose}}.", next: d}
  d: {require: pin, say: "You owe {{vars.debt | money RUB}}, {{vars.whose}}.", hangup: true}`, `
d.yaml:8:23: {{vars.debt | money RUB}} needs "require: pin" on its node, for it comes from what only the caller may hear (numbers can be spoofed)
d.yaml:8:50: {{vars.whose}} needs "require: answer" on its node, for it comes from what only the caller may hear (numbers can be spoofed)
d.yaml:9:40: {{vars.debt | money RUB}} needs "require: pin" on its node, for it comes from what only the caller may hear (numbers can be spoofed)`},
		{"dialogues", `vars: {ok: yes_no}
nodes:
  a: {call: agre, next: b}
  b: {call: agree, with: {wat: "1"}, into: ok, next: a}
  c: {return: "true"}
  d: {say: "{{args.what}}", hangup: true}
dialogues:
  agree: {params: {what: text}, start: a, nodes: {s: {say: "{{args.waht}}", next: t}, t: {return: "'x'"}}}
  empty: {}
  9x: {start: s, nodes: {s: {return: "1"}}}`, `
d.yaml:7:13: there is no dialogue "agre" (did you mean "agree"?)
d.yaml:8:13: dialogue "agree" needs "what" (give it by "with")
d.yaml:8:27: dialogue "agree" has no parameter "wat" (did you mean "what"?)
d.yaml:9:7: only a node of a dialogue can return
d.yaml:10:15: there is no "args" (names begin with one of call, caller, history, now, vars)
d.yaml:12:40: dialogue "agree" must start at a node of its own
d.yaml:12:68: there is no args.waht (did you mean "args.what"?)
d.yaml:13:3: dialogue "empty" needs "nodes"
d.yaml:13:3: dialogue "empty" needs "start"
d.yaml:14:3: "9x" is no name of a dialogue (letters, digits, _ and -, first a letter)`},
		{"what a dialogue returns", `vars: {ok: yes_no}
nodes: {a: {call: d, into: ok, next: b}, b: {hangup: true}}
dialogues: {d: {start: s, nodes: {s: {menu: "x", keys: {1: y, 2: n}, otherwise: n}, y: {return: "true"}, n: {return: "0"}}}}`, `
d.yaml:6:28: dialogue "d" returns a number at node "d.n", and "ok" holds yes or no`},
		{"recursion", `nodes: {a: {call: one, next: a}}
dialogues:
  one: {start: s, nodes: {s: {call: two, next: r}, r: {return: "1"}}}
  two: {start: s, nodes: {s: {call: one, next: r}, r: {return: "1"}}}`, `
d.yaml:7:3: a dialogue comes to call itself: one -> two -> one`},
		{"a silent round through a dialogue", `nodes: {a: {call: d, next: b}, b: {branch: [{if: caller.vip, then: a}], otherwise: c}, c: {hangup: true}}
dialogues: {d: {start: s, nodes: {s: {branch: [{if: caller.vip, then: r}], otherwise: q}, q: {say: "x", next: r}, r: {return: "1"}}}}`, `
d.yaml:5:9: the call goes round for ever without a word to the caller: a -> b -> a`},
		{"no round where the dialogue speaks and asks", `nodes: {a: {call: d, next: b}, b: {branch: [{if: caller.vip, then: a}], otherwise: c}, c: {hangup: true}}
dialogues: {d: {start: s, nodes: {s: {menu: "x", keys: {1: r}}, r: {return: "1"}}}}`, ``},
		{"a passive round", `nodes: {a: {wait: 5s, next: b}, b: {set: {}, language: en, next: a}}`, `
d.yaml:5:9: a caller who presses nothing goes round for ever: a -> b -> a`},
		{"called twice is no round", `nodes: {a: {call: d, next: b}, b: {call: d, next: c}, c: {hangup: true}}
dialogues: {d: {start: s, nodes: {s: {set: {}, language: en, next: r}, r: {return: "1"}}}}`, ``},
		{"nobody gets there", `nodes: {a: {hangup: true}}
dialogues: {d: {start: s, nodes: {s: {return: "1"}}}}`, `
d.yaml:6:35: warning: no call ever gets to node "d.s"`},
		{"operator and languages", `operator: {key: "#"}
language_by: {ru: ru, DE: de, XX: en, other: en}
nodes: {a: {menu: "x", keys: {1: {}, 2: {language: e}, 3: {repeat: false}, 4: {goto: a}}}}`, `
d.yaml:5:1: "operator" needs "node"
d.yaml:5:17: "#" has a meaning of its own in questions (one of 0 to 9)
d.yaml:6:15: unknown country "ru" (two letters of ISO 3166, like "RU", or "other")
d.yaml:6:27: unknown language "de" (one of ru, en)
d.yaml:6:31: unknown country "XX" (two letters of ISO 3166, like "RU", or "other")
d.yaml:7:34: this key does nothing (like {language: en} or {repeat: true})
d.yaml:7:52: unknown language "e" (one of ru, en)
d.yaml:7:59: this key does nothing (like {language: en} or {repeat: true})
d.yaml:7:80: unknown key "goto"`},
		{"priorities", `nodes: {a: {queue: q, priority: "caller.vip", next: a}, b: {queue: q, priority: "caller.vip ? 1 : history.calls_today", priority_vip: 3}, c: {queue: q, priority: 10000}}`, `
d.yaml:5:34: "caller.vip" gives yes or no, and a number is needed here
d.yaml:5:121: the priority is computed, so that this one never counts (write it into "priority": caller.vip ? 10 : ...)
d.yaml:5:163: a priority is between -9999 and 9999, not 10000`},
		{"questions that nobody hears", `vars: {x: text}
nodes: {a: {collect: "Is it {{vars.x}}?", into: x, digits: 2, next: b}, b: {menu: "{{vars.x}}. Choose.", keys: {1: a}}}`, `
d.yaml:6:9: warning: node "a" asks nothing when its values are not known: it needs a sentence without them`},
		{"filters of another language", `vars: {n: number, at: time, s: text}
nodes:
  a: {say: {en: "{{vars.n | number feminine}}", ru: "{{vars.n | number feminine}}"}, next: b}
  b: {say: "{{vars.at}} {{vars.n | date}}", next: c}
  c: {say: "{{vars.n | mony RUB}}", next: d}
  d: {say: "{{vars.n | money}}", next: e}
  e: {say: "{{vars.s | }}", next: f}
  f: {say: "{{vars.at > now.at}}", hangup: true}`, `
d.yaml:7:20: {{vars.n | number feminine}} is wrong: the filter number: there are no genders in English: leave out "feminine"
d.yaml:8:15: {{vars.at}} is a time and needs a filter (one of date, time, datetime)
d.yaml:9:15: {{vars.n | mony RUB}} has an unknown filter (did you mean "money"?)
d.yaml:10:15: {{vars.n | money}} needs a currency (like {{vars.n | money RUB}})
d.yaml:11:15: {{vars.s |}} has a bar and no filter behind it (one of text, number, ordinal, count, money, percent, digits, phone, code, spell, date, time, datetime, duration, yes_no)
d.yaml:12:15: {{vars.at > now.at}} is yes or no (write {{... ? "these words" : "those words"}}, or the filter yes_no)`},
		{"places in longer texts", `vars: {n: number}
nodes:
  a:
    say: |
      First line.
      Then {{vars.m}}.
    hangup: true
  b: {set: {n: "vars.n +
      vars.m"}, next: a}`, `
d.yaml:10:19: there is no vars.m (declare it under "vars" of the document)
d.yaml:12:16: there is no vars.m (declare it under "vars" of the document)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.TrimPrefix(tc.want, "\n"), faults(t, bare+tc.lines)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
