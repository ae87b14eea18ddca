package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
)

// documentFiles lists the hotline documents in files and folders, in order.
func documentFiles(paths ...string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("find the hotline documents: %w", err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("find the hotline documents: %w", err)
		}
		before := len(files)
		for _, entry := range entries {
			if !entry.IsDir() && isYAML(entry.Name()) && !isScript(entry.Name()) {
				files = append(files, filepath.Join(path, entry.Name()))
			}
		}
		if len(files) == before {
			return nil, fmt.Errorf("find the hotline documents: the folder %s has no .yaml file", path)
		}
	}
	return files, nil
}

func isYAML(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// isScript says whether a file beside a hotline document holds conversations with it.
func isScript(name string) bool {
	return isYAML(name) && strings.HasSuffix(strings.TrimSuffix(name, filepath.Ext(name)), ".test")
}

// hotlines are documents that were read, and the policies of their promises.
type hotlines struct {
	docs     []*dialplan.Document
	policies map[string]callback.Policy // by hotline
	faults   dialplan.ErrorList
	errs     []error // what has no place in a document
}

// err is all that is wrong, nil when nothing is.
func (h *hotlines) err() error {
	errs := slices.Clone(h.errs)
	if len(h.faults) > 0 {
		errs = append([]error{h.faults}, errs...)
	}
	return errors.Join(errs...)
}

// readHotlines reads documents and finds all faults in them and between them.
// cfg may be nil; then queues are not checked and documents have no defaults
// for their callbacks.
func readHotlines(files []string, cfg *config.Config) *hotlines {
	h := &hotlines{policies: map[string]callback.Policy{}}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			h.errs = append(h.errs, fmt.Errorf("read a hotline document: %w", err))
			continue
		}
		doc, policy, errs := readHotline(file, src, cfg)
		for _, err := range errs {
			h.add(err)
		}
		if doc != nil {
			h.docs = append(h.docs, doc)
			h.policies[doc.Hotline] = policy
		}
	}
	for _, err := range checkTogether(h.docs, cfg) {
		h.add(err)
	}
	return h
}

// readHotline reads one document. It is nil when it cannot be read; the policy of
// one that can may still be wrong.
func readHotline(file string, src []byte, cfg *config.Config) (*dialplan.Document, callback.Policy, []error) {
	doc, err := parsed(file, src, cfg)
	if err != nil {
		return nil, callback.Policy{}, []error{err}
	}
	said, defaults := written(src), config.Callbacks{}
	if cfg != nil {
		defaults = cfg.Callbacks
	}
	policy := policyOf(doc, said, defaults)
	doc.Callback.ConfirmTimeout = policy.ConfirmTimeout // what is spoken keeps the same time
	errs := policy.Validate()
	for i, err := range errs {
		errs[i] = fmt.Errorf("%s: %w", file, err)
	}
	return doc, policy, errs
}

// checkTogether finds faults between documents, and between them and the
// configuration, which may be nil.
func checkTogether(docs []*dialplan.Document, cfg *config.Config) []error {
	if cfg == nil {
		return []error{dialplan.CheckAll(docs, nil)}
	}
	return []error{
		dialplan.CheckSkills(docs, cfg.Skills()),
		dialplan.CheckAll(docs, slices.Sorted(maps.Keys(cfg.Queues))),
		dialplan.CheckKnown(docs, offered(cfg)),
	}
}

func (h *hotlines) add(err error) {
	var faults dialplan.ErrorList
	switch {
	case err == nil:
	case errors.As(err, &faults):
		h.faults = append(h.faults, faults...)
	default:
		h.errs = append(h.errs, err)
	}
}

// written tells whether the document itself has "country", and which keys of
// "callback"; Parse fills the others with its own defaults, which must not hide
// those of the daemon.
func written(src []byte) map[string]bool {
	var doc struct {
		Country  string               `yaml:"country"`
		Callback map[string]yaml.Node `yaml:"callback"`
	}
	keys := map[string]bool{}
	if yaml.Unmarshal(src, &doc) == nil { // Parse has accepted it already
		for key := range doc.Callback {
			keys[key] = true
		}
		keys["country"] = doc.Country != ""
	}
	return keys
}

// policyOf takes from the document what it says, and the rest from the
// daemon's configuration.
func policyOf(doc *dialplan.Document, said map[string]bool, c config.Callbacks) callback.Policy {
	p := c.Rules()
	p.RetryAfter, p.MaxAttempts = doc.Callback.RetryAfter, doc.Callback.MaxAttempts
	p.RingTimeout, p.ConfirmTimeout = doc.Callback.RingTimeout, doc.Callback.ConfirmTimeout
	p.AgentHold, p.Uncertain = c.AgentHold, callback.UncertainPolicy(c.Uncertain)
	p.Campaign = doc.Callback.Campaign
	if doc.Callback.Mode != "" {
		p.Mode = callback.Mode(doc.Callback.Mode)
	}
	if said["prefixes"] {
		p.Prefixes = narrowed(c.Prefixes, doc.Callback.Prefixes)
	}
	if doc.Hours != nil {
		p.Zone = doc.Hours.Location // where a number tells no time zone
	}
	if !said["max_attempts"] && c.MaxAttempts != 0 {
		p.MaxAttempts = c.MaxAttempts
	}
	for _, d := range []struct {
		key  string
		to   *time.Duration
		from time.Duration
	}{
		{"retry_after", &p.RetryAfter, c.RetryAfter},
		{"ring_timeout", &p.RingTimeout, c.RingTimeout},
		{"confirm_timeout", &p.ConfirmTimeout, c.ConfirmTimeout},
	} {
		if !said[d.key] && d.from != 0 {
			*d.to = d.from
		}
	}
	return p.WithDefaults()
}

// narrowed gives the numbers that both lists allow: a document may forbid what
// the deployer allows, never the other way round.
func narrowed(allowed, wanted []string) []string {
	var both []string
	for _, a := range allowed {
		for _, w := range wanted {
			switch {
			case strings.HasPrefix(w, a):
				both = append(both, w)
			case strings.HasPrefix(a, w):
				both = append(both, a)
			}
		}
	}
	return both
}
