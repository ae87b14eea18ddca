package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
)

// named is a hotline document that a command was given: by its file, or by the name
// of its hotline.
type named struct {
	doc  *dialplan.Document
	file string
	cfg  *config.Config // nil without --config
}

// withConfig adds the flag by which a hotline can be named.
func withConfig(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "configuration of the daemon, whose hotlines can be named instead of a FILE")
}

// document finds what was named. Without a configuration, what is no file is asked
// of the daemon as the name of a hotline.
func (e *env) document(ctx context.Context, what, configuration string) (n named, err error) {
	if configuration != "" {
		if n.cfg, err = e.configuration(configuration); err != nil {
			return n, err
		}
	}
	_, missing := os.Stat(what)
	switch {
	case !errors.Is(missing, fs.ErrNotExist):
		n.file = what
	case n.cfg != nil:
		return e.ofFolder(what, n.cfg)
	default:
		if n.file = e.ofDaemon(ctx, what); n.file == "" {
			return n, fmt.Errorf("read the hotline document: %w (to name a hotline, add --config)", missing)
		}
	}
	src, err := os.ReadFile(n.file)
	if err != nil {
		return n, fmt.Errorf("read the hotline document: %w", err)
	}
	n.doc, err = parsed(n.file, src, n.cfg)
	return n, err
}

// ofFolder finds a hotline by its name in the documents of a configuration. Faults of
// others do not matter.
func (e *env) ofFolder(hotline string, cfg *config.Config) (named, error) {
	files, err := documentFiles(cfg.Hotlines)
	if err != nil {
		return named{}, err
	}
	var names []string
	var faults []error
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			faults = append(faults, fmt.Errorf("read a hotline document: %w", err))
			continue
		}
		doc, err := parsed(file, src, cfg)
		switch {
		case err != nil:
			faults = append(faults, err)
		case doc.Hotline == hotline:
			return named{doc, file, cfg}, nil
		default:
			names = append(names, doc.Hotline)
		}
	}
	slices.Sort(names)
	hint := dialplan.DidYouMean(hotline, names)
	if hint == "" {
		hint = "there are " + strings.Join(names, ", ")
	}
	return named{}, errors.Join(append([]error{fmt.Errorf("there is no file and no hotline %q (%s)", hotline, hint)}, faults...)...)
}

// ofDaemon is the file of a hotline that the daemon serves now; "" when there is none
// or no daemon.
func (e *env) ofDaemon(ctx context.Context, hotline string) string {
	c := e.client()
	defer c.Close()
	all, err := c.Hotlines(ctx)
	if err != nil {
		return ""
	}
	for _, h := range all {
		if h.Name == hotline && h.State == "current" {
			return h.File
		}
	}
	return ""
}

// parsed reads a document as the daemon does.
func parsed(file string, src []byte, cfg *config.Config) (*dialplan.Document, error) {
	doc, err := dialplan.Parse(file, src)
	if err == nil && cfg != nil && !written(src)["country"] {
		doc.Country = cfg.Region
	}
	return doc, err
}
