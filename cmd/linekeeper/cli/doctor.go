package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/cmd/linekeeper/doctor"
	"github.com/linekeeper/linekeeper/controller/config"
)

func (e *env) doctorCmd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "doctor --config FILE", Short: "Look at Asterisk and this machine, and say what to change", Args: cobra.NoArgs,
		Long: `Look at the Asterisk of the configuration and at this machine, step by step, and
say what to change, exactly. Nothing is changed and calls notice nothing; the
daemon may run meanwhile.

Each line is ok, warn (works, but badly or only for now), fail (calls would
fail) or skip (could not be looked at). The exit code is 6 when something fails.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := e.configuration(file)
			if err != nil {
				return err
			}
			return e.doctor(cmd.Context(), file, cfg)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration of the daemon, linekeeper.yaml")
	return cmd
}

func (e *env) doctor(ctx context.Context, file string, cfg *config.Config) (err error) {
	o := doctor.Options{Config: cfg, Running: func(ctx context.Context) bool {
		c := api.NewClient(cfg.Socket)
		defer c.Close()
		_, err := c.Version(ctx)
		return err == nil
	}}
	if o.Engine, err = engine(cfg.Voice); err != nil {
		return err
	}
	if cfg.Voice.Deliver == config.DeliverHTTP {
		if o.Links, err = soundLinks(cfg.Voice); err != nil {
			return err
		}
	}
	if o.ARI, err = ariOptions(cfg.Asterisk.ARI); err != nil {
		return err
	}
	if o.AMI, err = amiOptions(cfg.Asterisk.AMI); err != nil {
		return err
	}
	dirs, err := openDirectories(cfg, zap.NewNop())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dirs.close()) }()
	asked, err := openLookups(cfg)
	if err != nil {
		return err
	}
	defer asked.close()
	for _, t := range slices.Concat(dirs.tries, asked.tries()) {
		o.Directories = append(o.Directories, doctor.Directory{Name: t.name, Try: t.try})
	}
	counts := map[doctor.Status]int{}
	all := []doctor.Finding{}
	var printing error
	tell := func(f doctor.Finding) {
		counts[f.Status]++
		all = append(all, f)
		if printing == nil && e.output != outJSON {
			printing = e.writeFinding(f)
		}
	}
	tell(hotlineFinding(file, cfg, &o))
	if _, err := doctor.Run(ctx, o, tell); err != nil {
		return err
	}
	if e.output == outJSON {
		printing = e.writeJSON(all)
	}
	if printing != nil {
		return printing
	}
	e.say("%d ok, %d warn, %d fail, %d skipped", counts[doctor.OK], counts[doctor.Warn], counts[doctor.Fail], counts[doctor.Skip])
	if counts[doctor.Fail] > 0 {
		return errProblems
	}
	return nil
}

// hotlineFinding reads the documents: for the names of queues and languages,
// and because nothing starts with faulty ones.
func hotlineFinding(file string, cfg *config.Config, o *doctor.Options) doctor.Finding {
	const what = "hotlines"
	o.Queues = slices.Sorted(maps.Keys(cfg.Queues))
	files, err := documentFiles(cfg.Hotlines)
	h := &hotlines{}
	if err == nil {
		h = readHotlines(files, cfg)
		err = h.err()
	}
	o.Languages = languagesOf(h.docs)
	if err != nil {
		first, _, more := strings.Cut(err.Error(), "\n")
		if more {
			first += " (and more)"
		}
		return doctor.Finding{Status: doctor.Fail, What: what, Detail: first, Remedy: "linekeeper check --config " + file}
	}
	return doctor.Finding{Status: doctor.OK, What: what, Detail: summary(h, nil)}
}

func (e *env) writeFinding(f doctor.Finding) error {
	if e.output == outTSV {
		_, err := fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", f.Status, clean(f.What), clean(f.Detail), clean(f.Remedy))
		return err
	}
	line := fmt.Sprintf("%-4s  %s: %s\n", f.Status, clean(f.What), clean(f.Detail))
	if f.Remedy != "" {
		line += "      -> " + clean(f.Remedy) + "\n"
	}
	_, err := fmt.Fprint(e.stdout, line)
	return err
}
