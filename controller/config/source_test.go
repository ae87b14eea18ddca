package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/controller/config"
)

const withLookups = `
hotlines: hotlines
queues: {support: {}}
callbacks: {endpoint: "PJSIP/{number}@trunk"}
lookups:
  order:
    http: {url: "https://crm.example/orders/{order}", token: "env:LK_TEST_TOKEN", rows: order, fields: {total: total.rub}}
    timeout: 3s
  debt:
    sql: {url: "sqlite:crm.db", query: "SELECT debt FROM customers WHERE account = :account"}
transfers: {prefixes: ["+7495"], hosts: [pbx.example.com], endpoint: "PJSIP/trunk/{uri}"}
`

func TestLookupsAreOpened(t *testing.T) {
	t.Setenv("LK_TEST_TOKEN", "geheim")
	dir := t.TempDir()
	path := filepath.Join(dir, "linekeeper.yaml")
	if err := os.WriteFile(path, []byte(withLookups), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, inputs := range map[string]string{"order": "order", "debt": "account"} {
		s, closer, err := cfg.Lookups[name].Open(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(closer)
		if got := s.Inputs(); len(got) != 1 || got[0] != inputs {
			t.Errorf("%s asks for %q", name, got)
		}
	}
	if got, _ := cfg.Lookups["debt"].SQL.URL.Reveal(); got != "sqlite:"+filepath.Join(dir, "crm.db") {
		t.Errorf("the database is %s", got)
	}
}

func TestFaultsOfLookupsAndTransfers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"lookups: {order: {timeout: 2s}}", `lookups.order: write either http or sql`},
		{"lookups: {order: {http: {url: geheim}}}", "lookups.order.http.url: it is no address"},
		{"lookups: {order: {http: {url: \"http://crm/\", rows: a..b, redirects: 7}}}", "lookups.order.http.redirects: 7 is outside"},
		{"lookups: {order: {http: {url: \"http://crm/\", rows: a..b, redirects: 7}}}", `lookups.order.http.rows: "a..b" is no path`},
		{"lookups: {order: {http: {url: \"http://crm/\", token: geheim, user: u}}}", "lookups.order.http.token: there is a user, too"},
		{"lookups: {order: {http: {url: \"http://crm/\", password: \"env:LK_NOT_THERE\"}}}", "lookups.order.http.password: the environment variable LK_NOT_THERE is not set"},
		{"lookups: {order: {sql: {url: \"oracle://u:geheim@h\", query: \"SELECT 1\"}}}", "lookups.order.sql.url: it is no address of a database"},
		{"lookups: {order: {sql: {url: \"sqlite:x\", query: \"SELECT 1; SELECT 2\"}}}", "lookups.order.sql.query: it is more than one statement"},
		{"lookups: {order: {timeout: 2h, sql: {url: \"sqlite:x\", query: \"SELECT 1\"}}}", "lookups.order.timeout: 2h0m0s is outside"},
		{"lookups: {\"a b\": {sql: {url: \"sqlite:x\", query: \"SELECT 1\"}}}", `"a b" is no name for a lookup`},
		{"transfers: {prefixes: [\"7495\"]}", `"7495" is no prefix`},
		{"transfers: {prefixes: [\"+7495\"]}", "say how numbers are called"},
		{"transfers: {hosts: [pbx]}", "say how SIP addresses are called"},
		{"transfers: {hosts: [\"PBX:5060\"], endpoint: \"PJSIP/trunk/{uri}\"}", `"PBX:5060" is no host`},
		{"transfers: {hour: 0}", "transfers.hour: the limit must be at least 1"},
		{"transfers: {in_flight: -1}", "transfers.in_flight: the limit must be at least 1"},
		{"transfers: {caller_day: -1}", "transfers.caller_day: the limit must be at least 1"},
	} {
		_, err := config.Parse("linekeeper.yaml", []byte("hotlines: hotlines\nqueues: {support: {}}\n"+tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s gives %v, want %q and no secret", tc.text, err, tc.want)
		}
	}
}
