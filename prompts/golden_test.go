package prompts

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the words of the golden files anew; then read each line that changed")

// goldenNow is when the dates of the golden files are told: a Monday.
var goldenNow = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// TestGolden compares the filters with files whose every line was checked by
// reading it: filter, argument, value and words, apart by tabs. A value that
// begins with "@" is told as of goldenNow.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		path := "testdata/" + lang + ".tsv"
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
		used, seen := map[string]int{}, map[string]bool{}
		for i, line := range lines {
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			fields := strings.Split(line, "\t")
			if len(fields) != 4 {
				t.Errorf("%s:%d: %d fields: %q", path, i+1, len(fields), line)
				continue
			}
			input := strings.Join(fields[:3], "\t")
			if seen[input] {
				t.Errorf("%s:%d is there twice: %q", path, i+1, input)
			}
			seen[input] = true
			used[fields[0]]++
			var value any = fields[2]
			if text, ok := strings.CutPrefix(fields[2], "@"); ok {
				value = AsOf{text, goldenNow}
			}
			got, err := Filter(lang, fields[0], value, fields[1])
			if err != nil {
				t.Errorf("%s:%d: %v", path, i+1, err)
			}
			if *update {
				lines[i] = input + "\t" + got
			} else if got != fields[3] {
				t.Errorf("%s:%d: %s | %s %s\n got %q\nwant %q", path, i+1, fields[2], fields[0], fields[1], got, fields[3])
			}
		}
		for _, f := range Filters() {
			if used[f.Name] == 0 {
				t.Errorf("%s has no line for %s", path, f.Name)
			}
		}
		if *update {
			if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
