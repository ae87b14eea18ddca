package stage

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writeConfig writes linekeeper.yaml for the Asterisk of this stage.
func (s *Stage) writeConfig() error {
	a, o := s.Asterisk, s.opts
	ari := a.ARIURL
	if o.ARIVia != nil {
		at, err := url.Parse(a.ARIURL)
		if err != nil {
			return fmt.Errorf("write linekeeper.yaml: %w", err)
		}
		if at.Host, err = o.ARIVia(at.Host); err != nil {
			return fmt.Errorf("write linekeeper.yaml: %w", err)
		}
		ari = at.String()
	}
	ami := a.AMIAddr
	if o.AMIVia != nil {
		var err error
		if ami, err = o.AMIVia(ami); err != nil {
			return fmt.Errorf("write linekeeper.yaml: %w", err)
		}
	}
	hotlines, err := filepath.Abs(o.Hotlines) // the daemon reads paths beside its file
	if err != nil {
		return fmt.Errorf("write linekeeper.yaml: %w", err)
	}
	prefixes := o.Callbacks.Prefixes
	if prefixes == nil {
		prefixes = []string{"+7"}
	}
	lead := o.DialLead
	if lead == "" {
		lead = "1s"
	}
	queues := map[string]any{}
	for _, q := range slices.Concat(a.Queues(), slices.Collect(maps.Keys(o.Queues))) {
		keys := Keys{"dial_lead": lead, "prior_handle_time": "60s"}
		maps.Copy(keys, o.Queues[q])
		queues[q] = keys
	}
	speech := map[string]any{"engine": "marks", "cache": filepath.Join(s.Dir, "prompts")}
	if o.Voice == "command" {
		speech["engine"] = "command"
		speech["command"] = []string{o.Install.Espeak, "-v", "{lang}", "-s", "150", "-w", "{out}", "--stdin"}
	}
	maps.Copy(speech, o.Speech)
	cfg := map[string]any{
		"asterisk": map[string]any{
			"ari": map[string]any{"url": ari, "user": a.ARIUser, "password": a.ARIPassword},
			"ami": map[string]any{"address": ami, "user": a.AMIUser, "password": a.AMIPassword},
		},
		"store": map[string]any{"sqlite": s.Database()}, "socket": s.Socket,
		"hotlines": hotlines, "region": "RU", "voice": speech, "queues": queues,
		"callbacks": map[string]any{
			"endpoint": "PJSIP/{number}@trunk", "caller_id": "+78005550101", "caller_name": "Hotline", "prefixes": prefixes,
		},
		"log": map[string]any{"level": "debug"},
	}
	maps.Copy(cfg["callbacks"].(map[string]any), o.Callbacks.More)
	if len(o.Agents) > 0 {
		cfg["agents"] = o.Agents
	}
	if o.Callers != "" {
		people, err := filepath.Abs(o.Callers)
		if err != nil {
			return fmt.Errorf("write linekeeper.yaml: %w", err)
		}
		cfg["callers"] = map[string]any{"csv": people}
	}
	text, err := yaml.Marshal(cfg)
	if err != nil {
		return fmt.Errorf("write linekeeper.yaml: %w", err)
	}
	return os.WriteFile(s.Config, append(text, []byte(strings.TrimLeft(o.Extra, "\n"))...), 0o600)
}
