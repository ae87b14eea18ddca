package rehearsal

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/listen"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

//go:embed hotlines callers.csv
var files embed.FS

// Options say what to rehearse.
type Options struct {
	Install asterisk.Install
	Rounds  int  // how often each scene is played in each language, 1 if 0
	Spoken  bool // espeak-ng speaks, in fewer scenes
	HTTP    bool // Asterisk fetches sounds over HTTP instead of from a folder
	Logs    func(*stage.Stage)
}

const (
	musicHz   = 800 // no tone of a mark, a key or a party is near it
	agentTone = 1000
	pace      = 300 * time.Millisecond // between the calls that begin
	longest   = 90 * time.Second       // of one scene
)

// Run plays all scenes and gives what was heard. The error says that a scene did not
// come to its end.
func Run(ctx context.Context, o Options) (_ Figures, err error) {
	dir, err := os.MkdirTemp("", "lk-heard-")
	if err != nil {
		return Figures{}, fmt.Errorf("make a folder for the rehearsal: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, files); err != nil {
		return Figures{}, fmt.Errorf("lay out the rehearsal: %w", err)
	}
	world := newWorld()
	defer world.Close()
	s, err := stage.Open(ctx, stageOptions(o, dir, world))
	if err != nil {
		return Figures{}, err
	}
	r := &rehearsal{Options: o, Stage: s, ctx: ctx, pressed: map[*softphone.Call][]time.Time{}, waiting: map[string]chan *softphone.Call{}}
	defer func() {
		if err != nil && o.Logs != nil {
			o.Logs(s)
		}
		err = errors.Join(err, s.Close())
		r.calls.Wait()
	}()
	if err := r.people(ctx); err != nil {
		return Figures{}, err
	}
	return r.play()
}

// rehearsal is one under way.
type rehearsal struct {
	Options
	*stage.Stage
	ctx   context.Context
	trunk *softphone.Phone
	calls sync.WaitGroup

	mu      sync.Mutex
	figures Figures
	waiting map[string]chan *softphone.Call // for a call to this number
	pressed map[*softphone.Call][]time.Time // when keys were let go
}

// play begins all scenes, one after the other, and waits until they have ended.
func (r *rehearsal) play() (Figures, error) {
	scenes, rounds := scenes, max(r.Rounds, 1)
	if r.Spoken {
		scenes = spoken
	}
	var all sync.WaitGroup
	errs := make(chan error, rounds*len(scenes)*len(languages))
	n := 0
	for range rounds {
		for _, sc := range scenes {
			for _, l := range languages {
				n++
				who := &caller{r: r, words: l, name: sc.name, number: fmt.Sprintf("+7916%07d", n)}
				all.Go(func() {
					ctx, cancel := context.WithTimeout(r.ctx, longest)
					defer cancel()
					who.ctx = ctx
					if err := who.play(sc); err != nil {
						errs <- fmt.Errorf("%s, %s: %w", sc.name, l.hotline, err)
					}
				})
				select {
				case <-time.After(pace):
				case <-r.ctx.Done():
				}
			}
		}
	}
	all.Wait()
	close(errs)
	var failed []error
	for err := range errs {
		failed = append(failed, err)
	}
	return r.figures, errors.Join(failed...)
}

// judge adds what was heard in a call.
func (r *rehearsal) judge(who *caller, cuts []time.Time) error {
	c, ended := who.call, who.ended
	if ended.IsZero() {
		ended = time.Now()
	}
	r.mu.Lock()
	keys := slices.Clone(r.pressed[c])
	r.mu.Unlock()
	finder, err := r.finder()
	if err != nil {
		return err
	}
	report := listen.Hear(listen.Call{
		Packets: c.Sound(), Accepted: c.AcceptedAt(), Ended: ended, Keys: keys, Cuts: cuts, MusicHz: musicHz, Voices: []float64{agentTone},
	}, finder)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.figures.add(who.name+" "+who.number, report)
	return nil
}

// finder recognises what was said up to now.
func (r *rehearsal) finder() (listen.Finder, error) {
	if !r.Spoken {
		return listen.Marks(r.Text), nil
	}
	paths, err := filepath.Glob(filepath.Join(r.Dir, "prompts", "*.wav"))
	if err != nil {
		return nil, fmt.Errorf("list what was said: %w", err)
	}
	said := listen.Files{}
	for _, path := range paths {
		if said[filepath.Base(path)], err = samples(path); err != nil {
			return nil, err
		}
	}
	return said, nil
}

// samples reads a sound as linekeeper keeps them: 8000 Hz, 16 bit, mono.
func samples(path string) ([]int16, error) {
	const header = 44
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what was said: %w", err)
	}
	var out []int16
	for i := header; i+1 < len(b); i += 2 {
		out = append(out, int16(b[i])|int16(b[i+1])<<8)
	}
	return out, nil
}

// watch notes when keys are let go.
func (r *rehearsal) watch(p *softphone.Phone) {
	r.calls.Go(func() {
		for e := range p.Events() {
			if e.Kind == softphone.Pressed {
				r.mu.Lock()
				r.pressed[e.Call] = append(r.pressed[e.Call], e.At)
				r.mu.Unlock()
			}
		}
	})
}

// sub is a folder of the files as they were laid out.
func sub(dir, name string) string {
	if _, err := fs.Stat(files, name); err != nil {
		return ""
	}
	return filepath.Join(dir, name)
}
