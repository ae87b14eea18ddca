package telephony

import "strings"

// PhoneOf gives the phone of a channel by the channel's name, as the switch
// writes it: "PJSIP/101-00000001" is a call of "PJSIP/101", and
// "Local/101@agents-00000001;2" one of "Local/101@agents". A name that ends with
// no such number is given back as it is.
func PhoneOf(name string) string {
	whole := strings.TrimSuffix(strings.TrimSuffix(name, ";1"), ";2")
	i := strings.LastIndexByte(whole, '-')
	if i <= 0 || i == len(whole)-1 || strings.Trim(whole[i+1:], "0123456789abcdefABCDEF") != "" {
		return name
	}
	return whole[:i]
}
