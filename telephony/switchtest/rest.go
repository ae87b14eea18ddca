package switchtest

import "github.com/linekeeper/linekeeper/telephony"

// recordRests checks that nothing is recorded while a recording rests, also when
// everybody leaves meanwhile and others come, and that it goes on afterwards.
func recordRests(b *bench) {
	caller, one := b.talk()
	agent, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.PauseRecord(b.ctx, b.tag)) // there is none yet
	b.must(b.sw.ResumeRecord(b.ctx, b.tag))
	b.must(b.sw.Bridge(b.ctx, mix, one, two))
	b.must(b.sw.Record(b.ctx, mix, b.tag))
	b.hears(caller, agent, true)

	b.must(b.sw.PauseRecord(b.ctx, b.tag))
	b.must(b.sw.PauseRecord(b.ctx, b.tag)) // a second time
	second, three := b.talk()
	b.must(b.sw.Unjoin(b.ctx, mix, one))
	b.must(b.sw.Bridge(b.ctx, mix, three))
	b.hears(agent, second, true)
	b.must(b.sw.Unjoin(b.ctx, mix, two))
	b.must(b.sw.Unjoin(b.ctx, mix, three))
	b.inBridge(mix)
	third, four := b.talk()
	b.must(b.sw.Bridge(b.ctx, mix, three, four))
	b.hears(second, third, true)
	b.must(b.sw.Unjoin(b.ctx, mix, three))
	b.must(b.sw.Unjoin(b.ctx, mix, four))

	fourth, five := b.talk()
	b.must(b.sw.Bridge(b.ctx, mix, two, five))
	b.must(b.sw.ResumeRecord(b.ctx, b.tag))
	b.must(b.sw.ResumeRecord(b.ctx, b.tag))
	b.hears(agent, fourth, true)
	b.must(b.sw.Unbridge(b.ctx, mix))
	done := func(e telephony.RecordingFinished) bool { return e.Name == b.tag }
	if first(b, "the end of the recording", done).Failed {
		b.Error("the recording failed")
	}
	b.must(b.sw.PauseRecord(b.ctx, b.tag)) // it has ended
	if !b.rig.Caps().Audio {
		return
	}
	for who, want := range map[Phone]bool{caller: true, agent: true, second: false, third: false, fourth: true} {
		if got := b.rig.Recorded(b.T, b.tag, who); got != want {
			b.Errorf("%s is in the recording: %v, want %v", map[Phone]string{
				caller: "the caller", agent: "the agent", second: "who came in the pause", third: "who came later in the pause", fourth: "who came after the pause",
			}[who], got, want)
		}
	}
}
