package callback

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// zonesKnownBetter are beginnings of numbers for which the data of libphonenumber
// has a zone that only used to have the same clocks.
var zonesKnownBetter = map[string]string{
	"+7401": "Europe/Kaliningrad", // the data say Europe/Bucharest, which has summer time
}

// ZonesOf names the time zones (IANA) in which the phone of a number in E.164 can
// be, as far as the number tells; none when it does not. A mobile phone may be
// anywhere, and numbers of a country without areas have all of its zones.
func ZonesOf(number string) []string {
	if !ValidNumber(number) {
		return nil
	}
	for prefix, zone := range zonesKnownBetter {
		if strings.HasPrefix(number, prefix) {
			return []string{zone}
		}
	}
	zones, err := phonenumbers.GetTimezonesForPrefix(number)
	if err != nil || len(zones) == 1 && zones[0] == phonenumbers.UNKNOWN_TIMEZONE {
		return nil
	}
	return zones
}

// ZonesOfCountry names every time zone of the country, or countries, of a number in
// E.164; none when that is not known.
func ZonesOfCountry(number string) []string {
	parsed, err := phonenumbers.Parse(number, "")
	if err != nil {
		return nil
	}
	zones, err := phonenumbers.GetTimezonesForPrefix("+" + strconv.Itoa(int(parsed.GetCountryCode())))
	if err != nil || len(zones) == 1 && zones[0] == phonenumbers.UNKNOWN_TIMEZONE {
		return nil
	}
	return zones
}
