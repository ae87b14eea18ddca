package api

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

func showCallback(c callback.Callback) Callback {
	out := Callback{
		ID: c.ID, Number: c.Number, Name: c.Name, Queue: c.Queue, Hotline: c.Hotline, State: string(c.State), Reason: string(c.Reason),
		AskedAt: c.AskedAt.UTC(), PlaceAt: c.PlaceAt.UTC(), NotBefore: when(c.NotBefore), Attempts: show(c.Attempts, showAttempt),
		ConnectedAt: when(c.ConnectedAt), EndedAt: when(c.EndedAt), Agent: c.Agent, EndReason: c.EndReason, Call: c.CallID,
		DelayedBy: string(c.DelayedBy), WindowFrom: when(c.Window.From), WindowUntil: when(c.Window.Until), LateS: late(c, time.Now()),
		Mode: string(c.Mode), Language: c.Language, Account: c.Account, Priority: c.Priority,
		Question: c.About.Question, Message: c.About.Message, MessageURL: recordingURL(c.About.Message),
		Path: append([]string{}, c.About.Path...), Assurance: c.About.Assurance.String(), WaitedS: round(c.About.WaitedS),
		Zone: c.Zone, Campaign: c.Campaign, Key: c.Key, Verify: string(c.Verify), Postponed: c.Postponed, Rejected: c.Rejected,
	}
	if out.NotBefore == nil {
		out.DelayedBy = "" // it is remembered, but holds nothing up
	}
	if out.Mode == "" {
		out.Mode = string(callback.CustomerFirst)
	}
	return out
}

func showAttempt(a callback.Attempt) Attempt {
	return Attempt{
		At: a.At.UTC(), Outcome: string(a.Outcome), Detail: a.Detail, N: a.N, EndedAt: when(a.EndedAt), Channel: a.Channel, Epoch: a.Epoch, Verify: a.Verify, Machine: when(a.Machine),
	}
}

// late is by how many seconds a promise missed the end of its window. One that
// ended without a talk was not kept, which is another thing.
func late(c callback.Callback, now time.Time) float64 {
	at := now
	switch {
	case c.Window.Until.IsZero():
		return 0
	case !c.ConnectedAt.IsZero():
		at = c.ConnectedAt
	case !c.Open():
		return 0
	}
	return round(max(0, at.Sub(c.Window.Until).Seconds()))
}

// recordingURL is where ARI serves a stored recording.
func recordingURL(name string) string {
	if name == "" {
		return ""
	}
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "recordings/stored/" + strings.Join(parts, "%2F") + "/file"
}

func showPause(p callback.Pause) Pause {
	return Pause{Queue: p.Queue, Since: p.Since.UTC(), By: p.By, Why: p.Why}
}

// pauses gives those that are on, by queue.
func (s *Server) pauses(ctx context.Context) (map[string]*Pause, error) {
	all, err := s.daemon.CallbackPauses(ctx)
	if err != nil {
		return nil, err
	}
	on := map[string]*Pause{}
	for _, p := range show(all, showPause) {
		on[p.Queue] = &p
	}
	return on, nil
}

// showCallbacks shows promises with the pauses of their queues.
func (s *Server) showCallbacks(ctx context.Context, cbs []callback.Callback) ([]Callback, error) {
	on, err := s.pauses(ctx)
	if err != nil {
		return nil, err
	}
	return show(cbs, func(c callback.Callback) Callback {
		out := showCallback(c)
		if c.Open() {
			out.Paused = on[c.Queue]
		}
		return out
	}), nil
}

// showOne shows one promise with its position in line.
func (s *Server) showOne(ctx context.Context, c callback.Callback) (Callback, error) {
	all, err := s.showCallbacks(ctx, []callback.Callback{c})
	if err != nil {
		return Callback{}, err
	}
	out := all[0]
	if !c.Open() || !c.Placed {
		return out, nil
	}
	v, err := s.daemon.Queue(ctx, c.Queue)
	if err != nil {
		return out, nil // a queue that is no longer configured has no line
	}
	for _, p := range v.Places {
		if p.CallbackID == c.ID {
			shown := showPlace(p, v.At)
			out.Position, out.EWT = shown.Position, shown.EWT
		}
	}
	return out, nil
}
