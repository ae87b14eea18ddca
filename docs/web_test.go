package docs_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api/hooks"
	"github.com/linekeeper/linekeeper/api/web"
)

// jsonFields lists the names of a struct's fields in JSON.
func jsonFields(typ reflect.Type) (names []string) {
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestWebFields(t *testing.T) {
	t.Parallel()
	for heading, v := range map[string]any{"## Ask for a call": web.Form{}, "## The answer": web.Received{}, "## Hooks": hooks.Body{}} {
		got := firstColumn(section(t, "docs/web-callbacks.md", heading))
		if diff := cmp.Diff(jsonFields(reflect.TypeOf(v)), got); diff != "" {
			t.Errorf("%s (-code +document):\n%s", heading, diff)
		}
	}
	text := section(t, "docs/web-callbacks.md", "## Errors")
	for name, code := range source(t, "api/web").constants() {
		if strings.HasPrefix(name, "code") && !strings.Contains(text, "`"+code+"`") {
			t.Errorf("the table of errors does not have %q", code)
		}
	}
	whole := read(t, "docs/web-callbacks.md")
	for _, header := range []string{hooks.HeaderID, hooks.HeaderTimestamp, hooks.HeaderSignature} {
		if !strings.Contains(whole, "`"+header+"`") {
			t.Errorf("the header %s is not explained", header)
		}
	}
	for _, route := range source(t, "api/web").matching(`^POST /`) {
		path := strings.ReplaceAll(strings.TrimPrefix(route, "POST "), "{token}", "$TOKEN")
		if !regexp.MustCompile(regexp.QuoteMeta("$WEB"+path) + `\s`).MatchString(whole) {
			t.Errorf("no example shows %s", route)
		}
	}
}

// The example page must use what there is.
func TestExampleForm(t *testing.T) {
	t.Parallel()
	page, script := read(t, "examples/web-form/index.html"), read(t, "examples/web-form/form.js")
	for _, name := range jsonFields(reflect.TypeFor[web.Form]()) {
		if used := regexp.MustCompile(`\b` + name + `\b`).MatchString(page + script); !used && !slices.Contains([]string{"challenge", "hotline", "language", "queue"}, name) {
			t.Errorf("the example does not show %s", name)
		}
	}
	body := regexp.MustCompile(`(?s)const body = \{(.*?)\};`).FindStringSubmatch(script)
	if body == nil {
		t.Fatal("the script has no body any more")
	}
	for _, m := range regexp.MustCompile(`(\w+):`).FindAllStringSubmatch(body[1], -1) {
		if !slices.Contains(jsonFields(reflect.TypeFor[web.Form]()), m[1]) {
			t.Errorf("the script sends %s, which no form has", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`answer\.(\w+)`).FindAllStringSubmatch(script, -1) {
		if !slices.Contains(jsonFields(reflect.TypeFor[web.Received]()), m[1]) {
			t.Errorf("the script reads %s, which no answer has", m[1])
		}
	}
}
