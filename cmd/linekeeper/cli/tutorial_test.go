package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tutorial plays docs/first-hotline.md as somebody who reads it would, in a folder
// of its own. Comments before the fences say what becomes of them: a file is written,
// a part of the file before is replaced, something is appended.
type tutorial struct {
	t     *testing.T
	order []string // what the next fence is for
	file  string   // the hotline that is being worked on
}

const tutorialFile = "docs/first-hotline.md"

// TestTutorial runs the commands of the tutorial and compares what they print.
// With UPDATE_SCRIPTS=1 it writes that into the document.
func TestTutorial(t *testing.T) {
	path, err := filepath.Abs("../../../" + tutorialFile)
	if err != nil {
		t.Fatal(err)
	}
	text := string(mustRead(t, path))
	fakeVoice(t)
	t.Chdir(t.TempDir())
	played := (&tutorial{t: t, file: "hotlines/florist.yaml"}).play(text)
	if os.Getenv("UPDATE_SCRIPTS") != "" {
		if err := os.WriteFile(path, []byte(played), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, played); diff != "" {
		t.Errorf("%s shows something else than the commands print (-shown +printed):\n%s", tutorialFile, diff)
	}
}

var tutorialOrder = regexp.MustCompile(`^<!-- (write|replace|append): (.*) -->$`)

// play gives the document as it should be.
func (p *tutorial) play(text string) string {
	var out, block []string
	within := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case within == "" && strings.HasPrefix(line, "```"):
			within, block = line, nil
			out = append(out, line)
		case within != "" && line == "```":
			if within == "```" {
				block = p.run(block)
			} else {
				p.write(block)
			}
			out = append(append(out, block...), line)
			within = ""
		case within != "":
			block = append(block, line)
		default:
			if m := tutorialOrder.FindStringSubmatch(line); m != nil {
				p.order = m[1:]
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// write does with a block of a document what the comment before it says.
func (p *tutorial) write(block []string) {
	p.t.Helper()
	if len(p.order) == 0 {
		p.t.Fatalf("nothing says what to do with\n%s", strings.Join(block, "\n"))
	}
	text := strings.Join(block, "\n") + "\n"
	name := p.order[1]
	switch p.order[0] {
	case "append":
		text = string(mustRead(p.t, name)) + text
	case "replace":
		from, to, _ := strings.Cut(strings.ReplaceAll(name, `\n`, "\n"), " -> ")
		name = p.file
		old := string(mustRead(p.t, name))
		if strings.Count(old, from) != 1 {
			p.t.Fatalf("%q is not once in %s:\n%s", from, name, old)
		}
		changed := strings.Replace(old, from, to, 1)
		if !strings.Contains(changed, text) {
			p.t.Fatalf("the file does not have what is shown:\n%s\n%s", text, changed)
		}
		text = changed
	}
	p.order = nil
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// run runs the commands of a block; lines that begin with ">" are typed into them.
func (p *tutorial) run(block []string) []string {
	p.t.Helper()
	var out []string
	for i := 0; i < len(block); {
		command, ok := strings.CutPrefix(block[i], "$ linekeeper ")
		if !ok {
			p.t.Fatalf("%q is no command", block[i])
		}
		end := i + 1
		for end < len(block) && !strings.HasPrefix(block[end], "$ ") {
			end++
		}
		shown := block[i+1 : end]
		out = append(append(out, block[i]), p.printed(command, shown)...)
		i = end
	}
	return out
}

// printed is what a command prints on a terminal: as it is shown, when a line "..."
// stands there for what is left out.
func (p *tutorial) printed(command string, shown []string) []string {
	p.t.Helper()
	typed := ""
	for _, line := range shown {
		if keys, ok := strings.CutPrefix(line, ">"); ok {
			typed += strings.TrimSpace(keys) + "\n"
		}
	}
	var said bytes.Buffer
	var args []string
	for _, arg := range argument.FindAllString(command, -1) {
		args = append(args, strings.Trim(arg, `"`))
	}
	code := Main(append(args, "--output", "table"), strings.NewReader(typed), &said, &said)
	lines := strings.Split(strings.TrimRight(said.String(), "\n"), "\n")
	if code != 0 && code != ExitProblems {
		p.t.Errorf("linekeeper %s: exit code %d\n%s", command, code, said.String())
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	gap := slices.Index(shown, "...")
	if gap < 0 {
		if said.Len() == 0 {
			return nil
		}
		return lines
	}
	tail := len(shown) - gap - 1
	if len(lines) < gap+tail {
		return lines
	}
	parts := slices.Concat(lines[:gap], []string{"..."}, lines[len(lines)-tail:])
	if slices.EqualFunc(parts, shown, func(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }) {
		return shown // columns are as wide as what is left out wants them
	}
	return parts
}

// argument is one of a command, in quotes when it has spaces.
var argument = regexp.MustCompile(`"[^"]*"|\S+`)

// fakeVoice puts a program in the place of espeak-ng that needs no installation.
func fakeVoice(t *testing.T) {
	t.Helper()
	bin := t.TempDir()
	tone := filepath.Join(bin, "tone.wav")
	var samples bytes.Buffer
	for i := range 16000 {
		level := 6000
		if i/20%2 == 0 {
			level = -level
		}
		samples.Write([]byte{byte(level), byte(level >> 8)})
	}
	head := fmt.Appendf(nil, "RIFF%sWAVEfmt %s\x01\x00\x01\x00%s%s\x02\x00\x10\x00data%s", little(samples.Len()+36), little(16), little(16000), little(32000), little(samples.Len()))
	if err := os.WriteFile(tone, append(head, samples.Bytes()...), 0o644); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nwhile [ \"$1\" != -w ]; do shift; done\ncat >/dev/null\nexec cp '" + tone + "' \"$2\"\n"
	if err := os.WriteFile(filepath.Join(bin, "espeak-ng"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// little is a number as four bytes, the lowest first.
func little(n int) string {
	return string([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)})
}
