package flowtest_test

import (
	"os"
	"testing"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
)

func read(t testing.TB, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func document(t testing.TB, file string) *dialplan.Document {
	t.Helper()
	doc, err := dialplan.Parse(file, read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestConversationsOfTheDemo(t *testing.T) {
	t.Parallel()
	file := "../../demo/hotlines/support.test.yaml"
	f, err := flowtest.Read(file, read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	doc := document(t, "../../demo/hotlines/support.yaml")
	cover := flowtest.NewCoverage(doc)
	for _, r := range f.Run(doc, cover, "") {
		if !r.OK() {
			t.Errorf("%v\nheard: %+v", r.Faults, r.Heard)
		}
	}
	t.Logf("nodes %d%%, branches %d%%, missed %+v", flowtest.Share(cover.Nodes()), flowtest.Share(cover.Branches()), cover.Missed())
}
