package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func digit(id, d string) string {
	return aritest.Event("ChannelDtmfReceived",
		`"digit":"`+d+`","duration_ms":100,"channel":`+aritest.Channel(id, "Up", "linekeeper"))
}

func destroyed(id string) string {
	return aritest.Event("ChannelDestroyed", `"cause":16,"cause_txt":"Normal Clearing","channel":`+aritest.Channel(id, "Up", ""))
}

func TestEventFilterAllowsWhatIsMapped(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	connect(t, s, options(s))
	req := s.AwaitRequest(t, "PUT", "/applications/linekeeper/eventFilter")
	var got struct{ Allowed []struct{ Type string } }
	if err := json.Unmarshal([]byte(req.Body), &got); err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, a := range got.Allowed {
		types = append(types, a.Type)
	}
	if diff := cmp.Diff(mappedTypes, types); diff != "" {
		t.Error(diff)
	}
}

func TestBadEventsAreCountedAndSurvived(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	s.Send(t,
		aritest.Event("ChannelTransfer", `"state":"x"`), // unknown to ari/v5, which would panic
		aritest.Event("CallBroadcast", `"channel":"a string"`),
		`{"type":`, `[]`, `null`, `{}`, "", "\xff",
		strings.Replace(destroyed("1"), aritest.When, "yesterday", 1),
		aritest.Event("ChannelDtmfReceived", `"digit":"x","channel":`+aritest.Channel("1", "Up", "")),
		digit("1", "5"))
	if got := next[telephony.DigitReceived](t, c); got.Digit != '5' {
		t.Errorf("digit %q", got.Digit)
	}
	st := c.Stats()
	if st.Unknown != 2 || st.Malformed != 8 || st.Events != 11 || st.Reconnects != 0 || !st.Connected {
		t.Errorf("stats %+v", st)
	}
	if !strings.Contains(st.LastMalformed, "ChannelDtmfReceived") {
		t.Errorf("LastMalformed %q does not name the type", st.LastMalformed)
	}
}

func TestFloodIsKeptForALateConsumer(t *testing.T) {
	t.Parallel()
	const n = 30_000
	s := aritest.New(t)
	o := options(s)
	o.PingEvery = time.Hour // the answer would come behind the flood
	c := newClient(t, o)
	run(t, c)
	s.AwaitRequest(t, "GET", "/bridges")
	msgs := make([]string, n)
	for i := range msgs {
		msgs[i] = aritest.Event("ChannelUserevent", fmt.Sprintf(`"eventname":"%d","userevent":{}`, i))
	}
	s.Send(t, msgs...) // all of it, before the first event is taken
	s.AwaitRead(t)
	if q := c.Stats().Queued; q < n {
		t.Errorf("%d events are queued", q)
	}
	next[telephony.Connected](t, c)
	for i := range n {
		if got := next[telephony.UserEvent](t, c); got.Name != fmt.Sprint(i) {
			t.Fatalf("event %d is %s", i, got.Name)
		}
	}
	if st := c.Stats(); st.Events != n || st.Reconnects != 0 {
		t.Errorf("stats %+v", st)
	}
}

func TestHalfOpenSocketIsNoticed(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetDeaf(true)
	o := options(s)
	o.PingEvery, o.PingTimeout = 20*time.Millisecond, 200*time.Millisecond
	c, _ := connect(t, s, o)
	s.AwaitSockets(t, 1) // it is this one that is deaf
	s.SetDeaf(false)
	if got := next[telephony.Disconnected](t, c); !strings.Contains(got.Err.Error(), "ping") {
		t.Errorf("reason %v", got.Err)
	}
	next[telephony.Connected](t, c)
	// On a busy machine the next answer may take too long as well.
	if st := c.Stats(); st.Reconnects < 1 {
		t.Errorf("stats %+v", st)
	}
}

func TestReplacedEndsRun(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	result := run(t, c)
	next[telephony.Connected](t, c)
	s.Send(t, digit("1", "1"), aritest.Event("ApplicationReplaced", ""))
	s.SendLate(t, digit("1", "2"))
	next[telephony.DigitReceived](t, c)
	next[telephony.Replaced](t, c)
	if ev, ok := <-c.Events(); ok {
		t.Errorf("event %#v after Replaced", ev)
	}
	if err := <-result; !errors.Is(err, ErrReplaced) {
		t.Errorf("Run returned %v", err)
	}
	if err := c.Run(ctx(t)); err == nil {
		t.Error("Run may be called twice")
	}
}

func TestCloseEndsRunWithEventsLeft(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	result := run(t, c)
	next[telephony.Connected](t, c)
	s.Send(t, digit("1", "1"))
	c.Close()
	if err := <-result; err != nil {
		t.Errorf("Run returned %v", err)
	}
}

func TestServerErrorsWhileConnecting(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("GET /ari/channels", aritest.Answer(500, `{"message":"Internal Server Error"}`))
	c := newClient(t, options(s))
	run(t, c)
	got := next[telephony.Disconnected](t, c)
	if telephony.KindOf(got.Err) != telephony.KindRetryable || !strings.Contains(got.Err.Error(), "Internal Server Error (500)") {
		t.Errorf("reason %v", got.Err)
	}
	s.AwaitSockets(t, 3) // tries again, without a further Disconnected
	s.Handle("GET /ari/channels", nil)
	next[telephony.Connected](t, c)
}

func TestWrongPasswordIsSaidWithoutIt(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	o := options(s)
	o.Password = "hunter2"
	c := newClient(t, o)
	run(t, c)
	got := next[telephony.Disconnected](t, c).Err.Error()
	if !strings.Contains(got, "401") || strings.Contains(got, "hunter2") {
		t.Errorf("reason %q", got)
	}
}

func TestReconnectShowsWhatEnded(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetChannels(aritest.Channel("1.1", "Up", "linekeeper,a"), aritest.Channel("1.2", "Up", "linekeeper,b"))
	c, first := connect(t, s, options(s))
	if len(first.Snapshot.Channels) != 2 {
		t.Fatalf("snapshot %+v", first.Snapshot)
	}
	s.SetChannels(aritest.Channel("1.2", "Up", "linekeeper,b"))
	s.Break()
	next[telephony.Disconnected](t, c)
	again := next[telephony.Connected](t, c)
	if len(again.Snapshot.Channels) != 1 || again.Snapshot.Channels[0].ID != "1.2" {
		t.Errorf("snapshot %+v", again.Snapshot)
	}
}

// An event that arrives while the snapshot is read comes after Connected,
// whether or not the snapshot shows its effect.
func TestEventsDuringResyncFollowConnected(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("GET /ari/bridges", func(w http.ResponseWriter, r *http.Request) {
		s.Send(t, destroyed("1.1"))
		s.AwaitRead(t)
		aritest.Answer(200, "[]")(w, r)
	})
	s.SetChannels(aritest.Channel("1.1", "Up", "linekeeper"))
	c := newClient(t, options(s))
	run(t, c)
	if got := next[telephony.Connected](t, c); len(got.Snapshot.Channels) != 1 {
		t.Errorf("snapshot %+v", got.Snapshot)
	}
	if got := next[telephony.ChannelEnded](t, c); got.ID != "1.1" || got.Cause != telephony.CauseNormal {
		t.Errorf("event %+v", got)
	}
}

// What was read before a resync failed is delivered all the same.
func TestEventsOfAFailedResyncAreKept(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	var once sync.Once
	s.Handle("GET /ari/bridges", func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() {
			s.Send(t, digit("1.1", "7"))
			s.AwaitRead(t)
			s.Break()
			<-r.Context().Done() // the client gave up
		})
		aritest.Answer(200, "[]")(w, r)
	})
	c := newClient(t, options(s))
	run(t, c)
	next[telephony.DigitReceived](t, c)
	next[telephony.Disconnected](t, c)
	next[telephony.Connected](t, c)
}

func TestTalkIsHeard(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	s.Send(t,
		aritest.Event("ChannelTalkingStarted", `"channel":`+aritest.Channel("1", "Up", "linekeeper")),
		aritest.Event("ChannelTalkingFinished", `"duration":5000,"channel":`+aritest.Channel("1", "Up", "linekeeper")))
	for _, on := range []bool{true, false} {
		if got := next[telephony.Talking](t, c); got.ID != "1" || got.On != on || got.At.IsZero() {
			t.Errorf("heard %+v, want talk: %v", got, on)
		}
	}
}
