// Package compose_test holds docker-compose.yml, the Dockerfile and the example
// site of their Asterisk to each other and to the drop-in files. It needs no
// Docker.
package compose_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/controller/config"
)

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(t *testing.T, path, where string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, path)); err != nil {
		t.Errorf("%s names %s: %v", where, path, err)
	}
}

// compose is what docker-compose.yml uses of the format, and no more.
type compose struct {
	Name     string
	Services map[string]struct {
		Build       struct{ Context, Target string }
		NetworkMode string `yaml:"network_mode"`
		Init        bool
		Restart     string
		Environment map[string]string
		Volumes     []string
		DependsOn   []string `yaml:"depends_on"`
		Healthcheck map[string]any
	}
	Volumes map[string]any
}

func TestComposeNamesWhatExists(t *testing.T) {
	t.Parallel()
	var c compose
	in := yaml.NewDecoder(strings.NewReader(read(t, "docker-compose.yml")))
	in.KnownFields(true)
	if err := in.Decode(&c); err != nil {
		t.Fatal(err)
	}
	stages := words(read(t, "Dockerfile"), `(?m)^FROM \S+ AS (\S+)$`)
	for name, s := range c.Services {
		if !slices.Contains(stages, s.Build.Target) {
			t.Errorf("service %s is built from stage %q; the Dockerfile has %v", name, s.Build.Target, stages)
		}
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(source, "./") {
				exists(t, source, "service "+name)
			} else if _, ok := c.Volumes[source]; !ok {
				t.Errorf("service %s uses volume %s, which is not declared", name, source)
			}
		}
		for _, other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("service %s depends on %s, which does not exist", name, other)
			}
		}
	}
	if len(c.Services) != 2 {
		t.Errorf("%d services, want asterisk and linekeeper", len(c.Services))
	}
	for _, source := range words(read(t, "Dockerfile"), `(?m)^COPY ([a-z]\S*/\S*) `) {
		exists(t, source, "Dockerfile")
	}
	if text := read(t, "asterisk-conf/complete/modules.conf.tmpl"); strings.Contains(text, "{{") {
		t.Error("the Dockerfile copies modules.conf.tmpl as it is, but it has fields")
	}
}

func TestSiteIsComplete(t *testing.T) {
	t.Setenv("LINEKEEPER_PASSWORD", "secret")
	cfg, err := config.Load("linekeeper.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var queues []string
	for name := range cfg.Queues {
		queues = append(queues, name)
	}
	slices.Sort(queues)
	have := words(read(t, "demo/compose/asterisk/queues.conf"), `(?m)^\[([a-z]+)\]\(line\)$`)
	slices.Sort(have)
	if diff := cmp.Diff(have, queues); diff != "" {
		t.Errorf("queues.conf has others than linekeeper.yaml (-want +got):\n%s", diff)
	}
	accounts := words(read(t, "demo/compose/asterisk/pjsip.conf"), `(?m)^\[(\d+)\]\(operator\)$`)
	for _, member := range words(read(t, "demo/compose/asterisk/queues.conf"), `(?m)^member => PJSIP/(\d+)$`) {
		if !slices.Contains(accounts, member) {
			t.Errorf("member %s has no account in pjsip.conf", member)
		}
	}

	files, err := filepath.Glob("asterisk/*.conf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the site: %v", err)
	}
	var included []string
	for _, f := range files {
		included = append(included, words(read(t, "demo/compose/"+f), `(?m)^#include "(\S+)"$`)...)
	}
	dropins, err := filepath.Glob(filepath.Join(root, "asterisk-conf/dropin/*.conf"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range dropins {
		dropins[i] = filepath.Base(f)
	}
	slices.Sort(included)
	if diff := cmp.Diff(dropins, included); diff != "" {
		t.Errorf("the site includes others than the drop-in files (-want +got):\n%s", diff)
	}
}

// words are the first groups of all matches.
func words(text, pattern string) []string {
	var found []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

func TestStartAsteriskPutsPasswordsIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, password string
		fails          string
	}{
		{"plain", "abc-1.2_X", ""},
		{"slash", "a/b", "may hold"},
		{"empty", "", "is not set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			etc := t.TempDir()
			if err := os.CopyFS(etc, os.DirFS("asterisk")); err != nil {
				t.Fatal(err)
			}
			bin := t.TempDir() // chgrp is for the image, where the group exists
			if err := os.WriteFile(filepath.Join(bin, "chgrp"), []byte("#!/bin/sh\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("./start-asterisk", "echo", "started")
			cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "ASTERISK_ETC="+etc,
				"DROPIN="+root+"/asterisk-conf/dropin", "LINEKEEPER_PASSWORD="+c.password, "OPERATOR_PASSWORD=op3rator")
			out, err := cmd.CombinedOutput()
			if c.fails != "" {
				if err == nil || !bytes.Contains(out, []byte(c.fails)) {
					t.Errorf("got %v, %q; want a failure that says %q", err, out, c.fails)
				}
				return
			}
			if err != nil || string(out) != "started\n" {
				t.Fatalf("%v: %s", err, out)
			}
			for file, want := range map[string]string{
				"ari.linekeeper.conf": "password = " + c.password, "manager.linekeeper.conf": "secret = " + c.password,
				"pjsip.conf": "password = op3rator",
			} {
				text, err := os.ReadFile(filepath.Join(etc, file))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Contains(text, []byte(want+"\n")) || bytes.Contains(text, []byte("CHANGE-ME\n")) {
					t.Errorf("%s does not say %q", file, want)
				}
			}
		})
	}
}
