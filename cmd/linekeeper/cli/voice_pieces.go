package cli

import (
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/telephony"
)

// pieces says a text in Asterisk's own sounds, none when it has none for all of it.
// They are named with their language, which a channel's own may differ from.
func pieces(lang, text string) []telephony.Media {
	names, ok := prompts.Pieces(lang, text)
	if !ok {
		return nil
	}
	media := make([]telephony.Media, len(names))
	for i, name := range names {
		media[i] = telephony.Media("sound:" + prompts.Resolve(lang) + "/" + name)
	}
	return media
}
