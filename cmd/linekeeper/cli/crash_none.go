//go:build !crashsteps

package cli

import "github.com/linekeeper/linekeeper/controller"

// crashSteps does nothing: only a program built for the crash suite, with the tag
// crashsteps, can be told to kill itself.
func crashSteps(*controller.Options) error { return nil }
