package controller

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/store"
)

// NewCallback is a promise that is asked for outside of a call: by an operator,
// a form or a list. Texts may hold anything; they become one plain line each.
type NewCallback struct {
	Number   string             // any way to write it that fits the region
	Hotline  string             // "" if there is only one
	Queue    string             // "" for the hotline's only queue
	Name     string             // shown to the agent, may be ""
	Account  string             // of the customer, may be ""; two promises to one account are duplicates
	Language string             // "ru", "en"; "" is the hotline's
	Question string             // what it is about, for the agent; at most callback.MaxQuestion characters
	Window   callback.Window    // when the call is wanted; zero: when the place comes up
	Zone     string             // IANA name of the customer's time zone; "" to tell it from the number
	Campaign string             // that it counts for
	Priority int                // of the place, -100 to 100; higher goes first
	Key      string             // asking twice with one key makes one promise; "" is no key
	Reason   callback.Reason    // "" is callback.ReasonOperator
	Verify   callback.VerifyWay // how the owner of the number is asked whether they want it; "" is not at all
	Turn     *Turn              // when it is decided, among others of a list; nil is at once
}

// mostPriority keeps priorities in a range in which a slip of the finger shows.
const mostPriority = 100

// Asked is what became of a NewCallback.
type Asked struct {
	Callback callback.Callback
	Existing bool // it was made before, with the same key
}

// AddCallback makes a promise; *RefusedError if a rule forbids it. One with a key
// that was used before is not made again: the promise of that time is the answer.
// Where n has a Turn, it is waited for before the rules are asked, and ended then.
func (c *Controller) AddCallback(ctx context.Context, n NewCallback) (Asked, error) {
	req, err := c.request(ctx, n)
	if err != nil {
		return Asked{}, err
	}
	if found, err := c.sameKey(ctx, req); found.Existing || err != nil {
		return found, err
	}
	r, err := c.makePromise(ctx, req, n.Turn)
	if err != nil {
		return Asked{}, err
	}
	switch {
	case r.Refusal != nil:
		return Asked{}, &RefusedError{Refusal: *r.Refusal}
	case r.Existing: // somebody with the same key came first
		return c.sameKey(ctx, req)
	}
	return Asked{Callback: r.Callback}, nil
}

func (c *Controller) makePromise(ctx context.Context, req callback.Request, turn *Turn) (askReply, error) {
	if err := turn.Wait(ctx); err != nil {
		return askReply{}, err
	}
	reply := make(chan askReply, 1)
	c.promises.ask(askRequest{Request: req}, func(r askReply) { reply <- r })
	turn.End() // whoever asks from now on is decided after it
	select {
	case r := <-reply:
		return r, nil
	case <-ctx.Done():
		return askReply{}, ctx.Err()
	}
}

// sameKey finds the promise that was made with the key of a request.
func (c *Controller) sameKey(ctx context.Context, req callback.Request) (Asked, error) {
	if req.Key == "" {
		return Asked{}, nil
	}
	cb, err := c.opts.Store.CallbackByKey(ctx, req.Key)
	if errors.Is(err, store.ErrNotFound) {
		return Asked{}, nil
	}
	if err != nil {
		return Asked{}, err
	}
	if cb.Number != req.Number {
		return Asked{}, &RefusedError{Refusal: callback.Refusal{
			Rule: callback.RuleRequest, Message: "the key was used for a callback to another number", Remedy: "choose another key for another request",
			ExistingID: cb.ID,
		}}
	}
	return Asked{Callback: cb, Existing: true}, nil
}

// CheckCallback says what AddCallback would, and promises nothing: a zero Asked
// when the promise would be made. What is refused is not written to the journal.
func (c *Controller) CheckCallback(ctx context.Context, n NewCallback) (Asked, error) {
	req, err := c.request(ctx, n)
	if err != nil {
		return Asked{}, err
	}
	if found, err := c.sameKey(ctx, req); found.Existing || err != nil {
		return found, err
	}
	open, err := c.opts.Store.OpenTo(ctx, req.Number, req.Account)
	if err != nil {
		return Asked{}, err
	}
	req.ID, req.PlaceID = "dry-run", "dry-run"
	refusal, err := ask(ctx, c.promises.box, func() *callback.Refusal {
		p := c.promises.policy(callback.Callback{Number: req.Number, Queue: req.Queue, Hotline: req.Hotline, Campaign: req.Campaign})
		_, refusal := callback.Ask(req, p, open, time.Now())
		return refusal
	})
	if err == nil && refusal != nil {
		err = &RefusedError{Refusal: *refusal}
	}
	return Asked{}, err
}

// request looks names up and makes plain what a stranger wrote.
func (c *Controller) request(ctx context.Context, n NewCallback) (callback.Request, error) {
	doc, err := c.hotlineFor(n.Hotline)
	if err != nil {
		return callback.Request{}, err
	}
	queue := n.Queue
	if names := doc.Queues(); queue == "" && len(names) == 1 {
		queue = names[0]
	}
	if c.lines[queue] == nil {
		return callback.Request{}, fmt.Errorf("queue %q: %w; hotline %q has %v", queue, ErrUnknownQueue, doc.Hotline, doc.Queues())
	}
	number, ok := callers.Normalize(n.Number, regionOf(doc, c.opts.Region))
	if !ok {
		number = callback.PlainText(n.Number) // the policy says what is wrong with it
	}
	req := callback.Request{
		Number: number, Queue: queue, Hotline: doc.Hotline, Language: n.Language, Name: callback.PlainText(n.Name),
		Account: callback.PlainText(n.Account), Priority: n.Priority, Reason: n.Reason, Window: n.Window, Zone: n.Zone,
		Campaign: n.Campaign, Key: n.Key, Verify: n.Verify, About: callback.About{Question: callback.PlainText(n.Question)},
	}
	if req.Language == "" {
		req.Language = doc.Language
	}
	if req.Reason == "" {
		req.Reason = callback.ReasonOperator
	}
	if req.Campaign == "" {
		req.Campaign = c.policyOf(doc.Hotline).Campaign
	}
	if req.Zone == "" {
		if req.Zone, err = c.recordedZone(ctx, req); err != nil {
			return req, err
		}
	}
	if r := unfit(req); r != nil {
		return req, &RefusedError{Refusal: *r}
	}
	return req, nil
}

// recordedZone is the time zone of the customer's record, "" when there is none: by
// the account where it is known, else by the number.
func (c *Controller) recordedZone(ctx context.Context, req callback.Request) (string, error) {
	var rec callers.Record
	var err error
	if req.Account != "" {
		rec, _, err = c.opts.Directory.ByAccount(ctx, req.Account)
	} else {
		var records []callers.Record
		records, err = c.opts.Directory.ByNumber(ctx, req.Number)
		rec, _ = callers.Sole(records)
	}
	if err != nil {
		return "", fmt.Errorf("find the time zone of the customer in the directory: %w", err)
	}
	return rec.TimeZone, nil
}

// unfit says which field of a request cannot be taken.
func unfit(r callback.Request) *callback.Refusal {
	bad := func(remedy, format string, args ...any) *callback.Refusal {
		return &callback.Refusal{Rule: callback.RuleRequest, Message: fmt.Sprintf(format, args...), Remedy: remedy}
	}
	for _, f := range []struct {
		name, is string
		most     int
	}{
		{"number", r.Number, callback.MaxAccount}, {"name", r.Name, callback.MaxName}, {"account", r.Account, callback.MaxAccount},
		{"question", r.About.Question, callback.MaxQuestion},
	} {
		if n := utf8.RuneCountInString(f.is); n > f.most {
			return bad(fmt.Sprintf("shorten it to %d", f.most), "the %s has %d characters", f.name, n)
		}
	}
	for _, f := range []struct {
		name, is string
		most     int
	}{{"key", r.Key, callback.MaxKey}, {"campaign", r.Campaign, callback.MaxCampaign}} {
		if !callback.PlainWord(f.is, f.most) {
			return bad(fmt.Sprintf("use at most %d letters, digits and signs of ASCII without blanks", f.most), "the %s cannot be used", f.name)
		}
	}
	if langs := prompts.Languages(); !slices.Contains(langs, r.Language) {
		return bad("write one of "+strings.Join(langs, ", "), "there is no language %q", callback.PlainText(r.Language))
	}
	if r.Priority < -mostPriority || r.Priority > mostPriority {
		return bad(fmt.Sprintf("choose one from -%d to %d", mostPriority, mostPriority), "there is no priority %d", r.Priority)
	}
	return nil
}
