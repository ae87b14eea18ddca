package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
)

// testReport is what `flow test` came to, as --output json shows it.
type testReport struct {
	Conversations []testedTalk    `json:"conversations"`
	Coverage      []testedHotline `json:"coverage"` // of each hotline
	Faults        []finding       `json:"faults"`   // of files that could not be read
}

// testedTalk is one conversation.
type testedTalk struct {
	File    string    `json:"file"`
	Line    int       `json:"line"`
	Name    string    `json:"name"`
	OK      bool      `json:"ok"`
	Steps   int       `json:"steps"`    // that were played
	LastedS float64   `json:"lasted_s"` // in its own time
	Faults  []finding `json:"faults"`
}

// testedHotline is how much of a document the conversations have been through.
type testedHotline struct {
	File     string       `json:"file"`
	Hotline  string       `json:"hotline"`
	Nodes    int          `json:"nodes"`    // of the document
	Branches int          `json:"branches"` // likewise
	Percent  int          `json:"percent"`  // of nodes and branches together, rounded down
	Missed   []missedPart `json:"missed"`
}

// missedPart is a node or a branch that no conversation came to.
type missedPart struct {
	Node   string `json:"node"`
	Branch string `json:"branch"` // the keys that lead there; "" for the node itself
	To     string `json:"to"`     // where the branch leads
}

type testOptions struct {
	coverage bool
	min      int
	only     string
}

func (e *env) flowTestCmd() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use: "test [FILE | FOLDER]...", Short: "Play scripted conversations with hotline documents",
		Long: `Play scripted conversations with hotline documents, in virtual time: those of
NAME.test.yaml beside NAME.yaml, and of the folder "conversations". A FILE is a
hotline document, or conversations. Without an argument those of this folder.`,
		RunE: func(_ *cobra.Command, args []string) error {
			if o.min < 0 || o.min > 100 {
				return usagef("--min %d is no percentage", o.min)
			}
			return e.flowTest(args, o)
		},
	}
	cmd.Flags().BoolVar(&o.coverage, "coverage", false, "tell which nodes and branches no conversation has been through")
	cmd.Flags().IntVar(&o.min, "min", 0, "fail below this coverage of nodes and branches, in percent")
	cmd.Flags().StringVar(&o.only, "run", "", "only conversations whose name contains this")
	return cmd
}

func (e *env) flowTest(paths []string, o testOptions) error {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	files, err := scriptFiles(paths)
	if err != nil {
		return err
	}
	t := tester{docs: map[string]*flowtest.Coverage{}, only: o.only}
	for _, file := range files {
		t.run(file)
	}
	report := t.report()
	if err := e.tested(report, o); err != nil {
		return err
	}
	return e.judge(report, o)
}

// scriptFiles lists the files of conversations in files and folders, in order.
func scriptFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		before := len(files)
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			within := filepath.Base(filepath.Dir(name)) == "conversations" && isYAML(name)
			switch {
			case err != nil:
				return err
			case !d.IsDir() && (within || isScript(d.Name())):
				files = append(files, name)
			case !d.IsDir() && name == path:
				files = append(files, scriptsOf(name)...)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("find the conversations: %w", err)
		}
		if len(files) == before {
			return nil, fmt.Errorf("find the conversations: %s has no NAME.test.yaml, and no folder \"conversations\"", path)
		}
	}
	return slices.Compact(files), nil
}

// scriptsOf lists the files of conversations about a hotline document. A file that
// has none is taken for conversations itself.
func scriptsOf(file string) []string {
	ext := filepath.Ext(file)
	near := []string{strings.TrimSuffix(file, ext) + ".test" + ext}
	folder := filepath.Join(filepath.Dir(file), "conversations")
	entries, _ := os.ReadDir(folder) // there need be none
	for _, entry := range entries {
		near = append(near, filepath.Join(folder, entry.Name()))
	}
	var files []string
	for _, name := range near {
		src, err := os.ReadFile(name)
		if err != nil || !isYAML(name) {
			continue
		}
		f, err := flowtest.Read(name, src)
		if name == near[0] || err == nil && hotlineOf(name, f) == filepath.Clean(file) {
			files = append(files, name) // the first is its own by name, whatever is wrong with it
		}
	}
	if len(files) == 0 {
		return []string{file}
	}
	return files
}

// tester plays files.
type tester struct {
	only    string
	docs    map[string]*flowtest.Coverage // by file; nil for one that is wrong
	results []flowtest.Result
	faults  findings
}

func (t *tester) run(file string) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.faults.add(fmt.Errorf("read conversations: %w", err))
		return
	}
	f, err := flowtest.Read(file, src)
	if err != nil {
		t.faults.add(err)
		return
	}
	cover := t.document(hotlineOf(file, f))
	if cover != nil {
		t.results = append(t.results, f.Run(cover.Doc, cover, t.only)...)
	}
}

// hotlineOf is the document that a file of conversations is about.
func hotlineOf(file string, f *flowtest.File) string {
	if f.Hotline != "" {
		return filepath.Join(filepath.Dir(file), f.Hotline)
	}
	ext := filepath.Ext(file)
	name := strings.TrimSuffix(strings.TrimSuffix(file, ext), ".test") + ext
	if filepath.Base(filepath.Dir(file)) == "conversations" {
		name = filepath.Join(filepath.Dir(filepath.Dir(file)), filepath.Base(name))
	}
	return name
}

func (t *tester) document(file string) *flowtest.Coverage {
	if cover, known := t.docs[file]; known {
		return cover
	}
	t.docs[file] = nil
	src, err := os.ReadFile(file)
	if err != nil {
		t.faults.add(fmt.Errorf("read the hotline document: %w (name it by \"hotline\")", err))
		return nil
	}
	doc, err := dialplan.Parse(file, src)
	if err != nil {
		t.faults.add(err)
		return nil
	}
	t.docs[file] = flowtest.NewCoverage(doc)
	return t.docs[file]
}

func (t *tester) report() testReport {
	r := testReport{Conversations: []testedTalk{}, Coverage: []testedHotline{}, Faults: append([]finding{}, t.faults...)}
	for _, one := range t.results {
		var faults findings
		faults.add(asError(one.Faults))
		r.Conversations = append(r.Conversations, testedTalk{
			File: one.File, Line: one.Line, Name: one.Name, OK: one.OK(), Steps: one.Steps,
			LastedS: float64(one.Lasted.Milliseconds()/100) / 10, Faults: append([]finding{}, faults...),
		})
	}
	for file, cover := range t.docs {
		if cover == nil {
			continue
		}
		nodes, branches := cover.Nodes(), cover.Branches()
		h := testedHotline{
			File: file, Hotline: cover.Doc.Hotline, Nodes: len(nodes), Branches: len(branches),
			Percent: flowtest.Share(slices.Concat(nodes, branches)), Missed: []missedPart{},
		}
		for _, m := range cover.Missed() {
			h.Missed = append(h.Missed, missedPart{Node: m.Node, Branch: m.Labels, To: m.To})
		}
		r.Coverage = append(r.Coverage, h)
	}
	slices.SortFunc(r.Coverage, func(a, b testedHotline) int { return cmp.Compare(a.File, b.File) })
	return r
}

// asError is nil for no faults.
func asError(l dialplan.ErrorList) error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// tested prints the report.
func (e *env) tested(r testReport, o testOptions) error {
	if e.output == outJSON {
		return e.writeJSON(r)
	}
	verdict := func(ok bool) string {
		if ok {
			return "ok"
		}
		return "failed"
	}
	err := list(e, r.Conversations, "no conversations", []column[testedTalk]{
		{"", func(t testedTalk) cell { return text(verdict(t.OK)) }},
		{"FILE", func(t testedTalk) cell { return text(fmt.Sprintf("%s:%d", t.File, t.Line)) }},
		{"CONVERSATION", func(t testedTalk) cell { return text(t.Name) }},
		{"LASTED", func(t testedTalk) cell { return span(t.LastedS) }},
	})
	if err != nil || !o.coverage {
		return err
	}
	if e.output == outTSV {
		return e.coverageTSV(r.Coverage)
	}
	for _, h := range r.Coverage {
		if _, err := fmt.Fprintf(e.stdout, "%s: %d %% of %s and %s\n", h.File, h.Percent, plural(h.Nodes, "node"), branches(h.Branches)); err != nil {
			return err
		}
		for _, m := range h.Missed {
			line := fmt.Sprintf("  never: %s", m.Node)
			if m.Branch != "" {
				line += fmt.Sprintf(" %s -> %s", m.Branch, m.To)
			}
			if _, err := fmt.Fprintln(e.stdout, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// coverageTSV has a line for each document and for each part of it that was missed.
func (e *env) coverageTSV(all []testedHotline) error {
	for _, h := range all {
		if _, err := fmt.Fprintf(e.stdout, "coverage\t%s\t%d\t%d\t%d\n", h.File, h.Percent, h.Nodes, h.Branches); err != nil {
			return err
		}
		for _, m := range h.Missed {
			if _, err := fmt.Fprintf(e.stdout, "missed\t%s\t%s\t%s\t%s\n", h.File, m.Node, m.Branch, m.To); err != nil {
				return err
			}
		}
	}
	return nil
}

func branches(n int) string {
	if n == 1 {
		return "1 branch"
	}
	return fmt.Sprintf("%d branches", n)
}

// judge says what is wrong, and ends with an error when something is.
func (e *env) judge(r testReport, o testOptions) error {
	failed, thin := 0, 0
	for _, f := range r.Faults {
		e.say("%s", f.line)
	}
	for _, t := range r.Conversations {
		for _, f := range t.Faults {
			e.say("%s", f.line)
		}
		if !t.OK {
			failed++
		}
	}
	for _, h := range r.Coverage {
		if h.Percent < o.min {
			thin++
			e.say("%s: %d %% of nodes and branches, less than --min %d", h.File, h.Percent, o.min)
		}
	}
	e.say("%s, %d failed", plural(len(r.Conversations), "conversation"), failed)
	if len(r.Faults) > 0 || failed > 0 || thin > 0 {
		return errProblems
	}
	if len(r.Conversations) == 0 {
		return errors.New("no conversation has this name")
	}
	return nil
}
