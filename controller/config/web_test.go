package config

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const webBase = "hotlines: hotlines\nqueues: {support: {}}\n"

func TestWebAndHooks(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(webBase+`
web:
  listen: "127.0.0.1:9156"
  queues: [support]
  origins: ["https://www.example.com", "http://localhost:8080"]
  per_ip: {hour: 5, day: 20}
  per_number: {day: 3}
  trusted_proxies: ["10.1.2.3/8", "::1"]
  challenge: {kind: siteverify, url: "https://challenge.example/verify", secret: s}
  confirm: code
  code: {command: [/usr/bin/sms, "--send"], timeout: 3s}
hooks:
  crm: {on: [callback.given_up, "callback."], url: "http://127.0.0.1:9/x", give_up: 1h}
`))
	if err != nil {
		t.Fatal(err)
	}
	proxies, err := cfg.Web.Proxies()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if err != nil || len(proxies) != 2 || proxies[0] != want[0] || proxies[1] != want[1] {
		t.Errorf("proxies %v, %v", proxies, err)
	}
	if cfg.Web.PerIP != (WebRate{5, 20}) || cfg.Web.PerNumber.Day != 3 || cfg.Web.Code.Timeout != 3*time.Second {
		t.Errorf("read %+v", cfg.Web)
	}
	if diff := cmp.Diff(Target{URL: "http://127.0.0.1:9/x"}, cfg.Hooks["crm"].Target()); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfWebAndHooks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"web: {queues: [support]}":           "lk.yaml:3: web.listen: say where forms are sent to",
		"web: {listen: x}":                   "web.queues: name the queues",
		"web: {listen: x, queues: [suport]}": `web.queues: there is no queue "suport" (did you mean "support"?)`,
		"web: {listen: x, queues: [support], origins: [www.example.com]}":                                                      `web.origins: "www.example.com" is no origin`,
		"web: {listen: x, queues: [support], origins: [\"https://www.example.com/\"]}":                                         "is no origin",
		"web: {listen: x, queues: [support], per_ip: {hour: -1}}":                                                              "web.per_ip.hour: -1 is outside",
		"web: {listen: x, queues: [support], tls: {cert: a}}":                                                                  "web.tls: name both",
		"web: {listen: x, queues: [support], trusted_proxies: [proxy]}":                                                        `web.trusted_proxies: "proxy" is neither`,
		"web: {listen: x, queues: [support], challenge: {kind: captcha}}":                                                      `there is no kind of challenge "captcha"`,
		"web: {listen: x, queues: [support], challenge: {secret: a}}":                                                          "a challenge is described and none is used",
		"web: {listen: x, queues: [support], challenge: {kind: siteverify, secret: a}}":                                        `web.challenge.url: "" is no address`,
		"web: {listen: x, queues: [support], challenge: {kind: siteverify, url: \"https://a.b\"}}":                             "write the secret",
		"web: {listen: x, queues: [support], challenge: {kind: siteverify, url: \"https://a.b\", secret: \"env:LK_NOT_SET\"}}": "LK_NOT_SET is not set",
		"web: {listen: x, queues: [support], confirm: sms}":                                                                    `there is no confirmation "sms"`,
		"web: {listen: x, queues: [support], confirm: code}":                                                                   "web.code: name either a url or a command",
		"web: {listen: x, queues: [support], confirm: call, code: {url: \"https://a.b\"}}":                                     "web.code: codes are sent with",
		"hooks: {crm: {url: \"https://a.b\"}}":                                                                                 "hooks.crm.on: name the types",
		"hooks: {crm: {on: [given up], url: \"https://a.b\"}}":                                                                 `hooks.crm.on: "given up" is no type`,
		"hooks: {crm: {on: [callback.], url: \"ftp://a.b\"}}":                                                                  `hooks.crm.url: "ftp://a.b" is no address`,
		"hooks: {crm: {on: [callback.], url: \"https://a.b\", command: [x]}}":                                                  "hooks.crm: name either a url or a command",
		"hooks: {crm: {on: [callback.], command: [\"\"]}}":                                                                     "hooks.crm.command: name the program",
		"hooks: {crm: {on: [callback.], command: [x], timeout: 5m}}":                                                           "hooks.crm.timeout: 5m0s is outside",
		"hooks: {crm: {on: [callback.], command: [x], give_up: -5m}}":                                                          "hooks.crm.give_up: -5m0s is negative",
		"hooks: {\"a b\": {on: [callback.], command: [x]}}":                                                                    `"a b" is no name for a hook`,
		"hooks: {crm: {on: [callback.], command: [x], secret: \"file:/nowhere/secret\"}}":                                      "hooks.crm.secret: read the password file",
	} {
		_, err := Parse("lk.yaml", []byte(webBase+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives\n%v\nwant %s", text, err, want)
		}
	}
}
