package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/controller/donotcall"
)

func (e *env) checkCmd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "check [FILE | FOLDER]...", Short: "Check hotline documents, or a whole configuration, without a switch",
		Long: `Check hotline documents, or with --config everything that "serve" would read: the
configuration, its hotline documents and the file of callers. All faults are
reported at once as FILE:LINE:COLUMN: message. Warnings alone are no failure.`,
		RunE: func(_ *cobra.Command, args []string) error {
			if (file == "") == (len(args) == 0) {
				return usagef("name the documents to check, or --config and the configuration")
			}
			return e.check(file, args)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration of the daemon, linekeeper.yaml")
	return cmd
}

func (e *env) check(file string, paths []string) error {
	var found findings
	var cfg *config.Config
	var callers *directories
	if file != "" {
		var err error
		if cfg, err = config.Load(file); err != nil {
			found.add(err)
			return e.report(found, "")
		}
		paths = []string{cfg.Hotlines}
		if cfg.Callbacks.DoNotCall != "" {
			if _, err := donotcall.Open(cfg.Callbacks.DoNotCall, cfg.Region, nil); err != nil {
				found.add(err)
			}
		}
		if callers, err = openDirectories(cfg, zap.NewNop()); err != nil {
			found.add(err)
		} else if err := callers.close(); err != nil {
			found.add(err)
		}
		if asked, err := openLookups(cfg); err != nil {
			found.add(err)
		} else {
			asked.close()
		}
	}
	files, err := documentFiles(paths...)
	if err != nil {
		found.add(err)
		return e.report(found, "")
	}
	h := readHotlines(files, cfg)
	for _, d := range h.docs {
		for _, w := range d.Warnings {
			// A document without prefixes has those of the configuration.
			if !strings.Contains(w.Msg, "callback: prefixes") || len(h.policies[d.Hotline].Prefixes) == 0 {
				found.add(w)
			}
		}
	}
	found.add(h.err())
	return e.report(found, summary(h, callers))
}

func summary(h *hotlines, callers *directories) string {
	numbers, queues := 0, map[string]bool{}
	for _, d := range h.docs {
		numbers += len(d.Numbers)
		for _, q := range d.Queues() {
			queues[q] = true
		}
	}
	s := []string{plural(len(h.docs), "hotline"), plural(numbers, "number"), plural(len(queues), "queue")}
	if callers != nil && len(callers.files) > 0 {
		s = append(s, plural(callers.records(), "caller"))
	}
	return strings.Join(s, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
