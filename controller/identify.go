package controller

import (
	"errors"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
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

// check compares what a caller entered with the directory.
func (k *call) check(a dialplan.Check) {
	ani, remembers := k.rec.State.ANI, k.memory()
	k.c.wg.Go(func() {
		ctx, cancel := k.inDirectory()
		defer cancel()
		select {
		case k.c.pins <- struct{}{}:
			defer func() { <-k.c.pins }()
		case <-ctx.Done():
		}
		rec, ok, err := callers.Identifier{Directory: k.c.opts.Directory}.Check(ctx, claimOf(a), false)
		if err != nil {
			k.logger().Warn("what the caller entered could not be checked", zap.String("method", string(a.Method)), zap.Error(err))
		}
		ev := dialplan.Checked{
			OK: ok && err == nil, Failed: err != nil && !errors.Is(err, callers.ErrHash), Caller: rec.Caller(ani, callers.AssuranceNone),
		}
		if ev.OK {
			ev.History = remembers(rec.Account)
		}
		k.send(ev)
	})
}

// claimOf is what a caller says to know.
func claimOf(a dialplan.Check) callers.Claim {
	if a.Method == dialplan.ByCode {
		return callers.Claim{Code: string(a.Digits)}
	}
	return callers.Claim{Account: a.Account, Question: a.Question, Digits: string(a.Digits)}
}
