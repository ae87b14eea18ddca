package softphone_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

const dialplan = `
[operators]
exten => 700,1,Answer()
 same => n,Playback(hello-mark)
 same => n,Read(KEYS,press-mark,4,,1,5)
 same => n,GotoIf($["${KEYS}"="1105"]?good)
 same => n,Hangup()
 same => n(good),Playback(bye-mark)
 same => n,Hangup()
exten => 701,1,Answer()
 same => n,Echo()
exten => 702,1,Answer()
 same => n,MusicOnHold(default)
exten => 703,1,Busy()

[phones]
exten => 102,1,Dial(PJSIP/102,30)
`

// writeSpeech writes a prompt where Asterisk finds it.
func writeSpeech(t *testing.T, dir, name, text string) {
	t.Helper()
	samples := marks.Speech(text)
	header := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	binary.LittleEndian.PutUint32(header[4:], uint32(36+2*len(samples)))
	binary.LittleEndian.PutUint32(header[40:], uint32(2*len(samples)))
	file, err := binary.Append(header, binary.LittleEndian, samples)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".wav"), file, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOnAsterisk(t *testing.T) {
	t.Parallel()
	in, err := asterisk.Setup(t.Context(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	a, err := asterisk.Start(t.Context(), asterisk.Options{Install: in, Extra: map[string]string{
		"extensions.conf": dialplan,
		"modules.conf":    "load = app_read.so\nload = app_echo.so\n",
	}})
	if err != nil {
		t.Fatal(err)
	}
	// Cleanups run last first: the phones, made by the subtests, are closed by then.
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	})
	for name, text := range map[string]string{"hello-mark": "Hello.", "press-mark": "Press 1.", "bye-mark": "Good bye now."} {
		writeSpeech(t, a.Sounds, name, text)
	}
	registered := func(t *testing.T, user string, change func(*softphone.Options)) *softphone.Phone {
		t.Helper()
		opts := softphone.Options{User: user, Password: "secret" + user, Server: a.SIPAddr, Tone: aliceHz,
			Lexicon: func(code uint32) string { return lexicon[code] }}
		if change != nil {
			change(&opts)
		}
		p := phone(t, opts)
		if err := p.Register(deadline(t)); err != nil {
			t.Fatal(err)
		}
		return p
	}

	// One after the other: there are only three accounts.
	t.Run("wrong password", func(t *testing.T) {
		p := phone(t, softphone.Options{User: "101", Password: "guess", Server: a.SIPAddr})
		if err := p.Register(deadline(t)); err == nil || !strings.Contains(err.Error(), "40") {
			t.Errorf("registering with a wrong password gives %v, want 401 or 403", err)
		}
	})
	t.Run("a dialogue of marks and keys", func(t *testing.T) {
		ctx := deadline(t)
		p := registered(t, "101", nil)
		c, err := p.Call(ctx, "700")
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"Hello", "Press"} {
			if _, err := c.WaitHearText(ctx, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Press(ctx, "1105"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.WaitHearText(ctx, "Good bye"); err != nil {
			t.Fatal(err)
		}
		end, err := c.WaitEnded(ctx)
		if err != nil || end.By != softphone.Them || end.Cause != 16 {
			t.Errorf("the call ended %v (%v), want normal clearing by them", end, err)
		}
		if n := len(c.Heard()); n != 3 {
			t.Errorf("heard %d prompts, want 3: %v", n, c.Heard())
		}
	})
	t.Run("echo", func(t *testing.T) {
		ctx := deadline(t)
		c, err := registered(t, "101", nil).Call(ctx, "701")
		if err != nil {
			t.Fatal(err)
		}
		c.Talk(true)
		if err := c.WaitTone(ctx, aliceHz); err != nil {
			t.Fatal(err)
		}
		c.Talk(false)
		for _, text := range []string{"Hello.", "Please hold."} {
			if err := c.Play(ctx, marks.Speech(text)); err != nil {
				t.Fatal(err)
			}
			if _, err := c.WaitHearText(ctx, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Hangup(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Run("music and busy", func(t *testing.T) {
		ctx := deadline(t)
		p := registered(t, "101", nil)
		c, err := p.Call(ctx, "702")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.WaitTone(ctx, 440); err != nil {
			t.Fatal(err)
		}
		if heard := c.Heard(); len(heard) != 0 {
			t.Errorf("marks heard in music: %v", heard)
		}
		var ended *softphone.EndedError
		if _, err := p.Call(ctx, "703"); !errors.As(err, &ended) || ended.End.Status != 486 {
			t.Errorf("a busy number gives %v, want 486", err)
		}
		if _, err := p.Call(ctx, "nobody"); !errors.As(err, &ended) || ended.End.Status != 404 {
			t.Errorf("an unknown number gives %v, want 404", err)
		}
	})
	t.Run("a stranger calls an operator", func(t *testing.T) {
		ctx := deadline(t)
		operator := registered(t, "102", func(o *softphone.Options) { o.OnRing, o.Tone = softphone.AutoAnswer(300*time.Millisecond), bobHz })
		stranger := phone(t, softphone.Options{User: "visitor", Server: a.SIPAddr, Tone: aliceHz})
		c, err := stranger.CallAs(ctx, "102", softphone.Caller{Number: "+79161234567", Name: "Ivan"})
		if err != nil {
			t.Fatal(err)
		}
		o := take(t, ctx, operator)
		if o.RemoteNumber() != "+79161234567" || o.RemoteName() != "Ivan" {
			t.Errorf("the operator's display shows %q %q", o.RemoteNumber(), o.RemoteName())
		}
		c.Talk(true)
		o.Talk(true)
		if err := c.WaitTone(ctx, bobHz); err != nil {
			t.Fatal(err)
		}
		if err := o.WaitTone(ctx, aliceHz); err != nil {
			t.Fatal(err)
		}
		if err := c.Press(ctx, "5"); err != nil {
			t.Fatal(err)
		}
		if keys, err := o.WaitKeys(ctx, 1); err != nil || keys != "5" {
			t.Errorf("keys at the operator: %q, %v", keys, err)
		}
		if err := o.Hangup(ctx); err != nil {
			t.Fatal(err)
		}
		if end, err := c.WaitEnded(ctx); err != nil || end.By != softphone.Them {
			t.Errorf("the stranger's call ended %v (%v), want by them", end, err)
		}
	})
	t.Run("cancel while ringing", func(t *testing.T) {
		ctx := deadline(t)
		operator := registered(t, "102", nil)
		c, err := phone(t, softphone.Options{User: "visitor", Server: a.SIPAddr}).Dial("102", softphone.Caller{Number: "+79160000001"})
		if err != nil {
			t.Fatal(err)
		}
		o := take(t, ctx, operator)
		if err := c.Hangup(ctx); err != nil {
			t.Fatal(err)
		}
		if end, err := o.WaitEnded(ctx); err != nil || end.By != softphone.Them || end.Status != 487 {
			t.Errorf("the operator's call ended %v (%v), want cancelled by them", end, err)
		}
	})
	t.Run("unregistered by close, alone", func(t *testing.T) {
		ctx := deadline(t)
		first, second := registered(t, "103", nil), registered(t, "103", nil)
		contacts := func() string {
			out, err := a.CLI(ctx, "pjsip show contacts")
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if out := contacts(); !strings.Contains(out, first.Addr()) || !strings.Contains(out, second.Addr()) {
			t.Fatalf("contacts lack one of two phones:\n%s", out)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if out := contacts(); strings.Contains(out, first.Addr()) || !strings.Contains(out, second.Addr()) {
			t.Errorf("after closing the first phone the contacts are:\n%s", out)
		}
	})
}
