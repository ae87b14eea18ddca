package config

import (
	"slices"
	"strings"
)

// Transfers say where callers may be put through to, beside agents and contexts of
// the switch's dialplan. Without a prefix no number is called, without a host no
// SIP address.
type Transfers struct {
	// Prefixes are beginnings of E.164 numbers. Numbers must be of the types that
	// callbacks go to and not blocked there; they are called by callbacks.endpoint.
	Prefixes []string `yaml:"prefixes"`
	Hosts    []string `yaml:"hosts"`    // of SIP addresses, without a port
	Endpoint string   `yaml:"endpoint"` // for SIP addresses: "PJSIP/trunk/{uri}"

	// InFlight, Hour and CallerDay limit transfers to numbers: at once, begun in an hour,
	// and begun in 24 hours by callers from one number.
	InFlight  int `yaml:"in_flight"`
	Hour      int `yaml:"hour"`
	CallerDay int `yaml:"caller_day"`
}

// transfers checks where callers may be put through to.
func (c *checker) transfers() {
	t := c.Transfers
	for _, p := range t.Prefixes {
		digits, plus := strings.CutPrefix(p, "+")
		if !plus || digits == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
			c.fail("transfers.prefixes", "%q is no prefix; write + and 1 to 15 digits, such as \"+7495\"", p)
		}
	}
	for key, n := range map[string]int{"in_flight": t.InFlight, "hour": t.Hour, "caller_day": t.CallerDay} {
		if n < 1 {
			c.fail("transfers."+key, "the limit must be at least 1; without transfers.prefixes no number is called")
		}
	}
	if len(t.Prefixes) > 0 && c.Callbacks.Endpoint == "" {
		c.fail("callbacks.endpoint", "say how numbers are called, such as \"PJSIP/{number}@trunk\"; transfers.prefixes allow some")
	}
	if len(t.Hosts) > 0 && strings.Count(t.Endpoint, "{uri}") != 1 {
		c.fail("transfers.endpoint", "say how SIP addresses are called, such as \"PJSIP/trunk/{uri}\"")
	}
	bad := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-", r) }
	if i := slices.IndexFunc(t.Hosts, func(h string) bool { return h == "" || strings.ContainsFunc(h, bad) }); i >= 0 {
		c.fail("transfers.hosts", "%q is no host; write the name or IPv4 address alone, in small letters", t.Hosts[i])
	}
}
