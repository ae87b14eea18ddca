package ari

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func finished(id, channel, state string) string {
	return aritest.Event("PlaybackFinished", `"playback":{"id":"`+id+`","media_uri":"sound:a","target_uri":"channel:`+
		channel+`","language":"en","state":"`+state+`"}`)
}

func TestPlaybackEndsOnce(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	play := func(id telephony.PlaybackID) {
		t.Helper()
		if err := c.Play(ctx(t), "1.1", id, []telephony.Media{"sound:a"}); err != nil {
			t.Fatal(err)
		}
	}
	play("p1")
	if err := c.Play(ctx(t), "1.1", "p1", []telephony.Media{"sound:a"}); !telephony.IsExists(err) {
		t.Errorf("same id: %v", err)
	}
	s.Send(t, finished("p1", "1.1", "done"))
	want := telephony.PlaybackFinished{ID: "p1", Channel: "1.1"}
	if diff := cmp.Diff(want, withoutTime(next[telephony.PlaybackFinished](t, c))); diff != "" {
		t.Error(diff)
	}
	// Its channel ends although p2 did not: the end is supplied, and not repeated.
	play("p2")
	s.Send(t, destroyed("1.1"), finished("p2", "1.1", "failed"), finished("p9", "1.1", "failed"))
	want = telephony.PlaybackFinished{ID: "p2", Channel: "1.1", Failed: true}
	if diff := cmp.Diff(want, withoutTime(next[telephony.PlaybackFinished](t, c))); diff != "" {
		t.Error(diff)
	}
	next[telephony.ChannelEnded](t, c)
	if got := next[telephony.PlaybackFinished](t, c); got.ID != "p9" {
		t.Errorf("end of %s, want p9: one from before this process", got.ID)
	}
}

func TestPlaybackThatEndedUnheardIsReported(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	for _, id := range []telephony.PlaybackID{"gone", "plays"} {
		if err := c.Play(ctx(t), "1.1", id, []telephony.Media{"sound:a"}); err != nil {
			t.Fatal(err)
		}
	}
	s.Handle("GET /ari/playbacks/gone", aritest.Answer(404, `{"message":"Playback not found"}`))
	s.Break()
	next[telephony.Disconnected](t, c)
	next[telephony.Connected](t, c)
	if got := next[telephony.PlaybackFinished](t, c); got.ID != "gone" {
		t.Errorf("end of %s", got.ID)
	}
	s.Send(t, finished("gone", "1.1", "done"), finished("plays", "1.1", "done"))
	if got := next[telephony.PlaybackFinished](t, c); got.ID != "plays" {
		t.Errorf("end of %s", got.ID)
	}
}

func TestRefusedPlayOwesNoEnd(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("POST /ari/channels/{id}/play/{play}", aritest.Answer(404, `{"message":"Channel not found"}`))
	c, _ := connect(t, s, options(s))
	if err := c.Play(ctx(t), "1.1", "p", []telephony.Media{"sound:a"}); !telephony.IsGone(err) {
		t.Errorf("play: %v", err)
	}
	s.Send(t, destroyed("1.1"))
	next[telephony.ChannelEnded](t, c)
}

func TestMedia(t *testing.T) {
	t.Parallel()
	got, err := mediaURIs([]telephony.Media{"sound:/a/b", "silence:12", "tone:ring"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"sound:/a/b", "sound:silence/10", "sound:silence/2", "tone:ring"}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []telephony.Media{"", "sound:", "hello", "nonsense:x", "silence:0", "silence:1.5", "silence:9999", "sound:a,b"} {
		if _, err := mediaURIs([]telephony.Media{"sound:a", bad}); err == nil {
			t.Errorf("media %q is accepted", bad)
		}
	}
	if _, err := mediaURIs(nil); err == nil {
		t.Error("no media is accepted")
	}
}

func withoutTime(p telephony.PlaybackFinished) telephony.PlaybackFinished {
	return telephony.PlaybackFinished{ID: p.ID, Channel: p.Channel, Failed: p.Failed}
}
