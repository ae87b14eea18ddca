package api

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
)

func TestHotlines(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	f := &fake{
		hotlines: []controller.HotlineVersion{{
			Hotline: "support", Version: "5f1d2a77c0de", File: "s.yaml", Numbers: []string{"600"}, Since: at, State: controller.VersionOld, Calls: 3,
		}},
		reload: func() (controller.Reloaded, error) {
			return controller.Reloaded{
				Loaded:  []*dialplan.Document{{Hotline: "clinic", Version: "c1", File: "c.yaml"}},
				Refused: []controller.Refused{{File: "s.yaml", Hotline: "support", Version: "5f1d2a77c0de", Err: errors.New("s.yaml:1:1: one\ns.yaml:2:1: two")}},
			}, nil
		},
	}
	c := NewClient(serve(t, f))
	t.Cleanup(c.Close)
	got, err := c.Hotlines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Hotline{{Name: "support", Version: "5f1d2a77c0de", State: "old", Since: at, File: "s.yaml", Numbers: []string{"600"}, Calls: 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hotlines (-want +got):\n%s", diff)
	}
	done, err := c.Reload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Reloaded{
		Loaded: []LoadedHotline{{Name: "clinic", Version: "c1", File: "c.yaml"}}, Removed: []string{},
		Refused: []RefusedHotline{{File: "s.yaml", Name: "support", Version: "5f1d2a77c0de", Faults: []string{"s.yaml:1:1: one", "s.yaml:2:1: two"}}},
	}, done); diff != "" {
		t.Errorf("reloaded (-want +got):\n%s", diff)
	}
	f.reload = func() (controller.Reloaded, error) { return controller.Reloaded{}, controller.ErrStopped }
	var answer *Error
	if _, err := c.Reload(t.Context()); !errors.As(err, &answer) || answer.Code != CodeUnavailable {
		t.Errorf("while it stops: %v (%d)", err, http.StatusServiceUnavailable)
	}
}
