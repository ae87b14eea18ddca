package cli

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/drawing"
	"github.com/linekeeper/linekeeper/prompts"
)

func (e *env) flowDrawCmd() *cobra.Command {
	var picture, language, cfg string
	cmd := &cobra.Command{
		Use: "draw FILE | HOTLINE", Short: "Draw a hotline document: a tree here, or a picture for everybody", Args: exactly("a FILE or HOTLINE"),
		Long: `Draw a hotline document: as a tree in the terminal, or with --svg as a picture
that every browser shows. A HOTLINE is one of those of --config, or of the daemon.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if language != "" && !slices.Contains(prompts.Languages(), language) {
				return usagef("--language %q is none of %s", language, strings.Join(prompts.Languages(), ", "))
			}
			n, err := e.document(cmd.Context(), args[0], cfg)
			if err != nil {
				return err
			}
			if picture == "" {
				return drawing.Tree(e.stdout, n.doc, language, e.columns())
			}
			return e.drawSVG(n.doc, language, picture)
		},
	}
	withConfig(cmd, &cfg)
	cmd.Flags().StringVar(&picture, "svg", "", "write a picture to this file; - is standard output")
	cmd.Flags().StringVar(&language, "language", "", "of the texts, where they have it (default the hotline's)")
	return cmd
}

func (e *env) drawSVG(doc *dialplan.Document, language, file string) error {
	p := drawing.Draw(doc, language)
	if file == "-" {
		return p.SVG(e.stdout)
	}
	var b bytes.Buffer
	if err := p.SVG(&b); err != nil {
		return err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	e.say("drawn: %s, %.0f x %.0f", file, p.Width, p.Height)
	return nil
}

// columns is how wide the terminal is; where there is none, lines are long.
func (e *env) columns() int {
	if f, ok := e.stdout.(*os.File); ok && e.tty {
		if wide, _, err := term.GetSize(int(f.Fd())); err == nil && wide > 0 {
			return wide
		}
	}
	return 140
}
