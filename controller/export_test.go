package controller

// KeepAwake says how many promises of a queue are awake at once. Call it before Run.
func (c *Controller) KeepAwake(n int) { c.promises.most = n }

// Share says how many steps share a commit at most. Call it before Run.
func (c *Controller) Share(n int) { c.promises.share = n }
