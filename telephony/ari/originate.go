package ari

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/linekeeper/linekeeper/telephony"
)

// maxID bounds a channel id, in bytes: Asterisk's own limit is 149 (AST_MAX_PUBLIC_UNIQUEID)
// and the far leg's suffix must fit.
const maxID = 140

var errPrefix = errors.New("refused as an id in use, but no channel has it; does it begin another's id?")

// Originate implements telephony.Switch. The events of the new channel may
// arrive before it returns. An error that telephony.IsUnanswered leaves open whether
// Asterisk took the request; repeating it with the same id is safe while the
// channel lives.
func (c *Client) Originate(ctx context.Context, req telephony.OriginateRequest) error {
	op := "originate " + string(req.ID)
	body, err := originateBody(req, c.opts)
	if err != nil {
		return permanent(op, err)
	}
	c.mu.Lock()
	_, before := c.track.originated[req.ID]
	if !before {
		c.track.originated[req.ID] = false
	}
	c.mu.Unlock()

	err = c.rest.post(ctx, op, segments("channels"), body, nil)
	var refused *refusedError
	switch {
	case telephony.IsExists(err) && !before:
		err = c.reallyExists(ctx, op, req, err)
	case errors.As(err, &refused) && refused.words == allocationFailed:
		err = c.whyNoChannel(ctx, op, req.Endpoint, err)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	_, alive := c.track.originated[req.ID] // it may have ended already
	switch {
	case !alive:
	case err == nil || telephony.IsExists(err) || telephony.IsUnanswered(err): // Asterisk has it, or may have it
		c.track.originated[req.ID] = true
	default:
		delete(c.track.originated, req.ID)
	}
	return err
}

// reallyExists tells an id in use from two other cases to which Asterisk gives
// the same answer, lest a caller wait for a call that nobody makes: an id that
// is only the beginning of a living channel's id, and any failure after an id
// in use on the same connection (a stale errno).
func (c *Client) reallyExists(ctx context.Context, op string, req telephony.OriginateRequest, refused error) error {
	err := c.rest.get(ctx, op, segments("channels", string(req.ID)), nil, nil)
	switch {
	case err == nil:
		return refused
	case telephony.IsGone(err):
		return c.whyNoChannel(ctx, op, req.Endpoint, retryable(op, errPrefix))
	}
	return unanswered(op, fmt.Errorf("look whether the id is in use: %w", err))
}

// whyNoChannel tells an endpoint that does not exist, which is permanent, from
// one that cannot be called now: Asterisk says "Allocation failed" of both.
func (c *Client) whyNoChannel(ctx context.Context, op, endpoint string, refused error) error {
	tech, resource, _ := strings.Cut(endpoint, "/")
	if isLocal(endpoint) { // has no endpoints, only a dialplan
		return refused
	}
	resource, _, direct := strings.Cut(resource, "/sip:") // PJSIP/trunk/sip:...
	if i := strings.LastIndex(resource, "@"); i >= 0 && !direct {
		resource = resource[i+1:] // PJSIP/number@trunk
	}
	err := c.rest.get(ctx, op, segments("endpoints", tech, resource), nil, nil)
	if telephony.IsGone(err) {
		return permanent(op, fmt.Errorf("no endpoint %s/%s: %w", tech, resource, refused))
	}
	return refused
}

func originateBody(req telephony.OriginateRequest, o Options) (map[string]any, error) {
	id := string(req.ID)
	switch {
	case id == "":
		return nil, errNoID
	case len(id) > maxID:
		return nil, fmt.Errorf("id has more than %d bytes", maxID)
	case strings.ContainsFunc(id, unicode.IsControl) || isFar(req.ID):
		return nil, fmt.Errorf("id %q holds control characters or ends with %s", id, farLeg)
	case !strings.Contains(req.Endpoint, "/"):
		return nil, fmt.Errorf("endpoint %q is not of the form technology/resource", req.Endpoint)
	case req.Timeout < 0:
		return nil, fmt.Errorf("timeout %v is negative", req.Timeout)
	}
	timeout := -1 // for ever
	if req.Timeout > 0 {
		timeout = int((req.Timeout + time.Second - 1) / time.Second)
	}
	body := map[string]any{
		"endpoint": req.Endpoint, "app": o.App, "appArgs": joinArgs(req.Args),
		"callerId": callerIDString(req.CallerID), "timeout": timeout, "channelId": id,
	}
	if isLocal(req.Endpoint) {
		body["otherChannelId"] = id + farLeg
		body["formats"] = o.LocalFormats
	}
	if len(req.Vars) > 0 {
		body["variables"] = req.Vars
	}
	return body, nil
}

func isLocal(endpoint string) bool {
	tech, _, _ := strings.Cut(endpoint, "/")
	return strings.EqualFold(tech, "Local")
}

// argEscaper hides what Asterisk's argument parser would act on: separators,
// quotes, and brackets, within which it does not separate.
var argEscaper = strings.NewReplacer(`\`, `\\`, `,`, `\,`, `"`, `\"`, `(`, `\(`, `)`, `\)`, `[`, `\[`, `]`, `\]`)

func joinArgs(args []string) string {
	escaped := make([]string, len(args))
	for i, a := range args {
		escaped[i] = argEscaper.Replace(a)
	}
	return strings.Join(escaped, ",")
}
