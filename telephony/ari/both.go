package ari

import "encoding/json"

// both decodes one JSON text twice, into ari's type and into what it lacks.
type both struct{ one, other any }

// UnmarshalJSON implements json.Unmarshaler.
func (b *both) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, b.one); err != nil {
		return err
	}
	return json.Unmarshal(data, b.other)
}
