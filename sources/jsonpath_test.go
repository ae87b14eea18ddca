package sources

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFieldsOfAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		rows   string
		fields map[string]string
		answer string
		want   []map[string]string
		fault  string
	}{
		{"members", "", map[string]string{"name": "customer.name", "total": "items.0.total"},
			`{"customer":{"name":"Anna"},"items":[{"total":12.50}]}`, []map[string]string{{"name": "Anna", "total": "12.50"}}, ""},
		{"several rows", "items", map[string]string{"id": "id"},
			`{"items":[{"id":1},null,{"id":"2"},{"id":3},{"id":4}]}`, []map[string]string{{"id": "1"}, {"id": "2"}, {"id": "3"}}, ""},
		{"without a mapping", "", nil, `{"name":"Anna","vip":true,"none":null,"more":{"x":1}}`, []map[string]string{{"name": "Anna", "vip": "true"}}, ""},
		{"a list of texts", "", map[string]string{"first": "0"}, `[["a"],["b"]]`, []map[string]string{{"first": "a"}, {"first": "b"}}, ""},
		{"a number as it is", "", map[string]string{"n": "n"}, `{"n":12345678901234567890.10}`, []map[string]string{{"n": "12345678901234567890.10"}}, ""},
		{"an empty list", "items", map[string]string{"id": "id"}, `{"items":[]}`, nil, ""},
		{"null", "customer", map[string]string{"id": "id"}, `{"customer":null}`, nil, ""},
		{"nothing there", "customer", map[string]string{"id": "id"}, `{"found":false}`, nil, ""},
		{"null alone", "", map[string]string{"id": "id"}, `null`, nil, ""},
		{"a field is missing", "", map[string]string{"a": "a", "b": "b.c"}, `{"a":"x"}`, []map[string]string{{"a": "x"}}, ""},
		{"beyond the list", "", map[string]string{"a": "l.7", "b": "b"}, `{"l":[1],"b":1}`, []map[string]string{{"b": "1"}}, ""},
		{"no field is there", "", map[string]string{"a": "a"}, `{"error":"4455"}`, nil, "none of the fields"},
		{"a field is an object", "", map[string]string{"a": "a"}, `{"a":{"b":"4455"}}`, nil, "field a: a is a object; name one of its members"},
		{"a text has no members", "", map[string]string{"a": "a.b"}, `{"a":"4455"}`, nil, "field a: a is a text and has no members"},
		{"a list has no names", "", map[string]string{"a": "a.b"}, `{"a":["4455"]}`, nil, "field a: a is a list; name a position"},
		{"rows in a text", "a.b", nil, `{"a":"4455"}`, nil, "a is a text and has no members"},
		{"a row is a text", "", nil, `["4455"]`, nil, "a row is a text and no object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := mapping{fields: map[string]path{}}
			m.rows, _ = parsePath(tc.rows)
			for name, p := range tc.fields {
				m.fields[name], _ = parsePath(p)
			}
			answer, err := decode([]byte(tc.answer))
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.read(answer, 3)
			if tc.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fault) || strings.Contains(err.Error(), "4455") {
					t.Fatalf("got %v, want %q and no value", err, tc.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPathsAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{".", "a.", ".a", "a..b"} {
		if _, err := parsePath(bad); err == nil {
			t.Errorf("%q is taken for a path", bad)
		}
	}
}

// FuzzAnswer holds that no answer breaks the reader, and that rows have only fields of
// the mapping.
func FuzzAnswer(f *testing.F) {
	f.Add("items", "customer.name", `{"items":[{"customer":{"name":"x"}}]}`)
	f.Add("", "0.1", `[[1,2],[3]]`)
	f.Add("a.0", "", `{"a":[null]}`)
	f.Fuzz(func(t *testing.T, rows, field, answer string) {
		rp, err := parsePath(rows)
		if err != nil {
			return
		}
		fp, err := parsePath(field)
		if err != nil {
			return
		}
		v, err := decode([]byte(answer))
		if err != nil {
			return
		}
		got, err := mapping{rows: rp, fields: map[string]path{"f": fp}}.read(v, 2)
		if err != nil && got != nil || len(got) > 2 {
			t.Fatalf("%d rows with %v", len(got), err)
		}
		for _, row := range got {
			if _, has := row["f"]; !has || len(row) != 1 {
				t.Fatalf("a row is %v", row)
			}
		}
	})
}
