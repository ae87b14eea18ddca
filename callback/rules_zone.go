package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

const zoneRemedy = "write its IANA name, such as Europe/Berlin, or leave it out to go by the number"

// What the zones of a callee were told from, as the journal has it.
const (
	zonesFromCustomer = "the customer"
	zonesFromBoth     = "the customer and the number"
	zonesFromNumber   = "the number"
	zonesFromHours    = "the hours"
)

// zonesOf are the zones where a callee may be: what they or their record say, else
// those of the number, else that of the policy. Whoever asks by a form may give
// somebody else's number, and a zone in which that person's night is day: until
// the number is verified, a zone that is not of its country counts beside those
// of the number. unknown is the name of a zone that this machine does not know.
func (p Policy) zonesOf(who Callee, at time.Time) (zones []*time.Location, from, unknown string) {
	if who.Zone == "" {
		zones, unknown = zonesOfNumber(who.Number)
		if len(zones) == 0 && unknown == "" {
			return []*time.Location{p.zone()}, zonesFromHours, ""
		}
		return zones, zonesFromNumber, unknown
	}
	own, err := callers.LoadZone(who.Zone)
	if err != nil {
		return nil, zonesFromCustomer, who.Zone
	}
	zones = []*time.Location{own}
	if !who.Unverified || credible(own, who.Number, at) {
		return zones, zonesFromCustomer, ""
	}
	others, unknown := zonesOfNumber(who.Number)
	return append(zones, others...), zonesFromBoth, unknown
}

// zonesOfNumber are the zones that a number tells.
func zonesOfNumber(number string) (zones []*time.Location, unknown string) {
	for _, name := range ZonesOf(number) {
		loc, err := callers.LoadZone(name)
		if err != nil {
			return nil, name
		}
		zones = append(zones, loc)
	}
	return zones, ""
}

// credible says whether the clocks of own show what those of some zone of the
// number's country show: a mobile number tells no more than that.
func credible(own *time.Location, number string, at time.Time) bool {
	_, shown := at.In(own).Zone()
	for _, name := range ZonesOfCountry(number) {
		loc, err := callers.LoadZone(name)
		if err != nil {
			continue
		}
		if _, there := at.In(loc).Zone(); there == shown {
			return true
		}
	}
	return false
}
