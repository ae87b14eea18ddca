package asterisk_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/prompts"
)

func TestSoundsPlay(t *testing.T) {
	t.Parallel()
	a, c, _ := startWithAgents(t)
	if err := asterisk.WriteTone(filepath.Join(a.Sounds, "own-tone.wav"), 600, 200*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	status, answer := c.do(t, http.MethodPost, "/channels", url.Values{
		"endpoint": {"Local/caller@agents/n"}, "app": {"linekeeper"}, "channelId": {"listener"},
	}, "")
	if status != http.StatusOK {
		t.Fatalf("call: %d %s", status, answer)
	}
	c.wait(t, map[string]string{"type": "StasisStart", "channel.id": "listener"})
	for id, media := range map[string]string{
		"own": "sound:own-tone", "core": "sound:beep", "number": "number:5", "list": "sound:own-tone,digits:1,sound:beep",
	} {
		status, answer := c.do(t, http.MethodPost, "/channels/listener/play", url.Values{"media": {media}, "playbackId": {id}}, "")
		if status != http.StatusCreated {
			t.Fatalf("play %s: %d %s", media, status, answer)
		}
	}
	for _, id := range []string{"own", "core", "number", "list"} {
		c.wait(t, map[string]string{"type": "PlaybackFinished", "playback.id": id, "playback.state": "done"})
	}
	music, err := a.CLI(t.Context(), "moh show files")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(music, "/music/tone") {
		t.Errorf("hold music is %q, want the tone", music)
	}
	problems, err := a.Problems()
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 0 {
		t.Errorf("the log has problems: %q", problems)
	}
}

// TestCoreSounds: whatever prompts.Pieces may name is among the core sounds.
func TestCoreSounds(t *testing.T) {
	t.Parallel()
	in := install(t)
	for _, lang := range prompts.Languages() {
		for _, sound := range prompts.Sounds(lang) {
			if found, err := filepath.Glob(filepath.Join(in.Sounds, lang, sound) + ".*"); err != nil || len(found) == 0 {
				t.Errorf("%s has no sound %q: %v", lang, sound, err)
			}
		}
	}
}
