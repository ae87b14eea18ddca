package flowtest_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
)

// Whatever is written, it is read or refused with a place, and played to an end.
func FuzzRead(f *testing.F) {
	f.Add(string(read(f, "../../demo/hotlines/support.test.yaml")))
	f.Add("given: {queues: {support: {ahead: 1, wait: 1m-2m, answers: O, after: 5s, talks: 5s}}}\nconversations:\n- {name: a, steps: [press: 1, wait: 30s, restart, hang_up]}")
	doc, err := dialplan.Parse("small.yaml", []byte(small))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, err := flowtest.Read("t.yaml", []byte(src))
		if err != nil {
			return
		}
		for _, r := range file.Run(doc, flowtest.NewCoverage(doc), "") {
			for _, fault := range r.Faults {
				if fault.Line < 1 || fault.Col < 1 {
					t.Errorf("the fault has no place: %+v", fault)
				}
			}
		}
	})
}
