package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/cmd/linekeeper/doctor"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// The findings of "prompts check".
const (
	promptSilent = "no_sound"      // neither a recording nor a voice
	promptBad    = "bad_recording" // a file that cannot be used
	promptStray  = "stray_file"    // a recording of no text
)

// promptFinding is one thing that "prompts check" found.
type promptFinding struct {
	Finding  string `json:"finding"`
	Language string `json:"language"`
	File     string `json:"file"` // of the recording, "" for a text that has none
	Hotline  string `json:"hotline"`
	Node     string `json:"node"`
	Detail   string `json:"detail"` // what is wrong, and what to do
}

func (e *env) promptsCheckCmd() *cobra.Command {
	return e.withPrompts(&cobra.Command{
		Use: "check --config FILE", Short: "Find texts without a sound, and recordings that cannot be used or fit no text",
		Long: `Find texts for which there is neither a recording nor a voice, recordings that cannot
be used, and files that belong to no text, mostly because the text has changed.
The voice is tried with one word in each language. The exit code is 6 when a text
has no sound or a recording cannot be used.`,
	}, e.checkPrompts)
}

func (e *env) checkPrompts(ctx context.Context, cfg *config.Config, rows []promptRow) (err error) {
	cache, err := openVoice(cfg, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cache.Close()) }()
	dumb := map[string]error{} // languages that the voice does not speak
	counts, findings, bad := map[string]int{}, []promptFinding{}, false
	report := func(r promptRow, what, file, detail string) {
		findings = append(findings, promptFinding{what, r.Language, file, r.Hotline, r.Node, detail})
		bad = bad || what != promptStray
	}
	texts := map[string][]string{}
	for _, r := range rows {
		if _, tried := dumb[r.Language]; !tried {
			dumb[r.Language] = voice.Try(ctx, cache.Engine, r.Language, doctor.Sample(r.Language))
		}
		var recorded bool
		var fault error
		if !r.Values && cache.Recordings != nil {
			texts[r.Language] = append(texts[r.Language], r.Text)
			recorded, fault = cache.Recordings.Has(r.Language, r.Text)
		}
		if fault != nil {
			report(r, promptBad, r.File, fault.Error())
		}
		switch why := dumb[r.Language]; {
		case recorded && fault == nil:
			counts["recorded"]++
		case !r.Values && cache.Ready(r.Language, r.Text):
			counts["rendered"]++
		case why == nil:
			counts["spoken"]++
		default:
			counts["silent"]++
			report(r, promptSilent, r.File, fmt.Sprintf("%q: %v", short(r.Text), why))
		}
	}
	if cache.Recordings != nil {
		for _, lang := range slices.Sorted(maps.Keys(dumb)) {
			for _, path := range cache.Recordings.Strays(lang, texts[lang]) {
				report(promptRow{Language: lang}, promptStray, path, "its text has changed, or the end of its name is mistyped; see linekeeper prompts list")
			}
		}
	}
	if err := list(e, findings, "nothing is wrong", []column[promptFinding]{
		{"FINDING", func(f promptFinding) cell { return text(f.Finding) }},
		{"LANGUAGE", func(f promptFinding) cell { return text(f.Language) }},
		{"FILE", func(f promptFinding) cell { return text(f.File) }},
		{"HOTLINE", func(f promptFinding) cell { return text(f.Hotline) }},
		{"NODE", func(f promptFinding) cell { return text(f.Node) }},
		{"DETAIL", func(f promptFinding) cell { return text(f.Detail) }},
	}); err != nil {
		return err
	}
	e.say("%s: %d recorded, %d rendered, %d to be spoken when they are needed, %d without a sound",
		plural(len(rows), "text"), counts["recorded"], counts["rendered"], counts["spoken"], counts["silent"])
	if bad {
		return errProblems
	}
	return nil
}
