package main

import (
	"context"
	"errors"

	"github.com/linekeeper/linekeeper/e2e/stage"
)

func up(ctx context.Context, root string, n *narrator, keep bool) error {
	_, _, err := set(ctx, root, n, stage.Options{})
	return errors.Join(err)
}
