package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/dialplan"
)

// shown are the folders whose hotlines people begin with.
var shown = []string{"../../../demo", "../../../examples"}

// found walks the folders for files whose name fits.
func found(t *testing.T, pattern string) []string {
	t.Helper()
	var files []string
	for _, root := range shown {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if fits, _ := filepath.Match(pattern, filepath.Base(path)); fits {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) == 0 {
		t.Fatalf("there is no %s in %v", pattern, shown)
	}
	return files
}

// linekeeper runs a command that must succeed, and gives what it printed.
func linekeeper(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, strings.NewReader(""), &out, &errs); code != 0 {
		t.Errorf("linekeeper %s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

// documents are the hotlines of the folders.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, file := range found(t, "*.yaml") {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(?m)^hotline:`).Match(src) && !strings.HasSuffix(file, ".test.yaml") {
			files = append(files, file)
		}
	}
	return files
}

// TestExamplesHaveConversations: each hotline has conversations that go through all
// of its nodes and branches, has no fault and no warning, and can be drawn.
func TestExamplesHaveConversations(t *testing.T) {
	t.Parallel()
	for _, file := range documents(t) {
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), "../../../"), func(t *testing.T) {
			t.Parallel()
			linekeeper(t, "flow", "test", file, "--coverage", "--min", "100")
			if said := linekeeper(t, "check", file); strings.Contains(said, "warning") {
				t.Error(said)
			}
			picture := filepath.Join(t.TempDir(), "hotline.svg")
			linekeeper(t, "flow", "draw", file, "--svg", picture)
			drawn, err := os.ReadFile(picture)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := dialplan.Parse(file, mustRead(t, file))
			if err != nil {
				t.Fatal(err)
			}
			for _, node := range doc.Order {
				if !bytes.Contains(drawn, []byte(node)) {
					t.Errorf("the picture lacks the node %q", node)
				}
			}
		})
	}
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestExamplesUseAllKinds: there is no kind of node of which nobody can see how it
// is used.
func TestExamplesUseAllKinds(t *testing.T) {
	t.Parallel()
	used := map[dialplan.Kind]bool{}
	for _, file := range documents(t) {
		doc, err := dialplan.Parse(file, mustRead(t, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range doc.Nodes {
			used[node.Kind] = true
		}
	}
	for _, kind := range dialplan.Kinds() {
		if !used[kind] {
			t.Errorf("no example has a node of kind %s", kind)
		}
	}
}

// secret finds the variables of the environment that a configuration wants.
var secret = regexp.MustCompile(`env:(\w+)`)

// TestExamplesAreConfigured: the configurations are read as the daemon would.
func TestExamplesAreConfigured(t *testing.T) {
	for _, file := range found(t, "linekeeper.yaml") {
		if strings.Contains(file, "compose") {
			continue // belongs to the containers
		}
		for _, name := range secret.FindAllStringSubmatch(string(mustRead(t, file)), -1) {
			t.Setenv(name[1], "a secret of the example")
		}
		if said := linekeeper(t, "check", "--config", file); strings.Contains(said, "warning") {
			t.Errorf("%s: %s", file, said)
		}
	}
}
