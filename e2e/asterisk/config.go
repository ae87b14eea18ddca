package asterisk

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	asteriskconf "github.com/linekeeper/linekeeper/asterisk-conf"
)

// Config is the data of the templates in asterisk-conf/complete, whose
// README.md says what the fields mean.
type Config struct {
	Etc, Modules, Data, Lib, Spool, Run, Log, Music, Cache string

	SIPPort, HTTPPort, AMIPort, RTPFirst, RTPLast, TrunkPort int

	ARIUser, ARIPassword string
	AMIUser, AMIPassword string

	SessionLimit       int
	Operators, Callers []Account
	Queues             []Queue
	FallbackQueue      string
	Language           string
	Verbose            bool
}

// newConfig lays the run folder out and links what Asterisk only reads.
func newConfig(dir string, o Options) (Config, error) {
	c := Config{
		Etc: filepath.Join(dir, "etc"), Modules: o.Install.Modules, Data: filepath.Join(dir, "data"),
		Lib: filepath.Join(dir, "lib"), Spool: filepath.Join(dir, "spool"), Run: filepath.Join(dir, "run"),
		Log: filepath.Join(dir, "log"), Music: filepath.Join(dir, "music"), Cache: filepath.Join(dir, "cache"),
		ARIUser: "linekeeper", ARIPassword: rand.Text(), AMIUser: "linekeeper", AMIPassword: rand.Text(),
		SessionLimit: o.SessionLimit, Operators: o.Operators, Callers: o.Callers, Queues: o.Queues,
		FallbackQueue: o.FallbackQueue, Language: o.Language, Verbose: o.Verbose,
	}
	sounds := filepath.Join(c.Data, "sounds")
	for _, sub := range []string{c.Etc, c.Lib, c.Run, c.Log, c.Music, c.Cache, sounds,
		filepath.Join(c.Spool, "recording"), filepath.Join(c.Spool, "tmp")} {
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return Config{}, fmt.Errorf("lay out the run folder: %w", err)
		}
	}
	links := map[string]string{
		filepath.Join(c.Data, "documentation"): filepath.Join(o.Install.DataDir, "documentation"),
		filepath.Join(c.Data, "rest-api"):      filepath.Join(o.Install.DataDir, "rest-api"),
		filepath.Join(sounds, "en"):            filepath.Join(o.Install.Sounds, "en"),
		filepath.Join(sounds, "ru"):            filepath.Join(o.Install.Sounds, "ru"),
	}
	for link, target := range links {
		if err := os.Symlink(target, link); err != nil {
			return Config{}, fmt.Errorf("lay out the run folder: %w", err)
		}
	}
	if err := WriteTone(filepath.Join(c.Music, "tone.wav"), o.MusicHz, musicLength); err != nil {
		return Config{}, err
	}
	return c, nil
}

// render writes the templates and the drop-in dialplan to c.Etc, each followed
// by the text in extra.
func (c Config) render(extra map[string]string) error {
	templates, err := fs.Glob(asteriskconf.FS, "complete/*.conf.tmpl")
	if err != nil {
		return fmt.Errorf("list the templates: %w", err)
	}
	for _, name := range templates {
		t, err := template.New(path.Base(name)).Option("missingkey=error").ParseFS(asteriskconf.FS, name)
		if err != nil {
			return fmt.Errorf("read template %s: %w", name, err)
		}
		file := strings.TrimSuffix(path.Base(name), ".tmpl")
		var text bytes.Buffer
		if err := t.Execute(&text, c); err != nil {
			return fmt.Errorf("render %s: %w", file, err)
		}
		text.WriteString("\n" + extra[file])
		if err := os.WriteFile(filepath.Join(c.Etc, file), text.Bytes(), 0o600); err != nil {
			return fmt.Errorf("render %s: %w", file, err)
		}
	}
	const dropin = "extensions.linekeeper.conf"
	text, err := fs.ReadFile(asteriskconf.FS, "dropin/"+dropin)
	if err != nil {
		return fmt.Errorf("read the drop-in dialplan: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.Etc, dropin), text, 0o600); err != nil {
		return fmt.Errorf("write the drop-in dialplan: %w", err)
	}
	return nil
}
