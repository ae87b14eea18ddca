package telephony_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/telephony"
)

func TestPhoneOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"PJSIP/101-00000001":            "PJSIP/101",
		"PJSIP/ivan-petrov-0000ab3f":    "PJSIP/ivan-petrov",
		"PJSIP/bee-cafe-00000001":       "PJSIP/bee-cafe",
		"SIP/trunk-a-1000000f":          "SIP/trunk-a",
		"Local/101@agents-00000001;1":   "Local/101@agents",
		"Local/101@agents-00000001;2":   "Local/101@agents",
		"DAHDI/1-1":                     "DAHDI/1",
		"PJSIP/101":                     "PJSIP/101",
		"PJSIP/ivan-petrov":             "PJSIP/ivan-petrov",
		"PJSIP/101-":                    "PJSIP/101-",
		"-00000001":                     "-00000001",
		"Surrogate/PJSIP/101-00000001;": "Surrogate/PJSIP/101-00000001;",
		"":                              "",
	} {
		if got := telephony.PhoneOf(name); got != want {
			t.Errorf("the phone of %q is %q, want %q", name, got, want)
		}
	}
}

func FuzzPhoneOf(f *testing.F) {
	f.Add("PJSIP/101-00000001")
	f.Add("Local/101@agents-00000001;2")
	f.Fuzz(func(t *testing.T, phone string) {
		// A name that the switch makes of a phone leads back to the phone.
		for _, end := range []string{"-00000001", "-0000ab3f;1", "-0000ab3f;2"} {
			if phone != "" && telephony.PhoneOf(phone+end) != phone {
				t.Errorf("the phone of %q is %q", phone+end, telephony.PhoneOf(phone+end))
			}
		}
	})
}
