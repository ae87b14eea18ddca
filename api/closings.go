package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Closing is an order that a hotline be closed, whatever its hours say.
type Closing struct {
	Hotline string     `json:"hotline"`
	Since   time.Time  `json:"since"`
	Until   *time.Time `json:"until"` // when it ends by itself; null: never
	Node    string     `json:"node"`  // where calls go; "" for where they go outside of the hours
	By      string     `json:"by"`
	Why     string     `json:"why"`
}

// ClosingOrdered is what became of an order to close or open a hotline.
type ClosingOrdered struct {
	Closing Closing `json:"closing"` // that stands, or that was lifted
	Already bool    `json:"already"` // it was open already
}

// CloseHotline is the body of POST /v1/hotlines/NAME/close; it may be left out.
type CloseHotline struct {
	Until string `json:"until,omitempty"` // "2h", "18:00", "tomorrow 9:00", a date with a time, or RFC 3339; by the daemon's clock
	Node  string `json:"node,omitempty"`
	Why   string `json:"why,omitempty"`
}

func showClosing(c store.Closing) Closing {
	return Closing{Hotline: c.Hotline, Since: c.Since.UTC(), Until: when(c.Until), Node: c.Node, By: c.By, Why: c.Why}
}

func (s *Server) closings(*http.Request) (any, error) {
	return show(s.daemon.Closings(), showClosing), nil
}

func (s *Server) closeHotline(r *http.Request) (any, error) {
	var body CloseHotline
	if err := read(r, &body); err != nil {
		return nil, err
	}
	order := store.Closing{Hotline: r.PathValue("name"), Node: body.Node, By: callback.ByOperator, Why: body.Why}
	if body.Until != "" {
		var err error
		if order.Until, err = parseWhen(body.Until, time.Now(), time.Local); err != nil {
			return nil, badRequest{err}
		}
	}
	c, err := s.daemon.CloseHotline(r.Context(), order)
	return ClosingOrdered{Closing: showClosing(c)}, err
}

func (s *Server) openHotline(r *http.Request) (any, error) {
	c, already, err := s.daemon.OpenHotline(r.Context(), r.PathValue("name"), callback.ByOperator)
	return ClosingOrdered{Closing: showClosing(c), Already: already}, err
}

// Closings lists the hotlines that are closed by order.
func (c *Client) Closings(ctx context.Context) ([]Closing, error) {
	return get[[]Closing](ctx, c, "/v1/closings", nil)
}

// CloseHotline orders that a hotline be closed.
func (c *Client) CloseHotline(ctx context.Context, name string, order CloseHotline) (ClosingOrdered, error) {
	return send[ClosingOrdered](ctx, c, http.MethodPost, "/v1/hotlines/"+url.PathEscape(name)+"/close", order)
}

// OpenHotline lifts the order that a hotline be closed.
func (c *Client) OpenHotline(ctx context.Context, name string) (ClosingOrdered, error) {
	return send[ClosingOrdered](ctx, c, http.MethodPost, "/v1/hotlines/"+url.PathEscape(name)+"/open", struct{}{})
}
