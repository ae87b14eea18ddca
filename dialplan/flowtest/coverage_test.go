package flowtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
)

const twoWays = `
hotline: h
numbers: ["600"]
language: en
vars: {order: text, sum: number, ok: yes_no}
operator: {key: 0, node: help}
dialogues:
  sure:
    start: ask
    nodes:
      ask: {menu: "Are you sure? Press one.", keys: {1: yes_, 2: no_}, otherwise: help}
      yes_: {return: "true"}
      no_: {return: "false"}
start: menu
nodes:
  menu: {menu: "Press one, two or three.", keys: {1: look, 2: first, 3: second, 4: office}, otherwise: help}
  look: {lookup: orders, into: {sum: sum}, next: big, not_found: help, failed: help}
  big: {branch: [{if: vars.sum > 100, then: menu}, {if: vars.sum > 50, then: menu}], otherwise: menu}
  first: {call: sure, into: ok, next: menu}
  second: {call: sure, into: ok, next: menu}
  office: {transfer: {number: "+74951234567"}, busy: help, failed: help, next: menu}
  help: {queue: support}
`

// Ways to the same node are told apart by what led there: the case of a branch, the
// result of a lookup or a transfer, the caller of a dialogue, the operator key.
func TestCoverageTellsWaysToTheSameNodeApart(t *testing.T) {
	t.Parallel()
	doc, err := dialplan.Parse("h.yaml", []byte(twoWays))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ given, steps, want string }{
		{"", `press: 3, hears: sure, press: 1, hears: Press one`, "menu 3 second, second call sure.ask, sure.ask 1 sure.yes_, second next menu"},
		{"", `press: 2, hears: sure, press: 2, hears: Press one`, "menu 2 first, first call sure.ask, sure.ask 2 sure.no_, first next menu"},
		{"", `press: 2, hears: sure, press: 0`, "menu 2 first, first call sure.ask, (anywhere) operator help"},
		{"", `press: 0`, "(anywhere) operator help"},
		{"", `silence, silence, silence`, "menu otherwise help"},
		{"lookups: {orders: not_found}", `press: 1, wait: 5s`, "menu 1 look, look not_found help"},
		{"lookups: {orders: failed}", `press: 1, wait: 5s`, "menu 1 look, look failed help"},
		{"lookups: {orders: {found: {sum: 70}}}", `press: 1, hears: Press one`, "menu 1 look, look next big, big vars.sum > 50 menu"},
		{"lookups: {orders: {found: {sum: 170}}}", `press: 1, hears: Press one`, "menu 1 look, look next big, big vars.sum > 100 menu"},
		{"lookups: {orders: {found: {sum: 7}}}", `press: 1, hears: Press one`, "menu 1 look, look next big, big otherwise menu"},
		{"transfers: {office: busy}", `press: 4, wait: 5s`, "menu 4 office, office busy help"},
		{"transfers: {office: no_answer}", `press: 4, wait: 5s`, "menu 4 office, office failed help"},
		{"transfers: {office: {talks: 1m}}", `press: 4, wait: 61s`, "menu 4 office, office next menu"},
	} {
		f, err := flowtest.Read("h.test.yaml", fmt.Appendf(nil, "conversations:\n- {name: a, given: {%s}, steps: [%s]}\n", c.given, c.steps))
		if err != nil {
			t.Fatal(err)
		}
		cover := flowtest.NewCoverage(doc)
		for _, r := range f.Run(doc, cover, "") {
			if !r.OK() {
				t.Errorf("%s: %v, heard %+v", c.steps, r.Faults, r.Heard)
			}
		}
		got := map[string]int{}
		for _, b := range cover.Branches() {
			if b.Times > 0 {
				got[strings.Join([]string{b.Node, b.Labels, b.To}, " ")] = b.Times
			}
		}
		want := map[string]int{}
		for way := range strings.SplitSeq(c.want, ", ") {
			want[way] = 1
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", c.given, c.steps, diff)
		}
	}
}
