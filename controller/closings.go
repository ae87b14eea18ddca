package controller

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// Closings are orders that a hotline be closed, whatever its hours say: a fire
// alarm, a day off that nobody planned. Every call goes by them from its next step on.

// CloseHotline orders that a hotline be closed from now on; an order that stood is
// replaced. It returns an error that wraps ErrUnknownHotline, *DeniedError for an
// end that has passed or a node that the hotline does not have, or that of the store.
func (c *Controller) CloseHotline(ctx context.Context, order store.Closing) (store.Closing, error) {
	doc, err := c.hotlineFor(order.Hotline)
	if err != nil {
		return store.Closing{}, err
	}
	now := time.Now()
	order.Hotline, order.On, order.Since, order.Why = doc.Hotline, true, now, strings.Join(strings.Fields(order.Why), " ")
	switch {
	case !order.Until.IsZero() && !order.Until.After(now):
		return store.Closing{}, &DeniedError{Message: fmt.Sprintf("the end %s has passed", order.Until.Format(time.RFC3339))}
	case order.Node != "" && doc.Nodes[order.Node] == nil:
		return store.Closing{}, &DeniedError{Message: fmt.Sprintf("hotline %q has no node %q; %s", doc.Hotline, order.Node, dialplan.DidYouMean(order.Node, doc.Order))}
	}
	data := map[string]any{"hotline": order.Hotline, "by": order.By, "why": order.Why}
	if !order.Until.IsZero() {
		data["until"] = order.Until
	}
	if order.Node != "" {
		data["node"] = order.Node
	}
	return order, c.orderClosing(ctx, order, store.Event{At: now, Type: "hotline.closed", Data: data})
}

// OpenHotline lifts the order that a hotline be closed: it goes by its hours
// again. It gives the order that stood, and whether there was none. It returns an
// error that wraps ErrUnknownHotline, or that of the store.
func (c *Controller) OpenHotline(ctx context.Context, name, by string) (lifted store.Closing, already bool, err error) {
	doc, err := c.hotlineFor(name)
	if err != nil {
		return store.Closing{}, false, err
	}
	now := time.Now()
	lifted, on := (*c.closings.Load())[doc.Hotline]
	if !on || !stands(lifted, now) {
		return store.Closing{Hotline: doc.Hotline}, true, nil
	}
	return lifted, false, c.orderClosing(ctx, store.Closing{Hotline: doc.Hotline, Since: now, By: by}, store.Event{
		At: now, Type: "hotline.opened", Data: map[string]any{"hotline": doc.Hotline, "by": by, "closed_s": int(now.Sub(lifted.Since).Seconds())},
	})
}

// orderClosing stores an order and lets calls go by it. Orders come one after another.
func (c *Controller) orderClosing(ctx context.Context, order store.Closing, ev store.Event) error {
	var failed error
	_, err := ask(ctx, c.main, func() bool {
		if failed = c.commit(store.Batch{Closings: []store.Closing{order}, Events: []store.Event{ev}}); failed == nil {
			c.setClosing(order)
		}
		return true
	})
	if err != nil {
		return err
	}
	return failed
}

func (c *Controller) setClosing(order store.Closing) {
	all := maps.Clone(*c.closings.Load())
	if all[order.Hotline] = order; !order.On {
		delete(all, order.Hotline)
	}
	c.closings.Store(&all)
}

// takeClosings takes up the orders of the last run. It runs before any owner does.
func (c *Controller) takeClosings(orders []store.Closing) {
	for _, order := range orders {
		c.setClosing(order)
	}
}

// Closings lists the hotlines that are closed by order now, by name.
func (c *Controller) Closings() []store.Closing {
	now := time.Now()
	all := slices.Collect(maps.Values(*c.closings.Load()))
	all = slices.DeleteFunc(all, func(o store.Closing) bool { return !stands(o, now) })
	slices.SortFunc(all, func(a, b store.Closing) int { return strings.Compare(a.Hotline, b.Hotline) })
	return all
}

func stands(o store.Closing, now time.Time) bool { return o.Until.IsZero() || now.Before(o.Until) }

// during is a document with the order that stands for its hotline.
func (c *Controller) during(doc *dialplan.Document) *dialplan.Document {
	order, on := (*c.closings.Load())[doc.Hotline]
	if !on {
		return doc
	}
	return doc.During(&dialplan.Closing{Until: order.Until, Node: order.Node})
}
