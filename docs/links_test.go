package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var link = regexp.MustCompile(`\]\(([^()\s]+)\)`)

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, path := range documents(t) {
		text := fence.ReplaceAllString(read(t, path), "")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := path
			if target != "" {
				file = filepath.Join(filepath.Dir(path), target)
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s: the link %s leads nowhere: %v", path, m[1], err)
				continue
			}
			if anchor != "" && !hasHeading(read(t, file), anchor) {
				t.Errorf("%s: the link %s leads to no heading of %s", path, m[1], file)
			}
		}
	}
}

// hasHeading says whether a document has the heading that an anchor names.
func hasHeading(text, anchor string) bool {
	for _, line := range strings.Split(fence.ReplaceAllString(text, ""), "\n") {
		if heading := strings.TrimLeft(line, "#"); heading != line && slug(heading) == anchor {
			return true
		}
	}
	return false
}

// slug is the anchor of a heading, as forges make it.
func slug(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(heading)) {
		switch {
		case r == ' ':
			b.WriteRune('-')
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		}
	}
	return b.String()
}
