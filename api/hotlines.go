package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/controller"
)

// Hotline is one version of a hotline's document that something goes by.
type Hotline struct {
	Name    string    `json:"name"`
	Version string    `json:"version"` // of its text
	State   string    `json:"state"`   // current, old, removed
	Since   time.Time `json:"since"`   // when it was loaded
	File    string    `json:"file"`
	Numbers []string  `json:"numbers"` // as the document has them
	Calls   int       `json:"calls"`   // under way on this version
}

// Reloaded is what a reload of the hotline documents came to.
type Reloaded struct {
	Loaded  []LoadedHotline  `json:"loaded"`
	Removed []string         `json:"removed"` // hotlines whose document is gone
	Refused []RefusedHotline `json:"refused"`
}

// LoadedHotline is a new version, or a new hotline.
type LoadedHotline struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	File    string `json:"file"`
}

// RefusedHotline is a document that was not taken.
type RefusedHotline struct {
	File    string   `json:"file"`    // "" when the documents do not go together
	Name    string   `json:"name"`    // the hotline that goes on as before, "" for none
	Version string   `json:"version"` // the version that it goes on with
	Faults  []string `json:"faults"`
}

func (s *Server) hotlines(r *http.Request) (any, error) {
	list, err := s.daemon.Hotlines(r.Context())
	return show(list, func(v controller.HotlineVersion) Hotline {
		return Hotline{
			Name: v.Hotline, Version: v.Version, State: string(v.State), Since: v.Since, File: v.File,
			Numbers: append([]string{}, v.Numbers...), Calls: v.Calls,
		}
	}), err
}

func (s *Server) reload(r *http.Request) (any, error) {
	done, err := s.daemon.Reload(r.Context())
	out := Reloaded{Loaded: []LoadedHotline{}, Removed: append([]string{}, done.Removed...), Refused: []RefusedHotline{}}
	for _, d := range done.Loaded {
		out.Loaded = append(out.Loaded, LoadedHotline{Name: d.Hotline, Version: d.Version, File: d.File})
	}
	for _, f := range done.Refused {
		out.Refused = append(out.Refused, RefusedHotline{
			File: f.File, Name: f.Hotline, Version: f.Version, Faults: strings.Split(f.Err.Error(), "\n"),
		})
	}
	return out, err
}

// Hotlines lists the versions of hotline documents in use.
func (c *Client) Hotlines(ctx context.Context) ([]Hotline, error) {
	return get[[]Hotline](ctx, c, "/v1/hotlines", nil)
}

// Reload has the daemon read its hotline documents anew.
func (c *Client) Reload(ctx context.Context) (Reloaded, error) {
	return send[Reloaded](ctx, c, http.MethodPost, "/v1/hotlines/reload", struct{}{})
}
