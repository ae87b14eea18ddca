package controller_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/prompts/voice"
	"github.com/linekeeper/linekeeper/telephony"
)

// moody is a voice that hangs on some texts and fails on others.
type moody struct{ hangs, fails string }

func (m moody) Media(ctx context.Context, lang, text string) (telephony.Media, error) {
	switch {
	case m.hangs != "" && strings.Contains(text, m.hangs):
		<-ctx.Done()
		return "", ctx.Err()
	case m.fails != "" && strings.Contains(text, m.fails):
		return "", errors.New("no voice today")
	}
	return speaker{}.Media(ctx, lang, text)
}

// pieces are the switch's own sounds for some texts.
func pieces(_, text string) []telephony.Media {
	if strings.Contains(text, "next in line") {
		return []telephony.Media{"sound:queue-youarenext", "sound:queue-thankyou"}
	}
	return nil
}

// A voice that does not answer costs a caller its wait, once for all that is said
// together, and nothing of the call.
func TestCallGoesOnWithoutTheVoice(t *testing.T) {
	const wait = 2 * time.Second
	inBubbleWith(t, func(o *controller.Options) {
		o.Voice, o.VoiceWait, o.Pieces = moody{hangs: "Hello.", fails: "next in line"}, wait, pieces
	}, nil, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(8 * time.Second).TalkFor(40 * time.Second)
		p := r.sim.Call("+79160000001", "600")
		began := time.Now()
		if err := p.WaitMusic(r.ctx()); err != nil || time.Since(began) > 1500*time.Millisecond {
			t.Errorf("music begins after %v: %v", time.Since(began), err)
		}
		r.hears(p, "Balance one")
		if p.MusicOn() {
			t.Error("music goes on under the words")
		}
		if took := time.Since(began); took < wait || took > wait+time.Second {
			t.Errorf("the menu begins after %v, want %v", took, wait)
		}
		p.Press("2")
		r.hears(p, "sound:queue-youarenext")
		r.hears(p, "sound:queue-thankyou")
		r.hears(p, "Thank you.")
		r.result("+79160000001", dialplan.ResultAgent)
		var told []string
		for _, ev := range r.events("call.unspoken") {
			told = append(told, strings.Join([]string{ev.Data["prompt"].(string), ev.Data["instead"].(string), ev.Data["why"].(string)}, ": "))
		}
		want := []string{
			voice.ID("en", "Hello.") + ": nothing: it is not rendered after 2s: context deadline exceeded",
			voice.ID("en", "You are next in line.") + ": pieces: no voice today",
		}
		for _, line := range want {
			if !strings.Contains(strings.Join(told, "\n"), line) {
				t.Errorf("the journal lacks %q:\n%s", line, strings.Join(told, "\n"))
			}
		}
	})
}

func TestFirstWordsLeaveTheSoundTimeToOpen(t *testing.T) {
	const lead = 300 * time.Millisecond
	inBubbleWith(t, func(o *controller.Options) { o.LeadIn = lead }, nil, func(r *rig) {
		p := r.sim.Call("+79160000001", "600")
		if err := p.WaitAnswered(r.ctx()); err != nil {
			t.Fatal(err)
		}
		answered := time.Now()
		r.hears(p, "Hello.")
		if took := time.Since(answered); took < lead-50*time.Millisecond || took > lead+500*time.Millisecond {
			t.Errorf("the first words come %v after the answer, want %v", took, lead)
		}
	})
}
