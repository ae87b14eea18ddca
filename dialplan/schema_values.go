package dialplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/prompts"
)

// piece is a part of a JSON schema.
type piece = map[string]any

// What stands in a document as one value is read as it is written, so that 600,
// "600" and true are texts as well.
var (
	oneValue   = piece{"type": []string{"string", "number", "boolean"}}
	wholeValue = piece{"type": []string{"string", "integer"}, "pattern": `^\s*-?[0-9]+\s*$`}
)

// matching is a single value of a pattern.
func matching(pattern, description string) piece {
	return piece{"type": []string{"string", "number", "boolean"}, "pattern": pattern, "description": description}
}

// wordOf is one of some words.
func wordOf[T ~string](words ...T) piece { return piece{"enum": words} }

// oneOrMore is a list, or a single value in place of one.
func oneOrMore(item piece) piece {
	return piece{"oneOf": []any{item, piece{"type": "array", "items": item}}}
}

// anyOf is one of some values.
func anyOf(values ...any) piece { return piece{"oneOf": values} }

// withKeys is a mapping with exactly these keys, all of which may be left out.
func withKeys(values piece) piece { return objectSchema(slices.Collect(maps.Keys(values)), values) }

// byName is a mapping whose names are free, but for a pattern.
func byName(pattern string, value piece) piece {
	return piece{"type": "object", "propertyNames": piece{"pattern": pattern}, "additionalProperties": value}
}

// needing is a mapping with these keys at least.
func needing(object piece, keys ...string) piece {
	object["required"] = keys
	return object
}

// schemaDefs are the values that several keys have in common.
func schemaDefs() map[string]piece {
	texts := piece{}
	for _, lang := range prompts.Languages() {
		texts[lang] = piece{"type": "string", "minLength": 1}
	}
	node, duration, flag, digits, text := schemaRef("name"), schemaRef("duration"), schemaRef("flag"), schemaRef("digits"), schemaRef("text")
	days := daysValues()
	withNodes := piece{"open": node, "closed": node}
	maps.Copy(withNodes, days)
	readback := slices.Sorted(maps.Keys(readbacks))
	return map[string]piece{
		"text": {"description": "in the hotline's language, or by language", "oneOf": []any{
			piece{"type": []string{"string", "number", "boolean"}, "minLength": 1},
			piece{"type": "object", "properties": texts, "additionalProperties": false, "minProperties": 1},
		}},
		"name":       {"type": []string{"string", "number", "boolean"}, "description": "of a node"},
		"named":      matching(namedPattern.String(), "as in linekeeper.yaml"),
		"variable":   matching(variablePattern.String(), `declared under "vars"`),
		"expression": {"type": []string{"string", "number", "boolean"}, "minLength": 1, "description": "like caller.vip, or vars.total * 2"},
		"language":   {"enum": prompts.Languages()},
		"duration":   {"type": []string{"string", "number"}, "pattern": `^[0-9.]+(ns|us|ms|s|m|h)?([0-9.]+(s|m|h|ms))*$`, "description": "like 45s, 5m, 1m30s"},
		"digits":     {"type": []string{"string", "integer"}, "pattern": `^\s*[0-9]+\s*(-\s*[0-9]+\s*)?$`, "minimum": 1, "maximum": 32, "description": `how many digits: 4, or "4-12"`},
		"key":        {"type": []string{"string", "integer"}, "pattern": `^[0-9*#]$`, "minimum": 0, "maximum": 9, "description": `0 to 9, "*", "#"`},
		"flag":       {"enum": []any{true, false, "true", "false", "yes", "no"}},
		"span":       {"type": "string", "pattern": `^\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s*$`, "description": "like 09:00-21:00"},
		"days":       objectSchema(hoursKeys, days),
		"opening":    objectSchema(slices.Concat(hoursKeys, []string{"closed"}), withNodes),
		"hours":      needing(objectSchema(slices.Concat(hoursKeys, []string{"open", "closed"}), withNodes), "open", "closed"),
		"sources":    oneOrMore(wordOf(FromANI, FromAsk)),
		"spoken": anyOf(flag, withKeys(piece{
			"longest": duration, "required": flag,
		})),
		"announce": withKeys(piece{"every": duration, "position": flag}),
		"offer": anyOf(piece{"enum": []any{false, "false"}}, withKeys(piece{
			"after": duration, "over": duration, "every": duration,
			"key": schemaRef("key"), "number": schemaRef("sources"), "message": schemaRef("spoken"),
		})),
		"slots": needing(withKeys(piece{
			"days": wholeValue, "capacity": wholeValue, "offer": wholeValue,
			"hours": schemaRef("days"), "length": duration, "ahead": duration,
		}), "capacity"),
		"choice": anyOf(node, withKeys(piece{"language": schemaRef("language"), "repeat": flag})),
		"step": anyOf(
			wordOf(ByANI, ByPIN, ByOperator),
			needing(withKeys(piece{"code": needing(withKeys(piece{
				"digits": digits, "gives": piece{"enum": requirable}, "text": text,
			}), "digits")}), "code"),
			needing(withKeys(piece{
				"ask": matching(namePattern.String(), "of the answer in the directory"), "digits": digits, "format": wordOf(FormatDate), "text": text,
			}), "ask"),
			needing(withKeys(piece{"operator": text}), "operator"),
		),
		"case": needing(withKeys(piece{"if": schemaRef("expression"), "then": node}), "if", "then"),
		"question": needing(withKeys(piece{
			"name": matching(namedPattern.String(), "of the answer"), "ask": text, "into": schemaRef("variable"),
			"keys": piece{"type": "string", "pattern": `^\s*[0-9]\s*-\s*[0-9]\s*$`, "description": "like 1-5"},
		}), "name", "ask"),
		"target":   targetSchema(),
		"readback": matching(`^\s*(`+strings.Join(readback, "|")+`)(\s.*)?$`, "one of "+strings.Join(readback, ", ")+"; money needs a currency, like money RUB"),
	}
}

// daysValues is what stands behind the keys of hours.
func daysValues() piece {
	spans := oneOrMore(schemaRef("span"))
	days := piece{
		"timezone": piece{"type": "string", "description": "like Europe/Moscow"},
		"holidays": oneOrMore(piece{"type": "string"}),
		"exceptions": byName(`^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$`, anyOf(
			wordOf("closed"), schemaRef("span"), piece{"type": "array", "items": schemaRef("span")})),
	}
	for _, key := range dayKeys {
		days[key] = spans
	}
	return days
}

// targetSchema is whom a transfer puts callers through to: exactly one.
func targetSchema() piece {
	values := piece{
		string(ToNumber): piece{"type": []string{"string", "number"}, "description": `like "+74951234567", or an expression`},
		string(ToAgent):  schemaRef("named"), string(ToContext): schemaRef("named"),
		string(ToSIP): piece{"type": "string", "pattern": sipPattern.String()},
	}
	var one []any
	for _, kind := range slices.Sorted(maps.Keys(values)) {
		own := piece{kind: values[kind]}
		if kind == string(ToContext) {
			own["extension"], own["priority"] = matching(extenPattern.String(), ""), wholeValue
		}
		one = append(one, needing(withKeys(own), kind))
	}
	return piece{"oneOf": one}
}

func documentValues() piece {
	node, duration := schemaRef("name"), schemaRef("duration")
	nodes := piece{"type": "object", "minProperties": 1, "additionalProperties": schemaRef("node")}
	vars := byName(variablePattern.String(), piece{"enum": valueKinds})
	return piece{
		"hotline":  matching(namePattern.String(), "its name in lists and records"),
		"title":    schemaRef("text"),
		"numbers":  oneOrMore(piece{"type": []string{"string", "integer"}}),
		"language": schemaRef("language"),
		"country":  piece{"type": []string{"string", "boolean"}, "description": "two letters of ISO 3166"},
		"timezone": piece{"type": "string", "description": "like Europe/Moscow"},
		"hours":    schemaRef("opening"),
		"start":    node,
		"nodes":    nodes,
		"vars":     vars,
		"dialogues": byName(namePattern.String(), needing(withKeys(piece{
			"params": vars, "start": node, "nodes": nodes,
		}), "start", "nodes")),
		"operator": needing(withKeys(piece{
			"key": piece{"type": []string{"string", "integer"}, "pattern": `^[0-9]$`, "minimum": 0, "maximum": 9}, "node": node,
		}), "node"),
		"language_by": byName(`^([A-Z]{2}|`+otherCountries+`)$`, schemaRef("language")),
		"queue_defaults": withKeys(piece{
			"announce": schemaRef("announce"), "offer_callback": schemaRef("offer"),
		}),
		"callback": withKeys(piece{
			"prefixes": oneOrMore(piece{"type": []string{"string", "number"}}), "retry_after": duration, "ring_timeout": duration,
			"confirm_timeout": duration, "max_attempts": wholeValue, "campaign": matching(campaignPattern.String(), "that its promises count for"),
			"mode": wordOf("customer_first", "agent_first", "preview"),
			"abandoned": needing(withKeys(piece{
				"after": duration, "once": schemaRef("flag"), "key": schemaRef("key"), "consent": wordOf(ConsentAlways, ConsentKnown, ConsentAsked),
			}), "consent"),
		}),
	}
}

// nodeValues is what stands behind the keys of a kind of node. A key that means
// the same everywhere stands first, and its own one is only here for its kind.
func nodeValues(kind Kind) piece {
	node, text, flag, duration := schemaRef("name"), schemaRef("text"), schemaRef("flag"), schemaRef("duration")
	values := piece{
		"tries": wholeValue, "timeout": duration, "account_digits": schemaRef("digits"), "pin_digits": schemaRef("digits"),
		"require": piece{"enum": requirable}, "into": schemaRef("variable"),
		"with": byName(``, schemaRef("expression")), "language": schemaRef("language"),
	}
	for _, branch := range []string{
		"next", "otherwise", "no_input", "refused", "known", "unknown", "full", "no_agents", "unavailable", "after",
		"not_found", "failed", "busy", "no_answer",
	} {
		values[branch] = node
	}
	maps.Copy(values, kindValues(kind, node, text, flag, duration))
	return values
}

// kindValues is what only one kind of node has, or has otherwise than others.
func kindValues(kind Kind, node, text, flag, duration piece) piece {
	switch kind {
	case KindSay:
		return piece{"say": text, "hangup": flag}
	case KindHangup:
		return piece{"hangup": piece{"enum": []any{true, "true", "yes"}}}
	case KindGoto:
		return piece{"goto": node}
	case KindHours:
		return piece{"hours": schemaRef("hours")}
	case KindMenu:
		keys := byName(`^[0-9*#]$`, schemaRef("choice"))
		keys["minProperties"] = 1
		return piece{"menu": text, "keys": keys}
	case KindIdentify:
		return piece{"identify": oneOrMore(schemaRef("step"))}
	case KindQueue:
		return piece{
			"queue": matching(queuePattern.String(), "on the switch"), "timeout": node, // a branch here
			"skills": byName(``, wholeValue), "priority": schemaRef("expression"), "priority_vip": wholeValue, "keep_place": flag,
			"announce": schemaRef("announce"), "offer_callback": schemaRef("offer"),
			"if_longer": needing(withKeys(piece{"than": duration, "next": node}), "than", "next"),
		}
	case KindCallback:
		return piece{"callback": needing(withKeys(piece{
			"queue": matching(queuePattern.String(), "on the switch"), "number": schemaRef("sources"), "message": schemaRef("spoken"), "slots": schemaRef("slots"),
		}), "queue")}
	case KindCollect:
		return piece{
			"collect": text, "digits": schemaRef("digits"), "end": wordOf("#", "*"), "secret": flag, "confirm": flag, "readback": schemaRef("readback"),
		}
	case KindBranch:
		return piece{"branch": piece{"type": "array", "minItems": 1, "items": schemaRef("case")}}
	case KindSet:
		return piece{"set": byName(variablePattern.String(), schemaRef("expression"))}
	case KindWait:
		return piece{"wait": duration, "music": flag}
	case KindCall:
		return piece{"call": matching(namePattern.String(), `of a dialogue, under "dialogues"`)}
	case KindReturn:
		return piece{"return": schemaRef("expression")}
	case KindLookup:
		return piece{"lookup": schemaRef("named"), "into": byName(variablePattern.String(), oneValue)}
	case KindMessage:
		return piece{"message": text, "longest": duration, "silence": duration, "hook": schemaRef("named")}
	case KindTransfer:
		return piece{"transfer": schemaRef("target")}
	case KindSurvey:
		return piece{"survey": piece{"type": "array", "minItems": 1, "items": schemaRef("question")}, "thanks": text}
	}
	return nil
}
