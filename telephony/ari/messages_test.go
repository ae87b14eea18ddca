package ari

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

// messageEnds is Asterisk's word for the end of message "m".
func messageEnds(kind string) string {
	return aritest.Event(kind, `"recording":{"name":"m","format":"wav","state":"done","target_uri":"channel:1.1","duration":1,"talking_duration":1,"silence_duration":0}`)
}

func TestAMessage(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	limits := telephony.RecordLimits{Longest: 1500 * time.Millisecond, Silence: time.Minute}
	if err := c.RecordMessage(ctx(t), "1.1", "m", limits); err != nil {
		t.Fatal(err)
	}
	s.Handle("POST /ari/channels/1.1/record", aritest.Answer(409, `{"message":"Recording 'm' already exists and can not be overwritten"}`))
	if err := c.RecordMessage(ctx(t), "1.1", "m", limits); !telephony.IsExists(err) {
		t.Errorf("a message that is being recorded: %v", err)
	}
	if err := c.StopRecord(ctx(t), "m"); err != nil {
		t.Fatal(err)
	}
	s.Send(t, messageEnds("RecordingFinished"))
	got := next[telephony.RecordingFinished](t, c)
	got.At = time.Time{}
	if diff := cmp.Diff(telephony.RecordingFinished{Name: "m", Channel: "1.1", Spoken: time.Second}, got); diff != "" {
		t.Errorf("finished (-want +got):\n%s", diff)
	}
	var bodies []string
	for _, r := range s.Requests() {
		if r.Path == "/channels/1.1/record" || r.Path == "/recordings/live/m/stop" {
			bodies = append(bodies, r.Path+" "+r.Body)
		}
	}
	const ask = `/channels/1.1/record {"beep":true,"format":"wav","ifExists":"overwrite","maxDurationSeconds":2,"maxSilenceSeconds":60,"name":"m"}`
	if want := []string{ask, ask, "/recordings/live/m/stop "}; !slices.Equal(bodies, want) {
		t.Errorf("asked %q, want %q", bodies, want)
	}
}

func TestAMessageNobodySpokeInto(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	if err := c.RecordMessage(ctx(t), "1.1", "m", telephony.RecordLimits{Longest: time.Minute, Silence: 4 * time.Second}); err != nil {
		t.Fatal(err)
	}
	silent := func(spoken, after time.Duration) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		m := *c.track.messages["m"]
		e := telephony.RecordingFinished{Name: "m", Spoken: spoken}
		defer func() { c.track.messages["m"] = &m }()
		return c.track.endMessage(e, m.since.Add(after)).Silent
	}
	for _, tc := range []struct {
		spoken, after time.Duration
		want          bool
	}{
		{time.Second, 1500 * time.Millisecond, false}, // hung up
		{0, 1500 * time.Millisecond, true},
		{0, 3500 * time.Millisecond, true},
		{time.Second, 3500 * time.Millisecond, true},
		{2 * time.Second, 3500 * time.Millisecond, false},
		{time.Second, 4500 * time.Millisecond, true}, // ended by four seconds of silence
		{time.Second, 5500 * time.Millisecond, false},
		{2 * time.Second, 4500 * time.Millisecond, false},
	} {
		if got := silent(tc.spoken, tc.after); got != tc.want {
			t.Errorf("%v of speech, ended after %v: silent is %v", tc.spoken, tc.after, got)
		}
	}
}

func TestRecordingsThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	none := aritest.Answer(404, `{"message":"Recording not found"}`)
	s.Handle("GET /ari/recordings/stored/{name}", none)
	s.Handle("DELETE /ari/recordings/stored/{name}", none)
	s.Handle("POST /ari/recordings/live/{name}/stop", none)
	err := c.Play(ctx(t), "1.1", "p", []telephony.Media{telephony.RecordingMedia("m")})
	if err == nil || telephony.KindOf(err) != telephony.KindPermanent {
		t.Errorf("playing it: %v", err)
	}
	if err := c.RemoveRecording(ctx(t), "m"); err != nil {
		t.Errorf("deleting it: %v", err)
	}
	if err := c.StopRecord(ctx(t), "m"); err != nil {
		t.Errorf("stopping it: %v", err)
	}
	s.Handle("GET /ari/recordings/stored/{name}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	err = c.Play(ctx(t), "1.1", "p", []telephony.Media{telephony.RecordingMedia("m")})
	if telephony.KindOf(err) != telephony.KindRetryable || err == nil {
		t.Errorf("when Asterisk cannot say: %v", err)
	}
	for _, bad := range []telephony.RecordLimits{{}, {Longest: 2 * time.Hour}, {Longest: time.Second, Silence: -1}} {
		if err := c.RecordMessage(ctx(t), "1.1", "m", bad); err == nil || telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
