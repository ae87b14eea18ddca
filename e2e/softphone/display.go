package softphone

import (
	"net/url"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// display is what a phone shows about the other side.
type display struct {
	number, name string
}

// shown reads the caller from a request as a phone does: the asserted identity if there is one
// (RFC 3325), the older Remote-Party-ID, or else the From header, which anyone may fill in.
func shown(req *sip.Request) display {
	for _, name := range []string{"P-Asserted-Identity", "Remote-Party-ID"} {
		if d, ok := parseDisplay(req.GetHeader(name)); ok {
			return d
		}
	}
	if from := req.From(); from != nil {
		return display{number: unescape(from.Address.User), name: from.DisplayName}
	}
	return display{}
}

func parseDisplay(h sip.Header) (display, bool) {
	if h == nil {
		return display{}, false
	}
	uri, params := sip.Uri{}, sip.NewParams()
	name, err := sip.ParseAddressValue(h.Value(), &uri, &params)
	if err != nil || uri.User == "" {
		return display{}, false
	}
	return display{number: unescape(uri.User), name: strings.Trim(name, `"`)}, true
}

// unescape undoes the percent signs of a SIP user part; what cannot be undone is shown as it is.
func unescape(user string) string {
	if plain, err := url.PathUnescape(user); err == nil {
		return plain
	}
	return user
}

// escape makes a dialled number a SIP user part: "#" may not stand in one (RFC 3261, 25.1).
func escape(number string) string { return strings.ReplaceAll(number, "#", "%23") }
