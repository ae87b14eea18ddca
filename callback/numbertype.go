package callback

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// NumberType is what a number is for, as libphonenumber knows the numbering
// plans of the world.
type NumberType string

// The types. In North America and some other plans a number does not show
// whether it is a mobile one: it is TypeFixedOrMobile.
const (
	TypeFixed         NumberType = "fixed_line"
	TypeMobile        NumberType = "mobile"
	TypeFixedOrMobile NumberType = "fixed_line_or_mobile"
	TypeVoIP          NumberType = "voip"
	TypeTollFree      NumberType = "toll_free"
	TypePremium       NumberType = "premium_rate"
	TypeSharedCost    NumberType = "shared_cost"
	TypePersonal      NumberType = "personal_number"
	TypePager         NumberType = "pager"
	TypeUAN           NumberType = "uan" // the common number of a company
	TypeVoicemail     NumberType = "voicemail"
	TypeSatellite     NumberType = "satellite" // and other networks of no country
	TypeUnknown       NumberType = "unknown"   // in no range that is given out
)

// NumberTypes lists every type.
func NumberTypes() []NumberType {
	return []NumberType{
		TypeFixed, TypeMobile, TypeFixedOrMobile, TypeVoIP, TypeTollFree, TypePremium, TypeSharedCost, TypePersonal,
		TypePager, TypeUAN, TypeVoicemail, TypeSatellite, TypeUnknown,
	}
}

// DefaultTypes are the types that are called when a policy names none: those of
// people's own phones at ordinary rates.
func DefaultTypes() []NumberType {
	return []NumberType{TypeFixed, TypeMobile, TypeFixedOrMobile, TypeVoIP}
}

var typeNames = map[phonenumbers.PhoneNumberType]NumberType{
	phonenumbers.FIXED_LINE:           TypeFixed,
	phonenumbers.MOBILE:               TypeMobile,
	phonenumbers.FIXED_LINE_OR_MOBILE: TypeFixedOrMobile,
	phonenumbers.VOIP:                 TypeVoIP,
	phonenumbers.TOLL_FREE:            TypeTollFree,
	phonenumbers.PREMIUM_RATE:         TypePremium,
	phonenumbers.SHARED_COST:          TypeSharedCost,
	phonenumbers.PERSONAL_NUMBER:      TypePersonal,
	phonenumbers.PAGER:                TypePager,
	phonenumbers.UAN:                  TypeUAN,
	phonenumbers.VOICEMAIL:            TypeVoicemail,
}

// satellite are the country codes that ITU-T E.164 gives to the global mobile
// satellite system (870, 881) and to networks of several countries (882, 883),
// at whose prices nobody is called by accident. libphonenumber calls them mobile.
var satellite = []string{"+870", "+881", "+882", "+883"}

// TypeOf gives the type of a number in E.164; TypeUnknown for one that is none.
func TypeOf(number string) NumberType {
	if slices.ContainsFunc(satellite, func(code string) bool { return strings.HasPrefix(number, code) }) {
		return TypeSatellite
	}
	if !ValidNumber(number) {
		return TypeUnknown
	}
	parsed, err := phonenumbers.Parse(number, "")
	if err != nil {
		return TypeUnknown
	}
	if name, ok := typeNames[phonenumbers.GetNumberType(parsed)]; ok {
		return name
	}
	return TypeUnknown
}
