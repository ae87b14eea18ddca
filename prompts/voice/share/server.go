package share

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// The results of requests, for Server.Count.
const (
	Given    = "given"     // the whole sound or a part of it
	Same     = "unchanged" // the switch has it
	Missing  = "missing"
	Refused  = "refused" // not our signature, or an old address
	probes   = 16        // that are remembered
	probeWAV = "RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
)

var soundName = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Server is an http.Handler that gives out the sounds of a folder to who knows
// their addresses. It knows GET and HEAD, conditions and ranges.
type Server struct {
	Dir   string
	Links *Links
	Count func(result string) // hears of each request; may be nil

	mu   sync.Mutex
	seen []string // names of probes that were fetched
}

func (s *Server) count(result string) {
	if s.Count != nil {
		s.Count(result)
	}
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	kind, name, until, err := s.address(r.URL.Path)
	if err != nil {
		s.count(Refused)
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	switch kind {
	case kindSound:
		s.sound(w, r, name, until)
	case kindProbe:
		s.mu.Lock()
		s.seen = append(s.seen[max(len(s.seen)-probes+1, 0):], name)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "audio/x-wav")
		w.Header().Set("Cache-Control", "no-store")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(probeWAV))
	case kindSeen:
		s.mu.Lock()
		seen := slices.Contains(s.seen, name)
		s.mu.Unlock()
		if !seen {
			http.NotFound(w, r)
		}
	}
}

// address takes apart what Links.path put together, behind whatever a proxy in
// front may have left of the base.
func (s *Server) address(path string) (kind, name string, until time.Time, err error) {
	parts := strings.Split(path, "/")
	if len(parts) < 5 {
		return "", "", until, errForged
	}
	parts = parts[len(parts)-4:]
	kind = parts[0]
	name, isWAV := strings.CutSuffix(parts[3], ".wav")
	if !isWAV || !soundName.MatchString(name) {
		return "", "", until, errForged
	}
	until, err = s.Links.check(kind, parts[1], parts[2], name, time.Now())
	return kind, name, until, err
}

func (s *Server) sound(w http.ResponseWriter, r *http.Request, name string, until time.Time) {
	data, err := os.ReadFile(filepath.Join(s.Dir, name+".wav"))
	if err != nil {
		s.count(Missing)
		status := http.StatusInternalServerError
		if errors.Is(err, fs.ErrNotExist) {
			status = http.StatusNotFound
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "audio/x-wav") // by this Asterisk knows the format
	h.Set("ETag", `"`+name+`"`)          // the name is that of the content
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d, immutable", int(time.Until(until).Seconds())))
	out := &statusOf{ResponseWriter: w}
	http.ServeContent(out, r, "", time.Time{}, bytes.NewReader(data))
	if out.status == http.StatusNotModified {
		s.count(Same)
		return
	}
	s.count(Given)
}

// statusOf remembers how a request was answered.
type statusOf struct {
	http.ResponseWriter
	status int
}

// WriteHeader passes the status on.
func (s *statusOf) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
