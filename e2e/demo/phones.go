package main

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// phone makes a phone of the stage and tells what is heard on it. It lives until
// the stage is closed, so that calls end in order also when the play is broken off.
func (p *playing) phone(who string, o softphone.Options) (*softphone.Phone, error) {
	phone, err := p.stage.Phone(context.Background(), o)
	if err != nil {
		return nil, err
	}
	p.listeners.Go(func() { p.listen(who, phone) })
	return phone, nil
}

// mobile is the phone on which a customer is called back.
func (p *playing) mobile(who *person) error {
	phone, err := p.stage.Trunk(context.Background(), softphone.Options{
		User: "mobile", Tone: who.tone, Pace: betweenUs,
	})
	if err != nil {
		return err
	}
	who.phone = phone
	p.listeners.Go(func() { p.listen(who.name, phone) })
	return nil
}

// listen tells what happens to a phone until it is closed.
func (p *playing) listen(who string, phone *softphone.Phone) {
	say := func(ev softphone.Event, format string, args ...any) { p.tell.say(ev.At, who, format, args...) }
	music := map[*softphone.Call]bool{} // whose music was told of
	for ev := range phone.Events() {
		switch ev.Kind {
		case softphone.ToneOn:
			if ev.Hz == musicTone && !music[ev.Call] {
				say(ev, "hears music")
				music[ev.Call] = true
			}
		case softphone.Heard:
			if ev.Text == "" {
				say(ev, "hears a text that nobody knows (mark %06x)", ev.Code)
				continue
			}
			say(ev, "hears %q", ev.Text)
		case softphone.RingingHere:
			shown := spaced(ev.Number)
			if ev.Name != "" {
				shown += ", " + ev.Name
			}
			say(ev, "phone rings; the display shows %s", shown)
		case softphone.Ended:
			if ev.Call.EndCause().By == softphone.Them && !ev.Call.AnsweredAt().IsZero() {
				say(ev, "hears the other side hang up")
			}
		}
	}
}

// byNumber finds who is behind a number as a display shows it.
func (p *playing) byNumber(number string) *person {
	for _, who := range p.cast {
		if who.number == number || who.number == "+"+number {
			return who
		}
	}
	return nil
}

func (p *playing) account(name string) (asterisk.Account, error) {
	for _, a := range p.stage.Asterisk.Operators {
		if a.Name == name {
			return a, nil
		}
	}
	return asterisk.Account{}, fmt.Errorf("there is no operator's account %q", name)
}

// seconds shows a span of the play.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
