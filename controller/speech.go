package controller

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/prompts/voice"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// unspoken is a text that the voice did not make sound of in time.
type unspoken struct {
	lang, id string // of the text: what it says may be nobody's business
	why      error
	pieces   bool // the switch's own sounds say it
}

// sounds puts texts into what a switch can play, in their order. All together
// take no longer than a caller may wait; what is late goes on being made, for
// whoever asks next. A text without a sound is said in pieces of the switch's own
// where there are such, else passed over.
func (c *Controller) sounds(lang string, texts []string) ([]telephony.Media, []unspoken) {
	ctx, cancel := context.WithTimeout(c.ctx, c.opts.VoiceWait)
	defer cancel()
	made, errs := make([]telephony.Media, len(texts)), make([]error, len(texts))
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() { made[i], errs[i] = c.opts.Voice.Media(ctx, lang, text) })
	}
	wg.Wait()
	var media []telephony.Media
	var lost []unspoken
	for i, text := range texts {
		if errs[i] == nil {
			media = append(media, made[i])
			continue
		}
		u := unspoken{lang: lang, id: voice.ID(lang, text), why: errs[i]}
		if ctx.Err() != nil {
			u.why = fmt.Errorf("it is not rendered after %v: %w", c.opts.VoiceWait, errs[i])
		}
		if c.opts.Pieces != nil {
			pieces := c.opts.Pieces(lang, text)
			u.pieces = len(pieces) > 0
			media = append(media, pieces...)
		}
		c.met.voiceErrors.Inc()
		lost = append(lost, u)
	}
	return media, lost
}

// instead is what was heard for the text.
func (u unspoken) instead() string {
	if u.pieces {
		return "pieces"
	}
	return "nothing"
}

func (u unspoken) log(log *zap.Logger) {
	log.Error("a text could not be spoken", zap.String("prompt", u.id), zap.String("language", u.lang),
		zap.String("instead", u.instead()), zap.Error(u.why))
}

// longestHush is for how long a caller hears nothing while a text is rendered;
// then there is music.
const longestHush = time.Second

// sounds is that of what a call says; the journal tells what was lost.
func (k *call) sounds(lang string, texts []string) []telephony.Media {
	music := k.musicAfter(longestHush)
	media, lost := k.c.sounds(lang, texts)
	music()
	var events []store.Event
	for _, u := range lost {
		u.log(k.logger())
		events = append(events, k.event("call.unspoken", map[string]any{
			"prompt": u.id, "language": u.lang, "instead": u.instead(), "why": u.why.Error(),
		}))
	}
	if len(events) > 0 {
		k.c.store(store.Batch{Events: events})
	}
	return media
}

// musicAfter begins music when the caller has heard nothing for a while, unless the
// function that it gives is called before, which ends the music otherwise.
func (k *call) musicAfter(hush time.Duration) (enough func()) {
	sw, leg, class := k.c.opts.Switch, telephony.ChannelID(k.rec.Channel), k.music()
	begun := make(chan struct{})
	timer := time.AfterFunc(hush, func() {
		defer close(begun)
		_ = k.c.onSwitch("hold music", func(ctx context.Context) error { return sw.StartMusic(ctx, leg, class) })
	})
	return func() {
		if timer.Stop() {
			return
		}
		<-begun
		_ = k.c.onSwitch("stop music", func(ctx context.Context) error { return sw.StopMusic(ctx, leg) })
	}
}

// music is the class of hold music where the call is.
func (k *call) music() string {
	return cmp.Or(k.c.opts.Conversations[k.rec.Queue].Music, k.c.opts.Music)
}

// media puts a text for an agent, and recordings, into what a switch can play. A
// recording that is gone is no reason to say nothing: the switch passes over it.
func (c *Controller) media(lang, text string, more []telephony.Media) ([]telephony.Media, error) {
	if text == "" {
		return more, nil
	}
	media, lost := c.sounds(lang, []string{text})
	var err error
	for _, u := range lost {
		u.log(c.log)
		err = u.why
	}
	if len(media) == 0 {
		return nil, fmt.Errorf("speak to the agent: %w", err)
	}
	return append(media, more...), nil
}
