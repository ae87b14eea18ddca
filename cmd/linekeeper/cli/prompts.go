package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

func (e *env) promptsCmd() *cobra.Command {
	cmd := group("prompts", "What callers hear: render texts ahead of time, list them for a studio, check recordings")
	cmd.AddCommand(e.promptsBuildCmd(), e.promptsListCmd(), e.promptsCheckCmd())
	return cmd
}

// withPrompts makes a command that reads the configuration and its documents.
func (e *env) withPrompts(cmd *cobra.Command, run func(ctx context.Context, cfg *config.Config, rows []promptRow) error) *cobra.Command {
	var file string
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := e.configuration(file)
		if err != nil {
			return err
		}
		files, err := documentFiles(cfg.Hotlines)
		if err != nil {
			return err
		}
		h := readHotlines(files, cfg)
		if err := h.err(); err != nil {
			return fmt.Errorf("%w\nmend this first: linekeeper check --config %s", err, file)
		}
		return run(cmd.Context(), cfg, spoken(h.docs))
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration of the daemon, linekeeper.yaml")
	return cmd
}

func (e *env) promptsBuildCmd() *cobra.Command {
	return e.withPrompts(&cobra.Command{
		Use: "build --config FILE", Short: "Make sound of all texts that are the same for every caller",
		Long: `Make sound of all texts that are the same for every caller: those of the hotline
documents, linekeeper's own sentences, and places and waits as they are told in
line. What is there already is not made again. The daemon may run meanwhile. Run it
as the daemon's user, after each change of documents or voice. Each text that is
made is told on standard error. The exit code is 6 when some could not be made.`,
	}, e.buildPrompts)
}

// built is what "prompts build" answers.
type built struct {
	Texts  int `json:"texts"`
	There  int `json:"there"` // already
	Made   int `json:"made"`
	Failed int `json:"failed"`
}

func (e *env) buildPrompts(ctx context.Context, cfg *config.Config, rows []promptRow) (err error) {
	cache, err := openVoice(cfg, func(err error) { e.say("%v", err) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cache.Close()) }()
	texts, names := certain(rows), map[voice.Text]string{}
	languages := map[string]bool{}
	for _, r := range rows {
		languages[r.Language] = true
		names[voice.Text{Lang: r.Language, Words: r.Text}] = r.Hotline + " " + r.Node
	}
	for _, lang := range prompts.Languages() {
		for _, words := range prompts.Foreseen(lang) {
			t := voice.Text{Lang: lang, Words: words}
			if _, listed := names[t]; !listed && languages[lang] {
				texts = append(texts, t)
			}
		}
	}
	answer := built{Texts: len(texts)}
	for i, t := range texts {
		if cache.Ready(t.Lang, t.Words) {
			answer.There++
			continue
		}
		_, err := cache.Media(ctx, t.Lang, t.Words)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			answer.Failed++
			e.say("[%d/%d] %s %q: %v", i+1, len(texts), t.Lang, short(t.Words), err)
		default:
			answer.Made++
			e.say("[%d/%d] %s %q", i+1, len(texts), t.Lang, short(t.Words))
		}
	}
	number := func(head string, of func(built) int) column[built] {
		return column[built]{head, func(b built) cell { return text(strconv.Itoa(of(b))) }}
	}
	if err := record(e, answer, []column[built]{
		number("TEXTS", func(b built) int { return b.Texts }), number("THERE", func(b built) int { return b.There }),
		number("MADE", func(b built) int { return b.Made }), number("FAILED", func(b built) int { return b.Failed }),
	}); err != nil {
		return err
	}
	if answer.Failed > 0 {
		return errProblems
	}
	return nil
}

// short is the beginning of a text, for a line of progress.
func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}

func (e *env) promptsListCmd() *cobra.Command {
	var asCSV bool
	cmd := e.withPrompts(&cobra.Command{
		Use: "list --config FILE", Short: "List all texts, and what their recordings must be called",
		Long: `List the texts of all hotline documents and linekeeper's own sentences, for a
studio: each with the file that its recording goes to, beneath voice.recordings.
The name ends with an id of the text, which is what counts: a changed text has
another one. A text with values in it has no file; it is always spoken by the voice.`,
	}, func(_ context.Context, _ *config.Config, rows []promptRow) error {
		if asCSV {
			return writeStudioList(e.stdout, rows)
		}
		return list(e, rows, "no texts", []column[promptRow]{
			{"FILE", func(r promptRow) cell { return text(r.File) }},
			{"LANGUAGE", func(r promptRow) cell { return text(r.Language) }},
			{"HOTLINE", func(r promptRow) cell { return text(r.Hotline) }},
			{"NODE", func(r promptRow) cell { return text(r.Node) }},
			{"VALUES", func(r promptRow) cell { return text(yesNo(r.Values)) }},
			{"TEXT", func(r promptRow) cell { return text(r.Text) }},
		})
	})
	cmd.Flags().BoolVar(&asCSV, "csv", false, "CSV with a header, as spreadsheets read it")
	return cmd
}

// yesNo is a word for people; programs get nothing for no.
func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// writeStudioList writes the list for spreadsheets, which want a mark to take it
// for UTF-8.
func writeStudioList(to io.Writer, rows []promptRow) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	lines := [][]string{{"file", "language", "hotline", "node", "values", "text"}}
	for _, r := range rows {
		lines = append(lines, []string{r.File, r.Language, r.Hotline, r.Node, yesNo(r.Values), r.Text})
	}
	return w.WriteAll(lines)
}
