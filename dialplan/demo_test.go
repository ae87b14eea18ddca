package dialplan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/dialplan"
)

// load parses a document that must be right.
func load(t testing.TB, file string) *dialplan.Document {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := dialplan.Parse(filepath.Base(file), src)
	if err != nil {
		t.Fatalf("%s:\n%v", file, err)
	}
	return doc
}

func TestDemoDocumentsAreRight(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../demo/hotlines/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("found %d demo documents, %v", len(files), err)
	}
	var docs []*dialplan.Document
	for _, file := range files {
		if strings.HasSuffix(file, ".test.yaml") {
			continue // conversations
		}
		doc := load(t, file)
		if len(doc.Warnings) > 0 {
			t.Errorf("warnings:\n%v", doc.Warnings)
		}
		docs = append(docs, doc)
	}
	if err := dialplan.CheckAll(docs, []string{"support", "billing"}); err != nil {
		t.Errorf("together:\n%v", err)
	}
}
