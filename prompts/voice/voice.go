// Package voice turns the texts that callers hear into sound files for the
// switch: an Engine renders a text, a Cache keeps what was rendered.
//
// The files are what Asterisk's format_wav reads without any conversion: 8000
// samples a second, 16 bit, mono. Unlike package prompts this one is not pure:
// it runs commands and writes files.
package voice

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/linekeeper/linekeeper/telephony"
)

// Rate is the sample rate of everything that an Engine gives, in samples a second.
const Rate = 8000

// Voice gives the media for a text. It is safe for concurrent use.
type Voice interface {
	// Media gives what the switch is to play for a text in a language ("ru",
	// "en-GB"). It blocks while the text is rendered for the first time. It fails
	// for an empty text, a language tag that is none, when rendering fails, and
	// when ctx ends first; the rendering then goes on for whoever asks next.
	Media(ctx context.Context, lang, text string) (telephony.Media, error)
}

// Engine renders texts. It is safe for concurrent use.
type Engine interface {
	// Identity names the engine and all that its sound depends on; equal identity,
	// language and text mean equal sound.
	Identity() string

	// Render gives the sound of a text: 16 bit, mono, at Rate. It blocks and
	// honours ctx.
	Render(ctx context.Context, lang, text string) ([]int16, error)
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$`)

// checkSpeakable refuses what no engine should see: a language ends up in a
// command line.
func checkSpeakable(lang, text string) error {
	if text == "" {
		return errors.New("there is no text to speak")
	}
	if !languageTag.MatchString(lang) {
		return fmt.Errorf("%q is not a language tag", lang)
	}
	return nil
}
