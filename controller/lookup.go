package controller

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

// hotlineFor finds a hotline by name; "" means the only one there is.
func (c *Controller) hotlineFor(name string) (*dialplan.Document, error) {
	served := c.hotlines.Load().served()
	names := make([]string, len(served))
	for i, h := range served {
		if names[i] = h.doc.Hotline; name == names[i] || name == "" && len(served) == 1 {
			return h.doc, nil
		}
	}
	if name == "" {
		return nil, fmt.Errorf("%w: there are several, name one of %v", ErrUnknownHotline, names)
	}
	return nil, fmt.Errorf("%w: %q is none of %v", ErrUnknownHotline, name, names)
}

// regionOf is the country to which numbers without a country code belong.
func regionOf(d *dialplan.Document, fallback string) string {
	if d.Country != "" {
		return d.Country
	}
	return fallback
}

// calleeOf is what the call to a customer knows of the person. Having answered
// at that number is as good as having called from it.
func calleeOf(cb callback.Callback, verify bool, clock *time.Location) dialplan.Callee {
	return dialplan.Callee{
		Promise: cb.ID, Verify: verify, Queue: cb.Queue, Number: cb.Number, Language: cb.Language,
		Caller: callers.Caller{Account: cb.Account, Name: cb.Name, Assurance: callers.AssuranceANI},
		Reason: string(cb.Reason), AskedAt: cb.AskedAt.In(clock), Vars: cb.About.Vars,
	}
}
