package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const withDirectories = good + `
callers:
  csv: staff.csv
  budget: 2s
  directories:
    - {name: own, kind: table}
    - name: crm
      kind: http
      timeout: 800ms
      secrets: {Authorization: Bearer x}
      cache: {known: 0s}
      ask:
        number: {url: "https://crm.example.com/customers?phone={digits}", rows: items}
      columns: {account: id, name: full_name, field.tariff: plan}
    - name: billing
      kind: sql
      url: postgres://linekeeper@db.example.com/billing
      password: s3cret
      ask: {account: {query: "SELECT * FROM customers WHERE account = :account"}}
`

func TestDirectories(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(withDirectories))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, d := range cfg.Callers.All() {
		known, stranger := d.Ages()
		names = append(names, cfg.Callers.KeyOf(i)+" "+d.Name+" "+d.Kind+" "+known.String()+" "+stranger.String())
	}
	want := []string{
		"callers.csv csv csv 0s 0s", "callers.directories.0 own table 0s 0s",
		"callers.directories.1 crm http 0s 20s", "callers.directories.2 billing sql 1m0s 20s",
	}
	if diff := cmp.Diff(want, names); diff != "" || cfg.Callers.Budget != 2*time.Second {
		t.Errorf("budget %v (-want +got):\n%s", cfg.Callers.Budget, diff)
	}
	if cfg, err = Parse("lk.yaml", []byte(good)); err != nil || len(cfg.Callers.All()) != 1 || cfg.Callers.All()[0].Kind != DirectoryTable {
		t.Errorf("without directories there are %v, %v", cfg.Callers.All(), err)
	}
}

func TestFaultsOfDirectories(t *testing.T) {
	t.Parallel()
	_, err := Parse("lk.yaml", []byte(good+`callers:
  csv: staff.csv
  budget: 10s
  directories:
    - {name: csv, kind: csv}
    - {name: own, kind: table, file: x.csv, stands_in: true}
    - {name: More, kind: table, rest: {after: -1, for: 1h}}
    - name: crm
      kind: http
      timeout: 1ms
      cert: a.pem
      cache: {known: 48h, size: -1}
      secrets: {Authorization: "env:LK_NOT_SET"}
      ask:
        number: {query: "SELECT 1", rows: items}
        phone: {url: "http://x"}
      columns: {name: full_name, colour: c}
    - name: billing
      kind: sql
      url: postgres://lk:s3cret@db/billing
      headers: {A: b}
    - {name: odd, kind: ldap}
`))
	want := []string{
		"lk.yaml:10: callers.budget: 10s is outside of 50ms to 4s: a caller hears nothing meanwhile",
		"lk.yaml:12: callers.directories.0.name: another directory is called \"csv\"; write another name",
		"lk.yaml:12: callers.directories.0.file: name the file",
		"lk.yaml:13: callers.directories.1.file: a directory of kind table has no such key; remove it",
		"lk.yaml:14: callers.directories.2.name: \"More\" is no name; write a word of a-z, 0-9, _ and - that begins with a letter",
		"lk.yaml:14: callers.directories.2.kind: there is only one table; remove this directory",
		"lk.yaml:14: callers.directories.2.rest.after: -1 is outside of 1 to 1000",
		"lk.yaml:14: callers.directories.2.rest.for: 1h0m0s is outside of 1s to 10m",
		"lk.yaml:17: callers.directories.3.timeout: 1ms is outside of 50ms to 4s",
		"lk.yaml:18: callers.directories.3.cert: a certificate and its key belong together; name both",
		"lk.yaml:19: callers.directories.3.cache.known: 48h0m0s is outside of 0s to 1h0m0s",
		"lk.yaml:19: callers.directories.3.cache.size: -1 is outside of 0 to 1000000",
		"lk.yaml:20: callers.directories.3.secrets.Authorization: the environment variable LK_NOT_SET is not set",
		"lk.yaml:22: callers.directories.3.ask.number.url: write the address",
		"lk.yaml:22: callers.directories.3.ask.number.query: a question of kind http has no such key; it has method, url, json, form, rows",
		"lk.yaml:23: callers.directories.3.ask.phone: there is no question by \"phone\" (one of number, account, code)",
		"lk.yaml:24: callers.directories.3.columns.colour: there is no such column; known are number, account,",
		"lk.yaml:24: callers.directories.3.columns: say which column is the account; without an account there is no record",
		"lk.yaml:25: callers.directories.4.ask: say what is asked, by number, account, code",
		"lk.yaml:27: callers.directories.4.url: the password stands in it; write it under password, where it can be file: or env:",
		"lk.yaml:28: callers.directories.4.headers: a directory of kind sql has no such key; remove it",
		"lk.yaml:29: callers.directories.5.kind: there is no kind \"ldap\" (one of csv, table, sql, http)",
	}
	if err == nil {
		t.Fatal("no error")
	}
	said := strings.Split(err.Error(), "\n")
	for _, w := range want {
		found := false
		for _, s := range said {
			found = found || strings.HasPrefix(s, w)
		}
		if !found {
			t.Errorf("nobody says %q", w)
		}
	}
	if len(said) != len(want) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("it says\n%v", err)
	}
}
