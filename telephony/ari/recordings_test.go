package ari

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

const (
	startRecording = "/bridges/lk-b/record"
	liveRecording  = "/recordings/live/rec"
)

// recorded is a client that records bridge lk-b, which holds these channels.
func recorded(t *testing.T, channels ...string) (*aritest.Server, *Client) {
	t.Helper()
	s := aritest.New(t)
	holds(s, channels...)
	c, _ := connect(t, s, options(s))
	if err := c.Record(ctx(t), "lk-b", "rec"); err != nil {
		t.Fatal(err)
	}
	return s, c
}

func holds(s *aritest.Server, channels ...string) {
	s.Handle("GET /ari/bridges/lk-b", aritest.Answer(200, aritest.Bridge("lk-b", "stasis", channels...)))
}

func ends(kind string) string {
	return aritest.Event(kind, `"recording":{"name":"rec","format":"wav","state":"done","target_uri":"bridge:lk-b"}`)
}

// unbridge ends the bridge and gives the end of the recording, which must be the
// only event.
func unbridge(t *testing.T, s *aritest.Server, c *Client) telephony.RecordingFinished {
	t.Helper()
	if err := c.Unbridge(ctx(t), "lk-b"); err != nil {
		t.Fatal(err)
	}
	got := next[telephony.RecordingFinished](t, c)
	s.Send(t, stasis("StasisStart", "1.1"))
	next[telephony.ChannelArrived](t, c)
	return got
}

// asked lists the requests to start or stop the recording.
func asked(s *aritest.Server) []string {
	var out []string
	for _, r := range s.Requests() {
		if r.Path == startRecording || r.Path == liveRecording+"/stop" {
			out = append(out, r.Method+" "+r.Path+" "+r.Body)
		}
	}
	return out
}

const (
	begin = "POST " + startRecording + ` {"format":"wav","ifExists":"append","name":"rec"}`
	stop  = "POST " + liveRecording + "/stop "
)

func TestARecordingOutlivesAnEmptyBridge(t *testing.T) {
	t.Parallel()
	s, c := recorded(t)
	s.Send(t, ends("RecordingFinished"))
	s.AwaitRequest(t, "GET", "/bridges/lk-b") // nobody is there
	holds(s, "2.2")
	if err := c.Bridge(ctx(t), "lk-b", "2.2"); err != nil {
		t.Fatal(err)
	}
	s.AwaitRequests(t, "POST", startRecording, 2)
	s.Handle("POST /ari"+liveRecording+"/stop", func(w http.ResponseWriter, _ *http.Request) {
		s.Send(t, ends("RecordingFinished")) // as Asterisk does
		w.WriteHeader(http.StatusNoContent)
	})
	if got := unbridge(t, s, c); got.Name != "rec" || got.Failed {
		t.Errorf("finished as %+v", got)
	}
	if diff := cmp.Diff([]string{begin, begin, stop}, asked(s)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// The news that a piece ended may come after the next channel is in the bridge,
// and before Asterisk has forgotten the recording.
func TestARecordingGoesOnWhenItsEndIsToldLate(t *testing.T) {
	t.Parallel()
	s, c := recorded(t, "2.2")
	if err := c.Bridge(ctx(t), "lk-b", "2.2"); err != nil {
		t.Fatal(err)
	}
	var refused atomic.Int32
	s.Handle("POST /ari"+startRecording, func(w http.ResponseWriter, r *http.Request) {
		if refused.Add(1) <= 2 {
			aritest.Answer(409, `{"message":"Recording 'rec' already exists and can not be overwritten"}`)(w, r)
			return
		}
		aritest.Answer(201, `{"name":"rec"}`)(w, r)
	})
	s.Send(t, ends("RecordingFinished"))
	s.AwaitRequests(t, "POST", startRecording, 4)
	s.Handle("POST /ari"+liveRecording+"/stop", func(w http.ResponseWriter, _ *http.Request) {
		s.Send(t, ends("RecordingFinished"))
		w.WriteHeader(http.StatusNoContent)
	})
	if got := unbridge(t, s, c); got.Failed {
		t.Errorf("finished as %+v", got)
	}
}

func TestARecordingThatEndedBeforeItsBridge(t *testing.T) {
	t.Parallel()
	s, c := recorded(t)
	s.Send(t, ends("RecordingFinished"))
	s.AwaitRequest(t, "GET", "/bridges/lk-b")
	if err := c.Record(ctx(t), "lk-b", "rec"); !telephony.IsExists(err) {
		t.Errorf("a second recording of this name: %v", err)
	}
	if got := unbridge(t, s, c); got.Name != "rec" || got.Failed || got.At.IsZero() {
		t.Errorf("finished as %+v", got)
	}
	if diff := cmp.Diff([]string{begin}, asked(s)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestAPartOfARecordingThatIsMissing(t *testing.T) {
	t.Parallel()
	s, c := recorded(t, "2.2")
	s.Send(t, ends("RecordingFailed"), stasis("StasisStart", "3.3"))
	next[telephony.ChannelArrived](t, c)
	if n := len(asked(s)); n != 1 {
		t.Errorf("after a failure it was tried again at once: %d requests", n)
	}
	refuse := aritest.Answer(500, `{"message":"Internal Server Error"}`)
	s.Handle("POST /ari"+startRecording, refuse)
	if err := c.Bridge(ctx(t), "lk-b", "3.3"); err != nil {
		t.Errorf("a conversation fails for want of a recording: %v", err)
	}
	if n := len(asked(s)); n != 1+resumeAttempts {
		t.Errorf("%d requests, want %d", n, 1+resumeAttempts)
	}
	if got := unbridge(t, s, c); !got.Failed {
		t.Errorf("finished as %+v, want failed", got)
	}
}

func TestARecordingAcrossAGap(t *testing.T) {
	t.Parallel()
	s, c := recorded(t, "2.2")
	gap := func(n int) {
		t.Helper()
		s.AwaitSockets(t, n)
		s.Break()
		next[telephony.Disconnected](t, c)
		next[telephony.Connected](t, c)
	}
	for i, answer := range []http.HandlerFunc{
		aritest.Answer(200, `{"name":"rec","state":"recording"}`),
		aritest.Answer(404, `{"message":"Recording not found"}`),
	} {
		s.Handle("GET /ari"+liveRecording, answer)
		gap(i + 1)
		s.AwaitRequests(t, "GET", liveRecording, i+1) // before there is another answer
	}
	s.AwaitRequests(t, "POST", startRecording, 2)
	if got := asked(s); !slices.Equal(got, []string{begin, begin}) {
		t.Errorf("asked %q", got)
	}

	s.Handle("GET /ari/bridges/lk-b", aritest.Answer(404, `{"message":"Bridge not found"}`))
	gap(3)
	if got := next[telephony.RecordingFinished](t, c); got.Name != "rec" {
		t.Errorf("finished as %+v", got)
	}
}

// Some pieces end at once (nobody in the bridge sends sound): they must not be
// asked for without rest.
func TestAPieceThatGoesOnEnding(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	holds(s, "2.2")
	o := options(s)
	o.BackoffBase, o.BackoffMax = time.Hour, 2*time.Hour
	c, _ := connect(t, s, o)
	sent := make(chan struct{}, 2)
	s.Handle("POST /ari"+startRecording, func(w http.ResponseWriter, r *http.Request) {
		aritest.Answer(201, `{"name":"rec"}`)(w, r)
		s.Send(t, ends("RecordingFinished"))
		sent <- struct{}{}
	})
	if err := c.Record(ctx(t), "lk-b", "rec"); err != nil {
		t.Fatal(err)
	}
	<-sent
	<-sent
	s.AwaitRead(t)
	if got := unbridge(t, s, c); got.Failed {
		t.Errorf("finished as %+v", got)
	}
	if diff := cmp.Diff([]string{begin, begin}, asked(s)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
