package sources

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlaceholdersOfEachDriver(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		d     dialect
		query string
		want  string
		args  []string
	}{
		{"a name", postgres, "SELECT a FROM t WHERE n = :number", "SELECT a FROM t WHERE n = $1", []string{"number"}},
		{"twice the same", postgres, ":a :b :a", "$1 $2 $1", []string{"a", "b"}},
		{"twice the same in MySQL", mysql, ":a :b :a", "? ? ?", []string{"a", "b", "a"}},
		{"twice the same in SQLite", sqlite, ":a :b :a", "?1 ?2 ?1", []string{"a", "b"}},
		{"in a text", postgres, "SELECT ':a', 'it''s :b', :c", "SELECT ':a', 'it''s :b', $1", []string{"c"}},
		{"a backslash in a text of PostgreSQL", postgres, `SELECT '\', :a`, `SELECT '\', $1`, []string{"a"}},
		{"a backslash in a text of MySQL", mysql, `SELECT '\' :b', :a`, `SELECT '\' :b', ?`, []string{"a"}},
		{"an escaped text of PostgreSQL", postgres, `SELECT E'\' :b', e'x', :a`, `SELECT E'\' :b', e'x', $1`, []string{"a"}},
		{"in a name", postgres, `SELECT "a:b", :a`, `SELECT "a:b", $1`, []string{"a"}},
		{"in a name of MySQL", mysql, "SELECT `a:b`, :a", "SELECT `a:b`, ?", []string{"a"}},
		{"in a name in brackets", sqlite, "SELECT [a:b], :a", "SELECT [a:b], ?1", []string{"a"}},
		{"a list of PostgreSQL", postgres, "SELECT x[1], :a", "SELECT x[1], $1", []string{"a"}},
		{"a cast", postgres, "SELECT :a::int, x::text", "SELECT $1::int, x::text", []string{"a"}},
		{"an assignment", mysql, "SELECT @x:=1, :a", "SELECT @x:=1, ?", []string{"a"}},
		{"in a comment", postgres, "SELECT 1 -- :a\n, :b", "SELECT 1 -- :a\n, $1", []string{"b"}},
		{"two dashes of MySQL", mysql, "SELECT 5--1, :a", "SELECT 5--1, ?", []string{"a"}},
		{"a hash", mysql, "SELECT 1 # :a\n, :b", "SELECT 1 # :a\n, ?", []string{"b"}},
		{"a comment in a comment", postgres, "/* /* :a */ :b */ SELECT :c", "/* /* :a */ :b */ SELECT $1", []string{"c"}},
		{"a comment in a comment of MySQL", mysql, "/* /* :a */ SELECT :c", "/* /* :a */ SELECT ?", []string{"c"}},
		{"dollars", postgres, "SELECT $$ :a $$, $q$ :b $$ $q$, :c", "SELECT $$ :a $$, $q$ :b $$ $q$, $1", []string{"c"}},
		{"a dollar in a name", postgres, "SELECT a$1, :c", "SELECT a$1, $1", []string{"c"}},
		{"an operator of PostgreSQL", postgres, "SELECT j ? 'k', :a", "SELECT j ? 'k', $1", []string{"a"}},
		{"letters of other alphabets", postgres, "SELECT имя FROM т WHERE н = :номер", "SELECT имя FROM т WHERE н = $1", []string{"номер"}},
		{"a semicolon at the end", sqlite, "SELECT 1; -- done\n", "SELECT 1 -- done\n", nil},
		{"no inputs", postgres, "SELECT '12:30:00'::time", "SELECT '12:30:00'::time", nil},
		{"a colon before a digit", postgres, "SELECT x[1:2]", "SELECT x[1:2]", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := rewrite(tc.d, tc.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]any{tc.want, tc.args}, []any{got.text, got.names}); diff != "" {
				t.Errorf("rewritten (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueriesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		d     dialect
		query string
		want  string
	}{
		{postgres, "", "there is no query"},
		{postgres, " -- nothing\n;", "there is no query"},
		{postgres, "SELECT 1; DROP TABLE t", "more than one statement"},
		{sqlite, "SELECT 1; 'x'", "more than one statement"},
		{postgres, "SELECT $1", `at byte 7: "$" is a placeholder of the driver`},
		{mysql, "SELECT ?", `at byte 7: "?" is a placeholder`},
		{sqlite, "SELECT @a", `at byte 7: "@" is a placeholder`},
		{postgres, "SELECT 'a", "at byte 7: a text or name in ' is not closed"},
		{sqlite, "SELECT [a", "brackets is not closed"},
		{postgres, "SELECT $x$ a $y$", "a text in $x$ is not closed"},
		{postgres, "SELECT /* a", "a comment is not closed"},
		{mysql, "SELECT 1 /*! INTO OUTFILE 'x' */", "a comment that MySQL runs"},
	} {
		_, err := rewrite(tc.d, tc.query)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q gives %v, want %q", tc.query, err, tc.want)
		}
	}
}

// FuzzRewrite holds that a rewritten query has as many placeholders as arguments, and
// that nothing else of the query changes.
func FuzzRewrite(f *testing.F) {
	for _, s := range []string{"SELECT :a, ':b' -- :c", "SELECT $q$:a$q$, E'\\'', :b::int", "/* :a */ `:b` [:c] :d", "x:=:y;", "SELECT \"a\"\"b\", '' :c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, d := range []dialect{postgres, mysql, sqlite} {
			got, err := rewrite(d, query)
			if err != nil {
				continue
			}
			for _, name := range got.names {
				if name == "" || !starts(name[0]) || !strings.Contains(query, ":"+name) {
					t.Fatalf("%q gives the input %q", query, name)
				}
			}
			if d != mysql && len(got.inputs()) != len(got.names) {
				t.Fatalf("%q gives inputs twice: %q", query, got.names)
			}
			if len(got.names) == 0 && got.text != strings.ReplaceAll(query, ";", "") && !strings.Contains(got.text, ";") {
				t.Fatalf("%q has no inputs and became %q", query, got.text)
			}
			// What stands in quotes and comments is opaque: written into a text, the whole
			// query asks for nothing.
			inner := "SELECT '" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(query) + "'"
			if d == mysql || !strings.Contains(query, `\`) {
				opaque, err := rewrite(d, inner)
				if err != nil || len(opaque.names) > 0 || opaque.text != inner {
					t.Fatalf("%q in a text gives %q, %q, %v", query, opaque.text, opaque.names, err)
				}
			}
		}
	})
}
