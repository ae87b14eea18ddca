package controller

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// HotlineVersion is one version of a hotline that something goes by.
type HotlineVersion struct {
	Hotline string
	Version string
	File    string
	Numbers []string
	Since   time.Time    // when it was loaded
	State   VersionState //
	Calls   int          // under way on it
}

// VersionState says what a version is for.
type VersionState string

// The states of a version.
const (
	VersionCurrent VersionState = "current" // new calls go by it
	VersionOld     VersionState = "old"     // calls under way end on it
	VersionRemoved VersionState = "removed" // its hotline is gone; calls under way and promises end on it
)

// Hotlines lists the versions of all hotlines, the current one of each first.
func (c *Controller) Hotlines(ctx context.Context) ([]HotlineVersion, error) {
	return ask(ctx, c.main, func() []HotlineVersion {
		h := c.hotlines.Load()
		seen := map[string]*HotlineVersion{}
		add := func(d *dialplan.Document, state VersionState) *HotlineVersion {
			if seen[d.Version] == nil {
				seen[d.Version] = &HotlineVersion{
					Hotline: d.Hotline, Version: d.Version, File: d.File, Numbers: d.Numbers, Since: h.since[d.Version], State: state,
				}
			}
			return seen[d.Version]
		}
		for _, one := range h.byName {
			state := VersionCurrent
			if one.removed {
				state = VersionRemoved
			}
			add(one.doc, state)
		}
		for _, k := range c.calls {
			add(k.doc, VersionOld).Calls++
		}
		list := make([]HotlineVersion, 0, len(seen))
		for _, v := range seen {
			list = append(list, *v)
		}
		slices.SortFunc(list, func(a, b HotlineVersion) int {
			return cmp.Or(cmp.Compare(a.Hotline, b.Hotline), cmp.Compare(a.State, b.State), b.Since.Compare(a.Since))
		})
		return list
	})
}
