package voice

import (
	"context"
	"errors"
	"fmt"
)

// Text is what is to be spoken in a language.
type Text struct{ Lang, Words string }

// Warm makes sounds that are sure to be needed, one after the other, so that no
// caller waits for them and callers go before them. It blocks until all are done
// or ctx ends, and gives all errors. Done, which may be nil, hears of each.
func (c *Cache) Warm(ctx context.Context, texts []Text, done func(t Text, name string, err error)) error {
	var errs []error
	for _, t := range texts {
		name, err := c.File(ctx, t.Lang, t.Words)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", t.Lang, ID(t.Lang, t.Words), err))
		}
		if done != nil {
			done(t, name, err)
		}
	}
	return errors.Join(errs...)
}
