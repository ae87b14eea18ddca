package config

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// Web is the endpoint for forms on web pages.
type Web struct {
	Listen         string    `yaml:"listen"` // host:port; "" for none
	TLS            WebTLS    `yaml:"tls"`
	Hotlines       []string  `yaml:"hotlines"` // whose language and rules count; the first is the default
	Queues         []string  `yaml:"queues"`   // that forms may ask for; the first is the default
	Origins        []string  `yaml:"origins"`  // of pages: "https://www.example.com"
	PerIP          WebRate   `yaml:"per_ip"`
	PerNumber      WebRate   `yaml:"per_number"`
	MaxPending     int       `yaml:"max_pending"`     // promises of forms that may be open; 0: 1000
	TrustedProxies []string  `yaml:"trusted_proxies"` // addresses and networks whose X-Forwarded-For counts
	Challenge      Challenge `yaml:"challenge"`
	Confirm        string    `yaml:"confirm"` // "none", "call" or "code"
	Code           Target    `yaml:"code"`    // where codes are sent
}

// WebTLS are the files of a certificate.
type WebTLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// WebRate is how many forms are let through.
type WebRate struct {
	Hour int `yaml:"hour"` // within 60 minutes; 0: no limit
	Day  int `yaml:"day"`  // within 24 hours; 0: no limit
}

// Challenge is what tells people from machines.
type Challenge struct {
	Kind     string        `yaml:"kind"` // "none" or "siteverify"
	URL      string        `yaml:"url"`
	Secret   Secret        `yaml:"secret"`
	Timeout  time.Duration `yaml:"timeout"`
	MinScore float64       `yaml:"min_score"`
	FailOpen bool          `yaml:"fail_open"`
}

// Target is where messages go: an address or a command.
type Target struct {
	URL     string        `yaml:"url"`
	Command []string      `yaml:"command"` // program and arguments, without a shell
	Secret  Secret        `yaml:"secret"`  // signs what goes to the address
	Timeout time.Duration `yaml:"timeout"` // of one sending
}

// Hook is who wants to hear of entries of the journal.
type Hook struct {
	On      []string      `yaml:"on"` // types, exact or a prefix that ends with "."
	URL     string        `yaml:"url"`
	Command []string      `yaml:"command"`
	Secret  Secret        `yaml:"secret"`
	Timeout time.Duration `yaml:"timeout"`
	GiveUp  time.Duration `yaml:"give_up"` // an entry that could not be sent for so long is passed over
}

// Target is where a hook's messages go.
func (h Hook) Target() Target { return Target{h.URL, h.Command, h.Secret, h.Timeout} }

// Proxies are the trusted ones; what Parse let pass is an address or a network.
func (w Web) Proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range w.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			addr, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", s)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// web checks the endpoint for forms.
func (c *checker) web() {
	w := c.Web
	if w.Listen == "" {
		if c.wrote("web") {
			c.fail("web.listen", "say where forms are sent to, such as \"127.0.0.1:9156\", or remove the section")
		}
		return
	}
	if len(w.Queues) == 0 {
		c.fail("web.queues", "name the queues that forms may ask for")
	}
	for _, name := range w.Queues {
		if _, there := c.Queues[name]; !there {
			c.fail("web.queues", "%s", unknown("queue", name, slices.Sorted(maps.Keys(c.Queues))))
		}
	}
	for _, origin := range w.Origins {
		if u, err := url.Parse(origin); origin != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.User != nil || u.RawQuery != "") {
			c.fail("web.origins", "%q is no origin; write scheme and host, such as \"https://www.example.com\", or \"*\" for any", origin)
		}
	}
	for key, n := range map[string]int{
		"per_ip.hour": w.PerIP.Hour, "per_ip.day": w.PerIP.Day, "per_number.hour": w.PerNumber.Hour,
		"per_number.day": w.PerNumber.Day, "max_pending": w.MaxPending,
	} {
		if n < 0 || n > 100_000 {
			c.fail("web."+key, "%d is outside of 0 to 100000", n)
		}
	}
	if (w.TLS.Cert == "") != (w.TLS.Key == "") {
		c.fail("web.tls", "name both the file of the certificate (cert) and that of its key (key)")
	}
	if _, err := w.Proxies(); err != nil {
		c.fail("web.trusted_proxies", "%w", err)
	}
	c.challenge(w.Challenge)
	switch callback.VerifyWay(w.Confirm) {
	case "", "none", callback.VerifyByCall:
		if c.wrote("web.code") {
			c.fail("web.code", "codes are sent with \"confirm: code\" only; write that, or remove the key")
		}
	case callback.VerifyByCode:
		c.target("web.code", w.Code)
	default:
		c.fail("web.confirm", "%s", unknown("confirmation", w.Confirm, []string{"none", "call", "code"}))
	}
}

func (c *checker) challenge(ch Challenge) {
	switch ch.Kind {
	case "", "none":
		if ch.URL != "" || ch.Secret != "" {
			c.fail("web.challenge.kind", "a challenge is described and none is used; write \"kind: siteverify\"")
		}
	case "siteverify":
		c.address("web.challenge.url", ch.URL)
		c.secret("web.challenge.secret", ch.Secret)
		if ch.Secret == "" {
			c.fail("web.challenge.secret", "write the secret that the service gave you")
		}
		if ch.Timeout < 0 || ch.Timeout > 20*time.Second {
			c.fail("web.challenge.timeout", "%s is outside of 0 to 20s", ch.Timeout)
		}
		if ch.MinScore < 0 || ch.MinScore > 1 {
			c.fail("web.challenge.min_score", "%v is outside of 0 to 1", ch.MinScore)
		}
	default:
		c.fail("web.challenge.kind", "%s", unknown("kind of challenge", ch.Kind, []string{"none", "siteverify"}))
	}
}

// entryType is a type of the journal, or a prefix of types.
var entryType = regexp.MustCompile(`^[a-z_]+\.(?:[a-z_]+(?:\.[a-z_]+)*\.?)?$`)

// hookName is part of a metric's label and of a cursor's name.
var hookName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// hooks checks who hears of entries.
func (c *checker) hooks() {
	for _, name := range slices.Sorted(maps.Keys(c.Hooks)) {
		h, key := c.Hooks[name], "hooks."+name
		if !hookName.MatchString(name) {
			c.fail(key, "%q is no name for a hook; use at most 64 letters, digits, _ and -", name)
		}
		if len(h.On) == 0 {
			c.fail(key+".on", "name the types of entries, such as callback.given_up, or \"callback.\" for all about callbacks")
		}
		for _, on := range h.On {
			if !entryType.MatchString(on) {
				c.fail(key+".on", "%q is no type of entry; write it like callback.given_up, or \"callback.\" for all that begin so", on)
			}
		}
		if h.GiveUp < 0 {
			c.fail(key+".give_up", "%s is negative; write a time, or leave it out", h.GiveUp)
		}
		c.target(key, h.Target())
	}
}

// target checks where messages go.
func (c *checker) target(key string, t Target) {
	switch {
	case (t.URL == "") == (len(t.Command) == 0):
		c.fail(key, "name either a url or a command")
	case t.URL != "":
		c.address(key+".url", t.URL)
	case t.Command[0] == "":
		c.fail(key+".command", "name the program")
	}
	c.secret(key+".secret", t.Secret)
	if t.Timeout < 0 || t.Timeout > time.Minute {
		c.fail(key+".timeout", "%s is outside of 0 to 1m", t.Timeout)
	}
}

func (c *checker) address(key, text string) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		c.fail(key, "%q is no address; write it like https://example.com/path", strings.TrimSpace(text))
	}
}

func (c *checker) secret(key string, s Secret) {
	if _, err := s.Reveal(); err != nil {
		c.fail(key, "%w", err)
	}
}
