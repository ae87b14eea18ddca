package softphone_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	aliceHz = 1000
	bobHz   = 400
)

var lexicon = map[uint32]string{
	marks.Code("Hello."):        "Hello.",
	marks.Code("Press 1."):      "Press 1.",
	marks.Code("Please hold."):  "Please hold.",
	marks.Code("Good bye now."): "Good bye now.",
}

// pair makes two phones; the first calls the second without a switch between them.
func pair(t *testing.T, change func(alice, bob *softphone.Options)) (alice, bob *softphone.Phone) {
	t.Helper()
	know := func(code uint32) string { return lexicon[code] }
	b := softphone.Options{User: "bob", Server: "127.0.0.1:9", Tone: bobHz, Lexicon: know, Listen: []float64{aliceHz}}
	a := softphone.Options{User: "alice", DisplayName: "Alice A", Tone: aliceHz, Lexicon: know}
	if change != nil {
		change(&a, &b)
	}
	bob = phone(t, b)
	a.Server = bob.Addr()
	return phone(t, a), bob
}

func phone(t *testing.T, opts softphone.Options) *softphone.Phone {
	t.Helper()
	p, err := softphone.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close %s: %v", opts.User, err)
		}
	})
	return p
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func take(t *testing.T, ctx context.Context, p *softphone.Phone) *softphone.Call {
	t.Helper()
	select {
	case c := <-p.Incoming():
		return c
	case <-ctx.Done():
		t.Fatal("the phone did not ring")
		return nil
	}
}

// connect sets up an answered call.
func connect(t *testing.T, ctx context.Context, alice, bob *softphone.Phone) (atAlice, atBob *softphone.Call) {
	t.Helper()
	atAlice, err := alice.Dial("100", softphone.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	atBob = take(t, ctx, bob)
	if err := atBob.Answer(ctx); err != nil {
		t.Fatal(err)
	}
	if err := atAlice.WaitAnswered(ctx); err != nil {
		t.Fatal(err)
	}
	return atAlice, atBob
}

func TestTonesBothWays(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, nil)
	a, b := connect(t, ctx, alice, bob)
	if b.HearsTone(aliceHz) || a.HearsTone(bobHz) || !a.FirstSoundAt().IsZero() {
		t.Error("a tone is heard before anybody plays it")
	}
	start := time.Now()
	a.Talk(true)
	b.Talk(true)
	if err := b.WaitTone(ctx, aliceHz); err != nil {
		t.Fatal(err)
	}
	if err := a.WaitTone(ctx, bobHz); err != nil {
		t.Fatal(err)
	}
	if !a.HearsTone(bobHz) || a.HearsTone(aliceHz) {
		t.Error("alice should hear bob's tone and not her own")
	}
	if at := a.FirstSoundAt(); at.Before(start) || at.After(time.Now()) {
		t.Errorf("the first sound was heard at %v, want after %v", at, start)
	}
	a.Talk(false)
	want := []softphone.Kind{softphone.RingingHere, softphone.Answered, softphone.Talking, softphone.ToneOn, softphone.ToneOff}
	var got []softphone.Kind
	for e := range bob.Events() {
		got = append(got, e.Kind)
		if e.Kind == softphone.ToneOff {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events of bob (-want +got):\n%s", diff)
	}
}

func TestKeysArriveWhole(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, nil)
	a, b := connect(t, ctx, alice, bob)
	const keys = "1122#*90AD"
	if err := a.PressPaced(ctx, keys, 40*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	got, err := b.WaitKeys(ctx, len(keys))
	if err != nil {
		t.Fatal(err)
	}
	if got != keys {
		t.Errorf("keys %q arrived as %q", keys, got)
	}
	if err := a.Press(ctx, "1x"); err == nil {
		t.Error("x was pressed, though no phone has such a key")
	}
}

func TestMarksAreHeardInOrder(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, func(_, b *softphone.Options) { b.RecordDir = t.TempDir() })
	a, b := connect(t, ctx, alice, bob)
	before := time.Now()
	for _, text := range []string{"Hello.", "unknown", "Press 1."} {
		if err := a.Play(ctx, marks.Speech(text)); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.WaitHearText(ctx, "Press")
	if err != nil {
		t.Fatal(err)
	}
	if d := p.At.Sub(before); d < time.Second || d > 5*time.Second {
		t.Errorf("the third prompt was heard %v after the first began", d)
	}
	var got []string
	for _, p := range b.Heard() {
		got = append(got, p.Text)
	}
	if diff := cmp.Diff([]string{"Hello.", "", "Press 1."}, got); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	// What was passed over is not heard again.
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := b.WaitHearText(short, "Hello"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a prompt long past gives %v, want a deadline", err)
	}
	if err := a.Hangup(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WaitEnded(ctx); err != nil {
		t.Fatal(err)
	}
	wav, err := os.ReadFile(b.Recording())
	if err != nil {
		t.Fatal(err)
	}
	if string(wav[:4]) != "RIFF" || len(wav) < 16000 || b.MediaErr() != nil {
		t.Errorf("recording of %d bytes (media error %v), want a WAV file of a second or more", len(wav), b.MediaErr())
	}
}

func TestSilenceIsMeasured(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, nil)
	a, b := connect(t, ctx, alice, bob)
	if err := a.Play(ctx, marks.Filler("a hum")); err != nil {
		t.Fatal(err)
	}
	if err := a.Play(ctx, make([]int16, 4000)); err != nil {
		t.Fatal(err)
	}
	if err := a.Play(ctx, marks.Speech("Hello.")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WaitHearText(ctx, "Hello"); err != nil {
		t.Fatal(err)
	}
	if got := b.SilenceLongest(); got < 450*time.Millisecond || got > 2*time.Second {
		t.Errorf("longest silence %v, want about 500 ms", got)
	}
}

func TestWhoCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		as           softphone.Caller
		number, name string
	}{
		"account":  {softphone.Caller{}, "alice", "Alice A"},
		"number":   {softphone.Caller{Number: "+79161234567", Name: "Ivan"}, "+79161234567", "Ivan"},
		"asserted": {softphone.Caller{Asserted: "+74951112233"}, "+74951112233", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := deadline(t)
			alice, bob := pair(t, nil)
			a, err := alice.Dial("*98#", tt.as)
			if err != nil {
				t.Fatal(err)
			}
			b := take(t, ctx, bob)
			if b.RemoteNumber() != tt.number || b.RemoteName() != tt.name || !b.Incoming() {
				t.Errorf("the display shows %q %q, want %q %q", b.RemoteNumber(), b.RemoteName(), tt.number, tt.name)
			}
			if err := a.Hangup(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnanswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		bob  softphone.Policy
		act  func(ctx context.Context, atAlice, atBob *softphone.Call) error
		want softphone.End // at alice
		bobs softphone.End
	}{
		"busy": {bob: softphone.Busy(),
			want: softphone.End{By: softphone.Them, Status: 486, Reason: "Busy Here"},
			bobs: softphone.End{By: softphone.Us, Status: 486, Reason: "Busy Here"}},
		"declined": {bob: softphone.Decline(),
			want: softphone.End{By: softphone.Them, Status: 603, Reason: "Decline"},
			bobs: softphone.End{By: softphone.Us, Status: 603, Reason: "Decline"}},
		"rejected by hand": {
			act:  func(ctx context.Context, _, b *softphone.Call) error { return b.Reject(ctx, 486) },
			want: softphone.End{By: softphone.Them, Status: 486, Reason: "Busy Here"},
			bobs: softphone.End{By: softphone.Us, Status: 486, Reason: "Busy Here"}},
		"cancelled": {bob: softphone.Ignore(),
			act:  func(ctx context.Context, a, _ *softphone.Call) error { return a.Hangup(ctx) },
			want: softphone.End{By: softphone.Us, Status: 487, Reason: "cancelled"},
			bobs: softphone.End{By: softphone.Them, Status: 487, Reason: "cancelled by the caller"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := deadline(t)
			alice, bob := pair(t, func(_, b *softphone.Options) { b.OnRing = tt.bob })
			a, err := alice.Dial("100", softphone.Caller{})
			if err != nil {
				t.Fatal(err)
			}
			b := take(t, ctx, bob)
			if tt.act != nil {
				waitKind(t, ctx, alice, softphone.RingingThere)
				if err := tt.act(ctx, a, b); err != nil {
					t.Fatal(err)
				}
			}
			for side, call := range map[*softphone.Call]softphone.End{a: tt.want, b: tt.bobs} {
				got, err := side.WaitEnded(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(call, got); diff != "" {
					t.Errorf("end at the side with incoming=%v (-want +got):\n%s", side.Incoming(), diff)
				}
			}
			var ended *softphone.EndedError
			if err := a.WaitAnswered(ctx); !errors.As(err, &ended) || ended.End.Status != tt.want.Status {
				t.Errorf("WaitAnswered gives %v, want an EndedError with %d", err, tt.want.Status)
			}
			if !a.AnsweredAt().IsZero() {
				t.Error("an unanswered call has a time of answer")
			}
		})
	}
}

func waitKind(t *testing.T, ctx context.Context, p *softphone.Phone, kind softphone.Kind) softphone.Event {
	t.Helper()
	for {
		select {
		case e := <-p.Events():
			if e.Kind == kind {
				return e
			}
		case <-ctx.Done():
			t.Fatalf("no event %v", kind)
		}
	}
}

func TestHangupEachWay(t *testing.T) {
	t.Parallel()
	for _, callerHangsUp := range []bool{true, false} {
		ctx := deadline(t)
		alice, bob := pair(t, nil)
		first, second := connect(t, ctx, alice, bob)
		if !callerHangsUp {
			first, second = second, first
		}
		if err := first.Hangup(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := second.WaitEnded(ctx); err != nil {
			t.Fatal(err)
		}
		if first.EndCause().By != softphone.Us || second.EndCause().By != softphone.Them {
			t.Errorf("ends: %v and %v, want us and them", first.EndCause(), second.EndCause())
		}
		var ended *softphone.EndedError
		if err := second.WaitTone(ctx, 1000); !errors.As(err, &ended) {
			t.Errorf("waiting in an ended call gives %v, want an EndedError", err)
		}
		if err := first.Press(ctx, "1"); !errors.As(err, &ended) {
			t.Errorf("pressing in an ended call gives %v, want an EndedError", err)
		}
		if n := len(alice.Calls()) + len(bob.Calls()); n != 0 && ctx.Err() == nil {
			waitNoCalls(t, ctx, alice, bob)
		}
	}
}

// waitNoCalls waits until the phones have put their ended calls away, which they do just after the end.
func waitNoCalls(t *testing.T, ctx context.Context, phones ...*softphone.Phone) {
	t.Helper()
	for _, p := range phones {
		for len(p.Calls()) > 0 {
			select {
			case <-ctx.Done():
				t.Fatalf("%s keeps %d ended calls", p.User(), len(p.Calls()))
			case <-time.After(time.Millisecond):
			}
		}
	}
}

func TestSecondCallFindsTheLineBusy(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, func(_, b *softphone.Options) { b.Lines, b.OnRing = 1, softphone.AutoAnswer(0) })
	if _, err := alice.Call(ctx, "100"); err != nil {
		t.Fatal(err)
	}
	var ended *softphone.EndedError
	if _, err := alice.Call(ctx, "100"); !errors.As(err, &ended) || ended.End.Status != 486 {
		t.Errorf("the second call gives %v, want 486", err)
	}
	if n := len(bob.Calls()); n != 1 {
		t.Errorf("bob has %d calls, want 1", n)
	}
}

func TestCallGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, nil)
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if _, err := alice.Call(short, "100"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("an unanswered call gives %v, want the deadline", err)
	}
	end, err := take(t, ctx, bob).WaitEnded(ctx)
	if err != nil || end.By != softphone.Them || end.Status != 487 {
		t.Errorf("bob's call ended %v (%v), want cancelled by them", end, err)
	}
}

func TestCloseEndsCalls(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	alice, bob := pair(t, nil)
	_, b := connect(t, ctx, alice, bob)
	if err := alice.Close(); err != nil {
		t.Fatal(err)
	}
	if end, err := b.WaitEnded(ctx); err != nil || end.By != softphone.Them {
		t.Errorf("bob's call ended %v (%v), want by them", end, err)
	}
	if _, err := alice.Dial("100", softphone.Caller{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("dialling on a closed phone gives %v", err)
	}
	if err := alice.Register(ctx); err == nil {
		t.Error("a closed phone registered")
	}
}

func TestNewRefusesNonsense(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]softphone.Options{
		"no user":     {Server: "127.0.0.1:5060"},
		"no server":   {User: "alice"},
		"no port":     {User: "alice", Server: "127.0.0.1"},
		"bad port":    {User: "alice", Server: "127.0.0.1:sip"},
		"bad address": {User: "alice", Server: "127.0.0.1:5060", Bind: "192.0.2.1:0"},
	} {
		if p, err := softphone.New(t.Context(), opts); err == nil {
			t.Errorf("%s: a phone was made", name)
			_ = p.Close()
		}
	}
}
