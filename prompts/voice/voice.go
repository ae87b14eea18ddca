// Package voice turns the texts that callers hear into sound files for the
// switch: a Cache takes a recorded file where there is one, has an Engine render
// the text where there is none, and keeps the result.
//
// All files have the same loudness and the formats that Asterisk plays without
// conversion. Unlike package prompts this one is not pure: it runs commands, asks
// speech services and writes files.
package voice

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/linekeeper/linekeeper/telephony"
)

// Rate is the sample rate of telephone sound, in samples a second.
const Rate = 8000

// Sound is decoded audio: 16 bit, mono.
type Sound struct {
	Rate    int // samples a second
	Samples []int16

	// Finished says that level and ends are as they are to be heard.
	Finished bool
}

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
	// Identity names the engine and all that its sound in a language depends on;
	// equal identity, language and text mean equal sound. It holds no secret.
	Identity(lang string) string

	// Render gives the sound of a text, at any rate and level. It blocks and
	// honours ctx.
	Render(ctx context.Context, lang, text string) (Sound, error)
}

// Try has an engine speak a text and says why nobody could hear it; nil when all
// is well. It blocks like Render.
func Try(ctx context.Context, e Engine, lang, text string) error {
	if err := checkSpeakable(lang, text); err != nil {
		return err
	}
	sound, err := e.Render(ctx, lang, text)
	if err != nil {
		return err
	}
	_, err = finish(sound, Rate)
	return err
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
