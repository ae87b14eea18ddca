package voice

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxRecording bounds a recorded file, in bytes: 6 minutes at 48000 Hz stereo.
const maxRecording = 64 << 20

// ID names a text in a language for people who record it: ten hexadecimal
// digits. A changed text has another ID, so an old recording is never heard
// for a new text.
func ID(lang, text string) string {
	sum := sha256.Sum256([]byte(lang + "\n" + strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:5])
}

// Recordings is a folder of recorded texts: DIR/LANGUAGE/ANYTHING-ID.wav, with the
// ID of the text; what stands before it is for people. Files may be added,
// replaced and removed at any time. It is safe for concurrent use.
type Recordings struct {
	dir string

	mu    sync.Mutex
	langs map[string]*shelf
}

// shelf is the files of a language as they were when the folder last changed.
type shelf struct {
	changed time.Time
	files   map[string]string // path by ID
}

// OpenRecordings gives the recordings in a folder, which must be there.
func OpenRecordings(dir string) (*Recordings, error) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is a file")
	}
	if err != nil {
		return nil, fmt.Errorf("open the folder of recordings %s: %w; make it, or remove voice.recordings", dir, err)
	}
	return &Recordings{dir: dir, langs: map[string]*shelf{}}, nil
}

// recording is a file as it is now.
type recording struct {
	path     string
	identity string // of its content, as far as its size and time tell
}

// find gives the recording of a text, false when there is none.
func (r *Recordings) find(lang, text string) (recording, bool) {
	if r == nil {
		return recording{}, false
	}
	path := r.files(lang)[ID(lang, text)]
	if path == "" {
		return recording{}, false
	}
	info, err := os.Stat(path)
	if err != nil {
		return recording{}, false
	}
	return recording{path, fmt.Sprintf("recording 1 %q %d %d", filepath.Base(path), info.Size(), info.ModTime().UnixNano())}, true
}

// Has says whether there is a recording of a text, and whether it can be used: the
// error names the file and what to do.
func (r *Recordings) Has(lang, text string) (bool, error) {
	rec, ok := r.find(lang, text)
	if !ok {
		return false, nil
	}
	sound, err := rec.read()
	if err == nil {
		_, err = finish(sound, Rate)
	}
	return true, rec.fault(err)
}

// Strays lists the files of a language that belong to none of the texts: mistyped
// names, and recordings of texts that have changed. Paths are sorted.
func (r *Recordings) Strays(lang string, texts []string) []string {
	files := maps.Clone(r.files(lang))
	for _, text := range texts {
		delete(files, ID(lang, text))
	}
	return slices.Sorted(maps.Values(files))
}

// files lists a language's files anew when its folder has changed.
func (r *Recordings) files(lang string) map[string]string {
	dir := filepath.Join(r.dir, lang)
	info, err := os.Stat(dir)
	if err != nil {
		return nil // nothing was recorded in this language
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.langs[lang]
	// A file may appear within the same tick of the clock as the last look.
	if s != nil && s.changed.Equal(info.ModTime()) && time.Since(s.changed) > 2*time.Second {
		return s.files
	}
	s = &shelf{changed: info.ModTime(), files: map[string]string{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		stem, isWAV := strings.CutSuffix(strings.ToLower(e.Name()), ".wav")
		if !e.Type().IsDir() && isWAV && !strings.HasPrefix(stem, ".") {
			s.files[stem[strings.LastIndexByte(stem, '-')+1:]] = filepath.Join(dir, e.Name())
		}
	}
	r.langs[lang] = s
	return s.files
}

func (rec recording) read() (Sound, error) {
	info, err := os.Stat(rec.path)
	if err == nil && info.Size() > maxRecording {
		err = fmt.Errorf("it has %d MB, more than %d", info.Size()>>20, maxRecording>>20)
	}
	if err != nil {
		return Sound{}, err
	}
	data, err := os.ReadFile(rec.path)
	if err != nil {
		return Sound{}, err
	}
	return decodeWAV(data)
}

// fault names the file and what to do about an error.
func (rec recording) fault(err error) error {
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		return fmt.Errorf("the recording %s: %w", rec.path, path.Err)
	}
	return fmt.Errorf("the recording %s cannot be used: %w; save it as WAV, PCM, 16 bits, one or two channels", rec.path, err)
}
