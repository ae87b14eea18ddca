package dialplan

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/linekeeper/linekeeper/prompts"
)

// Schema is the JSON schema (draft 2020-12) of hotline documents, for editors: it
// knows which keys there are where, and roughly what stands behind them. What only
// the whole document shows is left to Parse; every document that Parse takes fits.
func Schema() ([]byte, error) {
	defs := map[string]any{}
	for name, s := range schemaDefs() {
		defs[name] = s
	}
	var anyKind []any
	for _, kind := range kinds {
		name := "node_" + string(kind)
		defs[name] = nodeSchema(kind)
		anyKind = append(anyKind, schemaRef(name))
	}
	defs["node"] = map[string]any{"type": "object", "oneOf": anyKind}
	root := objectSchema(documentKeys, documentValues())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "linekeeper hotline document"
	root["required"] = []string{"hotline", "language", "nodes", "numbers", "start"}
	root["$defs"] = defs
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

// nodeSchema is what one kind of node may have.
func nodeSchema(kind Kind) map[string]any {
	keys := slices.Concat(nodeKeys[kind], anyNodeKeys)
	s := objectSchema(keys, nodeValues(kind))
	s["title"] = string(kind)
	s["required"] = []string{string(kind)}
	return s
}

// objectSchema is a mapping with these keys and no others. A key whose values
// nothing is known of takes any.
func objectSchema(keys []string, values map[string]any) map[string]any {
	properties := map[string]any{}
	for _, key := range keys {
		properties[key] = true
		if v, ok := values[key]; ok {
			properties[key] = v
		}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func schemaRef(name string) map[string]any {
	return map[string]any{"$ref": "#/$defs/" + name}
}

// schemaDefs are the values that several keys have in common.
func schemaDefs() map[string]any {
	texts := map[string]any{}
	for _, lang := range prompts.Languages() {
		texts[lang] = map[string]any{"type": "string", "minLength": 1}
	}
	spans := oneOrMore(map[string]any{"type": "string"})
	days := map[string]any{
		"timezone": map[string]any{"type": "string", "description": "like Europe/Moscow"},
		"holidays": oneOrMore(map[string]any{"type": "string"}),
	}
	for _, key := range dayKeys {
		days[key] = spans
	}
	withNodes := slices.Concat(hoursKeys, []string{"closed"})
	nodes := map[string]any{"open": schemaRef("name"), "closed": schemaRef("name")}
	for key, v := range days {
		nodes[key] = v
	}
	return map[string]any{
		"text": map[string]any{"description": "in the hotline's language, or by language", "oneOf": []any{
			map[string]any{"type": []string{"string", "number", "boolean"}, "minLength": 1},
			map[string]any{"type": "object", "properties": texts, "additionalProperties": false},
		}},
		"name":     map[string]any{"type": []string{"string", "number", "boolean"}, "description": "of a node"},
		"duration": map[string]any{"type": []string{"string", "number"}, "pattern": `^[0-9.]+(ns|us|ms|s|m|h)?([0-9.]+(s|m|h|ms))*$`, "description": "like 45s, 5m, 1m30s"},
		"digits":   map[string]any{"type": []string{"string", "integer"}, "description": `how many digits: 4, or "4-12"`},
		"key":      map[string]any{"type": []string{"string", "integer"}, "description": `0 to 9, "*", "#"`},
		"flag":     map[string]any{"enum": []any{true, false, "true", "false"}},
		"days":     objectSchema(hoursKeys, days),
		"opening":  objectSchema(withNodes, nodes),
		"hours":    objectSchema(append(withNodes, "open"), nodes),
		"sources":  oneOrMore(map[string]any{"enum": []string{string(FromANI), string(FromAsk)}}),
		"message": map[string]any{"oneOf": []any{schemaRef("flag"), objectSchema([]string{"longest", "required"}, map[string]any{
			"longest": schemaRef("duration"), "required": schemaRef("flag"),
		})}},
		"announce": objectSchema([]string{"every", "position"}, map[string]any{"every": schemaRef("duration"), "position": schemaRef("flag")}),
		"offer": map[string]any{"oneOf": []any{map[string]any{"enum": []any{false, "false"}}, objectSchema(
			[]string{"after", "over", "key", "every", "number", "message"}, map[string]any{
				"after": schemaRef("duration"), "over": schemaRef("duration"), "every": schemaRef("duration"),
				"key": schemaRef("key"), "number": schemaRef("sources"), "message": schemaRef("message"),
			})}},
		"slots": objectSchema([]string{"days", "hours", "length", "capacity", "ahead", "offer"}, map[string]any{
			"hours": schemaRef("days"), "length": schemaRef("duration"), "ahead": schemaRef("duration"),
		}),
	}
}

// oneOrMore is a list, or a single value in place of one.
func oneOrMore(item map[string]any) map[string]any {
	return map[string]any{"oneOf": []any{item, map[string]any{"type": "array", "items": item}}}
}

func documentValues() map[string]any {
	texts := map[string]any{"type": []string{"string", "number"}}
	return map[string]any{
		"hotline":  map[string]any{"type": "string", "description": "its name in lists and records"},
		"title":    schemaRef("text"),
		"numbers":  oneOrMore(map[string]any{"type": []string{"string", "integer"}}),
		"language": map[string]any{"enum": prompts.Languages()},
		"country":  map[string]any{"type": []string{"string", "boolean"}, "description": "two letters of ISO 3166"},
		"hours":    schemaRef("opening"),
		"start":    schemaRef("name"),
		"nodes":    map[string]any{"type": "object", "minProperties": 1, "additionalProperties": schemaRef("node")},
		"vars":     map[string]any{"type": "object", "additionalProperties": map[string]any{"enum": valueKinds}},
		"queue_defaults": objectSchema([]string{"announce", "offer_callback"}, map[string]any{
			"announce": schemaRef("announce"), "offer_callback": schemaRef("offer"),
		}),
		"callback": objectSchema(
			[]string{"prefixes", "retry_after", "max_attempts", "ring_timeout", "confirm_timeout", "campaign", "abandoned", "mode"},
			map[string]any{
				"prefixes": oneOrMore(texts), "retry_after": schemaRef("duration"), "ring_timeout": schemaRef("duration"),
				"confirm_timeout": schemaRef("duration"), "max_attempts": map[string]any{"type": []string{"string", "integer"}},
				"mode":      map[string]any{"enum": []string{"customer_first", "agent_first", "preview"}},
				"abandoned": objectSchema([]string{"after", "consent", "once", "key"}, map[string]any{"after": schemaRef("duration"), "once": schemaRef("flag"), "key": schemaRef("key")}),
			}),
	}
}

// nodeValues is what stands behind the keys of a kind of node. A key that means
// the same everywhere stands under "all kinds".
func nodeValues(kind Kind) map[string]any {
	name, text := schemaRef("name"), schemaRef("text")
	count := map[string]any{"type": []string{"string", "integer"}}
	values := map[string]any{
		// all kinds
		"next": name, "otherwise": name, "no_input": name, "refused": name, "known": name, "unknown": name,
		"full": name, "no_agents": name, "unavailable": name, "after": name, "goto": name,
		"not_found": name, "failed": name, "busy": name, "no_answer": name, "message": text, "thanks": text,
		"tries": count, "timeout": schemaRef("duration"), "account_digits": schemaRef("digits"), "pin_digits": schemaRef("digits"),
		"require": map[string]any{"enum": requirable}, "hangup": schemaRef("flag"),
		"say": text, "hours": schemaRef("hours"),
		"skills": map[string]any{"type": "object"}, "keep_place": schemaRef("flag"), "priority_vip": count,
		"announce": schemaRef("announce"), "offer_callback": schemaRef("offer"),
		"if_longer": objectSchema([]string{"than", "next"}, map[string]any{"than": schemaRef("duration"), "next": name}),
	}
	switch kind {
	case KindMenu:
		values["menu"] = text
		values["keys"] = map[string]any{"type": "object", "minProperties": 1}
	case KindQueue:
		values["queue"] = map[string]any{"type": []string{"string", "integer"}}
		values["timeout"] = name // a branch here
	case KindCallback:
		values["callback"] = objectSchema([]string{"queue", "number", "message", "slots"}, map[string]any{
			"number": schemaRef("sources"), "message": schemaRef("message"), "slots": schemaRef("slots"),
		})
	}
	return values
}
