package softphone

import (
	"slices"
	"time"
)

// Packet is one packet of sound as it came.
type Packet struct {
	At     time.Time // when it came
	Source uint32    // who sent it (SSRC): a switch may change it in a call, and its clock with it
	Clock  uint32    // the sender's clock at the first sample, in samples
	Sound  []int16   // decoded, 8000 samples a second
}

// Sound gives the packets heard so far in their order, without late and repeated ones. It is empty
// unless Options.Keep was set. The samples are not to be changed.
func (c *Call) Sound() []Packet {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return slices.Clone(c.ear.kept)
}

func (e *ear) keep(p Packet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept = append(e.kept, p)
}
