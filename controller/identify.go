package controller

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// lookUp asks the directory outside of the call's goroutine: a slow directory
// delays nobody, and after its budget the caller is a stranger.
func (k *call) lookUp(number string) {
	remembers := k.memory()
	k.c.wg.Go(func() {
		ctx, cancel := k.inDirectory()
		defer cancel()
		records, err := k.c.opts.Directory.ByNumber(ctx, number)
		if err != nil {
			k.logger().Warn("the directory did not answer", zap.Error(err))
			records = nil
		}
		ev := dialplan.LookedUp{}
		if rec, sole := callers.Sole(records); sole {
			ev.Found, ev.Caller = true, rec.Caller(number, callers.AssuranceANI)
			ev.History = remembers(rec.Account)
		} else {
			for _, rec := range records {
				ev.Several = append(ev.Several, rec.Caller(number, callers.AssuranceANI))
			}
		}
		k.send(ev)
	})
}

// recall looks for the earlier calls of a person, beside the call as well.
func (k *call) recall(account string) {
	remembers := k.memory()
	k.c.wg.Go(func() { k.send(dialplan.Recalled{History: remembers(account)}) })
}

// checkPace is the grid of the times at which an entry is answered. How long the
// directories take for an account that exists and for one that does not, or the
// disk for a lock, is not to be heard.
const checkPace = 500 * time.Millisecond

// check compares what a caller entered with the directory. An entry is counted as
// wrong beforehand, and taken back when it was right.
func (k *call) check(a dialplan.Check) {
	ani, remembers := k.rec.State.ANI, k.memory()
	k.c.wg.Go(func() {
		begun := time.Now()
		ctx, cancel := k.inDirectory()
		defer cancel()
		try := k.c.guard.begin(a.Account, ani, begun)
		rec, ok, err := k.compare(ctx, a, try.refused)
		result := "wrong"
		switch {
		case err != nil && !errors.Is(err, callers.ErrHash):
			result = "failed"
			k.c.guard.unknown(try, time.Now())
		case ok:
			result = "ok"
			k.c.guard.right(try, time.Now())
		case try.refused:
			result = "refused"
		default:
			k.shut(try.shut(begun))
		}
		k.c.met.identification(a.Method, result, ani)
		if err != nil {
			k.logger().Warn("what the caller entered could not be checked", zap.String("method", string(a.Method)), zap.Error(err))
		}
		ev := dialplan.Checked{
			OK: result == "ok", Failed: result == "failed", Locked: try.refused, Caller: rec.Caller(ani, callers.AssuranceNone),
		}
		if ev.OK {
			ev.History = remembers(rec.Account)
		}
		pause(k.c.ctx, checkPace-time.Since(begun)%checkPace)
		k.send(ev)
	})
}

// compare asks the directory, not too many at once.
func (k *call) compare(ctx context.Context, a dialplan.Check, refuse bool) (callers.Record, bool, error) {
	select {
	case k.c.pins <- struct{}{}:
		defer func() { <-k.c.pins }()
	case <-ctx.Done():
		return callers.Record{}, false, ctx.Err()
	}
	return callers.Identifier{Directory: k.c.opts.Directory}.Check(ctx, claimOf(a), refuse)
}

// shut puts into the journal what an entry locked. The account is left out: it is
// what a stranger keyed in, and may be a secret of somebody who mixed them up.
func (k *call) shut(locks []callers.Lock) {
	for _, l := range locks {
		k.box.post(func() {
			k.c.store(store.Batch{Events: []store.Event{k.event("caller.locked", map[string]any{
				"kind": string(l.Kind), "failures": l.Failures, "locked_s": int(l.Until.Sub(l.LastAt).Seconds()),
			})}})
		})
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// claimOf is what a caller says to know.
func claimOf(a dialplan.Check) callers.Claim {
	if a.Method == dialplan.ByCode {
		return callers.Claim{Code: string(a.Digits)}
	}
	return callers.Claim{Account: a.Account, Question: a.Question, Digits: string(a.Digits)}
}
