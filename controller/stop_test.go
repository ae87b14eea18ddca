package controller_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// unread is a store that answers nothing any more.
type unread struct{ store.Store }

func (unread) Load(ctx context.Context) (store.Open, error) { return store.Open{}, ctx.Err() }

// Whoever stops a daemon that is just starting finds no fault in that.
func TestStoppedBeforeItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := simswitch.New(simswitch.Options{})
		defer sim.Close()
		c, err := controller.New(controller.Options{Switch: sim, Feed: sim, Store: unread{}, Directory: people{}, Voice: speaker{}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Run(ctx); err != nil {
			t.Errorf("Run gives %v", err)
		}
	})
}
