package callers

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Normalize brings a phone number to E.164 with "+", the one form in which
// numbers are compared and stored. Region (ISO 3166, "RU") says how to read a
// number without a country code; with region "" only numbers with "+" can be read.
//
// It gives ok=false for what is no number of a numbering plan, as libphonenumber
// knows them: withheld, "anonymous", empty, internal extensions, emergency and
// other short numbers, SIP names. Blanks, dots, hyphens, slashes and brackets are
// passed over; letters and extensions are not accepted.
func Normalize(raw, region string) (e164 string, ok bool) {
	number := strings.TrimSpace(raw)
	if number == "" || strings.ContainsFunc(number, notInNumber) || strings.LastIndexByte(number, '+') > 0 {
		return "", false
	}
	parsed, err := phonenumbers.Parse(number, strings.ToUpper(region))
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return "", false
	}
	return phonenumbers.Format(parsed, phonenumbers.E164), true
}

func notInNumber(r rune) bool { return !strings.ContainsRune("+0123456789 .-/()", r) }

// KnownRegion says whether Normalize can read national numbers of a region.
func KnownRegion(region string) bool {
	return phonenumbers.GetSupportedRegions()[strings.ToUpper(region)]
}

// Mask hides the middle of a number for logs: "+7916*****01". Numbers too short
// to leave anything hidden become stars altogether.
func Mask(number string) string {
	const head, tail = 5, 2
	if len(number) < head+tail+3 {
		return strings.Repeat("*", len(number))
	}
	hidden := len(number) - head - tail
	return number[:head] + strings.Repeat("*", hidden) + number[len(number)-tail:]
}

// Region is the country that an E.164 number belongs to (ISO 3166, two letters),
// "" for one that belongs to none, such as an international freephone number.
func Region(e164 string) string {
	parsed, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return ""
	}
	region := phonenumbers.GetRegionCodeForNumber(parsed)
	if len(region) != 2 || region == phonenumbers.UNKNOWN_REGION {
		return ""
	}
	return region
}
