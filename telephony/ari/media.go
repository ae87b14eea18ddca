package ari

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

// schemes are the media that res_stasis_playback knows.
var schemes = map[string]bool{
	"sound": true, "recording": true, "number": true, "digits": true, "characters": true, "tone": true,
}

// longestSilence is the longest file in Asterisk's silence directory, seconds.
const longestSilence = 10

// maxSilence bounds "silence:N": more is a mistake, not a pause. Seconds.
const maxSilence = 300

// mediaURIs checks media and writes them as Asterisk wants them.
func mediaURIs(media []telephony.Media) ([]string, error) {
	if len(media) == 0 {
		return nil, errors.New("no media")
	}
	uris := make([]string, 0, len(media))
	for _, m := range media {
		scheme, rest, ok := strings.Cut(string(m), ":")
		switch {
		case !ok || rest == "":
			return nil, fmt.Errorf("media %q is not of the form scheme:what", m)
		case strings.ContainsAny(rest, ",\r\n"):
			return nil, fmt.Errorf("media %q must not hold a comma or a line break", m)
		case scheme == "silence":
			silence, err := silenceURIs(rest)
			if err != nil {
				return nil, fmt.Errorf("media %q: %w", m, err)
			}
			uris = append(uris, silence...)
		case !schemes[scheme]:
			return nil, fmt.Errorf("media %q: Asterisk has no scheme %q", m, scheme)
		default:
			uris = append(uris, string(m))
		}
	}
	return uris, nil
}

func silenceURIs(seconds string) ([]string, error) {
	n, err := strconv.Atoi(seconds)
	if err != nil || n < 1 || n > maxSilence {
		return nil, fmt.Errorf("silence is 1 to %d whole seconds", maxSilence)
	}
	var uris []string
	for ; n > 0; n -= longestSilence {
		uris = append(uris, "sound:silence/"+strconv.Itoa(min(n, longestSilence)))
	}
	return uris, nil
}
