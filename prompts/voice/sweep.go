package voice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// Keep says which sounds a cache keeps.
type Keep struct {
	Age  time.Duration // since a sound was last used; 0 is without end
	Size int64         // bytes of all; 0 is without end
}

const (
	// inUse is how long after its last use a sound is never removed: longer than
	// anybody listens to one.
	inUse      = time.Hour
	touchEvery = 10 * time.Minute // how exactly the last use is known
	sweepEvery = time.Hour
)

// ours are the files that a sweep may remove; a folder may hold others.
var ours = regexp.MustCompile(`^([0-9a-f]{32})\.(wav|ulaw|alaw|wav16|txt)$`)

var leftover = regexp.MustCompile(`^\.new-[0-9]+$`)

// touch marks a sound as used, in its time of change, so that other processes see
// it too. The caller holds c.mu.
func (c *Cache) touch(name string) {
	now := time.Now()
	if now.Sub(c.touched[name]) < touchEvery {
		return
	}
	c.touched[name] = now
	for _, f := range c.Formats {
		_ = os.Chtimes(c.path(name, f), time.Time{}, now) // one that is not there is made anew when it is wanted
	}
}

// Run sweeps the cache each hour until ctx ends; failed hears of what went wrong.
func (c *Cache) Run(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if _, err := c.Sweep(); err != nil {
			failed(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// sounds are the files of one name.
type sounds struct {
	name  string
	files []string
	size  int64
	used  time.Time
}

// Sweep removes what is older than Keep.Age, and beyond Keep.Size what was not
// used for longest. A sound that was used within the last hour stays. It gives
// how many sounds were removed; it goes on after errors and gives all of them.
func (c *Cache) Sweep() (removed int, err error) {
	all, errs := c.list()
	slices.SortFunc(all, func(a, b *sounds) int { return a.used.Compare(b.used) })
	total := int64(0)
	for _, s := range all {
		total += s.size
	}
	now := time.Now()
	for _, s := range all {
		age := now.Sub(s.used)
		old := c.Keep.Age > 0 && age > c.Keep.Age
		much := c.Keep.Size > 0 && total > c.Keep.Size
		if !(old || much) || age < inUse {
			continue
		}
		ok, err := c.remove(s)
		errs = append(errs, err)
		if ok {
			total -= s.size
			removed++
		}
	}
	c.counts.swept(removed, total, len(all)-removed)
	if err := errors.Join(errs...); err != nil {
		return removed, fmt.Errorf("sweep the sound folder: %w", err)
	}
	return removed, nil
}

// remove takes a sound away unless somebody asked for it just now.
func (c *Cache) remove(s *sounds) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flying[s.name] != nil || time.Since(c.touched[s.name]) < inUse {
		return false, nil
	}
	delete(c.touched, s.name)
	var errs []error
	for _, path := range s.files {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return len(errs) == 0, errors.Join(errs...)
}

// list gives the sounds in the folder; what a killed process left half written is
// removed on the way.
func (c *Cache) list() (all []*sounds, errs []error) {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return nil, []error{err}
	}
	byName := map[string]*sounds{}
	for _, e := range entries {
		m := ours.FindStringSubmatch(e.Name())
		half := leftover.MatchString(e.Name())
		info, err := e.Info()
		if m == nil && !half || err != nil { // it went away meanwhile
			continue
		}
		path := filepath.Join(c.Dir, e.Name())
		if half {
			if time.Since(info.ModTime()) > inUse {
				errs = append(errs, os.Remove(path))
			}
			continue
		}
		s := byName[m[1]]
		if s == nil {
			s = &sounds{name: m[1]}
			byName[s.name] = s
			all = append(all, s)
		}
		s.files = append(s.files, path)
		s.size += info.Size()
		if m[2] != "txt" && info.ModTime().After(s.used) {
			s.used = info.ModTime()
		}
	}
	slices.SortFunc(all, func(a, b *sounds) int { return cmp.Compare(a.name, b.name) })
	return all, errs
}

// writeFile writes a whole file or none: the switch must not play half of one.
func writeFile(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write a sound: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write a sound: %w", errors.Join(err, os.Remove(tmp.Name())))
		}
	}()
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644) // the switch often runs as another user
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
