package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/prompts/voice"
)

// checkHostname finds a machine that does not know its own name: Asterisk asks
// for it in each SIP answer, which then takes seconds.
func checkHostname(ctx context.Context, p *patient) []Finding {
	const what = "host name"
	if !p.local() {
		return skip(what, "Asterisk is on another machine; there, getent hosts $(hostname) must print a line at once")
	}
	name, err := p.Hostname()
	if err != nil {
		return one(Warn, what, err.Error(), "")
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if _, err := p.LookupHost(ctx, name); err != nil {
		return one(Fail, what, fmt.Sprintf("%s does not resolve, which delays every SIP answer by seconds", name),
			fmt.Sprintf("echo '127.0.1.1 %s' >> /etc/hosts", name))
	}
	return []Finding{ok(what, name+" resolves")}
}

// local says whether Asterisk is on this machine.
func (p *patient) local() bool {
	u, err := url.Parse(p.ARI.BaseURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// Sample is a word to try a voice with.
func Sample(lang string) string {
	if lang == "ru" {
		return "проверка"
	}
	return "test"
}

// checkVoice has a word spoken in each language.
func checkVoice(ctx context.Context, p *patient) []Finding {
	const what = "voice"
	var spoken []string
	for _, lang := range p.Languages {
		if err := voice.Try(ctx, p.Engine, lang, Sample(lang)); err != nil {
			return one(Fail, what, fmt.Sprintf("nothing can be spoken in %q: %v", lang, err), "apt install espeak-ng; or name another program in voice.command of linekeeper.yaml")
		}
		spoken = append(spoken, lang)
	}
	return []Finding{ok(what, "speaks "+orNone(spoken))}
}

// checkCache looks whether spoken texts can be written, and read by Asterisk,
// which runs under another account.
func checkCache(_ context.Context, p *patient) []Finding {
	const what = "voice cache"
	dir := p.Config.Voice.Cache
	if err := writable(dir); err != nil {
		return one(Fail, what, err.Error(), fmt.Sprintf("mkdir -p %s && chown $(whoami) %s; or choose another voice.cache in linekeeper.yaml", dir, dir))
	}
	if p.byHTTP() {
		return []Finding{ok(what, dir+" can be written")}
	}
	if !p.local() {
		return one(Warn, what, "Asterisk is on another machine and must see the same files under "+dir, "share the folder, read-only, under the same path; or let Asterisk fetch sounds: voice.deliver: http")
	}
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if errors.Is(err, fs.ErrNotExist) {
			continue // linekeeper makes it, readable for all
		}
		if err != nil {
			return one(Warn, what, err.Error(), "")
		}
		if info.Mode().Perm()&0o001 == 0 {
			return one(Warn, what, fmt.Sprintf("Asterisk can read %s only as the same user or group: others may not enter %s", dir, at),
				fmt.Sprintf("chmod o+x %s; or choose a voice.cache such as /var/lib/linekeeper/prompts; nothing to do if both run as one user", at))
		}
		if at == filepath.Dir(at) {
			return []Finding{ok(what, dir+" can be written, and read by all")}
		}
	}
}

// checkDatabase looks whether records can be written. It does not open the
// database, which would make or convert one.
func checkDatabase(_ context.Context, p *patient) []Finding {
	const what = "database"
	file := p.Config.Store.SQLite
	if p.running {
		return []Finding{ok(what, file+" is in use by the linekeeper that runs")}
	}
	if err := writable(filepath.Dir(file)); err != nil {
		return one(Fail, what, err.Error(), fmt.Sprintf("mkdir -p %s && chown $(whoami) %s; or choose another store.sqlite in linekeeper.yaml", filepath.Dir(file), filepath.Dir(file)))
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []Finding{ok(what, file+" will be made")}
	case err != nil:
		return one(Fail, what, err.Error(), "chown $(whoami) "+file)
	}
	if err := f.Close(); err != nil {
		return one(Fail, what, err.Error(), "")
	}
	return []Finding{ok(what, file+" can be written")}
}

// writable tries to write into a folder, or into the nearest one above it that
// exists, in which it would be made.
func writable(dir string) error {
	for {
		_, err := os.Stat(dir)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return err
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.CreateTemp(dir, ".linekeeper-doctor-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", dir, bare(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// bare leaves out the name of a file that only existed for the test.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && strings.Contains(pe.Path, ".linekeeper-doctor-") {
		return pe.Err
	}
	return err
}
