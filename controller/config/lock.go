package config

import "github.com/linekeeper/linekeeper/callers"

// Lock says when wrong PINs, codes and answers close the door; see
// callers.LockRules.
type Lock struct {
	Tries       int      `yaml:"tries"`
	NumberTries int      `yaml:"number_tries"`
	Delay       Duration `yaml:"delay"`
	Longest     Duration `yaml:"longest"`
	Window      Duration `yaml:"window"`
}

// Rules gives the rules.
func (l Lock) Rules() callers.LockRules { return callers.LockRules(l) }

func (c *checker) lock() {
	if err := c.Callers.Lock.Rules().Check(); err != nil {
		c.fail("callers.lock", "%w", err)
	}
}
