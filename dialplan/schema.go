package dialplan

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Schema is the JSON schema (draft 2020-12) of hotline documents, for editors: it
// knows which keys there are where, and what may stand behind them. What only
// the whole document shows is left to Parse; every document that Parse takes fits.
func Schema() ([]byte, error) {
	defs := piece{}
	for name, s := range schemaDefs() {
		defs[name] = s
	}
	var anyKind []any
	for _, kind := range kinds {
		name := "node_" + string(kind)
		defs[name] = nodeSchema(kind)
		anyKind = append(anyKind, schemaRef(name))
	}
	defs["node"] = piece{"type": "object", "oneOf": anyKind}
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
func nodeSchema(kind Kind) piece {
	keys := slices.Concat(nodeKeys[kind], anyNodeKeys)
	s := objectSchema(keys, nodeValues(kind))
	s["title"] = string(kind)
	s["required"] = []string{string(kind)}
	return s
}

// objectSchema is a mapping with these keys and no others.
func objectSchema(keys []string, values piece) piece {
	properties := piece{}
	for _, key := range keys {
		properties[key] = values[key]
	}
	return piece{"type": "object", "properties": properties, "additionalProperties": false}
}

func schemaRef(name string) piece {
	return piece{"$ref": "#/$defs/" + name}
}
