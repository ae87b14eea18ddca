package chain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// DefaultBudget is the longest that a look-up takes, unless said otherwise.
const DefaultBudget = 1500 * time.Millisecond

var errLate = errors.New("no answer in time")

// Options are what a chain is made of.
type Options struct {
	Links  []Link        // in the order in which they are asked
	Budget time.Duration // of a look-up in all directories; 0 for DefaultBudget
}

// Chain is a callers.Directory over others. It is safe for concurrent use.
type Chain struct {
	budget time.Duration
	links  []*link
	watch  func(Outcome)
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

var _ callers.Directory = (*Chain)(nil)

// New makes a chain; without links everybody is a stranger. The caller closes it,
// and then the directories.
func New(o Options) (*Chain, error) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Chain{budget: cmp.Or(o.Budget, DefaultBudget), cancel: cancel, watch: func(Outcome) {}}
	taken := map[string]bool{}
	for _, l := range o.Links {
		if l.Name == "" || l.Directory == nil || taken[l.Name] {
			cancel()
			return nil, fmt.Errorf("chain of directories: each needs a name of its own and a directory, but there is %q", l.Name)
		}
		taken[l.Name] = true
		c.links = append(c.links, newLink(ctx, &c.wg, l))
	}
	return c, nil
}

// Watch has f told of each outcome, by the goroutine that looks up. It is called
// before the first look-up, or never.
func (c *Chain) Watch(f func(Outcome)) { c.watch = f }

// Rests says of each directory, by name, whether it is not asked at the moment
// because it failed again and again.
func (c *Chain) Rests() map[string]bool {
	rests := map[string]bool{}
	for _, l := range c.links {
		rests[l.Name] = l.rests()
	}
	return rests
}

// Clear forgets all that was remembered: what is asked next is asked anew.
func (c *Chain) Clear() {
	for _, l := range c.links {
		l.clear()
	}
}

// Close ends the questions under way and waits for them; it closes no directory.
func (c *Chain) Close() {
	c.cancel()
	c.wg.Wait()
}

// ByNumber gives the records of the first directory that has any, without their
// secrets.
func (c *Chain) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	return c.find(ctx, question{byNumber, number})
}

// ByAccount gives the record of the first directory that has it. When one is silent,
// those behind it are asked only if they stand in.
func (c *Chain) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	return first(c.find(ctx, question{byAccount, account}))
}

// ByCode gives the record of the first directory that has it, likewise.
func (c *Chain) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	return first(c.find(ctx, question{byCode, code}))
}

func first(records []callers.Record, err error) (callers.Record, bool, error) {
	if err != nil || len(records) == 0 {
		return callers.Record{}, false, err
	}
	return records[0], true, nil
}

func (c *Chain) find(ctx context.Context, q question) ([]callers.Record, error) {
	if q.value == "" {
		return nil, ctx.Err()
	}
	within, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	var failures []error
	for _, l := range c.links {
		if !l.may(q.by, len(failures) > 0) {
			continue
		}
		began := time.Now()
		records, cached, why, err := l.ask(within, q)
		if ctx.Err() != nil {
			return nil, ctx.Err() // nobody waits any more: that is no directory's fault
		}
		took := time.Since(began)
		if why != "" {
			c.watch(Outcome{Directory: l.Name, Result: Result(why), Took: took})
			f := callers.Failure{Directory: l.Name, Why: why, Took: took, Err: err}
			callers.TellFailure(ctx, f)
			failures = append(failures, &f)
			continue
		}
		o := Outcome{Directory: l.Name, Result: Stranger, Cached: cached, Took: took}
		if len(records) > 0 {
			o.Result = Found
		}
		c.watch(o)
		if len(records) > 0 {
			return copies(records), nil
		}
	}
	return nil, errors.Join(failures...)
}

// copies are the caller's own: others are given the same answer.
func copies(records []callers.Record) []callers.Record {
	out := make([]callers.Record, len(records))
	for i, r := range records {
		if r.Balance != nil {
			balance := *r.Balance
			r.Balance = &balance
		}
		r.Fields, r.Answers = maps.Clone(r.Fields), maps.Clone(r.Answers)
		out[i] = r
	}
	return out
}

// hidden takes what was asked for out of an error's text: it may be digits that a
// caller pressed.
func hidden(err error, value string) error {
	if err == nil || err == errLate {
		return err
	}
	text := err.Error()
	for _, v := range []string{value, url.QueryEscape(value), strings.TrimPrefix(value, "+")} {
		text = strings.ReplaceAll(text, v, "***")
	}
	return errors.New(text)
}
