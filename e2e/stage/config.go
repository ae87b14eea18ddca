package stage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writeConfig writes linekeeper.yaml for the Asterisk of this stage.
func (s *Stage) writeConfig() error {
	a, o := s.Asterisk, s.opts
	prefixes := o.Callbacks.Prefixes
	if prefixes == nil {
		prefixes = []string{"+7"}
	}
	lead := o.DialLead
	if lead == "" {
		lead = "1s"
	}
	queues := map[string]any{}
	for _, q := range a.Queues() {
		queues[q] = map[string]any{"dial_lead": lead, "prior_handle_time": "60s"}
	}
	speech := map[string]any{"engine": "marks", "cache": filepath.Join(s.Dir, "prompts")}
	if o.Voice == "command" {
		speech["engine"] = "command"
		speech["command"] = []string{o.Install.Espeak, "-v", "{lang}", "-s", "150", "-w", "{out}", "--stdin"}
	}
	cfg := map[string]any{
		"asterisk": map[string]any{
			"ari": map[string]any{"url": a.ARIURL, "user": a.ARIUser, "password": a.ARIPassword},
			"ami": map[string]any{"address": a.AMIAddr, "user": a.AMIUser, "password": a.AMIPassword},
		},
		"store": map[string]any{"sqlite": s.Database()}, "socket": s.Socket,
		"hotlines": o.Hotlines, "region": "RU", "voice": speech, "queues": queues,
		"callbacks": map[string]any{
			"endpoint": "PJSIP/{number}@trunk", "caller_id": "+78005550101", "caller_name": "Hotline", "prefixes": prefixes,
		},
		"log": map[string]any{"level": "debug"},
	}
	if o.Callers != "" {
		cfg["callers"] = map[string]any{"csv": o.Callers}
	}
	text, err := yaml.Marshal(cfg)
	if err != nil {
		return fmt.Errorf("write linekeeper.yaml: %w", err)
	}
	return os.WriteFile(s.Config, append(text, []byte(strings.TrimLeft(o.Extra, "\n"))...), 0o600)
}
