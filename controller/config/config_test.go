package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const good = `
asterisk:
  ari: {url: "http://127.0.0.1:8088/ari", user: lk, password: s3cret}
  ami: {address: "127.0.0.1:5038", user: lk, password: s3cret}
hotlines: hotlines
queues: {support: {prior_handle_time: 3m}}
callbacks: {endpoint: "PJSIP/{number}@trunk", prefixes: ["+7"], retry_after: 5m}
`

func TestParse(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("linekeeper.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Queues["support"].PriorHandleTime; got != 3*time.Minute {
		t.Errorf("prior_handle_time = %v", got)
	}
	if cfg.Asterisk.ARI.App != "linekeeper" {
		t.Errorf("the default application is %q", cfg.Asterisk.ARI.App)
	}
	if s := fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg.Asterisk); strings.Contains(s, "s3cret") {
		t.Errorf("a password shows in %s", s)
	}
}

func TestParseReportsEveryFaultWithItsLine(t *testing.T) {
	t.Parallel()
	_, err := Parse("lk.yaml", []byte("hotlines: x\nqueus: {a: {}}\nregion: [1]\nvoice: {engin: espeak}\n"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`lk.yaml:2: unknown key "queus"`, `lk.yaml:3: `, `lk.yaml:4: unknown key "engin"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func TestCheckNamesKeyAndRemedy(t *testing.T) {
	t.Parallel()
	_, err := Parse("lk.yaml", []byte("voice: {engine: festival}\ncallbacks: {prefixes: [\"+7\"], uncertain: maybe}\nasterisk: {ari: {password: \"env:LK_NOT_SET\"}}\n"))
	for _, want := range []string{"hotlines:", "queues:", "voice.engine: there is no engine \"festival\" (one of command, http, marks)", "callbacks.endpoint:", "callbacks.uncertain:", "LK_NOT_SET"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func TestLoadResolvesPathsFromTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "linekeeper.yaml")
	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "hotlines"); cfg.Hotlines != want {
		t.Errorf("hotlines = %s, want %s", cfg.Hotlines, want)
	}
	if _, err := Load(filepath.Join(dir, "none.yaml")); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("a missing file gives %v", err)
	}
}

func TestSecretReveal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(file, []byte("from file\r\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LK_TEST_PW", "from env")
	for s, want := range map[Secret]string{"plain": "plain", "env:LK_TEST_PW": "from env", Secret("file:" + file): "from file"} {
		if got, err := s.Reveal(); err != nil || got != want {
			t.Errorf("%q gives %q, %v", string(s), got, err)
		}
	}
	if _, err := Secret("file:/does/not/exist").Reveal(); err == nil {
		t.Error("a missing file gives no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("queues: {a: {dial_lead: 5}}"))
	f.Add([]byte(distribution))
	f.Add([]byte("queues: &q {a: *q, <<: {b: *q}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if cfg, err := Parse("x.yaml", src); cfg == nil && err == nil {
			t.Fatal("neither a configuration nor an error")
		}
	})
}
