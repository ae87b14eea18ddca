package dialplan

// await bounds the time that an answer from elsewhere may take: a directory, a
// check, a promise. Before the silence gets long the caller hears music.
//
//	silent --1 s--> music --9 s--> the call goes on without the answer
func (c *call) await() {
	if c.s.Music {
		c.timer(answerTimeout)
		return
	}
	c.timer(oneMoment)
}

// awaiting says that only the silence is over, and not the time for the answer.
func (c *call) awaiting() bool {
	switch c.s.Phase {
	case PhaseLookingUp, PhaseRecalling, PhaseChecking, PhasePromising, PhaseAsking:
		if c.s.Music {
			return false
		}
		c.music(true)
		c.timer(answerTimeout - oneMoment)
		return true
	}
	return false
}
