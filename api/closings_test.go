package api

import (
	"errors"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

func TestClosings(t *testing.T) {
	t.Parallel()
	var got store.Closing
	d := &fake{
		closeHotline: func(order store.Closing) (store.Closing, error) {
			got = order
			return order, nil
		},
		openHotline: func(name, by string) (store.Closing, bool, error) {
			return store.Closing{Hotline: name, By: by}, true, nil
		},
		closings: []store.Closing{{Hotline: "support", Since: t0}},
	}
	c := client(t, d)
	done, err := c.CloseHotline(t.Context(), "support", CloseHotline{Until: "2h", Node: "alarm", Why: "fire"})
	if err != nil || done.Closing.Until == nil || done.Closing.Node != "alarm" {
		t.Errorf("%+v, %v", done, err)
	}
	if left := time.Until(got.Until); got.Hotline != "support" || got.By != callback.ByOperator || got.Why != "fire" || left < 119*time.Minute || left > 2*time.Hour {
		t.Errorf("the daemon is told %+v", got)
	}
	var answer *Error
	if _, err := c.CloseHotline(t.Context(), "support", CloseHotline{Until: "someday"}); !errors.As(err, &answer) || answer.Code != CodeBadRequest {
		t.Errorf("an end that is none: %v", err)
	}
	if done, err := c.OpenHotline(t.Context(), "support"); err != nil || !done.Already || done.Closing.Hotline != "support" {
		t.Errorf("%+v, %v", done, err)
	}
	if all, err := c.Closings(t.Context()); err != nil || len(all) != 1 || all[0].Until != nil || !all[0].Since.Equal(t0) {
		t.Errorf("%+v, %v", all, err)
	}
}
